import { and, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { keyText, type Batcher, type Key } from './batcher.js';
import type { Columns, RowOf } from './collection.js';
import { dependency, type View } from './view.js';
import {
  keysTable,
  keyArrays,
  Parameters,
  structureOf,
  type Bind,
  type ParameterType,
} from './keys.js';
import type { Queries } from './queries.js';

/** The few things that belong to a record and have no life of their own: its names, its subjects. */
export interface PartList<Shape extends Columns, Filter extends object> {
  /** Names the list in batches: equal names are equal lists. */
  name: string;
  table: PgTable;
  /** The record that a part belongs to. */
  of: PgColumn;
  columns: Shape;
  order: SQL[];
  conditions?: (filter: Filter, bind: Bind) => (SQL | undefined)[];
}

/** Reads all the parts of a record, in their order. */
export class Parts<const Shape extends Columns, Filter extends object = object> {
  readonly #queries: Queries;
  readonly #batcher: Batcher;
  readonly #list: PartList<Shape, Filter>;

  constructor(queries: Queries, batcher: Batcher, list: PartList<Shape, Filter>) {
    this.#queries = queries;
    this.#batcher = batcher;
    this.#list = list;
  }

  async of(view: View, id: string, filter?: Filter): Promise<RowOf<Shape>[]> {
    view.reads?.add(dependency.record(id));
    const { name, conditions } = this.#list;
    const parameters = new Parameters();
    parameters.bind(id, 'uuid');
    if (filter) conditions?.(filter, parameters.bind);
    const shape = `${view.rights} ${name} ${JSON.stringify(structureOf(filter))}`;
    const { values, types } = parameters;
    const parts = await this.#batcher.load(
      shape,
      (keys) => this.#fetch(shape, keys, types, filter),
      keyText(values),
      values,
    );
    return parts ?? [];
  }

  // Private:

  async #fetch(
    shape: string,
    keys: readonly Key[],
    types: readonly ParameterType[],
    filter?: Filter,
  ): Promise<RowOf<Shape>[][]> {
    const rows = await this.#queries.run<RowOf<Shape> & { $n: number }>(
      shape,
      (db) => {
        const { table, of, columns, order, conditions } = this.#list;
        const parameters = new Parameters();
        const owner = parameters.bind('', 'uuid');
        const where = filter ? (conditions?.(filter, parameters.bind) ?? []) : [];
        return db
          .select({ ...(columns as Columns), $n: sql<number>`asked.n::int` })
          .from(keysTable(parameters.types))
          .innerJoin(table, sql`${of} = ${owner}`)
          .where(and(...where))
          .orderBy(...order);
      },
      keyArrays(keys, types),
    );
    const lists: RowOf<Shape>[][] = keys.map(() => []);
    for (const row of rows) lists[row.$n - 1]?.push(row);
    return lists;
  }
}
