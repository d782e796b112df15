/** The records that have the words and are worth ranking, a statement for each partial index. */
import { and, count, desc, eq, getColumns, isNull, not, sql, type SQL } from 'drizzle-orm';
import type { SelectedFields } from 'drizzle-orm/pg-core';
import { coalesce, literal } from '../../../database/sql.js';
import { searchDocument, searchName } from '../../../database/tables/index.js';
import { asTable, limitTo, subquery } from '../../reading/subqueries.js';
import type { Conditions } from './documentFilter.js';

/** So many records are ranked: of articles and statements the newest, of entities the most prominent. */
export const maxRanked = 100;

/**
 * Some of the records that have the words, whichever. Beside a limit PostgreSQL would rather read the
 * table and hope to meet them soon; within a `with` it looks them up, and stops at the limit all
 * the same.
 */
export const any = (columns: SelectedFields, where: SQL, most: number): SQL =>
  sql`with matched as materialized ${subquery.select(columns).from(searchDocument).where(where)}
    select * from matched limit ${literal(most)}`;

/** What is read of a record that has the words. */
export const columns = {
  id: searchDocument.id,
  type: searchDocument.type,
  words: searchDocument.words,
  prominence: literal(0).as('prominence'),
  date: searchDocument.date,
};

/** The newest articles and statements. An expression is in no index: then the words are looked up. */
export function newest({ where, within }: Conditions, walk: SQL | undefined): SQL {
  const { date, id } = searchDocument;
  const lookedUp = (also?: SQL) =>
    subquery
      .select(columns)
      .from(searchDocument)
      .where(and(where, also))
      .orderBy(desc(sql`${date} + 0`), desc(id))
      .limit(ranked);
  if (!walk) return lookedUp().getSQL();
  const passed = subquery
    .select()
    .from(searchDocument)
    .where(within)
    .orderBy(...newestFirst)
    .limit(limitTo(walk));
  const walked = subquery
    .select(columns)
    .from(asTable(passed.getSQL(), searchDocument))
    .where(where)
    .limit(ranked);
  const isEnough = sql`(select ${count()} from walked) = ${literal(maxRanked)}`;
  return sql`with walked as materialized ${walked}
    select * from walked where ${isEnough} union all ${lookedUp(not(isEnough))}`;
}

/** The posts that were taken last, as far as the limit of candidates allows. */
export const latest = (where: SQL): SQL =>
  subquery
    .select(columns)
    .from(candidates(where))
    .orderBy(...newestFirst)
    .limit(ranked)
    .getSQL();

/** The most prominent entities, as far as the limit of candidates allows. */
export const mostProminent = (where: SQL): SQL => {
  const { id, type, words, date } = searchDocument;
  const prominence = coalesce(searchName.prominence, literal(0));
  return subquery
    .select({ id, type, words, prominence: prominence.as('prominence'), date })
    .from(candidates(where))
    .leftJoin(
      searchName,
      and(eq(searchName.entityId, id), isNull(searchName.kind), searchName.live),
    )
    .orderBy(desc(prominence), desc(id))
    .limit(ranked)
    .getSQL();
};

// Private:

/** So many entities, and posts, are looked at for those. */
const maxCandidates = 200;

const ranked = limitTo(maxRanked);
const newestFirst = [desc(searchDocument.date), desc(searchDocument.id)];

/** So many of the records, by the name of their table. */
const candidates = (where: SQL): SQL =>
  asTable(any(getColumns(searchDocument), where, maxCandidates), searchDocument);
