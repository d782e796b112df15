/** The rows of a list, as parts of its statement: one page of them, how many there are, all of them. */
import { and, asc, count, desc, eq, gt, lt, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { cast, commas, isNotTrue, literal, row, sum } from '../../database/sql.js';
import { isThrough, type Collection, type Link, type SortKey } from './collection.js';
import type { Bind } from './keys.js';
import type { Keyset, PageRequest } from './page.js';
import { limitTo, selectFrom, subquery, unionAll, type Joined } from './subqueries.js';

/** By which columns a list is cut into pages: its own, or those of a table between. */
export interface Cut extends Joined {
  id: PgColumn;
  live: PgColumn | SQL;
  /** None where the id alone gives the order. */
  sort: PgColumn | undefined;
  type: SortKey['type'] | undefined;
}

/** A list with its values bound. */
export interface BoundList {
  links: Link[];
  cut: Cut;
  /** The id of the parent on which the rows hang. */
  parentId: SQL | undefined;
  /** Where that is one of several ids that a filter names: those ids as a relation. */
  drivers: SQL | undefined;
  conditions: (SQL | undefined)[];
  bounds: (SQL | undefined)[];
}

/** Pages are read in these sizes and cut to the requested one, so that other sizes share a statement. */
const sizes = [0, 1, 2, 5, 10, 20, 50, 100];

export const sizeFor = (limit: number): number => sizes.find((size) => size >= limit) ?? limit;

export function cutOf(
  { id, live, source, orders }: Pick<Collection, 'id' | 'live' | 'source' | 'orders'>,
  order: string,
  [link]: Link[],
): Cut {
  const { type, column: sort } = orders[order] ?? {};
  if (!isThrough(link)) return { table: source, id, live, sort, type };
  return {
    table: link.through,
    joins: [[source, eq(id, link.id)]],
    id: link.id,
    live: link.live,
    sort: sort && (link.sort[order] ?? sort),
    type,
  };
}

/** The rows beyond a position of the list. */
export function beyond({ id, sort, type }: Cut, at: Keyset, isAbove: boolean, bind: Bind): SQL {
  const compare = isAbove ? gt : lt;
  if (!sort || !type) return compare(id, cast(bind(at.id), 'uuid'));
  const position = row(cast(bind(at.sort ?? ''), type), cast(bind(at.id), 'uuid'));
  return compare(row(sort, id), position);
}

/**
 * What belongs to the list: one condition for each link to the parent. A row that is
 * linked to it in several ways belongs to the first.
 */
export function branchesOf({ links, parentId, conditions }: BoundList): (SQL | undefined)[] {
  if (!parentId) return [and(...conditions)];
  const linked = links.map((link) => linkTo(link, parentId));
  return linked.map((link, i) => and(link, ...linked.slice(0, i).map(isNotTrue), ...conditions));
}

/** The rows of one page and one row more, which shows whether another page follows. */
export function pageRows(
  list: BoundList,
  columns: readonly PgColumn[],
  { order, backward, limit }: PageRequest,
): SQL {
  const { sort, id } = list.cut;
  // A page that is read from its end comes in the opposite order.
  const inOrder = (order.direction === 'ASC') !== backward ? asc : desc;
  const most = limitTo(sizeFor(limit) + 1);
  const fields = {
    ...Object.fromEntries(columns.map((column, i) => [i, column])),
    $sort: sort ? sort.as('$sort') : literal(null).as('$sort'),
  };
  const branches = branchesOf(list).map((where) =>
    selectFrom(fields, list.cut)
      .where(and(where, ...list.bounds))
      .orderBy(...(sort ? [inOrder(sort)] : []), inOrder(id))
      .limit(most),
  );
  const rows = unionAll(branches);
  if (!list.drivers && branches.length === 1) return rows;
  // Several lists, each in order and no longer than a page, are one list of such pages.
  const keys = [...(sort ? [sql`"$sort"`] : []), sql`id`];
  const ordered = keys.map((key) => inOrder(key));
  if (!list.drivers) return sql`${rows} order by ${commas(ordered)} limit ${most}`;
  const all = { all: sql`of_driver.*` };
  // What several of them share, as a statement is about several entities, comes once.
  const merged = isThrough(list.links[0])
    ? subquery.selectDistinctOn(keys, all)
    : subquery.select(all);
  return merged
    .from(list.drivers)
    .crossJoinLateral(sql`(${rows}) as of_driver`)
    .orderBy(...ordered)
    .limit(most)
    .getSQL();
}

/** How many rows the list has. */
export function totalOf(list: BoundList): SQL {
  const { cut, drivers } = list;
  const branches = branchesOf(list);
  if (drivers && isThrough(list.links[0])) {
    const ids = selectFrom({ id: cut.id.as('id') }, cut).where(branches[0]);
    return sql`select count(distinct of_driver.id) from ${drivers} cross join lateral ${ids} as of_driver`;
  }
  const counts = sum(branches.map((where) => selectFrom({ count: count() }, cut).where(where)));
  return drivers
    ? sql`select coalesce(sum(${counts}), 0) as count from ${drivers}`
    : sql`select ${counts} as count`;
}

// Private:

function linkTo(link: Link, parentId: SQL): SQL {
  if (typeof link === 'function') return link(parentId);
  return eq(isThrough(link) ? link.parent : link, parentId);
}
