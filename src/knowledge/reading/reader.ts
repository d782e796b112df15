import { and, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import type { Batcher } from './batcher.js';
import type { Collection, Columns, RowOf, SortKey } from './collection.js';
import { texts, uuids } from './keys.js';
import type { Keyset, Page, PageRequest } from './page.js';

/** The list of all rows, or of those that hang on one parent. */
export interface ListRequest<Filter, Order extends string, Parent extends string> {
  parent?: { relation: Parent; id: string } | undefined;
  filter?: Filter | undefined;
  page: PageRequest<Order>;
}

/** Reads records of one kind, by key and in lists. See README.md. */
export class Reader<
  Shape extends Columns,
  Filter extends object,
  Order extends string,
  Parent extends string,
> {
  readonly #db: Queryable;
  readonly #batcher: Batcher;
  readonly #collection: Collection<Shape, Filter, Order, Parent>;

  constructor(
    db: Queryable,
    batcher: Batcher,
    collection: Collection<Shape, Filter, Order, Parent>,
  ) {
    this.#db = db;
    this.#batcher = batcher;
    this.#collection = collection;
  }

  /** The record with this key, or undefined where there is none that readers may see. */
  get(id: string): Promise<RowOf<Shape> | undefined> {
    return this.#batcher.load(this.#collection.name, id, (ids) => this.#fetchRecords('id', ids));
  }

  /** The record with this slug, or the one into which it was merged. */
  bySlug(slug: string): Promise<RowOf<Shape> | undefined> {
    return this.#batcher.load(
      `${this.#collection.name} by slug`,
      slug,
      (slugs) => this.#fetchRecords('slug', slugs),
      'keys of clients',
    );
  }

  /** A page of the list of all records, or of a parent's: `{ relation: 'organization', id }`. */
  async page(request: ListRequest<Filter, Order, Parent>): Promise<Page<RowOf<Shape>>> {
    const relation = request.parent?.relation;
    const shape = JSON.stringify([this.#collection.name, relation, request.filter, request.page]);
    const page = await this.#batcher.load(shape, request.parent?.id ?? '', (parents) =>
      this.#fetchPages(parents, { relation, filter: request.filter, page: request.page }),
    );
    if (!page) throw new Error(`no page was read for ${shape}`);
    return page;
  }

  /** As what a cursor of this order compares its sort key; null where only the id counts. */
  sortType(order: Order): SortKey['type'] | null {
    return this.#collection.orders[order]?.type ?? null;
  }

  // Private:

  async #fetchRecords(by: 'id' | 'slug', keys: readonly string[]) {
    const { live, columns, source, joins = [], redirected } = this.#collection;
    const wanted = by === 'id' ? uuids(keys) : texts(keys);
    const asked = redirected ? sql`asked.${sql.identifier(by)}` : sql`${this.#key}`;
    const select = this.#db.select({ ...(columns as Columns), $asked: asked });
    let query = redirected
      ? select
          .from(sql`${source} as asked`)
          .innerJoin(source, sql`${this.#key} = coalesce(asked.merged_into_id, asked.id)`)
          .$dynamic()
      : select.from(source).$dynamic();
    for (const [table, on] of joins) query = query.leftJoin(table, on);
    const rows = await query.where(sql`${asked} = any(${wanted}) and ${live}`);
    return new Map(rows.map((row) => [row['$asked'] as string, row as RowOf<Shape>]));
  }

  async #fetchPages(parents: readonly string[], list: List<Filter, Order, Parent>) {
    const { columns, source, joins = [] } = this.#collection;
    const { page } = list;
    const from = list.relation
      ? sql`unnest(${uuids(parents)}) as parent(id)`
      : sql`(select) as parent`;
    const parentId = list.relation ? sql<string>`parent.id` : sql<string>`''`;
    let query = this.#db
      .select({
        ...(page.rows ? (columns as Columns) : {}),
        $parent: parentId,
        $total: page.count ? sql`total.count` : sql`null`,
        $sort: page.rows ? sql`page.sort::text` : sql`null`,
        $id: page.rows ? sql`page.id` : sql`null`,
      })
      .from(from)
      .$dynamic();
    if (page.count) {
      query = query.leftJoinLateral(sql`(${this.#countSql(list)}) as total`, sql`true`);
    }
    if (page.rows) {
      query = query
        .leftJoinLateral(sql`(${this.#pageSql(list)}) as page`, sql`true`)
        .leftJoin(source, sql`${this.#key} = page.id`)
        .orderBy(...this.#sorted(list, sql`page.sort`, sql`page.id`));
      for (const [table, on] of joins) query = query.leftJoin(table, on);
    }
    const lists = new Map(
      parents.map((parent) => [parent, { items: [] as Page<RowOf<Shape>>['items'], total: 0 }]),
    );
    for (const row of (await query) as (RowOf<Shape> & ListColumns)[]) {
      const found = lists.get(row.$parent);
      if (!found) continue;
      found.total = Number(row.$total);
      if (row.$id !== null) found.items.push({ row, keyset: { sort: row.$sort, id: row.$id } });
    }
    return new Map([...lists].map(([of, { items, total }]) => [of, cut(items, total, page)]));
  }

  /** The ids of one page and one row more, which tells whether another page follows. */
  #pageSql(list: List<Filter, Order, Parent>): SQL {
    const { table, id } = this.#collection;
    const sort = this.#sortKey(list)?.column ?? sql`null`;
    const order = sql.join(this.#sorted(list, sql`sort`, sql`id`), sql`, `);
    const branches = this.#branches(list).map(
      (where) => sql`(select ${id} as id, ${sort} as sort from ${table}
        where ${and(where, ...this.#bounds(list))} order by ${order} limit ${list.page.limit + 1})`,
    );
    if (branches.length === 1 && branches[0]) return branches[0];
    return sql`${sql.join(branches, sql` union all `)} order by ${order} limit ${list.page.limit + 1}`;
  }

  #countSql(list: List<Filter, Order, Parent>): SQL {
    const counts = this.#branches(list).map(
      (where) => sql`(select count(*) from ${this.#collection.table} where ${where})`,
    );
    return sql`select ${sql.join(counts, sql` + `)} as count`;
  }

  /**
   * What belongs to the list: one condition for each link to the parent. A row that is
   * linked to it in several ways belongs to the first.
   */
  #branches({ relation, filter }: List<Filter, Order, Parent>): (SQL | undefined)[] {
    const { live, parents, conditions } = this.#collection;
    const all = [sql`${live}`, ...(filter ? conditions(filter) : [])];
    if (!relation) return [and(...all)];
    const links = parents[relation].map((link) =>
      typeof link === 'function' ? link(sql`parent.id`) : sql`${link} = parent.id`,
    );
    return links.map((link, i) =>
      and(link, ...links.slice(0, i).map((earlier) => sql`(${earlier}) is not true`), ...all),
    );
  }

  #bounds(list: List<Filter, Order, Parent>): (SQL | undefined)[] {
    const { after, before, order } = list.page;
    const ascending = order.direction === 'ASC';
    return [
      after && this.#beyond(list, after, ascending ? sql`>` : sql`<`),
      before && this.#beyond(list, before, ascending ? sql`<` : sql`>`),
    ];
  }

  #beyond(list: List<Filter, Order, Parent>, at: Keyset, operator: SQL): SQL {
    const { id } = this.#collection;
    const key = this.#sortKey(list);
    if (!key) return sql`${id} ${operator} ${at.id}::uuid`;
    return sql`(${key.column}, ${id}) ${operator} (${at.sort}::${sql.raw(key.type)}, ${at.id}::uuid)`;
  }

  /** The order of a page as read: from its end when it is read backward. */
  #sorted(list: List<Filter, Order, Parent>, sort: SQL, id: SQL): SQL[] {
    const { order, backward } = list.page;
    const direction = (order.direction === 'ASC') !== backward ? sql`asc` : sql`desc`;
    const key = this.#sortKey(list);
    return key ? [sql`${sort} ${direction}`, sql`${id} ${direction}`] : [sql`${id} ${direction}`];
  }

  get #key(): PgColumn {
    return this.#collection.key ?? this.#collection.id;
  }

  #sortKey = (list: List<Filter, Order, Parent>) => this.#collection.orders[list.page.order.field];
}

interface List<Filter, Order extends string, Parent extends string> {
  relation: Parent | undefined;
  filter: Filter | undefined;
  page: PageRequest<Order>;
}

/** What a page's statement answers beside each row. */
interface ListColumns {
  $parent: string;
  $total: string | number | null;
  $sort: string | null;
  $id: string | null;
}

function cut<Row>(rows: Page<Row>['items'], total: number, request: PageRequest): Page<Row> {
  const more = rows.length > request.limit;
  const items = more ? rows.slice(0, request.limit) : rows;
  if (request.backward) items.reverse();
  return {
    items,
    hasNextPage: request.backward ? request.before !== undefined : more,
    hasPreviousPage: request.backward ? more : request.after !== undefined,
    totalCount: request.count ? total : null,
  };
}
