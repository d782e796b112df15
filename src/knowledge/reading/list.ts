import { count, desc, getTableName, sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { all, arrayOf, cast, holds, literal, toJson } from '../../database/sql.js';
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
import { asRows, asTable, limitTo, selectFrom, subquery } from './subqueries.js';

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
    if (page.count) query = query.leftJoinLateral(sql`(${totalOf(list)}) as total`, literal(true));
    if (page.rows) {
      // Lateral joins are nested loops, so rows arrive in the order of the page: no sort above.
      query = query.leftJoinLateral(asTable(pageRows(list, own, page), source), literal(true));
      for (const join of joins) {
        const { table } = join;
        const joined = subquery
          .select({ all: all(table) })
          .from(table)
          .where(onJoin(join));
        const apart = asTable(joined.offset(limitTo(0)).getSQL(), table);
        query = query.leftJoinLateral(apart, literal(true));
      }
    }
    return query;
  }

  /** The most frequent groups of the list's rows, and how many groups and rows there are in all. */
  buildGroups(db: Queryable, keys: readonly GroupKey[], limit: number): Query {
    const parameters = new Parameters();
    const list = this.#bind(parameters.bind, false);
    const values = arrayOf(keys.map(({ value }) => cast(value, 'text')));
    const joins = new Set(keys.flatMap(({ join }) => (join ? [join] : [])));
    const branches = branchesOf(list).map((where) => {
      const rows = selectFrom({ key: values.as('key') }, list.cut);
      for (const [table, on] of joins) rows.leftJoin(table, on);
      return rows.where(where);
    });
    const listed = asRows(branches, 'listed');
    const groups = subquery
      .select({
        key: cast(toJson(listed.key), 'text').as('key'),
        count: cast(count(), 'int').as('count'),
        groups: cast(sql`count(*) over ()`, 'int').as('groups'),
      })
      .from(listed)
      .groupBy(listed.key)
      .orderBy(desc(count()), listed.key)
      .limit(limitTo(limit))
      .as('g');
    return db
      .select({ $n: keyNumber, key: groups.key, count: groups.count, groups: groups.groups })
      .from(keysTable(parameters.types))
      .innerJoinLateral(groups, literal(true))
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
      drivers: ids && sql`unnest(${cast(ids, 'uuid[]')}) as driver(id)`,
      conditions: [holds(cut.live), ...(rest ? conditions(rest as Filter, bind) : [])],
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
