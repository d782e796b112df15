/**
 * Which columns of a record are read: only those that a query selects. A place of which only
 * the name is selected costs neither its other columns nor the tables that hold them.
 */
import { and, eq, getColumnTable, is, type SQL } from 'drizzle-orm';
import { PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import { LRUCache } from 'lru-cache';
import type { Columns, Join } from './collection.js';
import type { SelectedColumns } from './selectedColumns.js';

export interface Projection {
  /** Identifies it among projections of the same collection. */
  name: string;
  /** The wanted columns, as Drizzle selects them. */
  columns: Columns;
  /** Those among them that are the source's own. */
  own: PgColumn[];
  joins: Join[];
}

/** What a collection reads, for every list of wishes. */
export class Projections {
  readonly #of: Projectable;
  readonly #all: Projection;
  readonly #byName = new LRUCache<string, Projection>({ max: 1000 });
  readonly #byWish = new WeakMap<SelectedColumns, Projection>();

  constructor(of: Projectable) {
    this.#of = of;
    this.#all = project(of, '*', of.columns);
  }

  /** @param wanted undefined: all columns. The same lists come again and again, so they are remembered. */
  for(wanted: SelectedColumns | undefined): Projection {
    if (!wanted) return this.#all;
    let projection = this.#byWish.get(wanted);
    if (projection) return projection;
    const existing = this.#existing(wanted);
    const name = existing.join();
    projection = this.#byName.get(name);
    if (!projection) {
      projection = project(this.#of, name, pick(this.#of.columns, new Set(existing)));
      this.#byName.set(name, projection);
    }
    this.#byWish.set(wanted, projection);
    return projection;
  }

  // Private:

  /** Of the names wanted those that a record has, sorted: equal wishes are one projection. */
  #existing(wanted: SelectedColumns): string[] {
    const { columns } = this.#of;
    return [...new Set(['id', ...wanted])]
      .filter((name) => {
        const [first = '', field] = name.split('.');
        const column = columns[first];
        if (!column) return false;
        return isColumn(column) ? field === undefined : field !== undefined && field in column;
      })
      .sort();
  }
}

interface Projectable {
  columns: Columns;
  source: PgTable;
  joins?: Join[];
}

/** Whether it is a column, not a group of them. */
export const isColumn = (column: PgColumn | Record<string, PgColumn>): column is PgColumn =>
  is(column, PgColumn);

/** The condition under which a row of a joined table belongs to a row. */
export const onJoin = ({ from, to, and: also }: Join): SQL | undefined => and(eq(to, from), also);

// Private:

function project({ source, joins = [] }: Projectable, name: string, columns: Columns): Projection {
  const all = Object.values(columns).flatMap((column) =>
    isColumn(column) ? [column] : Object.values(column),
  );
  const needed = joins.filter(({ table }) =>
    all.some((column) => getColumnTable(column) === table),
  );
  const own = all.filter((column) => getColumnTable(column) === source);
  return {
    name,
    columns,
    own: [...new Set([...own, ...needed.map(({ from }) => from)])],
    joins: needed,
  };
}

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
