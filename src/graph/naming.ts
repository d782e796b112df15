/** Fields of filters that select records by what names them: slugs and identifiers. */
import type { EntityRecord } from '../knowledge/model/entity.js';
import { builder } from './builder.js';
import type { GraphContext } from './context.js';
import { limitNames, notFound } from './errors.js';
import { entityKeys, keyAndType, slugIn } from './links.js';

/** The columns to read of a record of which only the key is needed. */
export const onlyId = ['id'];

/** The argument of the fields that find a record by its slug; see `slugIn`. */
export const slugArgs = () =>
  builder.args((t) => ({
    slug: t.string({
      required: true,
      description: 'The slug, or that of a record merged into it.',
    }),
  }));

/** The field `slug` of a filter. */
export const slugOption = {
  description:
    'With any of these slugs, or those of records merged into them. Example: `["nato", "quad"]`.',
};

const IdentifierFilterInput = builder.inputType('IdentifierFilter', {
  description:
    'An identifier in another register. Example: `{ scheme: "wikidata", value: "Q7184" }`.',
  fields: (t) => ({
    scheme: t.string({ required: true, description: 'The register, such as `wikidata`.' }),
    value: t.string({ required: true, description: 'The identifier in it.' }),
    source: t.string({
      description:
        'The source within which the identifier is unique, as in `Identifier.source`. Omitted or null: an identifier that is unique worldwide.',
    }),
  }),
});

/** The field `identifier` of the filter of a type of entity. */
export const identifierOption = {
  type: [IdentifierFilterInput] as [typeof IdentifierFilterInput],
  description: 'With any of these identifiers in other registers.',
};

interface NamingInput {
  slug?: string[] | null | undefined;
  identifier?: (typeof IdentifierFilterInput.$inferInput)[] | null | undefined;
}

/**
 * The keys of the entities of a type that a filter names; undefined if it names none.
 *
 * @param path The path to the filter in error messages
 */
export async function namedKeys(
  { slug, identifier }: NamingInput,
  type: EntityRecord['type'],
  context: GraphContext,
  path: string,
): Promise<string[] | undefined> {
  if (!slug && !identifier) return undefined;
  const slugs = slug?.map((each) => slugIn(each, `${path}.slug`));
  const [bySlug, byIdentifier] = await Promise.all([
    entityKeys(slugs, `${path}.slug`, context, type),
    identifier ? identifiedKeys(identifier, type, context, `${path}.identifier`) : undefined,
  ]);
  return bySlug && byIdentifier
    ? bySlug.filter((key) => byIdentifier.includes(key))
    : (bySlug ?? byIdentifier);
}

/**
 * The keys of the articles or events that a filter names by slug.
 *
 * @throws BAD_USER_INPUT naming `argument` for too many slugs, and for ids; NOT_FOUND for an unknown
 *   slug, if the context requires existing names
 */
export async function slugKeys(
  slugs: readonly string[] | null | undefined,
  argument: string,
  context: GraphContext,
  find: (slug: string) => Promise<{ id: string } | undefined>,
): Promise<string[] | undefined> {
  if (!slugs) return undefined;
  limitNames(slugs, argument);
  const found = await Promise.all(slugs.map((slug) => find(slugIn(slug, argument))));
  return found.flatMap((record, i) => {
    if (!record && context.requireExistingNames) throw notFound(argument, slugs[i] ?? '', 'record');
    return record ? [record.id] : [];
  });
}

// Private:

async function identifiedKeys(
  identifiers: NonNullable<NamingInput['identifier']>,
  type: EntityRecord['type'],
  { knowledge, view }: GraphContext,
  argument: string,
): Promise<string[]> {
  limitNames(identifiers, argument);
  const found = await Promise.all(
    identifiers.map(({ scheme, value, source }) => {
      const within = { source: source ?? undefined, type };
      return knowledge.entities.byIdentifier(view, scheme, value, within, keyAndType);
    }),
  );
  return found.flatMap((entity) => (entity && entity !== 'several' ? [entity.id] : []));
}
