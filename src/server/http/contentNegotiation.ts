/** Negotiates the JSON media type of GraphQL over HTTP. */

export type ResponseType = 'application/json' | 'application/graphql-response+json';

/**
 * The media type of the response; undefined if the client prefers another type, such as an event
 * stream, which Yoga negotiates.
 *
 * @param accept The header `Accept`, if given.
 */
export function negotiateType(accept: string | undefined): ResponseType | undefined {
  if (accept === undefined) return 'application/json';
  let known = types.get(accept);
  if (known === undefined) {
    known = preferred(accept);
    // Clients send few different headers; the cache is bounded for those that send many.
    if (types.size < 100) types.set(accept, known);
  }
  return known === 'other' ? undefined : known;
}

// Private:

const types = new Map<string, ResponseType | 'other'>();

function preferred(accept: string): ResponseType | 'other' {
  const [first] = accept
    .split(',')
    .map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { type, quality: quality === undefined ? 1 : Number(quality) };
    })
    .sort((a, b) => b.quality - a.quality);
  if (!first || !(first.quality > 0)) return 'other';
  if (first.type === '*/*' || first.type === 'application/*') return 'application/json';
  return first.type === 'application/json' || first.type === 'application/graphql-response+json'
    ? first.type
    : 'other';
}
