import { getTableName, sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import type { Collection, Columns, GroupKey } from './collection.js';
import { keyNumber, keysTable, uuidArray, Parameters, structureOf, type Bind } from './keys.js';
import {
  beyond,
  branchesOf,
  cutOf,
  pageRows,
  sizeFor,
  totalOf,
  type BoundList,
} from './listRows.js';
import type { PageRequest } from './page.js';
import { onJoin, type Projection } from './projection.js';
import type { Query } from './queries.js';
import { asTable, fromOf } from './subqueries.js';

/** The list of all rows, or of those that hang on one parent. */
export interface ListRequest<Filter, Order extends string, Parent extends string> {
  parent?: { relation: Parent; id: string } | undefined;
  filter?: Filter | undefined;
  page: PageRequest<Order>;
}

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
    if (page.count) query = query.leftJoinLateral(sql`(${totalOf(list)}) as total`, sql`true`);
    if (page.rows) {
      // Lateral joins are nested loops, so rows arrive in the order of the page: no sort above.
      query = query.leftJoinLateral(asTable(pageRows(list, own, page), source), sql`true`);
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
      branchesOf(list).map(
        (where) =>
          sql`(select array[${values}] as key from ${fromOf(list.cut)} ${joins} where ${where})`,
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
  #bind(bind: Bind, isDriven = true): BoundList {
    const { parents, conditions } = this.#collection;
    const { parent, filter, page } = this.#request;
    const parentId = parent && bind(parent.id, 'uuid');
    const driver = parent || !isDriven ? undefined : this.#driver(filter);
    const rest = driver ? { ...filter, [driver]: undefined } : filter;
    const ids = driver && bind(uuidArray([...new Set(idsIn(filter, driver))]));
    const relation = parent?.relation ?? driver;
    const links = relation ? parents[relation] : [];
    const cut = cutOf(this.#collection, page.order.field, links);
    const isUp = page.order.direction === 'ASC';
    return {
      links,
      cut,
      parentId: parentId ?? (driver ? sql`driver.id` : undefined),
      drivers: ids && sql`unnest(${ids}::uuid[]) as driver(id)`,
      conditions: [sql`${cut.live}`, ...(rest ? conditions(rest as Filter, bind) : [])],
      bounds: [
        page.after && beyond(cut, page.after, isUp, bind),
        page.before && beyond(cut, page.before, !isUp, bind),
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
}

const idsIn = (filter: unknown, field: string): string[] | undefined =>
  (filter as Record<string, string[] | undefined> | undefined)?.[field];
