/**
 * Which columns of a record are read: only those that somebody wants. A place of which only
 * the name is asked costs neither its other columns nor the tables that hold them.
 */
import { and, getColumnTable, is, sql, type SQL } from 'drizzle-orm';
import { PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import type { Columns, Join } from './collection.js';

/** Names of columns, those in groups with the group's name: `name`, `article.title`; sorted. */
export type Wanted = readonly string[];

export interface Projection {
  /** The wanted columns, as Drizzle selects them. */
  columns: Columns;
  /** Those among them that are the source's own. */
  own: PgColumn[];
  joins: Join[];
}

/** @param wanted undefined: all columns */
export function project(
  { columns, source, joins = [] }: { columns: Columns; source: PgTable; joins?: Join[] },
  wanted: Wanted | undefined,
): Projection {
  const chosen = wanted ? pick(columns, new Set(['id', ...wanted])) : columns;
  const all = Object.values(chosen).flatMap((column) =>
    isColumn(column) ? [column] : Object.values(column),
  );
  const needed = joins.filter(({ table }) =>
    all.some((column) => getColumnTable(column) === table),
  );
  const own = all.filter((column) => getColumnTable(column) === source);
  return {
    columns: chosen,
    own: [...new Set([...own, ...needed.map(({ from }) => from)])],
    joins: needed,
  };
}

/** Whether it is a column, not a group of them. */
export const isColumn = (column: PgColumn | Record<string, PgColumn>): column is PgColumn =>
  is(column, PgColumn);

/** The condition under which a row of a joined table belongs to a row. */
export const onJoin = ({ from, to, and: also }: Join): SQL | undefined =>
  and(sql`${to} = ${from}`, also);

/** Of the names wanted those that a record has, sorted, so that equal wishes share a statement. */
export const existing = (columns: Columns, wanted: Wanted): Wanted =>
  [...new Set(wanted)]
    .filter((name) => {
      const [first = '', field] = name.split('.');
      const column = columns[first];
      if (!column) return false;
      return isColumn(column) ? field === undefined : field !== undefined && field in column;
    })
    .sort();

// Private:

function pick(columns: Columns, wanted: ReadonlySet<string>): Columns {
  const picked: Columns = {};
  for (const [name, column] of Object.entries(columns)) {
    if (isColumn(column)) {
      if (wanted.has(name)) picked[name] = column;
      continue;
    }
    const group = Object.entries<PgColumn>(column).filter(([field]) =>
      wanted.has(`${name}.${field}`),
    );
    if (!group.length) continue;
    // A group that is a record of its own is known by its id.
    picked[name] = { ...(column['id'] && { id: column['id'] }), ...Object.fromEntries(group) };
  }
  return picked;
}
