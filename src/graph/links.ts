/** From the keys that records hold and the names that clients write to the entities behind them. */
import type { EntityRecord, RecordRef } from '../knowledge/entity.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { badInput, quoted } from './errors.js';
import { decodeGlobalId, looksLikeGlobalId } from './relay/globalId.js';

/** The names of the graph's types for the types of entities. */
export const typenames = {
  ORGANIZATION: 'Organization',
  PERSON: 'Person',
  OFFICE: 'Office',
  PLACE: 'Place',
} as const;

/** The entity with this key, or null where a record has none or readers may not see it. */
export const linkedEntity = async (
  { entities }: Knowledge,
  id: string | null,
): Promise<EntityRecord | null> => (id === null ? null : ((await entities.get(id)) ?? null));

/** The entities with these keys that readers may see, in their order. */
export async function linkedEntities(
  { entities }: Knowledge,
  links: readonly { entityId: string }[],
): Promise<EntityRecord[]> {
  const found = await Promise.all(links.map(({ entityId }) => entities.get(entityId)));
  return found.filter((entity) => entity !== undefined);
}

/** Like `linkedEntity` for links that lead to one type only. */
export const linked = async <Type extends EntityRecord['type']>(
  { entities }: Knowledge,
  type: Type,
  id: string | null,
): Promise<Extract<EntityRecord, { type: Type }> | null> =>
  id === null ? null : ((await entities.as(type, { id })) ?? null);

/** How many entities one field of a filter may name. */
const mostNames = 100;

/**
 * The keys of the entities that a filter names; undefined where it names none at all.
 *
 * @throws BAD_USER_INPUT naming `argument` for too many names, and for ids that are not of entities
 */
export async function entityKeys(
  names: readonly string[] | null | undefined,
  argument: string,
  { entities }: Knowledge,
): Promise<string[] | undefined> {
  if (!names) return undefined;
  if (names.length > mostNames) {
    throw badInput(argument, `must name at most ${mostNames}, but names ${names.length}`);
  }
  return entities.resolve(names.map((name) => recordRef(name, argument)));
}

// Private:

/** A record named by a client, who may use its global id or its slug. */
function recordRef(name: string, argument: string): RecordRef {
  if (!looksLikeGlobalId(name)) return { slug: name };
  const { type, id } = decodeGlobalId(name, argument);
  if (entityTypes.has(type)) return { id };
  throw badInput(
    argument,
    `must name an organization, person, office or place, but is the id of a record of type ${type} (${quoted(name)})`,
  );
}

const entityTypes = new Set<string>(Object.values(typenames));
