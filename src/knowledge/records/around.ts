/** What the knowledge base holds around the records that a set of records names. */
import { eq, getColumns, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import {
  article,
  entity,
  entityIdentifier,
  membership,
  organization,
  place,
  position,
  statement,
} from '../../database/tables/index.js';
import { texts, uuids } from '../reading/keys.js';
import type { RecordSet } from './forms.js';
import { items, recordsOf } from './walk.js';

/** Who has what only one may have. */
export interface Owner {
  id: string;
  slug: string;
}

/** What each place and organization at or above these lies directly in, by id. */
export async function readAbove(
  db: Queryable,
  ids: string[],
): Promise<Map<string, Owner & { above: string }>> {
  const found = new Map<string, Owner & { above: string }>();
  const trees = [
    { table: place, parent: place.withinId },
    { table: organization, parent: organization.parentId },
  ];
  for (const { table, parent } of trees) {
    const column = sql.identifier(parent.name);
    const rows = await db
      .select({
        id: sql<string>`above.id`,
        above: sql<string>`above.${column}`,
        slug: sql<string>`(select slug from entity where entity.id = above.id)`,
      })
      .from(
        sql`(with recursive above as (
          select id, ${column} from ${table} where id = any(${uuids(ids)})
          union select up.id, up.${column} from ${table} up join above on up.id = above.${column})
          select id, ${column} from above where ${column} is not null) as above`,
      );
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

/** Who has the web addresses, ISO codes and identifiers that the set gives. */
export async function readOwners(db: Queryable, set: RecordSet) {
  const urls = storable(set.articles.flatMap(({ url }) => url ?? []));
  const isoCodes = storable(set.places.flatMap(({ isoCode }) => isoCode ?? []));
  const identifiers = recordsOf(set)
    .flatMap(({ record }) =>
      Object.values((record['identifiers'] ?? {}) as Record<string, unknown>),
    )
    .flatMap((values) => items(values, []).map(({ value }) => String(value)));
  const owned = {
    urls: await db
      .select({ key: article.url, id: article.id, slug: article.slug })
      .from(article)
      .where(sql`${article.url} = any(${texts(urls)})`),
    isoCodes: await db
      .select({ key: place.isoCode, id: place.id, slug: entity.slug })
      .from(place)
      .innerJoin(entity, eq(entity.id, place.id))
      .where(sql`${place.isoCode} = any(${texts(isoCodes)})`),
    identifiers: await db
      .select({
        key: sql<string>`${entityIdentifier.scheme} || ':' || ${entityIdentifier.value}`,
        id: entity.id,
        slug: entity.slug,
      })
      .from(entityIdentifier)
      .innerJoin(entity, eq(entity.id, entityIdentifier.entityId))
      .where(sql`${entityIdentifier.value} = any(${texts(storable(identifiers))})`),
  };
  const byKey = (rows: (Owner & { key: string | null })[]) =>
    new Map(rows.map(({ key, id, slug }): [string, Owner] => [key ?? '', { id, slug }]));
  return {
    url: byKey(owned.urls),
    isoCode: byKey(owned.isoCodes),
    identifier: byKey(owned.identifiers),
  };
}

/**
 * The facts without slugs that the set may mean: those of the same people, members and
 * articles, by their ids.
 */
export async function readFacts(
  db: Queryable,
  ids: { people: string[]; members: string[]; articles: string[] },
) {
  return {
    positions: await db
      .select(getColumns(position))
      .from(position)
      .where(inArray(position.personId, ids.people)),
    memberships: await db
      .select(getColumns(membership))
      .from(membership)
      .where(inArray(membership.memberId, ids.members)),
    statements: await db
      .select({
        id: statement.id,
        articleId: statement.articleId,
        speakerId: statement.speakerId,
        text: statement.text,
        deletedAt: statement.deletedAt,
        deletionReason: statement.deletionReason,
      })
      .from(statement)
      .where(inArray(statement.articleId, ids.articles)),
  };
}

/** What the database can be asked for at all. */
export const storable = (values: Iterable<string>) =>
  [...new Set(values)].filter((value) => !value.includes('\0'));
