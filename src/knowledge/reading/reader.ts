import { getColumnTable, getTableName, is, sql } from 'drizzle-orm';
import { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { keyOf, textKey, type Batcher, type Key } from './batcher.js';
import type { Collection, Columns, Join, RowOf, SortKey } from './collection.js';
import { dependency } from './dependency.js';
import { keyArrays } from './keys.js';
import { ListQuery, type ListRequest } from './list.js';
import type { Page, PageRequest } from './page.js';
import { existing, isColumn, onJoin, project, type Wanted } from './projection.js';
import type { Queries, Query } from './queries.js';
import type { View } from './view.js';

/** Reads records of one kind, by key and in lists. See README.md. */
export class Reader<
  Shape extends Columns & { id: PgColumn },
  Filter extends object,
  Order extends string,
  Parent extends string,
> {
  readonly #queries: Queries;
  readonly #batcher: Batcher;
  readonly #collection: Collection<Shape, Filter, Order, Parent>;
  readonly #wishes = new WeakMap<Wanted, Wanted>();
  /** The groups of columns that are records of their own. */
  readonly #groups: string[];

  constructor(
    queries: Queries,
    batcher: Batcher,
    collection: Collection<Shape, Filter, Order, Parent>,
  ) {
    this.#queries = queries;
    this.#batcher = batcher;
    this.#collection = collection;
    this.#groups = Object.entries(collection.columns).flatMap(([name, column]) =>
      !isColumn(column) && 'id' in column ? [name] : [],
    );
  }

  /**
   * The record with this key, or undefined where there is none that the viewer may see.
   *
   * @param wanted The columns that are read; all without it.
   */
  get(view: View, id: string, wanted?: Wanted): Promise<RowOf<Shape> | undefined> {
    view.reads?.add(dependency.record(id));
    return this.#find(view, 'id', id, wanted);
  }

  /** The record with this slug, or the one into which it was merged. */
  async bySlug(view: View, slug: string, wanted?: Wanted): Promise<RowOf<Shape> | undefined> {
    view.reads?.add(dependency.slug(slug));
    const row = await this.#find(view, 'slug', slug, wanted);
    if (row && view.reads) this.#noteRow(view.reads, row);
    return row;
  }

  /** A page of the list of all records, or of a parent's: `{ relation: 'organization', id }`. */
  async page(view: View, request: ListRequest<Filter, Order, Parent>): Promise<Page<RowOf<Shape>>> {
    const wished = request.page.rows;
    const page = { ...request.page, rows: wished && this.#existing(wished) };
    const list = new ListQuery(this.#collection, { ...request, page });
    if (view.reads) this.#noteList(view.reads, request);
    const shape = `${view.rights} ${this.#collection.name} ${list.shape}`;
    const found = await this.#batcher.load(shape, keyOf(list.parameters), (keys) =>
      this.#fetchPages(shape, keys, list),
    );
    if (!found) throw new Error(`no page was read for ${shape}`);
    if (view.reads) for (const row of found.rows) this.#noteRow(view.reads, row);
    return cut(found, request.page);
  }

  /** As what a cursor of this order compares its sort key; null where only the id counts. */
  sortType(order: Order): SortKey['type'] | null {
    return this.#collection.orders[order]?.type ?? null;
  }

  // Private:

  #find(view: View, by: 'id' | 'slug', key: string, wished: Wanted | undefined) {
    const wanted = wished && this.#existing(wished);
    const columns = wanted?.join() ?? '*';
    const shape = `${view.rights} ${this.#collection.name} by ${by}: ${columns}`;
    return this.#batcher.load(shape, textKey(key), (keys) =>
      this.#fetchRecords(shape, by, keys, wanted),
    );
  }

  /** The same lists of wishes come again and again, so what they mean is remembered. */
  #existing(wished: Wanted): Wanted {
    let wanted = this.#wishes.get(wished);
    if (!wanted) this.#wishes.set(wished, (wanted = existing(this.#collection.columns, wished)));
    return wanted;
  }

  async #fetchRecords(
    shape: string,
    by: 'id' | 'slug',
    keys: readonly Key[],
    wanted: Wanted | undefined,
  ): Promise<(RowOf<Shape> | undefined)[]> {
    const found = await this.#select(shape, by, keys, wanted);
    const missing = keys.filter(({ text }) => !found.has(text));
    if (missing.length && this.#collection.redirected) {
      const merged = await this.#selectMerged(`${shape} merged`, by, missing, wanted);
      for (const [key, row] of merged) found.set(key, row);
    }
    return keys.map(({ text }) => found.get(text));
  }

  /** Reads the records with these keys. */
  async #select(
    shape: string,
    by: 'id' | 'slug',
    keys: readonly Key[],
    wanted: Wanted | undefined,
  ): Promise<Map<string, RowOf<Shape>>> {
    const { live, source } = this.#collection;
    const column = sql`${source}.${sql.identifier(by)}`;
    const build = (db: Queryable): Query => {
      const { columns, joins } = project(this.#collection, wanted);
      let query = db
        .select({ ...columns, ...(by === 'slug' && { $key: column }) })
        .from(source)
        .$dynamic();
      for (const join of joins) query = query.leftJoin(join.table, onJoin(join));
      const type = sql.raw(by === 'id' ? 'uuid' : 'text');
      return query.where(
        sql`${column} = any(${sql.placeholder('keys0')}::${type}[]) and ${live}`,
      ) as unknown as Query;
    };
    const rows = await this.#queries.run<Keyed<RowOf<Shape>>>(shape, build, keyArrays(keys));
    return new Map(rows.map((row) => [row.$key ?? idOf(row), row]));
  }

  /** Reads the records into which those with these keys were merged. */
  async #selectMerged(
    shape: string,
    by: 'id' | 'slug',
    keys: readonly Key[],
    wanted: Wanted | undefined,
  ): Promise<[string, RowOf<Shape>][]> {
    const { id, live, source } = this.#collection;
    const column = sql`old.${sql.identifier(by)}`;
    const build = (db: Queryable): Query => {
      const { columns, joins } = project(this.#collection, wanted);
      const type = sql.raw(by === 'id' ? 'uuid' : 'text');
      let query = db
        .select({ ...columns, $key: column })
        .from(sql`${source} as old`)
        .innerJoin(source, sql`${id} = old.merged_into_id`)
        .$dynamic();
      for (const join of joins) query = query.leftJoin(join.table, onJoin(join));
      return query.where(
        sql`${column} = any(${sql.placeholder('keys0')}::${type}[]) and ${live}`,
      ) as unknown as Query;
    };
    const rows = await this.#queries.run<Keyed<RowOf<Shape>>>(shape, build, keyArrays(keys));
    return rows.map((row) => [row.$key ?? '', row]);
  }

  async #fetchPages(
    shape: string,
    keys: readonly Key[],
    list: ListQuery<Shape, Filter, Order, Parent>,
  ): Promise<Found<RowOf<Shape>>[]> {
    const rows = await this.#queries.run<RowOf<Shape> & ListColumns>(
      shape,
      (db) => list.build(db),
      keyArrays(keys),
    );
    const lists: Found<RowOf<Shape>>[] = keys.map(() => ({ rows: [], sorts: [], total: 0 }));
    for (const row of rows) {
      const found = lists[row.$n - 1];
      if (!found) continue;
      if (row.$total !== undefined) found.total = Number(row.$total);
      // A list without rows still has a total.
      if (!list.readsRows || row.id === null) continue;
      found.rows.push(row);
      if (row.$sort !== undefined) found.sorts.push(row.$sort);
    }
    return lists;
  }

  /** An answer depends on its records, and on those that were read along with them. */
  #noteRow(reads: Set<string>, row: RowOf<Shape>): void {
    reads.add(dependency.record(idOf(row)));
    for (const group of this.#groups) {
      const joined = (row as Record<string, unknown>)[group];
      if (joined) reads.add(dependency.record(idOf(joined)));
    }
  }

  /** What else could become part of a list: rows that hang on its parent, or any row at all. */
  #noteList(reads: Set<string>, { parent, filter }: ListRequest<Filter, Order, Parent>): void {
    const { source, parents, consults = [] } = this.#collection;
    const links = parent && !filter ? parents[parent.relation] : [];
    if (parent && links.length && links.every((link) => is(link, PgColumn))) {
      for (const link of links as PgColumn[]) {
        reads.add(dependency.rowsOf(getTableName(getColumnTable(link)), parent.id));
      }
      return;
    }
    for (const table of [source, ...consults]) reads.add(dependency.table(getTableName(table)));
  }
}

/** All that a batch read of one list: one row more than a page tells whether another follows. */
interface Found<Row> {
  rows: Row[];
  sorts: (string | null)[];
  total: number;
}

/** A row with the key that it was asked by, where that is not its id. */
type Keyed<Row> = Row & { $key?: string };

/** What a list's statement answers beside each row. */
interface ListColumns {
  $n: number;
  id?: string | null;
  $sort?: string | null;
  $total?: string | number;
}

const idOf = (row: object): string => (row as { id: string }).id;

function cut<Row>({ rows, sorts, total }: Found<Row>, request: PageRequest): Page<Row> {
  const more = rows.length > request.limit;
  const page = rows.slice(0, request.limit);
  const keys = sorts.slice(0, request.limit);
  if (request.backward) {
    page.reverse();
    keys.reverse();
  }
  return {
    rows: page,
    sorts: keys,
    hasNextPage: request.backward ? request.before !== undefined : more,
    hasPreviousPage: request.backward ? more : request.after !== undefined,
    totalCount: request.count ? total : null,
  };
}
