import { and, eq, getColumns, getColumnTable, getTableName, sql } from 'drizzle-orm';
import { alias, type PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { cast, equalsAny } from '../../database/sql.js';
import { batchedQuery } from './batchedQuery.js';
import { keyText, type Batcher, type FetchMany, type Key } from './batcher.js';
import {
  isThrough,
  type Collection,
  type Columns,
  type Link,
  type RowOf,
  type SortKey,
} from './collection.js';
import { dependency, type View } from './view.js';
import { groupsOf, type GroupRow, type Groups } from './groups.js';
import { keyArrays, type ParameterType } from './keys.js';
import { ListQuery, listShape, type ListRequest } from './list.js';
import { pageOf, type Found, type Page } from './page.js';
import { isColumn, onJoin, Projections, type Projection } from './projection.js';
import type { Queries, Query } from './queries.js';
import type { SelectedColumns } from './selectedColumns.js';

/** Reads records of one kind, by key and in lists. See README.md. */
export class Reader<
  Shape extends Columns & { id: PgColumn },
  Filter extends object,
  Order extends string,
  Parent extends string,
  Row = RowOf<Shape>,
> {
  readonly #queries: Queries;
  readonly #batcher: Batcher;
  readonly #collection: Collection<Shape, Filter, Order, Parent>;
  readonly #projections: Projections;
  readonly #lookupsOf = new WeakMap<Projection, Lookups<Row>>();
  readonly #finish: (row: object) => Row;
  /** The groups of columns that are records of their own. */
  readonly #groups: string[];

  constructor(
    queries: Queries,
    batcher: Batcher,
    collection: Collection<Shape, Filter, Order, Parent>,
    finish?: (row: object) => Row,
  ) {
    this.#queries = queries;
    this.#batcher = batcher;
    this.#collection = collection;
    this.#projections = new Projections(collection);
    this.#finish = finish ?? ((row) => row as Row);
    this.#groups = Object.entries(collection.columns).flatMap(([name, column]) =>
      !isColumn(column) && 'id' in column ? [name] : [],
    );
  }

  /**
   * The record with this key, or undefined where there is none that the viewer may see.
   *
   * @param wanted The columns that are read; all without it.
   */
  get(view: View, id: string, wanted?: SelectedColumns): Promise<Row | undefined> {
    const { byId } = this.#lookups(wanted);
    const found = this.#batcher.load(byId.shape, byId.fetch, id);
    const { reads } = view;
    if (!reads) return found;
    reads.add(dependency.record(id));
    return this.#noteFound(reads, found);
  }

  /** The record with this slug, or the one into which it was merged. */
  bySlug(view: View, slug: string, wanted?: SelectedColumns): Promise<Row | undefined> {
    const { bySlug } = this.#lookups(wanted);
    const found = this.#batcher.load(bySlug.shape, bySlug.fetch, slug);
    const { reads } = view;
    if (!reads) return found;
    reads.add(dependency.slug(slug));
    return this.#noteFound(reads, found);
  }

  /** A page of the list of all records, or of a parent's: `{ relation: 'organization', id }`. */
  async page(view: View, request: ListRequest<Filter, Order, Parent>): Promise<Page<Row>> {
    const { reads } = view;
    if (reads) this.#noteList(reads, request);
    const { rows } = request.page;
    const projection = this.#projections.for(rows ?? []);
    const shape = `${this.#collection.name} ${listShape(request)} ${projection.name}`;
    const list = new ListQuery(this.#collection, request);
    const { values, types } = list.parameters;
    const found = await this.#batcher.load(
      shape,
      (keys) => this.#fetchPages(shape, keys, types, list, projection),
      keyText(values),
      values,
      list.isHeavy,
    );
    if (!found) throw new Error(`no page was read for ${shape}`);
    if (reads) for (const row of found.rows) this.#noteRow(reads, row);
    return pageOf(found, request.page);
  }

  /**
   * How many rows of a list there are of each kind: the largest groups, and how many there are.
   *
   * @param by Names of the collection's `groups`.
   */
  async groups(
    view: View,
    request: ListRequest<Filter, Order, Parent>,
    by: readonly string[],
    limit: number,
  ): Promise<Groups> {
    const { reads } = view;
    const { name, groups = {}, source, consults = [] } = this.#collection;
    // Rows that change may go from one group to another.
    for (const table of [source, ...consults]) reads?.add(dependency.table(getTableName(table)));
    const keys = by.flatMap((each) => groups[each] ?? []);
    const shape = `${name} by ${by.join(' ')} ${limit} ${listShape(request)}`;
    const list = new ListQuery(this.#collection, request);
    const { values, types } = list.groupParameters;
    const query = batchedQuery<GroupRow, Groups>({
      name: shape,
      types,
      build: (db) => list.buildGroups(db, keys, limit),
      collect: (rows) => groupsOf(rows, keys),
      isHeavy: !request.parent,
    });
    return query({ queries: this.#queries, batcher: this.#batcher }, values);
  }

  /** As what a cursor of this order compares its sort key; null where only the id counts. */
  sortType(order: Order): SortKey['type'] | null {
    return this.#collection.orders[order]?.type ?? null;
  }

  // Private:

  /** How records are looked up with these columns; worked out once for each list of wishes. */
  #lookups(wanted: SelectedColumns | undefined): Lookups<Row> {
    const projection = this.#projections.for(wanted);
    let lookups = this.#lookupsOf.get(projection);
    if (!lookups) {
      const lookup = (by: 'id' | 'slug'): Lookup<Row> => {
        const shape = `${this.#collection.name} by ${by} ${projection.name}`;
        return { shape, fetch: (keys) => this.#fetchRecords(shape, by, keys, projection) };
      };
      lookups = { byId: lookup('id'), bySlug: lookup('slug') };
      this.#lookupsOf.set(projection, lookups);
    }
    return lookups;
  }

  async #fetchRecords(
    shape: string,
    by: 'id' | 'slug',
    keys: readonly Key[],
    projection: Projection,
  ): Promise<(Row | undefined)[]> {
    const found = new Map<string, Row>();
    await this.#select(found, shape, by, keys, projection, false);
    if (this.#collection.redirected && found.size < keys.length) {
      const missing = keys.filter(({ text }) => !found.has(text));
      await this.#select(found, `${shape} merged`, by, missing, projection, true);
    }
    return keys.map(({ text }) => found.get(text));
  }

  /** Reads the records with these keys or, `merged`, those into which they were merged. */
  async #select(
    found: Map<string, Row>,
    shape: string,
    by: 'id' | 'slug',
    keys: readonly Key[],
    { columns, joins }: Projection,
    merged: boolean,
  ): Promise<void> {
    const { id, live, source } = this.#collection;
    const type = by === 'id' ? 'uuid' : 'text';
    // Those that were merged into others have the same table under another name.
    const old = alias(source, 'old');
    const { [by]: column, mergedIntoId } = getColumns<PgTable>(merged ? old : source);
    if (!column) throw new Error(`${getTableName(source)} has no column ${by}`);
    const build = (db: Queryable): Query => {
      const select = db.select({ ...columns, ...((merged || by === 'slug') && { $key: column }) });
      let query =
        merged && mergedIntoId
          ? select.from(old).innerJoin(source, eq(id, mergedIntoId)).$dynamic()
          : select.from(source).$dynamic();
      for (const join of joins) query = query.leftJoin(join.table, onJoin(join));
      return query.where(and(equalsAny(column, cast(sql.placeholder('keys0'), `${type}[]`)), live));
    };
    const rows = await this.#queries.run<Keyed<Row>>(shape, build, keyArrays(keys, [type]));
    for (const row of rows) found.set(row.$key ?? idOf(row), this.#finish(row));
  }

  async #fetchPages(
    shape: string,
    keys: readonly Key[],
    types: readonly ParameterType[],
    list: ListQuery<Shape, Filter, Order, Parent>,
    projection: Projection,
  ): Promise<Found<Row>[]> {
    const rows = await this.#queries.run<Row & ListColumns>(
      shape,
      (db) => list.build(db, projection),
      keyArrays(keys, types),
    );
    const lists: Found<Row>[] = keys.map(() => ({ rows: [], sorts: [], total: 0 }));
    for (const row of rows) {
      const found = lists[row.$n - 1];
      if (!found) continue;
      if (row.$total !== undefined) found.total = Number(row.$total);
      // A list without rows still has a total.
      if (!list.readsRows || row.id === null) continue;
      found.rows.push(this.#finish(row));
      if (row.$sort !== undefined) found.sorts.push(row.$sort);
    }
    return lists;
  }

  /** Notes what a look-up depends on besides its key: the record found, which the key may only lead to. */
  #noteFound(reads: Set<string>, found: Promise<Row | undefined>): Promise<Row | undefined> {
    const { visibleWith } = this.#collection;
    if (visibleWith) reads.add(dependency.table(getTableName(visibleWith)));
    return found.then((row) => {
      if (row) this.#noteRow(reads, row);
      return row;
    });
  }

  /** An answer depends on its records, and on those that were read along with them. */
  #noteRow(reads: Set<string>, row: Row): void {
    reads.add(dependency.record(idOf(row)));
    for (const group of this.#groups) {
      const joined = (row as Record<string, unknown>)[group];
      if (joined) reads.add(dependency.record(idOf(joined)));
    }
  }

  /** What else could become part of a list: rows that hang on its parent, or any row at all. */
  #noteList(reads: Set<string>, { parent, filter }: ListRequest<Filter, Order, Parent>): void {
    const { source, parents, consults = [] } = this.#collection;
    const columns = parent ? parents[parent.relation].map(columnOf) : [];
    if (parent && !filter && columns.every((column) => column !== undefined)) {
      for (const column of columns) {
        reads.add(dependency.rowsOf(tableOf(column), parent.id));
      }
      return;
    }
    for (const table of [source, ...consults]) reads.add(dependency.table(getTableName(table)));
  }
}

/** How records are looked up by one kind of key. */
interface Lookup<Row> {
  shape: string;
  fetch: FetchMany<Row>;
}

interface Lookups<Row> {
  byId: Lookup<Row>;
  bySlug: Lookup<Row>;
}

/** A row with the key that it was looked up by, where that is not its id. */
type Keyed<Row> = Row & { $key?: string };

/** What a list's statement answers beside each row. */
interface ListColumns {
  $n: number;
  id?: string | null;
  $sort?: string | null;
  $total?: string | number;
}

/** The column that holds the parent's id; undefined where a condition takes its place. */
function columnOf(link: Link): PgColumn | undefined {
  if (typeof link === 'function') return undefined;
  return isThrough(link) ? link.parent : link;
}

const tableOf = (column: PgColumn): string => getTableName(getColumnTable<PgTable>(column));

const idOf = (row: unknown): string => (row as { id: string }).id;
