import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Bind } from './keys.js';

/** The columns of a row; those of another table than its own may stand in a group. */
export type Columns = Record<string, PgColumn | Record<string, PgColumn>>;

/**
 * What a row reads as: `{ id: uuid().notNull(), name: text() }` is `{ id: string, name: string | null }`.
 * A group is null where its table has no row.
 */
export type RowOf<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends PgColumn
    ? ColumnValue<Shape[Name]>
    : RowOf<Shape[Name]> | null;
};

type ColumnValue<Column extends PgColumn> = Column['_']['notNull'] extends true
  ? Column['_']['data']
  : Column['_']['data'] | null;

/** A column to sort by, and the type as which a cursor's text is compared with it. */
export interface SortKey {
  column: PgColumn;
  type: 'text' | 'date' | 'integer';
}

/** A table of which a row may have one more row: where `to` is equal to `from`, and `and` holds. */
export interface Join {
  table: PgTable;
  from: PgColumn;
  to: PgColumn;
  and?: SQL;
}

/** What rows can be counted by: a value of each. */
export interface GroupKey {
  value: SQLWrapper;
  /** What is joined to the rows for it, where it may have a row. */
  join?: readonly [table: PgTable, on: SQL];
  /** Whether the value is the key of an entity. */
  isEntity?: boolean;
}

/**
 * A list of the knowledge base: what its rows read as, and which orders, filters and parents
 * it offers. For every parent and order there is an index `(parent, sort key, id)`.
 */
export interface Collection<
  Shape extends Columns = Columns,
  Filter extends object = object,
  Order extends string = string,
  Parent extends string = string,
> {
  /** Names the list in batches: equal names are equal lists. */
  name: string;
  id: PgColumn;
  /** Whether readers may see the row. */
  live: PgColumn | SQL;
  /** The table, beside the source, on which `live` looks. */
  visibleWith?: PgTable;
  /** What is read of each row; `id` always is. */
  columns: Shape;
  /** The table that `columns` come from, and by whose columns the list is cut, sorted and filtered … */
  source: PgTable;
  /** … and those joined to it, when one of their columns is wanted. */
  joins?: Join[];
  /** The source when its records have slugs and can be merged: old ids and slugs lead to the record that stayed. */
  redirected?: boolean;
  /** What a list may be sorted by; null is the order in which rows were added. The id breaks ties. */
  orders: Record<Order, SortKey | null>;
  /**
   * By which column, or by what else, a list hangs on its parent. Several: by any of them.
   * A filter's field of the same name is read by the same index.
   */
  parents: Record<Parent, Link[]>;
  /** What the rows of a list can be counted by. */
  groups?: Record<string, GroupKey>;
  /** The conditions that a filter means; all must hold. */
  conditions: (filter: Filter, bind: Bind) => (SQL | undefined)[];
  /** The tables, beside the source, on which a filter's conditions look. */
  consults?: PgTable[];
}

/** A column that holds the parent's id, a condition on that id, or a table between. */
export type Link = PgColumn | ((parentId: SQL) => SQL) | Through;

/**
 * A table whose rows each link a parent to a record of the list. It repeats what the list is
 * sorted and filtered by, so that a page is read in the order of one index of that table.
 */
export interface Through {
  through: PgTable;
  parent: PgColumn;
  /** The record's id; several parents may share it. */
  id: PgColumn;
  live: PgColumn;
  /** The sort keys of the list's orders; an order that is not here is sorted by the record's own. */
  sort: Record<string, PgColumn>;
}

export const isThrough = (link: Link | undefined): link is Through =>
  typeof link === 'object' && 'through' in link;

/** Types a collection by its parts. */
export const defineCollection = <
  const Shape extends Columns,
  Filter extends object,
  Order extends string,
  Parent extends string,
>(
  collection: Collection<Shape, Filter, Order, Parent>,
) => collection;
