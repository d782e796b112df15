/** Subqueries by Drizzle's builder, for statements that put many of them together. */
import { and, exists, getTableName, sql, Subquery, type SQL, type SQLWrapper } from 'drizzle-orm';
import {
  QueryBuilder,
  unionAll as union,
  type PgTable,
  type SelectedFields,
} from 'drizzle-orm/pg-core';
import { literal } from '../../database/sql.js';

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

/**
 * Whether the table has a row of which the conditions hold.
 *
 * @param isApart Looks row by row: PostgreSQL does not make a join of it.
 */
export function existsIn(
  table: PgTable,
  conditions: readonly (SQLWrapper | undefined)[],
  { isApart = false } = {},
): SQL {
  const rows = subquery
    .select({ one: literal(1) })
    .from(table)
    .where(and(...conditions));
  return exists(isApart ? rows.offset(limitTo(0)) : rows);
}

/** All rows of all the queries. */
export const unionAll = (queries: readonly SQLWrapper[]): SQL =>
  sql.join([...queries], sql.raw(' union all '));

/** All rows of queries with the same fields, as a relation with the columns of the first. */
export function asRows<Query extends { as: (alias: string) => unknown }>(
  queries: readonly Query[],
  alias: string,
): ReturnType<Query['as']> {
  const [first, ...others] = queries;
  if (!first) throw new Error(`no query for ${alias}`);
  return others
    .reduce((all, query) => union(all as never, query as never) as unknown as Query, first)
    .as(alias) as ReturnType<Query['as']>;
}

/** A statement in place of a table, under its name: Drizzle's columns of the table mean its. */
export const asTable = (rows: SQL, table: PgTable): SQL =>
  new Subquery(rows, {}, getTableName(table)) as unknown as SQL;

/**
 * A limit for the builder, which takes numbers alone and sends them as parameters: a number that
 * is part of the text, where plans depend on it, or an expression.
 */
export const limitTo = (limit: number | SQL): number =>
  (typeof limit === 'number' ? literal(limit) : limit) as unknown as number;

/** A statement in place of a table, and its columns. */
export interface Derived<Row> {
  rows: SQL;
  columns: { [Name in keyof Row]: SQL<Row[Name]> };
}

/** A statement, that the builder has no words for, in place of a table with the columns of a row. */
export function derived<Row extends object>(
  rows: SQL,
  alias: string,
  names: readonly (keyof Row & string)[],
): Derived<Row> {
  const columns = Object.fromEntries(
    names.map((name) => [name, sql`${sql.identifier(alias)}.${sql.identifier(name)}`]),
  );
  return {
    rows: new Subquery(rows, {}, alias) as unknown as SQL,
    columns: columns as Derived<Row>['columns'],
  };
}
