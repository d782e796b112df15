/**
 * ETag and conditional requests: caches may store responses to GET if they revalidate them. A request
 * with `If-None-Match` and the current tag is answered 304, without a body.
 */
import { createHash } from 'node:crypto';
import type { Body } from '../execution/serialize.js';
import type { Encoding } from '../responses/compression.js';

/** Responses vary by media type and by the origin of the page. */
export const vary = 'Accept, Origin';

/** The tag of a response. */
export function etagOf(body: Body): string {
  const hash = createHash('sha256');
  if (typeof body === 'string') hash.update(body);
  else for (const piece of body.pieces) hash.update(piece);
  return `"${hash.digest('base64url')}"`;
}

/** The tag of an encoded response, which has other bytes. */
export const taggedFor = (tag: string, encoding: Encoding): string =>
  tag.replace(/"$/, `-${encoding}"`);

/** The tag in `If-None-Match` that names the response, in any encoding. */
export function namedTag(tag: string, header: string | null): string | undefined {
  const all = [tag, taggedFor(tag, 'br'), taggedFor(tag, 'gzip')];
  return all.find((each) => isNamed(each, header));
}

/** Whether `If-None-Match` contains the tag; a proxy may have made it weak. */
export const isNamed = (tag: string, header: string | null): boolean =>
  header === '*' ||
  (header ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === tag);
