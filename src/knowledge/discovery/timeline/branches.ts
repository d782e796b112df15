/** What is dated of an entity, and the rows that hold it. */
import { and, eq, not, type SQL, type SQLWrapper } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { coalesce, partialDateFloor } from '../../../database/sql.js';
import {
  article,
  event,
  eventParticipant,
  membership,
  mention,
  office,
  officeStatus,
  person,
  position,
  statement,
  statementSubject,
} from '../../../database/tables/index.js';
import { existsIn, type Joined } from '../../reading/subqueries.js';
import { keyParameter } from '../../reading/keys.js';

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

/** Rows of one kind of entry, each on a day. */
export interface Branch extends Joined {
  kind: TimelineKind;
  fact: TimelineFact;
  /** Which rows are the entity's, and may be seen. */
  where: SQL | undefined;
  id: PgColumn;
  /** As it was given; null where it is not known. */
  date: SQLWrapper;
  /** The first day that it can mean, as an index has it. */
  sort: SQLWrapper;
}

/** Rows that name the entity in a column. */
const of = (column: PgColumn, live: PgColumn): SQL | undefined =>
  and(eq(column, keyParameter(0)), live);

const firstDay = (date: PgColumn): SQL => partialDateFloor(date);

/** What begins with one entry and ends with another. */
function periods(
  table: typeof position | typeof membership,
  fact: TimelineFact,
  [begun, ended]: readonly [TimelineKind, TimelineKind],
  columns: readonly PgColumn[],
): Branch[] {
  return columns.flatMap((column): Branch[] => {
    const rows = { fact, table, id: table.id, where: of(column, table.live) };
    return [
      { ...rows, kind: begun, date: table.start, sort: table.startSort },
      { ...rows, kind: ended, date: table.end, sort: firstDay(table.end) },
    ];
  });
}

const events = {
  kind: 'EVENT',
  fact: 'Event',
  id: event.id,
  date: coalesce(event.start, event.end),
} as const;

export const branches: readonly Branch[] = [
  ...(['birth', 'death'] as const).map((end): Branch => {
    const date = person[`${end}Date`];
    return {
      kind: end === 'birth' ? 'BIRTH' : 'DEATH',
      fact: 'Person',
      table: person,
      where: of(person.id, person.live),
      id: person.id,
      date,
      sort: firstDay(date),
    };
  }),
  ...periods(
    position,
    'Position',
    ['POST_TAKEN', 'POST_LEFT'],
    [position.personId, position.organizationId],
  ),
  ...periods(
    membership,
    'Membership',
    ['MEMBERSHIP_BEGUN', 'MEMBERSHIP_ENDED'],
    [membership.memberId, membership.organizationId],
  ),
  ...[office.id, office.organizationId, office.placeId].map((column): Branch => ({
    kind: 'OFFICE_STATUS',
    fact: 'DatedOfficeStatus',
    table: officeStatus,
    joins: [[office, eq(office.id, officeStatus.officeId)]],
    where: of(column, office.live),
    id: officeStatus.id,
    date: officeStatus.start,
    sort: officeStatus.startSort,
  })),
  {
    kind: 'STATEMENT_BY',
    fact: 'Statement',
    table: statement,
    where: of(statement.speakerId, statement.live),
    id: statement.id,
    date: statement.saidOn,
    sort: statement.saidSort,
  },
  {
    kind: 'STATEMENT_ABOUT',
    fact: 'Statement',
    table: statementSubject,
    joins: [[statement, eq(statement.id, statementSubject.statementId)]],
    where: of(statementSubject.entityId, statementSubject.live),
    id: statementSubject.statementId,
    date: statement.saidOn,
    sort: statementSubject.saidSort,
  },
  {
    ...events,
    table: eventParticipant,
    joins: [[event, eq(event.id, eventParticipant.eventId)]],
    where: of(eventParticipant.entityId, eventParticipant.live),
    sort: eventParticipant.startSort,
  },
  {
    ...events,
    table: event,
    // A place may take part in what happens there: that is one entry.
    where: and(
      of(event.placeId, event.live),
      not(
        existsIn(eventParticipant, [
          eq(eventParticipant.eventId, event.id),
          of(eventParticipant.entityId, eventParticipant.live),
        ]),
      ),
    ),
    sort: event.startSort,
  },
  {
    kind: 'ARTICLE',
    fact: 'Article',
    table: mention,
    joins: [[article, eq(article.id, mention.articleId)]],
    where: of(mention.entityId, mention.live),
    id: mention.articleId,
    date: article.publishedOn,
    sort: mention.publishedSort,
  },
];

/** The tables of entries: a change there may change a timeline. */
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
