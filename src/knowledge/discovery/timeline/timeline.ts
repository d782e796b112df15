/** Everything dated about an entity, in the order of time. */
import { and, asc, count, desc, gt, gte, lt, lte, sql, type SQL } from 'drizzle-orm';
import type { Batcher } from '../../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../../reading/batchedQuery.js';
import { limitTo, selectFrom, subquery, unionAll } from '../../reading/subqueries.js';
import { dependency, type View } from '../../reading/view.js';
import { keyNumber, keysTable, type ParameterType } from '../../reading/keys.js';
import { pageOf, type Found, type Page, type PageRequest } from '../../reading/page.js';
import type { DateRange } from '../../reading/conditions.js';
import type { Queries } from '../../reading/queries.js';
import {
  branches,
  tablesConsulted,
  timelineKinds,
  type Branch,
  type TimelineFact,
  type TimelineKind,
} from './branches.js';

export interface TimelineEntry {
  /** The key of the record of the entry. */
  id: string;
  kind: TimelineKind;
  /** When, as it was given: `2023-05`. */
  date: string;
  fact: TimelineFact;
}

export interface TimelineFilter {
  kinds?: readonly TimelineKind[] | undefined;
  range?: DateRange | undefined;
}

export type TimelineOrder = 'DATE';

export class Timelines {
  readonly #runner: QueryRunner;

  constructor(queries: Queries, batcher: Batcher) {
    this.#runner = { queries, batcher };
  }

  async page(
    view: View,
    entityId: string,
    { kinds = timelineKinds, range }: TimelineFilter,
    page: PageRequest<TimelineOrder>,
  ): Promise<Page<TimelineEntry>> {
    for (const table of tablesConsulted) view.reads?.add(dependency.table(table));
    const used = branches.filter(({ kind }) => kinds.includes(kind));
    const parameters = [
      entityId,
      range?.from ?? '',
      range?.to ?? '',
      String(page.rows ? page.limit + 1 : 0),
      ...[page.after, page.before].flatMap((at) => (at ? [at.sort ?? '', at.id] : [])),
    ];
    const found = await timelineQuery(
      kinds,
      used,
      page,
      range !== undefined,
    )(this.#runner, parameters);
    return pageOf(found, page);
  }
}

// Private:

type Row = KeyedRow & TimelineEntry & { sort: string; total: number };

function timelineQuery(
  kinds: readonly TimelineKind[],
  used: readonly Branch[],
  page: PageRequest<TimelineOrder>,
  isRanged: boolean,
) {
  const { order, backward, after, before, count } = page;
  const flags = `${order.direction} ${backward ? 'r' : ''}${after ? '>' : ''}${before ? '<' : ''}${count ? 't' : ''}${isRanged ? 'd' : ''}`;
  const types: ParameterType[] = ['uuid', 'text', 'text', 'text'];
  for (const at of [after, before]) if (at) types.push('text', 'uuid');
  return batchedQuery<Row, Found<TimelineEntry>>({
    name: `timeline ${flags} ${kinds.join(' ')}`,
    types,
    build: (db) =>
      db
        .select({
          $n: keyNumber,
          id: sql<string>`entry.id`,
          kind: sql<TimelineKind>`entry.kind`,
          date: sql<string>`entry.date`,
          fact: sql<TimelineFact>`entry.fact`,
          sort: sql<string>`entry.sort`,
          total: count ? sql<number>`total.count::int` : sql<number>`0`,
        })
        .from(keysTable(types))
        .leftJoinLateral(
          sql`(${count ? total(used, isRanged) : sql`select 0 as count`}) as total`,
          sql`true`,
        )
        .leftJoinLateral(sql`(${entries(used, page, isRanged)}) as entry`, sql`true`),
    collect: (rows) => {
      // A timeline without entries still has a total.
      const all = rows.filter(({ id }) => (id as string | null) !== null);
      return {
        rows: all.map(({ id, kind, date, fact }) => ({ id, kind, date, fact })),
        sorts: all.map(({ sort }) => sort),
        total: rows[0]?.total ?? 0,
      };
    },
  });
}

/** As a cursor has it: the day, and what happens on one day by its kind. */
const sortOf = ({ kind, sort }: Branch): SQL =>
  sql`(to_char(${sort}, 'YYYY-MM-DD') || ' ${sql.raw(kind)}') collate "C"`;

function conditions({ where, date, sort }: Branch, isRanged: boolean): SQL | undefined {
  // What has no date is not in the index behind this day.
  const dated = and(where, gt(sort, sql`'-infinity'`));
  if (!isRanged) return dated;
  const range = sql`possible_period(nullif(keys.p1, ''), nullif(keys.p2, ''))`;
  return and(
    dated,
    // A year may lie in a range that begins within it.
    gt(sort, sql`coalesce(lower(${range}) - 366, '-infinity')`),
    lt(sort, sql`coalesce(upper(${range}), 'infinity')`),
    sql`partial_date_range(${date}) && ${range}`,
  );
}

function total(used: readonly Branch[], isRanged: boolean): SQL {
  const counts = used.map(
    (branch) => sql`${selectFrom({ count: count() }, branch).where(conditions(branch, isRanged))}`,
  );
  return sql`select ${sql.join(counts, sql` + `)} as count`;
}

/** Each branch in the order of its index and no longer than a page, merged and cut to a page. */
function entries(
  used: readonly Branch[],
  { order, backward, after, before }: PageRequest<TimelineOrder>,
  isRanged: boolean,
): SQL {
  const isUp = (order.direction === 'ASC') !== backward;
  const inOrder = isUp ? asc : desc;
  const limit = limitTo(sql`keys.p3::int`);
  const bounds = [after && '>', before && '<'].flatMap((side, i) => {
    if (!side) return [];
    const at = 4 + (i === 1 && after ? 2 : 0);
    return [
      {
        isAbove: (side === '>') === (order.direction === 'ASC'),
        sort: sql.raw(`keys.p${at}`),
        id: sql.raw(`keys.p${at + 1}`),
      },
    ];
  });
  const parts = used.map((branch) => {
    const beyond = bounds.flatMap(({ isAbove, sort, id }) => {
      const row = sql`(${sortOf(branch)}, ${branch.id})`;
      const [near, far] = isAbove ? [gte, gt] : [lte, lt];
      return [near(branch.sort, sql`left(${sort}, 10)::date`), far(row, sql`(${sort}, ${id})`)];
    });
    const fields = {
      id: branch.id.as('id'),
      kind: literal(branch.kind).as('kind'),
      date: sql`${branch.date}::text`.as('date'),
      fact: literal(branch.fact).as('fact'),
      sort: sortOf(branch).as('sort'),
    };
    return selectFrom(fields, branch)
      .where(and(conditions(branch, isRanged), ...beyond))
      .orderBy(inOrder(branch.sort), inOrder(branch.id))
      .limit(limit);
  });
  const merged = sql`(${unionAll(parts)}) as part`;
  return sql`${subquery
    .select({ all: sql`*` })
    .from(merged)
    .orderBy(inOrder(sql`sort`), inOrder(sql`id`))
    .limit(limit)}`;
}

const literal = (value: TimelineKind | TimelineFact): SQL => sql`${sql.raw(`'${value}'`)}`;
