import { and, getTableName, sql, Subquery, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import {
  isThrough,
  type Collection,
  type Columns,
  type GroupKey,
  type Link,
  type SortKey,
} from './collection.js';
import { keyNumber, keysTable, uuidArray, Parameters, structureOf, type Bind } from './keys.js';
import type { Keyset, PageRequest } from './page.js';
import { onJoin, type Projection } from './projection.js';
import type { Query } from './queries.js';

/** The list of all rows, or of those that hang on one parent. */
export interface ListRequest<Filter, Order extends string, Parent extends string> {
  parent?: { relation: Parent; id: string } | undefined;
  filter?: Filter | undefined;
  page: PageRequest<Order>;
}

/** Pages are read in these sizes and cut to what was asked, so that other sizes share a statement. */
const sizes = [0, 1, 2, 5, 10, 20, 50, 100];

/** What of a list's request decides the text of its statement, without its columns. */
export function listShape(request: ListRequest<object, string, string>): string {
  const { parent, filter, page } = request;
  const { order, rows, cursors, limit, backward, after, before, count } = page;
  const flags = `${rows ? 'r' : ''}${cursors ? 'c' : ''}${backward ? 'b' : ''}${count ? 't' : ''}${after ? '>' : ''}${before ? '<' : ''}`;
  return `${parent?.relation ?? ''} ${order.field} ${order.direction} ${flags} ${sizeFor(limit)}${
    filter ? JSON.stringify(structureOf(filter)) : ''
  }`;
}

/**
 * The statement that reads a page of a list for every key:
 *
 *     select … from unnest(keys) as keys(…)
 *       left join lateral (select … where parent = keys.p0 … order by … limit …) on true
 *
 * What differs from key to key (the parent's id, the values of the filter, the cursors) are
 * columns of `keys`; what is equal is the statement's text.
 */
export class ListQuery<
  Shape extends Columns,
  Filter extends object,
  Order extends string,
  Parent extends string,
> {
  readonly #collection: Collection<Shape, Filter, Order, Parent>;
  readonly #request: ListRequest<Filter, Order, Parent>;

  constructor(
    collection: Collection<Shape, Filter, Order, Parent>,
    request: ListRequest<Filter, Order, Parent>,
  ) {
    this.#collection = collection;
    this.#request = request;
  }

  /** What of the request is the key's own. */
  get parameters(): Parameters {
    const parameters = new Parameters();
    const { parent, filter, page } = this.#request;
    if (parent && !filter && !page.after && !page.before) parameters.bind(parent.id, 'uuid');
    else this.#bind(parameters.bind);
    return parameters;
  }

  /** Whether rows are read, not only the total. */
  get readsRows(): boolean {
    return this.#request.page.rows !== undefined;
  }

  /** Whether all rows of the table may be gone through: no index leads to those that are wanted. */
  get isHeavy(): boolean {
    const { parent, filter, page } = this.#request;
    return !parent && !this.#driver(filter) && (filter !== undefined || page.count);
  }

  build(db: Queryable, { columns, own, joins }: Projection): Query {
    const { source } = this.#collection;
    const { page } = this.#request;
    const parameters = new Parameters();
    const list = this.#bind(parameters.bind);
    let query = db
      .select({
        $n: keyNumber,
        ...(page.rows && columns),
        ...(page.rows &&
          page.cursors && { $sort: sql`${sql.identifier(getTableName(source))}."$sort"::text` }),
        ...(page.count && { $total: sql`total.count` }),
      })
      .from(keysTable(parameters.types))
      .$dynamic();
    if (page.count) query = query.leftJoinLateral(sql`(${this.#total(list)}) as total`, sql`true`);
    if (page.rows) {
      // Lateral joins are nested loops, so rows arrive in the order of the page: no sort above.
      query = query.leftJoinLateral(asTable(this.#page(list, own), source), sql`true`);
      for (const join of joins) {
        const { table } = join;
        const joined = sql`select ${table}.* from ${table} where ${onJoin(join)} offset 0`;
        query = query.leftJoinLateral(asTable(joined, table), sql`true`);
      }
    }
    return query;
  }

  /** The most frequent groups of the list's rows, and how many groups and rows there are in all. */
  buildGroups(db: Queryable, keys: readonly GroupKey[], limit: number): Query {
    const parameters = new Parameters();
    const list = this.#bind(parameters.bind, false);
    const values = sql.join(
      keys.map(({ value }) => sql`(${value})::text`),
      sql`, `,
    );
    const joins = sql.join([...new Set(keys.map(({ join }) => join ?? sql``))], sql` `);
    const rows = sql.join(
      this.#branches(list).map(
        (where) =>
          sql`(select array[${values}] as key from ${list.cut.from} ${joins} where ${where})`,
      ),
      sql` union all `,
    );
    const groups = sql`select key, count(*) as count, count(*) over () as groups
      from (${rows}) as row group by key order by count(*) desc, key limit ${sql.raw(String(limit))}`;
    return db
      .select({
        $n: keyNumber,
        key: sql`to_json(g.key)::text`,
        count: sql`g.count::int`,
        groups: sql`g.groups::int`,
      })
      .from(keysTable(parameters.types))
      .innerJoinLateral(sql`(${groups}) as g`, sql`true`)
      .$dynamic();
  }

  /** What of the request is the key's own when its rows are counted by groups. */
  get groupParameters(): Parameters {
    const parameters = new Parameters();
    this.#bind(parameters.bind, false);
    return parameters;
  }

  // Private:

  /** The request's values, each as the SQL that stands for it. */
  #bind(bind: Bind, isDriven = true): Bound {
    const { parents, conditions } = this.#collection;
    const { parent, filter, page } = this.#request;
    const parentId = parent && bind(parent.id, 'uuid');
    const driver = parent || !isDriven ? undefined : this.#driver(filter);
    const rest = driver ? { ...filter, [driver]: undefined } : filter;
    const ids = driver && bind(uuidArray([...new Set(idsIn(filter, driver))]));
    const relation = parent?.relation ?? driver;
    const links = relation ? parents[relation] : [];
    const cut = this.#cut(links);
    return {
      links,
      cut,
      parentId: parentId ?? (driver ? sql`driver.id` : undefined),
      drivers: ids && sql`unnest(${ids}::uuid[]) as driver(id)`,
      conditions: [sql`${cut.live}`, ...(rest ? conditions(rest as Filter, bind) : [])],
      bounds: [
        page.after && this.#beyond(cut, page.after, '>', bind),
        page.before && this.#beyond(cut, page.before, '<', bind),
      ],
    };
  }

  /** The field of the filter by whose index the list is read: one that is a parent too. */
  #driver(filter: Filter | undefined): Parent | undefined {
    if (!filter) return undefined;
    const { parents } = this.#collection;
    return (Object.keys(parents) as Parent[]).find((name) => {
      const ids = idsIn(filter, name);
      const [link, another] = parents[name];
      return ids && link && !another;
    });
  }

  /** By which columns the list is cut into pages. */
  #cut([link]: Link[]): Cut {
    const { id, live, source, orders } = this.#collection;
    const field = this.#request.page.order.field;
    const type = orders[field]?.type;
    const sort = orders[field]?.column;
    if (!isThrough(link)) return { from: sql`${source}`, id, live, sort, type };
    return {
      from: sql`(${link.through} join ${source} on ${id} = ${link.id})`,
      id: link.id,
      live: link.live,
      sort: sort && (link.sort[field] ?? sort),
      type,
    };
  }

  /** The rows of one page and one row more, which tells whether another page follows. */
  #page(list: Bound, own: PgColumn[]): SQL {
    const { from, sort, id } = list.cut;
    const columns = sql.join(
      own.map((column) => sql`${column}`),
      sql`, `,
    );
    const limit = sql.raw(`limit ${sizeFor(this.#request.page.limit) + 1}`);
    const branches = this.#branches(list).map(
      (where) => sql`(select ${columns}, ${sort ?? sql`null`} as "$sort" from ${from}
        where ${and(where, ...list.bounds)} order by ${this.#sorted(sort, id)} ${limit})`,
    );
    const rows = sql.join(branches, sql` union all `);
    // Several lists, each in order and no longer than a page, are one list of such pages.
    const merged = sql`order by ${this.#sorted(sort && sql`"$sort"`, sql`id`)} ${limit}`;
    if (list.drivers) {
      // What several of them share, as a statement is about several entities, comes once.
      const once = isThrough(list.links[0])
        ? sort
          ? sql`distinct on ("$sort", id)`
          : sql`distinct on (id)`
        : sql``;
      return sql`select ${once} of_driver.* from ${list.drivers} cross join lateral (${rows}) as of_driver ${merged}`;
    }
    return branches.length === 1 ? rows : sql`${rows} ${merged}`;
  }

  #total(list: Bound): SQL {
    if (list.drivers && isThrough(list.links[0])) {
      const [where] = this.#branches(list);
      const ids = sql`select ${list.cut.id} as id from ${list.cut.from} where ${where}`;
      return sql`select count(distinct of_driver.id) from ${list.drivers} cross join lateral (${ids}) as of_driver`;
    }
    const counts = this.#branches(list).map(
      (where) => sql`(select count(*) from ${list.cut.from} where ${where})`,
    );
    const count = sql.join(counts, sql` + `);
    return list.drivers
      ? sql`select coalesce(sum(${count}), 0) as count from ${list.drivers}`
      : sql`select ${count} as count`;
  }

  /**
   * What belongs to the list: one condition for each link to the parent. A row that is
   * linked to it in several ways belongs to the first.
   */
  #branches({ links, parentId, conditions }: Bound): (SQL | undefined)[] {
    if (!parentId) return [and(...conditions)];
    const linked = links.map((link) => linkTo(link, parentId));
    return linked.map((link, i) =>
      and(
        link,
        ...linked.slice(0, i).map((earlier) => sql`(${earlier}) is not true`),
        ...conditions,
      ),
    );
  }

  #beyond({ id, sort, type }: Cut, at: Keyset, side: '>' | '<', bind: Bind): SQL {
    const ascending = this.#request.page.order.direction === 'ASC';
    const operator = sql.raw((side === '>') === ascending ? '>' : '<');
    if (!sort || !type) return sql`${id} ${operator} ${bind(at.id)}::uuid`;
    return sql`(${sort}, ${id}) ${operator} (${bind(at.sort ?? '')}::${sql.raw(type)}, ${bind(at.id)}::uuid)`;
  }

  /** The order of a page as read: from its end when it is read backward. */
  #sorted(sort: PgColumn | SQL | undefined, id: PgColumn | SQL): SQL {
    const { order, backward } = this.#request.page;
    const direction = (order.direction === 'ASC') !== backward ? sql`asc` : sql`desc`;
    return sort ? sql`${sort} ${direction}, ${id} ${direction}` : sql`${id} ${direction}`;
  }
}

/** By which columns a list is cut into pages: its own, or those of a table between. */
interface Cut {
  from: SQL;
  id: PgColumn;
  live: PgColumn | SQL;
  /** None where the id alone gives the order. */
  sort: PgColumn | undefined;
  type: SortKey['type'] | undefined;
}

interface Bound {
  links: Link[];
  cut: Cut;
  /** The id of the parent on which the rows hang. */
  parentId: SQL | undefined;
  /** Where that is one of several ids that a filter names: those ids as a relation. */
  drivers: SQL | undefined;
  conditions: (SQL | undefined)[];
  bounds: (SQL | undefined)[];
}

/** A statement in place of a table, under its name: Drizzle's columns of the table mean its. */
export const asTable = (rows: SQL, table: PgTable): SQL =>
  new Subquery(rows, {}, getTableName(table)) as unknown as SQL;

const sizeFor = (limit: number): number => sizes.find((size) => size >= limit) ?? limit;

function linkTo(link: Link, parentId: SQL): SQL {
  if (typeof link === 'function') return link(parentId);
  return sql`${isThrough(link) ? link.parent : link} = ${parentId}`;
}

const idsIn = (filter: unknown, field: string): string[] | undefined =>
  (filter as Record<string, string[] | undefined> | undefined)?.[field];
