import { and, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import type { Batcher } from './batcher.js';
import type { Columns, RowOf } from './collection.js';
import { uuids } from './keys.js';

/** The few things that belong to a record and have no life of their own: its names, its subjects. */
export interface PartList<Shape extends Columns, Filter extends object> {
  /** Names the list in batches: equal names are equal lists. */
  name: string;
  table: PgTable;
  /** The record that a part belongs to. */
  of: PgColumn;
  columns: Shape;
  order: SQL[];
  conditions?: (filter: Filter) => (SQL | undefined)[];
}

/** Reads all the parts of a record, in their order. */
export class Parts<const Shape extends Columns, Filter extends object = object> {
  readonly #db: Queryable;
  readonly #batcher: Batcher;
  readonly #list: PartList<Shape, Filter>;

  constructor(db: Queryable, batcher: Batcher, list: PartList<Shape, Filter>) {
    this.#db = db;
    this.#batcher = batcher;
    this.#list = list;
  }

  async of(id: string, filter?: Filter): Promise<RowOf<Shape>[]> {
    const shape = `${this.#list.name} ${JSON.stringify(filter)}`;
    const parts = await this.#batcher.load(shape, id, (ids) => this.#fetch(ids, filter));
    return parts ?? [];
  }

  // Private:

  async #fetch(ids: readonly string[], filter?: Filter): Promise<Map<string, RowOf<Shape>[]>> {
    const { table, of, columns, order, conditions } = this.#list;
    const rows = await this.#db
      .select({ ...(columns as Columns), $of: sql<string>`${of}` })
      .from(table)
      .where(and(sql`${of} = any(${uuids(ids)})`, ...((filter && conditions?.(filter)) ?? [])))
      .orderBy(...order);
    return groupRows(rows as (RowOf<Shape> & { $of: string })[]);
  }
}

function groupRows<Row extends { $of: string }>(rows: Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.$of);
    if (group) group.push(row);
    else groups.set(row.$of, [row]);
  }
  return groups;
}
