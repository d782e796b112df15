/** Reads the owners of identifiers, URLs and slugs for a batch. */
import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '../../../database/database.js';
import { coalesce, equalsAny } from '../../../database/sql.js';
import { article, entity, entityIdentifier, event } from '../../../database/tables/index.js';
import { texts, uuids } from '../../reading/keys.js';
import { storable } from '../../validation/existingNeighbours.js';
import { identifierKey, type Identifier } from '../../values/identifiers.js';
import type { Entry } from './parsedRecord.js';
import { spaceOfType } from './recordLinks.js';
import type { EntityType, LinkTarget, SlugSpace } from '../../model/recordTypes.js';

/** The entity that has an identifier; without an id if the batch creates it. */
export interface Owner {
  slug: string;
  type: LinkTarget;
  id?: string;
}

/** A slug with its namespace: `entity nato`. */
export const slugKey = (space: SlugSpace, slug: string): string => `${space} ${slug}`;

/** The owners of these identifiers, by key. */
export async function readOwners(
  db: Queryable,
  identifiers: readonly Identifier[],
): Promise<Map<string, Owner>> {
  const storable = identifiers.filter(({ scheme, value }) => !`${scheme}${value}`.includes('\0'));
  if (storable.length === 0) return new Map();
  const { scheme, value, source, entityId } = entityIdentifier;
  const rows = await db
    .select({ scheme, value, source, slug: entity.slug, type: entity.type, id: entity.id })
    .from(
      sql`unnest(${texts(storable.map((each) => each.scheme))}, ${texts(storable.map((each) => each.value))},
        ${texts(storable.map((each) => each.source ?? ''))}) as keys(scheme, value, source)`,
    )
    .innerJoin(
      entityIdentifier,
      sql`${scheme} = keys.scheme and ${value} = keys.value and coalesce(${source}, '') = keys.source`,
    )
    .innerJoin(entity, eq(entity.id, entityId));
  return new Map(
    rows.map((row): [string, Owner] => [
      identifierKey(row, row.type),
      { slug: row.slug, type: row.type satisfies EntityType, id: row.id },
    ]),
  );
}

/** The identifiers of these entities. */
export async function readGivenIdentifiers(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, Identifier[]>> {
  const found = new Map<string, Identifier[]>();
  if (ids.length === 0) return found;
  const { scheme, value, source, entityId } = entityIdentifier;
  const rows = await db
    .select({ scheme, value, source, id: entityId })
    .from(entityIdentifier)
    .where(equalsAny(entityId, uuids([...new Set(ids)])))
    .orderBy(scheme, value, source);
  for (const { id, ...identifier } of rows) {
    found.set(id, [...(found.get(id) ?? []), identifier]);
  }
  return found;
}

/** The slugs of the articles with these URLs. */
export async function readUrls(db: Queryable, urls: string[]): Promise<Map<string, string>> {
  if (urls.length === 0) return new Map();
  const rows = await db
    .select({ url: article.url, slug: article.slug })
    .from(article)
    .where(equalsAny(article.url, texts(storable(urls))));
  return new Map(rows.map(({ url, slug }) => [String(url), slug]));
}

/** The slugs of these entries that exist, with the ids of their records. */
export async function readSlugs(
  db: Queryable,
  entries: readonly Entry[],
): Promise<Map<string, string>> {
  const taken = new Map<string, string>();
  const tables = { entity, article, event };
  for (const [space, table] of Object.entries(tables) as [SlugSpace, typeof event][]) {
    const slugs = entries
      .filter(({ type }) => spaceOfType(type) === space)
      .map(({ record }) => String(record['slug']));
    if (slugs.length === 0) continue;
    const rows = await db
      .select({
        slug: table.slug,
        id: coalesce<string>(table.mergedIntoId, table.id),
      })
      .from(table)
      .where(equalsAny(table.slug, texts(slugs)));
    for (const { slug, id } of rows) taken.set(slugKey(space, slug), id);
  }
  return taken;
}
