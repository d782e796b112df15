/** Everything dated that is told of an entity, in the order of time. */
import { sql, type SQL } from 'drizzle-orm';
import { keyText, type Batcher, type Key } from '../../reading/batcher.js';
import { dependency, type View } from '../../reading/view.js';
import { keysTable, keyArrays, type ParameterType } from '../../reading/keys.js';
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
  /** The key of the record that tells it. */
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
  readonly #queries: Queries;
  readonly #batcher: Batcher;

  constructor(queries: Queries, batcher: Batcher) {
    this.#queries = queries;
    this.#batcher = batcher;
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
    const { order, backward, after, before, count } = page;
    const ways = `${order.direction} ${backward ? 'r' : ''}${after ? '>' : ''}${before ? '<' : ''}${count ? 't' : ''}${range ? 'd' : ''}`;
    const shape = `${view.rights} timeline ${ways} ${kinds.join(' ')}`;
    const found = await this.#batcher.load(
      shape,
      (keys) => this.#fetch(shape, keys, used, page, range !== undefined),
      keyText(parameters),
      parameters,
    );
    return pageOf(found ?? { rows: [], sorts: [], total: 0 }, page);
  }

  // Private:

  async #fetch(
    shape: string,
    keys: readonly Key[],
    used: readonly Branch[],
    page: PageRequest<TimelineOrder>,
    isRanged: boolean,
  ): Promise<Found<TimelineEntry>[]> {
    const types: ParameterType[] = ['uuid', 'text', 'text', 'text'];
    for (const at of [page.after, page.before]) if (at) types.push('text', 'uuid');
    const rows = await this.#queries.run<
      TimelineEntry & { n: number; sort: string; total: number }
    >(
      shape,
      (db) =>
        db
          .select({
            n: sql<number>`asked.n::int`,
            id: sql<string>`told.id`,
            kind: sql<TimelineKind>`told.kind`,
            date: sql<string>`told.date`,
            fact: sql<TimelineFact>`told.fact`,
            sort: sql<string>`told.sort`,
            total: page.count ? sql<number>`total.count::int` : sql<number>`0`,
          })
          .from(keysTable(types))
          .leftJoinLateral(
            sql`(${page.count ? total(used, isRanged) : sql`select 0 as count`}) as total`,
            sql`true`,
          )
          .leftJoinLateral(sql`(${entries(used, page, isRanged)}) as told`, sql`true`),
      keyArrays(keys, types),
    );
    const lists: Found<TimelineEntry>[] = keys.map(() => ({ rows: [], sorts: [], total: 0 }));
    for (const { n, sort, total, ...entry } of rows) {
      const list = lists[n - 1];
      if (!list) continue;
      list.total = total;
      // A timeline without entries still has a total.
      if ((entry.id as string | null) === null) continue;
      list.rows.push(entry);
      list.sorts.push(sort);
    }
    return lists;
  }
}

// Private:

/** As a cursor has it: the day, and what happens on one day by its kind. */
const sortOf = ({ kind, sort }: Branch): SQL =>
  sql`(to_char(${sort}, 'YYYY-MM-DD') || ' ${sql.raw(kind)}') collate "C"`;

function conditions(branch: Branch, isRanged: boolean): SQL {
  const { where, date, sort } = branch;
  // What has no date is not in the index behind this day.
  const dated = sql`${where} and ${sort} > '-infinity'`;
  if (!isRanged) return dated;
  const range = sql`possible_period(nullif(asked.p1, ''), nullif(asked.p2, ''))`;
  // A year may lie in a range that begins within it.
  return sql`${dated} and ${sort} > coalesce(lower(${range}) - 366, '-infinity')
    and ${sort} < coalesce(upper(${range}), 'infinity') and partial_date_range(${date}) && ${range}`;
}

function total(used: readonly Branch[], isRanged: boolean): SQL {
  const counts = used.map(
    (branch) => sql`(select count(*) from ${branch.rows} where ${conditions(branch, isRanged)})`,
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
  const direction = sql.raw(isUp ? 'asc' : 'desc');
  const limit = sql`limit asked.p3::int`;
  const bounds = [after && '>', before && '<'].flatMap((side, i) => {
    if (!side) return [];
    const isAbove = (side === '>') === (order.direction === 'ASC');
    const at = 4 + (i === 1 && after ? 2 : 0);
    return [
      {
        operator: sql.raw(isAbove ? '>' : '<'),
        sort: sql.raw(`asked.p${at}`),
        id: sql.raw(`asked.p${at + 1}`),
      },
    ];
  });
  const parts = used.map((branch) => {
    const beyond = bounds.map(
      ({ operator, sort, id }) =>
        sql` and ${branch.sort} ${operator}= left(${sort}, 10)::date and (${sortOf(branch)}, ${branch.id}) ${operator} (${sort}, ${id})`,
    );
    return sql`(select ${branch.id} as id, ${sql.raw(`'${branch.kind}'`)} as kind, ${branch.date}::text as date,
        ${sql.raw(`'${branch.fact}'`)} as fact, ${sortOf(branch)} as sort
      from ${branch.rows} where ${conditions(branch, isRanged)}${sql.join(beyond)}
      order by ${branch.sort} ${direction}, ${branch.id} ${direction} ${limit})`;
  });
  return sql`select * from (${sql.join(parts, sql` union all `)}) as part
    order by sort ${direction}, id ${direction} ${limit}`;
}
