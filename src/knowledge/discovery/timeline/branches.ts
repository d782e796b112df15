/** What is dated of an entity, and which rows tell it. */
import { sql, type SQL } from 'drizzle-orm';

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

/** Rows that tell something of an entity, each on a day. */
export interface Branch {
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

export const branches: readonly Branch[] = [
  ...(['birth', 'death'] as const).map((end): Branch => {
    const date = sql.raw(`x.${end}_date`);
    return {
      kind: end === 'birth' ? 'BIRTH' : 'DEATH',
      fact: 'Person',
      rows: sql`person x`,
      where: sql`x.id = keys.p0 and x.live`,
      id: sql`x.id`,
      date,
      sort: sql`partial_date_floor(${date})`,
    };
  }),
  ...['person_id', 'organization_id'].flatMap((column): Branch[] => {
    const where = sql`x.${sql.raw(column)} = keys.p0 and x.live`;
    return [
      { ...position, kind: 'POST_TAKEN', where, date: sql`x.start`, sort: sql`x.start_sort` },
      { ...position, kind: 'POST_LEFT', where, date: sql`x."end"`, sort: endSort },
    ];
  }),
  ...['member_id', 'organization_id'].flatMap((column): Branch[] => {
    const where = sql`x.${sql.raw(column)} = keys.p0 and x.live`;
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
    where: sql`o.${sql.raw(column)} = keys.p0 and o.live`,
  })),
  {
    kind: 'STATEMENT_BY',
    fact: 'Statement',
    rows: sql`statement x`,
    where: sql`x.speaker_id = keys.p0 and x.live`,
    id: sql`x.id`,
    date: sql`x.said_on`,
    sort: sql`x.said_sort`,
  },
  {
    kind: 'STATEMENT_ABOUT',
    fact: 'Statement',
    rows: sql`statement_subject y join statement x on x.id = y.statement_id`,
    where: sql`y.entity_id = keys.p0 and y.live`,
    id: sql`y.statement_id`,
    date: sql`x.said_on`,
    sort: sql`y.said_sort`,
  },
  {
    ...event,
    rows: sql`event_participant y join event e on e.id = y.event_id`,
    where: sql`y.entity_id = keys.p0 and y.live`,
    sort: sql`y.start_sort`,
  },
  {
    ...event,
    rows: sql`event e`,
    // A place may take part in what happens there: that is told once.
    where: sql`e.place_id = keys.p0 and e.live and not exists (select from event_participant y
      where y.event_id = e.id and y.entity_id = keys.p0 and y.live)`,
    sort: sql`e.start_sort`,
  },
  {
    kind: 'ARTICLE',
    fact: 'Article',
    rows: sql`mention y join article x on x.id = y.article_id`,
    where: sql`y.entity_id = keys.p0 and y.live`,
    id: sql`y.article_id`,
    date: sql`x.published_on`,
    sort: sql`y.published_sort`,
  },
];

/** The tables that tell it: a change there may change a timeline. */
export const tablesConsulted = [
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
