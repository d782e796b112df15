import type { SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

/** The columns of a row; those of another table than its own may stand in a group. */
export type Columns = Record<string, PgColumn | SQL | Record<string, PgColumn | SQL>>;

/**
 * What a row reads as: `{ id: uuid().notNull(), name: text() }` is `{ id: string, name: string | null }`.
 * A group is null where its table has no row.
 */
export type RowOf<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends PgColumn
    ? ColumnValue<Shape[Name]>
    : Shape[Name] extends SQL<infer Value>
      ? Value
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
  /** The table by whose columns the list is cut, sorted and filtered. */
  table: SQL;
  id: PgColumn;
  /** The same id in `source`, where that reads another table than the list is cut from. */
  key?: PgColumn;
  /** Whether readers may see the row. */
  live: PgColumn;
  /** What is read of each row. */
  columns: Shape;
  /** The table that `columns` come from … */
  source: PgTable;
  /** … and those joined to it, each where the condition holds. */
  joins?: [PgTable, SQL | undefined][];
  /** The source when its records have slugs and can be merged: old ids and slugs lead to the record that stayed. */
  redirected?: boolean;
  /** What a list may be sorted by; null is the order in which rows were added. The id breaks ties. */
  orders: Record<Order, SortKey | null>;
  /** By which column, or by what else, a list hangs on its parent. Several: by any of them. */
  parents: Record<Parent, Link[]>;
  /** The conditions that a filter means; all must hold. */
  conditions: (filter: Filter) => (SQL | undefined)[];
}

/** A column that holds the parent's id, or a condition on that id. */
export type Link = PgColumn | ((parentId: SQL) => SQL);

/** Types a collection by its parts. */
export const defineCollection = <
  const Shape extends Columns,
  Filter extends object,
  Order extends string,
  Parent extends string,
>(
  collection: Collection<Shape, Filter, Order, Parent>,
) => collection;
