/** Subqueries by Drizzle's builder, for statements that put many of them together. */
import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';
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
