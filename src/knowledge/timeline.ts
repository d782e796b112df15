/** Everything dated that is told of an entity, in the order of time. */
import { sql, type SQL } from 'drizzle-orm';
import { keyText, type Batcher, type Key } from './reading/batcher.js';
import { dependency } from './reading/dependency.js';
import { askedTable, keyArrays } from './reading/keys.js';
import { pageOf, type Found, type Page, type PageRequest } from './reading/page.js';
import type { ParameterType } from './reading/parameters.js';
import type { DateRange } from './reading/period.js';
import type { Queries } from './reading/queries.js';
import type { View } from './reading/view.js';

export type TimelineFact =
  'Person' | 'Position' | 'Membership' | 'DatedOfficeStatus' | 'Statement' | 'Event' | 'Article';

export const timelineKinds = [
  'BIRTH',
  'DEATH',
  'POST_TAKEN',
  'POST_LEFT',
  'MEMBERSHIP_BEGUN',
  'MEMBERSHIP_ENDED',
  'OFFICE_STATUS',
  'STATEMENT_BY',
  'STATEMENT_ABOUT',
  'EVENT',
  'ARTICLE',
] as const;

export type TimelineKind = (typeof timelineKinds)[number];

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

/** Rows that tell something of an entity, each on a day. */
interface Branch {
  kind: TimelineKind;
  fact: TimelineFact;
  rows: SQL;
  /** Which rows are the entity's, and may be seen. */
  where: SQL;
  id: SQL;
  /** As it was given; null where it is not known. */
  date: SQL;
  /** The first day that it can mean, as an index has it. */
  sort: SQL;
}

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
          .from(askedTable(types))
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

const position = { fact: 'Position', rows: sql`position x`, id: sql`x.id` } as const;
const membership = { fact: 'Membership', rows: sql`membership x`, id: sql`x.id` } as const;
const endSort = sql`partial_date_floor(x."end")`;
const officeStatus = {
  kind: 'OFFICE_STATUS',
  fact: 'DatedOfficeStatus',
  rows: sql`office_status x join office o on o.id = x.office_id`,
  id: sql`x.id`,
  date: sql`x.start`,
  sort: sql`x.start_sort`,
} as const;
const event = {
  kind: 'EVENT',
  fact: 'Event',
  id: sql`e.id`,
  date: sql`coalesce(e.start, e."end")`,
} as const;

const branches: readonly Branch[] = [
  ...(['birth', 'death'] as const).map((end): Branch => {
    const date = sql.raw(`x.${end}_date`);
    return {
      kind: end === 'birth' ? 'BIRTH' : 'DEATH',
      fact: 'Person',
      rows: sql`person x`,
      where: sql`x.id = asked.p0 and x.live`,
      id: sql`x.id`,
      date,
      sort: sql`partial_date_floor(${date})`,
    };
  }),
  ...['person_id', 'organization_id'].flatMap((column): Branch[] => {
    const where = sql`x.${sql.raw(column)} = asked.p0 and x.live`;
    return [
      { ...position, kind: 'POST_TAKEN', where, date: sql`x.start`, sort: sql`x.start_sort` },
      { ...position, kind: 'POST_LEFT', where, date: sql`x."end"`, sort: endSort },
    ];
  }),
  ...['member_id', 'organization_id'].flatMap((column): Branch[] => {
    const where = sql`x.${sql.raw(column)} = asked.p0 and x.live`;
    return [
      {
        ...membership,
        kind: 'MEMBERSHIP_BEGUN',
        where,
        date: sql`x.start`,
        sort: sql`x.start_sort`,
      },
      { ...membership, kind: 'MEMBERSHIP_ENDED', where, date: sql`x."end"`, sort: endSort },
    ];
  }),
  ...['id', 'organization_id', 'place_id'].map((column): Branch => ({
    ...officeStatus,
    where: sql`o.${sql.raw(column)} = asked.p0 and o.live`,
  })),
  {
    kind: 'STATEMENT_BY',
    fact: 'Statement',
    rows: sql`statement x`,
    where: sql`x.speaker_id = asked.p0 and x.live`,
    id: sql`x.id`,
    date: sql`x.said_on`,
    sort: sql`x.said_sort`,
  },
  {
    kind: 'STATEMENT_ABOUT',
    fact: 'Statement',
    rows: sql`statement_subject y join statement x on x.id = y.statement_id`,
    where: sql`y.entity_id = asked.p0 and y.live`,
    id: sql`y.statement_id`,
    date: sql`x.said_on`,
    sort: sql`y.said_sort`,
  },
  {
    ...event,
    rows: sql`event_participant y join event e on e.id = y.event_id`,
    where: sql`y.entity_id = asked.p0 and y.live`,
    sort: sql`y.start_sort`,
  },
  {
    ...event,
    rows: sql`event e`,
    where: sql`e.place_id = asked.p0 and e.live`,
    sort: sql`e.start_sort`,
  },
  {
    kind: 'ARTICLE',
    fact: 'Article',
    rows: sql`mention y join article x on x.id = y.article_id`,
    where: sql`y.entity_id = asked.p0 and y.live`,
    id: sql`y.article_id`,
    date: sql`x.published_on`,
    sort: sql`y.published_sort`,
  },
];

const tablesConsulted = [
  'person',
  'position',
  'membership',
  'office',
  'office_status',
  'statement',
  'statement_subject',
  'event',
  'event_participant',
  'article',
  'mention',
];

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
