import { and, eq, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Batcher } from './batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from './batchedQuery.js';
import type { Columns, RowOf } from './collection.js';
import { keyNumber, keysTable, Parameters, structureOf, type Bind } from './keys.js';
import type { Queries } from './queries.js';
import { dependency, type View } from './view.js';

/** The few things that belong to a record and have no life of their own: its names, its subjects. */
export interface PartList<Shape extends Columns, Filter extends object> {
  /** Names the list in batches: equal names are equal lists. */
  name: string;
  table: PgTable;
  /** The record that a part belongs to. */
  of: PgColumn;
  columns: Shape;
  order: (PgColumn | SQL)[];
  conditions?: (filter: Filter, bind: Bind) => (SQL | undefined)[];
}

/** Reads all the parts of a record, in their order. */
export class Parts<const Shape extends Columns, Filter extends object = object> {
  readonly #runner: QueryRunner;
  readonly #list: PartList<Shape, Filter>;
  readonly #all: PartsQuery<Shape>;

  constructor(queries: Queries, batcher: Batcher, list: PartList<Shape, Filter>) {
    this.#runner = { queries, batcher };
    this.#list = list;
    this.#all = partsQuery(list);
  }

  of(view: View, id: string, filter?: Filter): Promise<RowOf<Shape>[]> {
    view.reads?.add(dependency.record(id));
    if (!filter) return this.#all(this.#runner, [id]);
    const parameters = new Parameters();
    parameters.bind(id, 'uuid');
    this.#list.conditions?.(filter, parameters.bind);
    return partsQuery(this.#list, filter)(this.#runner, parameters.values);
  }
}

// Private:

type PartsQuery<Shape extends Columns> = ReturnType<
  typeof batchedQuery<RowOf<Shape> & KeyedRow, RowOf<Shape>[]>
>;

function partsQuery<Shape extends Columns, Filter extends object>(
  { name, table, of, columns, order, conditions }: PartList<Shape, Filter>,
  filter?: Filter,
): PartsQuery<Shape> {
  const parameters = new Parameters();
  const owner = parameters.bind('', 'uuid');
  const where = filter ? (conditions?.(filter, parameters.bind) ?? []) : [];
  return batchedQuery({
    name: filter ? `${name} ${JSON.stringify(structureOf(filter))}` : name,
    types: parameters.types,
    build: (db) =>
      db
        .select({ ...(columns as Columns), $n: keyNumber })
        .from(keysTable(parameters.types))
        .innerJoin(table, eq(of, owner))
        .where(and(...where))
        .orderBy(...order),
  });
}
