/** Reads records related to those that a set names: ancestors, owners of unique values, facts. */
import { eq, getColumns, sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
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
import type { RecordSet } from './schemas.js';
import { identifierKey, identifiersIn } from '../values/identifiers.js';
import { recordsOf } from './walk.js';

/** The record that has a unique value. */
export interface Owner {
  id: string;
  slug: string;
}

/** The direct parent of each place and organization at or above these, by id. */
export async function selectAncestors(
  db: Queryable,
  named: { places: string[]; organizations: string[] },
): Promise<Map<string, Owner & { above: string }>> {
  const found = new Map<string, Owner & { above: string }>();
  const trees = [
    { table: place, parent: place.withinId, ids: named.places },
    { table: organization, parent: organization.parentId, ids: named.organizations },
  ];
  for (const { table, parent, ids } of trees) {
    if (ids.length === 0) continue;
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

/** The records that have the URLs, ISO codes and identifiers of the set. */
export async function readOwners(db: Queryable, set: RecordSet) {
  const urls = storable(set.articles.flatMap(({ url }) => url ?? []));
  const isoCodes = storable(set.places.flatMap(({ isoCode }) => isoCode ?? []));
  const identifiers = recordsOf(set).flatMap(({ record }) =>
    identifiersIn(record['identifiers']).map(({ value }) => value),
  );
  const owned = {
    urls: await unlessEmpty(urls, (keys) =>
      db
        .select({ key: article.url, id: article.id, slug: article.slug })
        .from(article)
        .where(equalsAny(article.url, texts(keys))),
    ),
    isoCodes: await unlessEmpty(isoCodes, (keys) =>
      db
        .select({ key: place.isoCode, id: place.id, slug: entity.slug })
        .from(place)
        .innerJoin(entity, eq(entity.id, place.id))
        .where(equalsAny(place.isoCode, texts(keys))),
    ),
    identifiers: await unlessEmpty(storable(identifiers), (keys) =>
      db
        .select({
          scheme: entityIdentifier.scheme,
          value: entityIdentifier.value,
          source: entityIdentifier.source,
          type: entityIdentifier.entityType,
          id: entity.id,
          slug: entity.slug,
        })
        .from(entityIdentifier)
        .innerJoin(entity, eq(entity.id, entityIdentifier.entityId))
        .where(equalsAny(entityIdentifier.value, texts(keys))),
    ),
  };
  const byKey = (rows: (Owner & { key: string | null })[]) =>
    new Map(rows.map(({ key, id, slug }): [string, Owner] => [key ?? '', { id, slug }]));
  return {
    url: byKey(owned.urls),
    isoCode: byKey(owned.isoCodes),
    identifier: byKey(
      owned.identifiers.map((row) => ({ ...row, key: identifierKey(row, row.type ?? undefined) })),
    ),
  };
}

/** The facts that the set may contain again: those of the same people, members and articles. */
export async function selectFacts(
  db: Queryable,
  ids: { people: string[]; members: string[]; articles: string[] },
) {
  return {
    positions: await unlessEmpty(ids.people, (people) =>
      db
        .select(getColumns(position))
        .from(position)
        .where(equalsAny(position.personId, uuids(people))),
    ),
    memberships: await unlessEmpty(ids.members, (members) =>
      db
        .select(getColumns(membership))
        .from(membership)
        .where(equalsAny(membership.memberId, uuids(members))),
    ),
    statements: await unlessEmpty(ids.articles, (articles) =>
      db
        .select({
          id: statement.id,
          articleId: statement.articleId,
          speakerId: statement.speakerId,
          text: statement.text,
          deletedAt: statement.deletedAt,
          deletionReason: statement.deletionReason,
        })
        .from(statement)
        .where(equalsAny(statement.articleId, uuids(articles))),
    ),
  };
}

/** The distinct values that PostgreSQL accepts in a query. */
export const storable = (values: Iterable<string>) =>
  [...new Set(values)].filter((value) => !value.includes('\0'));

// Private:

/** Runs the query, unless there are no keys. */
const unlessEmpty = async <Row>(
  keys: string[],
  select: (keys: string[]) => PromiseLike<Row[]>,
): Promise<Row[]> => (keys.length > 0 ? select(keys) : []);
