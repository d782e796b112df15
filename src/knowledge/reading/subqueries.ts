/** Subqueries by Drizzle's builder, for statements that put many of them together. */
import { getTableName, sql, Subquery, type SQL, type SQLWrapper } from 'drizzle-orm';
import { QueryBuilder, type PgTable, type SelectedFields } from 'drizzle-orm/pg-core';

/** Builds a part of a statement, which is run as a whole elsewhere. */
export const subquery = new QueryBuilder();

/** A table, and those that are joined to it. */
export interface Joined {
  table: PgTable;
  joins?: readonly (readonly [table: PgTable, on: SQL | undefined])[];
}

export function selectFrom<Fields extends SelectedFields>(
  fields: Fields,
  { table, joins = [] }: Joined,
) {
  const query = subquery.select(fields).from(table).$dynamic();
  for (const [joined, on] of joins) query.innerJoin(joined, on);
  return query;
}

/** All rows of all the queries. */
export const unionAll = (queries: readonly SQLWrapper[]): SQL =>
  sql.join(
    queries.map((query) => sql`${query}`),
    sql` union all `,
  );

/** A table and those joined to it, for a clause `from`. */
export const fromOf = ({ table, joins = [] }: Joined): SQL =>
  sql.join([sql`${table}`, ...joins.map(([joined, on]) => sql`join ${joined} on ${on}`)], sql` `);

/** A statement in place of a table, under its name: Drizzle's columns of the table mean its. */
export const asTable = (rows: SQL, table: PgTable): SQL =>
  new Subquery(rows, {}, getTableName(table)) as unknown as SQL;

/**
 * A limit for the builder, which takes numbers alone and sends them as parameters: a number that
 * is part of the text, where plans depend on it, or an expression.
 */
export const limitTo = (limit: number | SQL): number =>
  (typeof limit === 'number' ? sql.raw(String(limit)) : limit) as unknown as number;
