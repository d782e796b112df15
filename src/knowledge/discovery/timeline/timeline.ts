/** Everything dated about an entity, in the order of time. */
import { and, asc, count, desc, gt, gte, lt, lte, sql, type SQL } from 'drizzle-orm';
import {
  cast,
  coalesce,
  left,
  literal,
  lower,
  nullif,
  overlaps,
  partialDateRange,
  possiblePeriod,
  row,
  sum,
  upper,
} from '../../../database/sql.js';
import type { Batcher } from '../../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../../reading/batchedQuery.js';
import { asRows, limitTo, selectFrom, subquery } from '../../reading/subqueries.js';
import { dependency, type View } from '../../reading/view.js';
import { keyNumber, keyParameter, keysTable, type ParameterType } from '../../reading/keys.js';
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
  const { order, backward, after, before, count: wantsTotal } = page;
  const flags = `${order.direction} ${backward ? 'r' : ''}${after ? '>' : ''}${before ? '<' : ''}${wantsTotal ? 't' : ''}${isRanged ? 'd' : ''}`;
  const types: ParameterType[] = ['uuid', 'text', 'text', 'text'];
  for (const at of [after, before]) if (at) types.push('text', 'uuid');
  return batchedQuery<Row, Found<TimelineEntry>>({
    name: `timeline ${flags} ${kinds.join(' ')}`,
    types,
    build: (db) => {
      const entry = entries(used, page, isRanged).as('entry');
      const { id, kind, date, fact, sort } = entry;
      return db
        .select({
          $n: keyNumber,
          id,
          kind,
          date,
          fact,
          sort,
          total: wantsTotal ? sql<number>`total.count::int` : literal(0),
        })
        .from(keysTable(types))
        .leftJoinLateral(
          sql`(${wantsTotal ? total(used, isRanged) : sql`select 0 as count`}) as total`,
          literal(true),
        )
        .leftJoinLateral(entry, literal(true));
    },
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
const sortOf = ({ kind, sort }: Branch): SQL<string> =>
  sql<string>`(to_char(${sort}, 'YYYY-MM-DD') || ${literal(` ${kind}`)}) collate "C"`;

function conditions({ where, date, sort }: Branch, isRanged: boolean): SQL | undefined {
  // What has no date is not in the index behind this day.
  const dated = and(where, gt(sort, literal('-infinity')));
  if (!isRanged) return dated;
  const end = (place: number) => nullif(keyParameter(place), literal(''));
  const range = possiblePeriod(end(1), end(2));
  return and(
    dated,
    // A year may lie in a range that begins within it.
    gt(sort, coalesce(sql`${lower(range)} - 366`, literal('-infinity'))),
    lt(sort, coalesce(upper(range), literal('infinity'))),
    overlaps(partialDateRange(date), range),
  );
}

function total(used: readonly Branch[], isRanged: boolean): SQL {
  const counts = used.map((branch) =>
    selectFrom({ count: count() }, branch).where(conditions(branch, isRanged)),
  );
  return sql`select ${sum(counts)} as count`;
}

/** Each branch in the order of its index and no longer than a page, merged and cut to a page. */
function entries(
  used: readonly Branch[],
  { order, backward, after, before }: PageRequest<TimelineOrder>,
  isRanged: boolean,
) {
  const isUp = (order.direction === 'ASC') !== backward;
  const inOrder = isUp ? asc : desc;
  const limit = limitTo(cast(keyParameter(3), 'int'));
  const bounds = [after && '>', before && '<'].flatMap((side, i) => {
    if (!side) return [];
    const at = 4 + (i === 1 && after ? 2 : 0);
    return [
      {
        isAbove: (side === '>') === (order.direction === 'ASC'),
        sort: keyParameter(at),
        id: keyParameter(at + 1),
      },
    ];
  });
  const parts = used.map((branch) => {
    const beyond = bounds.flatMap(({ isAbove, sort, id }) => {
      const position = row(sortOf(branch), branch.id);
      const [near, far] = isAbove ? [gte, gt] : [lte, lt];
      const day = cast(left(sort, literal(10)), 'date');
      return [near(branch.sort, day), far(position, row(sort, id))];
    });
    const fields = {
      id: sql<string>`${branch.id}`.as('id'),
      kind: literal(branch.kind).as('kind'),
      date: cast<string>(branch.date, 'text').as('date'),
      fact: literal(branch.fact).as('fact'),
      sort: sortOf(branch).as('sort'),
    };
    return selectFrom(fields, branch)
      .where(and(conditions(branch, isRanged), ...beyond))
      .orderBy(inOrder(branch.sort), inOrder(branch.id))
      .limit(limit);
  });
  const part = asRows(parts, 'part');
  return subquery.select().from(part).orderBy(inOrder(part.sort), inOrder(part.id)).limit(limit);
}
