/** Which rows connect entities. */
import { and, eq, gt, ne, type SQL, type SQLWrapper } from 'drizzle-orm';
import { alias, type PgColumn } from 'drizzle-orm/pg-core';
import { allHold, boolOr, coalesce, literal } from '../../../database/sql.js';
import {
  article,
  event,
  eventParticipant,
  membership,
  mention,
  office,
  officeAccreditation,
  officeStatus,
  organization as organizationTable,
  place as placeTable,
  position,
  statement,
  statementAudience,
  statementSubject,
} from '../../../database/tables/index.js';
import { heldIn, type Held } from '../../reading/conditions.js';
import { type Joined, subquery } from '../../reading/subqueries.js';
import type { EntityType, FactType, Relation } from './relations.js';

/** Rows of which each connects two entities. */
export interface Link extends Joined {
  relation: Relation;
  /** Which types of entities can stand at its ends. */
  types: [from: readonly EntityType[], to: readonly EntityType[]];
  fact: FactType;
  /** Which of the rows readers may see, and what else must hold. */
  where: SQLWrapper;
  /** The same, for reading from `to`; where that is not `where`. */
  whereInverse?: SQLWrapper;
  from: PgColumn;
  to: PgColumn;
  id: PgColumn;
  /** On which days it held; without them at any time. */
  time?: Held;
}

/** What happened on one of the days that a date can mean: certainly only in a range of all of them. */
const onOneDay = (days: PgColumn): Held => ({
  during: days,
  held: days,
  heldThroughout: literal(false),
});

const person: readonly EntityType[] = ['PERSON'];
const organization: readonly EntityType[] = ['ORGANIZATION'];
const place: readonly EntityType[] = ['PLACE'];
const anOffice: readonly EntityType[] = ['OFFICE'];
const speaker: readonly EntityType[] = ['PERSON', 'ORGANIZATION'];
const anything: readonly EntityType[] = ['ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE'];

const offices = {
  fact: 'Office',
  table: office,
  where: office.live,
  id: office.id,
} as const;

const accreditations = {
  ...offices,
  relation: 'ACCREDITATION',
  table: officeAccreditation,
  joins: [[office, eq(office.id, officeAccreditation.officeId)]],
  to: officeAccreditation.accreditedToId,
} as const;

const statements = {
  fact: 'Statement',
  table: statement,
  where: statement.live,
  id: statement.id,
  time: onOneDay(statement.saidDuring),
} as const;

const otherParticipant = alias(eventParticipant, 'other_participant');
const otherMention = alias(mention, 'other_mention');

export const links: readonly Link[] = [
  {
    relation: 'POSITION',
    types: [person, organization],
    fact: 'Position',
    table: position,
    where: position.live,
    from: position.personId,
    to: position.organizationId,
    id: position.id,
    time: position,
  },
  {
    relation: 'MEMBERSHIP',
    types: [organization, organization],
    fact: 'Membership',
    table: membership,
    where: membership.live,
    from: membership.memberId,
    to: membership.organizationId,
    id: membership.id,
    time: membership,
  },
  // An organization is connected with the place of its office, and both with the office itself.
  {
    ...offices,
    relation: 'OFFICE',
    types: [organization, place],
    from: office.organizationId,
    to: office.placeId,
  },
  {
    ...offices,
    relation: 'OFFICE',
    types: [organization, anOffice],
    from: office.organizationId,
    to: office.id,
  },
  {
    ...offices,
    relation: 'OFFICE',
    types: [anOffice, place],
    from: office.id,
    to: office.placeId,
  },
  {
    ...offices,
    relation: 'ACCREDITATION',
    types: [organization, anything],
    from: office.organizationId,
    to: office.accreditedToId,
  },
  {
    ...offices,
    relation: 'ACCREDITATION',
    types: [anOffice, anything],
    from: office.id,
    to: office.accreditedToId,
  },
  { ...accreditations, types: [organization, anything], from: office.organizationId },
  { ...accreditations, types: [anOffice, anything], from: officeAccreditation.officeId },
  {
    ...statements,
    relation: 'STATEMENT_ABOUT',
    types: [speaker, anything],
    joins: [[statementSubject, eq(statementSubject.statementId, statement.id)]],
    // A subject is live when its statement is; each end is read by its own index.
    whereInverse: statementSubject.live,
    from: statement.speakerId,
    to: statementSubject.entityId,
  },
  {
    ...statements,
    relation: 'ON_BEHALF_OF',
    types: [speaker, anything],
    from: statement.speakerId,
    to: statement.onBehalfOfId,
  },
  {
    ...statements,
    relation: 'AUDIENCE',
    types: [speaker, anything],
    joins: [[statementAudience, eq(statementAudience.statementId, statement.id)]],
    from: statement.speakerId,
    to: statementAudience.entityId,
  },
  // Those who took part in one event are connected with each other: each two of them once.
  {
    relation: 'EVENT',
    types: [anything, anything],
    fact: 'Event',
    table: eventParticipant,
    joins: [
      [
        otherParticipant,
        and(
          eq(otherParticipant.eventId, eventParticipant.eventId),
          gt(otherParticipant.entityId, eventParticipant.entityId),
        ),
      ],
      [event, eq(event.id, eventParticipant.eventId)],
    ],
    where: allHold(eventParticipant.live, event.live),
    whereInverse: allHold(otherParticipant.live, event.live),
    from: eventParticipant.entityId,
    to: otherParticipant.entityId,
    id: eventParticipant.eventId,
    time: event,
  },
  {
    relation: 'PARENT',
    types: [organization, organization],
    fact: 'Organization',
    table: organizationTable,
    where: organizationTable.live,
    from: organizationTable.id,
    to: organizationTable.parentId,
    id: organizationTable.id,
  },
  {
    relation: 'WITHIN',
    types: [place, place],
    fact: 'Place',
    table: placeTable,
    where: placeTable.live,
    from: placeTable.id,
    to: placeTable.withinId,
    id: placeTable.id,
  },
  {
    relation: 'HOME',
    types: [organization, place],
    fact: 'Organization',
    table: organizationTable,
    where: organizationTable.live,
    from: organizationTable.id,
    to: organizationTable.homeId,
    id: organizationTable.id,
  },
  {
    relation: 'CO_MENTION',
    types: [anything, anything],
    fact: 'Article',
    table: mention,
    joins: [
      [
        otherMention,
        and(
          eq(otherMention.articleId, mention.articleId),
          ne(otherMention.entityId, mention.entityId),
        ),
      ],
      [article, eq(article.id, mention.articleId)],
    ],
    where: allHold(mention.live, otherMention.live, article.live),
    from: mention.entityId,
    to: otherMention.entityId,
    id: mention.articleId,
    time: onOneDay(article.publishedDuring),
  },
];

/** Whether an office was there, or may have been, at some time of the date. */
export const officeStoodAsOf = (date: SQL, certainly: boolean): SQL => {
  const stood = subquery
    .select({
      stood: boolOr(
        allHold(heldIn(officeStatus, date, certainly), ne(officeStatus.status, literal('CLOSED'))),
      ),
    })
    .from(officeStatus)
    .where(eq(officeStatus.officeId, office.id));
  return coalesce(stood, literal(!certainly));
};

/** The tables that say how entities are connected: a change there may connect others. */
export const tablesConsulted = [
  'entity',
  'position',
  'membership',
  'office',
  'office_status',
  'office_accreditation',
  'statement',
  'statement_subject',
  'statement_audience',
  'event',
  'event_participant',
  'organization',
  'place',
  'article',
  'mention',
];
