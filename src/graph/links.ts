/** Resolves links to entities: by the keys in records, and by the ids and slugs in arguments. */
import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import type { EntityRecord, RecordRef } from '../knowledge/model/entity.js';
import { withArticle, wordsOf } from '../knowledge/values/english.js';
import { describeTargets } from '../knowledge/model/recordTypes.js';
import type { GraphContext } from './context.js';
import { badInput, limitNames, notFound, quoted } from './errors.js';
import { decodeGlobalId, looksLikeGlobalId } from './relay/globalId.js';
import { selectedColumns } from './relay/selection.js';

/** The GraphQL types of entities. */
export const typenames = {
  ORGANIZATION: 'Organization',
  PERSON: 'Person',
  OFFICE: 'Office',
  PLACE: 'Place',
} as const;

/** The entity with this key; null without a key, or if the client may not read it. */
export const linkedEntity = (
  { knowledge, view }: GraphContext,
  id: string | null,
  info: GraphQLResolveInfo,
): Promise<EntityRecord | undefined> | null =>
  id === null ? null : knowledge.entities.get(view, id, selectedColumns(info));

/** The entities with these keys that the client may read, in their order. */
export async function linkedEntities(
  { knowledge, view }: GraphContext,
  links: readonly { entityId: string }[],
  info: GraphQLResolveInfo,
): Promise<EntityRecord[]> {
  const columns = selectedColumns(info);
  const found = await Promise.all(
    links.map(({ entityId }) => knowledge.entities.get(view, entityId, columns)),
  );
  return found.filter((entity) => entity !== undefined);
}

/** Like `linkedEntity`, for links to one type only, which the database ensures. */
export const linked = <Type extends EntityRecord['type']>(
  { knowledge, view }: GraphContext,
  type: Type,
  id: string | null,
  info: GraphQLResolveInfo,
): Promise<Extract<EntityRecord, { type: Type }> | undefined> | null =>
  id === null
    ? null
    : (knowledge.entities.get(view, id, selectedColumns(info), type) as Promise<
        Extract<EntityRecord, { type: Type }> | undefined
      >);

/**
 * The slug that an argument names a record by.
 *
 * @throws BAD_USER_INPUT for an id, which would find nothing
 */
export function slugIn(slug: string, argument = 'slug'): string {
  if (!looksLikeGlobalId(slug)) return slug;
  throw badInput(
    argument,
    `must be a slug, but is an id (${quoted(slug)}); find the record with node(id:)`,
  );
}

/**
 * The keys of the entities that a filter names; undefined if the field is omitted.
 *
 * @param types The types that the field may name. Default: any.
 * @throws BAD_USER_INPUT naming `argument` for too many names, and for records of other types;
 *   NOT_FOUND for an unknown name, if the context requires existing names
 */
export async function entityKeys(
  names: readonly string[] | null | undefined,
  argument: string,
  context: GraphContext,
  ...types: EntityRecord['type'][]
): Promise<string[] | undefined> {
  if (!names) return undefined;
  limitNames(names, argument);
  if (context.requireExistingNames && names.length === 0) {
    throw badInput(argument, 'must name at least one, or be left out');
  }
  const find = context.requireExistingNames ? existingEntity : entityNamed;
  const found = await Promise.all(names.map((name) => find(name, argument, context)));
  const keys: string[] = [];
  for (const [i, entity] of found.entries()) {
    if (!entity) continue;
    if (types.length > 0 && !types.includes(entity.type)) {
      throw await wrongType(names[i] ?? '', argument, entity, types, context);
    }
    keys.push(entity.id);
  }
  return keys;
}

/**
 * The one entity that an argument names, by id or slug: its key and type.
 *
 * @throws NOT_FOUND naming `argument` when there is none, BAD_USER_INPUT for an id of something else
 */
export async function existingEntity(
  name: string,
  argument: string,
  context: GraphContext,
): Promise<KeyAndType> {
  const entity = await entityNamed(name, argument, context);
  if (!entity) throw notFound(argument, name);
  return entity;
}

/**
 * Like `existingEntity`, but undefined if there is none.
 *
 * @throws BAD_USER_INPUT for an id of something else
 */
export async function entityNamed(
  name: string,
  argument: string,
  { knowledge, view }: GraphContext,
): Promise<KeyAndType | undefined> {
  const ref = recordRef(name, argument);
  return 'id' in ref
    ? knowledge.entities.get(view, ref.id, keyAndType)
    : knowledge.entities.bySlug(view, ref.slug, keyAndType);
}

/**
 * The description of a field for a required link. It is nullable nevertheless: a non-null field
 * without a value would nullify its parents, up to the whole response.
 *
 *     person: t.field({ nullable: true, description: requiredEnd('The person who holds it.') … })
 */
export const requiredEnd = (text: string): string =>
  `${text} Null only if that record is a draft or was deleted.`;

// Private:

/** Parses a global id or a slug. */
function recordRef(name: string, argument: string): RecordRef {
  if (!looksLikeGlobalId(name)) return { slug: name };
  const { type, id } = decodeGlobalId(name, argument);
  if (entityTypes.has(type)) return { id };
  throw badInput(
    argument,
    `must name an organization, person, office or place, but is the id of ${withArticle(wordsOf(type))} (${quoted(name)})`,
  );
}

/** The error for an entity of a type that the argument does not take, with what may be meant. */
async function wrongType(
  name: string,
  argument: string,
  { id, type }: KeyAndType,
  types: readonly EntityRecord['type'][],
  { knowledge, view }: GraphContext,
): Promise<GraphQLError> {
  let advice = '';
  if (type === 'ORGANIZATION' && types.includes('PLACE')) {
    const organization = await knowledge.entities.as(view, type, { id }, ['homeId']);
    const homeId = organization?.homeId;
    const home = homeId ? await knowledge.entities.get(view, homeId, ['slug']) : undefined;
    if (home) advice = `; its home is the place ${quoted(home.slug)}`;
  }
  return badInput(
    argument,
    `must name ${describeTargets(types)}, but ${quoted(name)} is ${describeTargets([type])}${advice}`,
  );
}

type KeyAndType = Pick<EntityRecord, 'id' | 'type'>;

/** The columns to read of an entity of which only the key and type are needed. */
export const keyAndType = ['id', 'type'];

const entityTypes = new Set<string>(Object.values(typenames));
