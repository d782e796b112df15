/** In which ways entities are connected, and which rows say so. */
import { sql, type SQL } from 'drizzle-orm';
import type { EntityRecord } from '../../model/entity.js';
import { heldIn, type Held } from '../../reading/conditions.js';

export const relations = [
  'POSITION',
  'MEMBERSHIP',
  'OFFICE',
  'ACCREDITATION',
  'STATEMENT_ABOUT',
  'ON_BEHALF_OF',
  'AUDIENCE',
  'EVENT',
  'PARENT',
  'WITHIN',
  'HOME',
  'CO_MENTION',
] as const;

export type Relation = (typeof relations)[number];

/** Those by which entities are connected unless somebody asks for others. */
export const usualRelations = relations.filter((relation) => relation !== 'CO_MENTION');

/** The record on which a connection rests. */
export type FactType =
  | 'Position'
  | 'Membership'
  | 'Office'
  | 'Statement'
  | 'Organization'
  | 'Place'
  | 'Event'
  | 'Article';

export type EntityType = EntityRecord['type'];

/** Rows of which each connects two entities. */
export interface Link {
  relation: Relation;
  /** Which types of entities can stand at its ends. */
  types: [from: readonly EntityType[], to: readonly EntityType[]];
  fact: FactType;
  rows: SQL;
  /** Which of them readers may see, and what else must hold. */
  where: SQL;
  /** The same, for reading from `to`; where that is not `where`. */
  whereInverse?: SQL;
  from: SQL;
  to: SQL;
  id: SQL;
  /** On which days it held; without them at any time. */
  time?: Held;
}

/** The columns of a table that has a period. */
function periodOf(row: string): Held {
  const column = (name: string) => sql.raw(`${row}.${name}`);
  return {
    during: column('during'),
    held: column('held'),
    heldThroughout: column('held_throughout'),
  };
}

/** What happened on one of the days that a date can mean: certainly only in a range of all of them. */
function onOneDay(days: SQL): Held {
  return { during: days, held: days, heldThroughout: sql`false` };
}

const person: readonly EntityType[] = ['PERSON'];
const organization: readonly EntityType[] = ['ORGANIZATION'];
const place: readonly EntityType[] = ['PLACE'];
const anOffice: readonly EntityType[] = ['OFFICE'];
const speaker: readonly EntityType[] = ['PERSON', 'ORGANIZATION'];
const anything: readonly EntityType[] = ['ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE'];

const office = { fact: 'Office', rows: sql`office x`, where: sql`x.live`, id: sql`x.id` } as const;
const statement = {
  fact: 'Statement',
  id: sql`x.id`,
  time: onOneDay(sql`x.said_during`),
} as const;

export const links: readonly Link[] = [
  {
    relation: 'POSITION',
    types: [person, organization],
    fact: 'Position',
    rows: sql`position x`,
    where: sql`x.live`,
    from: sql`x.person_id`,
    to: sql`x.organization_id`,
    id: sql`x.id`,
    time: periodOf('x'),
  },
  {
    relation: 'MEMBERSHIP',
    types: [organization, organization],
    fact: 'Membership',
    rows: sql`membership x`,
    where: sql`x.live`,
    from: sql`x.member_id`,
    to: sql`x.organization_id`,
    id: sql`x.id`,
    time: periodOf('x'),
  },
  // An organization is connected with the place of its office, and both with the office itself.
  {
    ...office,
    relation: 'OFFICE',
    types: [organization, place],
    from: sql`x.organization_id`,
    to: sql`x.place_id`,
  },
  {
    ...office,
    relation: 'OFFICE',
    types: [organization, anOffice],
    from: sql`x.organization_id`,
    to: sql`x.id`,
  },
  { ...office, relation: 'OFFICE', types: [anOffice, place], from: sql`x.id`, to: sql`x.place_id` },
  {
    ...office,
    relation: 'ACCREDITATION',
    types: [organization, anything],
    from: sql`x.organization_id`,
    to: sql`x.accredited_to_id`,
  },
  {
    ...office,
    relation: 'ACCREDITATION',
    types: [anOffice, anything],
    from: sql`x.id`,
    to: sql`x.accredited_to_id`,
  },
  {
    ...office,
    relation: 'ACCREDITATION',
    types: [organization, anything],
    rows: sql`office_accreditation y join office x on x.id = y.office_id`,
    from: sql`x.organization_id`,
    to: sql`y.accredited_to_id`,
  },
  {
    ...office,
    relation: 'ACCREDITATION',
    types: [anOffice, anything],
    rows: sql`office_accreditation y join office x on x.id = y.office_id`,
    from: sql`y.office_id`,
    to: sql`y.accredited_to_id`,
  },
  {
    ...statement,
    relation: 'STATEMENT_ABOUT',
    types: [speaker, anything],
    rows: sql`statement x join statement_subject y on y.statement_id = x.id`,
    // A subject is live when its statement is; each end is read by its own index.
    where: sql`x.live`,
    whereInverse: sql`y.live`,
    from: sql`x.speaker_id`,
    to: sql`y.entity_id`,
  },
  {
    ...statement,
    relation: 'ON_BEHALF_OF',
    types: [speaker, anything],
    rows: sql`statement x`,
    where: sql`x.live`,
    from: sql`x.speaker_id`,
    to: sql`x.on_behalf_of_id`,
  },
  {
    ...statement,
    relation: 'AUDIENCE',
    types: [speaker, anything],
    rows: sql`statement x join statement_audience y on y.statement_id = x.id`,
    where: sql`x.live`,
    from: sql`x.speaker_id`,
    to: sql`y.entity_id`,
  },
  // Those who took part in one event are connected with each other: each two of them once.
  {
    relation: 'EVENT',
    types: [anything, anything],
    fact: 'Event',
    rows: sql`event_participant x
      join event_participant y on y.event_id = x.event_id and y.entity_id > x.entity_id
      join event a on a.id = x.event_id`,
    where: sql`x.live and a.live`,
    whereInverse: sql`y.live and a.live`,
    from: sql`x.entity_id`,
    to: sql`y.entity_id`,
    id: sql`x.event_id`,
    time: periodOf('a'),
  },
  {
    relation: 'PARENT',
    types: [organization, organization],
    fact: 'Organization',
    rows: sql`organization x`,
    where: sql`x.live`,
    from: sql`x.id`,
    to: sql`x.parent_id`,
    id: sql`x.id`,
  },
  {
    relation: 'WITHIN',
    types: [place, place],
    fact: 'Place',
    rows: sql`place x`,
    where: sql`x.live`,
    from: sql`x.id`,
    to: sql`x.within_id`,
    id: sql`x.id`,
  },
  {
    relation: 'HOME',
    types: [organization, place],
    fact: 'Organization',
    rows: sql`organization x`,
    where: sql`x.live`,
    from: sql`x.id`,
    to: sql`x.home_id`,
    id: sql`x.id`,
  },
  {
    relation: 'CO_MENTION',
    types: [anything, anything],
    fact: 'Article',
    rows: sql`mention x join mention y on y.article_id = x.article_id and y.entity_id <> x.entity_id
      join article a on a.id = x.article_id`,
    where: sql`x.live and y.live and a.live`,
    from: sql`x.entity_id`,
    to: sql`y.entity_id`,
    id: sql`x.article_id`,
    time: onOneDay(sql`a.published_during`),
  },
];

/** Whether an office was there, or may have been, at some time of the date. */
export const officeStoodAsOf = (date: SQL, certainly: boolean): SQL =>
  sql`coalesce((select bool_or(${heldIn(periodOf('s'), date, certainly)} and s.status <> 'CLOSED') from office_status s where s.office_id = x.id), ${sql.raw(String(!certainly))})`;

/** Relations that are the same in both directions. */
export const symmetric: ReadonlySet<Relation> = new Set(['EVENT', 'CO_MENTION']);

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
