/**
 * The table of record types: the one place that lists them. Names, id codes, tables, slug spaces,
 * links, lists and derived columns of a type are read from here.
 */
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import {
  article,
  entity,
  event,
  membership,
  office,
  organization,
  person,
  place,
  position,
  statement,
} from '../../database/tables/index.js';
import { withArticle } from '../values/english.js';
import {
  articleLists,
  entityLists,
  eventLists,
  lastStatus,
  officeLists,
  sortName,
  sortTitle,
  statementLists,
  type ListDefinition,
  type Values,
} from './recordLists.js';

/** The plural names a type in code, in dossiers and in summaries of writes. */
export type RecordType = keyof typeof definitions;

/** The name of a type in the graph and in a stream's `type`: `Person`. */
export type RecordTypeName = (typeof definitions)[RecordType]['graphqlName'];

/** The name of a type in the database's enums: `PERSON`. */
export type RecordTypeEnum = (typeof definitions)[RecordType]['enumValue'];

/** The foreign key of references and revisions that points to a record. */
export type Arc = (typeof definitions)[RecordType]['arc'];

/** Articles and events have slugs of their own; all entities share theirs. */
export type SlugSpace = 'entity' | 'article' | 'event';

/** A type of entity, as the database's enum has it. */
export type EntityType = Extract<
  (typeof definitions)[RecordType],
  { slugSpace: 'entity' }
>['enumValue'];

/** A type of record that has slugs, so that others can link to it. */
export type LinkTarget = Extract<
  (typeof definitions)[RecordType],
  { slugSpace: SlugSpace }
>['enumValue'];

export interface RecordTypeDefinition {
  /** In messages, and the name of the table that only its records have: `person`. */
  singular: string;
  graphqlName: string;
  enumValue: string;
  /** The three letters with which global ids of the type begin. */
  code: string;
  /** Where its slugs are unique; null for facts, which have none. */
  slugSpace: SlugSpace | null;
  /** The tables of its row, under one id; the first has its life (`status`, `deletedAt` …). */
  tables: readonly [LifeTable, ...PgTable[]];
  arc: 'entityId' | 'articleId' | 'eventId' | 'positionId' | 'membershipId' | 'statementId';
  /** What a record is called where a list shows it: its name, title, role or words. */
  caption: PgColumn;
  /** Columns with the same value in every record. */
  constant?: Values;
  /** Fields that name other records, and the types that they may name. */
  links: Readonly<Record<string, readonly string[]>>;
  lists: Readonly<Record<string, ListDefinition>>;
  /** Columns that triggers or `derived` fill in; history does not record them. */
  derivedColumns: readonly string[];
  /** Computes columns from the fields that are written. */
  derived?: (fields: Values) => Values;
  /** Computes columns of a new record from its lists, which triggers would otherwise update. */
  initial?: <Item extends { values: Values }>(
    lists: Record<string, Item[]>,
    ids: ReadonlyMap<Item, string>,
  ) => Values;
}

type LifeTable = PgTable & { id: PgColumn; live: PgColumn };

const anyEntity = ['ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE'] as const;
const actor = ['PERSON', 'ORGANIZATION'] as const;
const region = ['ORGANIZATION', 'PLACE'] as const;

/** In the order in which types point to each other, and in which exports and writes go. */
const definitions = {
  places: {
    singular: 'place',
    graphqlName: 'Place',
    enumValue: 'PLACE',
    code: 'PLA',
    slugSpace: 'entity',
    tables: [entity, place],
    arc: 'entityId',
    caption: entity.name,
    constant: { type: 'PLACE' },
    links: { within: ['PLACE'], mergedInto: ['PLACE'] },
    lists: entityLists,
    derivedColumns: ['type', 'sortName', 'countryId'],
    derived: sortName,
  },
  organizations: {
    singular: 'organization',
    graphqlName: 'Organization',
    enumValue: 'ORGANIZATION',
    code: 'ORG',
    slugSpace: 'entity',
    tables: [entity, organization],
    arc: 'entityId',
    caption: entity.name,
    constant: { type: 'ORGANIZATION' },
    links: { parent: ['ORGANIZATION'], home: ['PLACE'], mergedInto: ['ORGANIZATION'] },
    lists: entityLists,
    derivedColumns: ['type', 'sortName'],
    derived: sortName,
  },
  people: {
    singular: 'person',
    graphqlName: 'Person',
    enumValue: 'PERSON',
    code: 'PER',
    slugSpace: 'entity',
    tables: [entity, person],
    arc: 'entityId',
    caption: entity.name,
    constant: { type: 'PERSON' },
    links: { mergedInto: ['PERSON'] },
    lists: entityLists,
    derivedColumns: ['type', 'sortName'],
    derived: sortName,
  },
  offices: {
    singular: 'office',
    graphqlName: 'Office',
    enumValue: 'OFFICE',
    code: 'OFF',
    slugSpace: 'entity',
    tables: [entity, office],
    arc: 'entityId',
    caption: entity.name,
    constant: { type: 'OFFICE' },
    links: {
      organization: ['ORGANIZATION'],
      place: ['PLACE'],
      accreditedTo: region,
      alsoAccreditedTo: region,
      mergedInto: ['OFFICE'],
    },
    lists: officeLists,
    derivedColumns: ['type', 'sortName', 'currentStatus'],
    derived: sortName,
    initial: ({ statuses = [] }, ids) => ({ currentStatus: lastStatus(statuses, ids) }),
  },
  articles: {
    singular: 'article',
    graphqlName: 'Article',
    enumValue: 'ARTICLE',
    code: 'ART',
    slugSpace: 'article',
    tables: [article],
    arc: 'articleId',
    caption: article.title,
    links: { publisher: ['ORGANIZATION'], mentions: anyEntity, mergedInto: ['ARTICLE'] },
    lists: articleLists,
    derivedColumns: ['sortTitle'],
    derived: sortTitle,
  },
  events: {
    singular: 'event',
    graphqlName: 'Event',
    enumValue: 'EVENT',
    code: 'EVE',
    slugSpace: 'event',
    tables: [event],
    arc: 'eventId',
    caption: event.name,
    links: { place: ['PLACE'], participants: anyEntity, mergedInto: ['EVENT'] },
    lists: eventLists,
    derivedColumns: [],
  },
  positions: {
    singular: 'position',
    graphqlName: 'Position',
    enumValue: 'POSITION',
    code: 'POS',
    slugSpace: null,
    tables: [position],
    arc: 'positionId',
    caption: position.title,
    links: { person: ['PERSON'], organization: ['ORGANIZATION'] },
    lists: {},
    derivedColumns: ['personLive', 'organizationLive'],
  },
  memberships: {
    singular: 'membership',
    graphqlName: 'Membership',
    enumValue: 'MEMBERSHIP',
    code: 'MEM',
    slugSpace: null,
    tables: [membership],
    arc: 'membershipId',
    caption: membership.role,
    links: { member: ['ORGANIZATION'], organization: ['ORGANIZATION'] },
    lists: {},
    derivedColumns: ['memberLive', 'organizationLive'],
  },
  statements: {
    singular: 'statement',
    graphqlName: 'Statement',
    enumValue: 'STATEMENT',
    code: 'STA',
    slugSpace: null,
    tables: [statement],
    arc: 'statementId',
    caption: statement.text,
    links: {
      article: ['ARTICLE'],
      speaker: actor,
      onBehalfOf: actor,
      reportedBy: actor,
      audience: anyEntity,
      about: anyEntity,
      place: ['PLACE'],
      event: ['EVENT'],
    },
    lists: statementLists,
    derivedColumns: ['articleLive', 'speakerLive'],
  },
} as const satisfies Record<string, RecordTypeDefinition>;

type Entries = {
  readonly [Type in RecordType]: RecordTypeDefinition & {
    singular: (typeof definitions)[Type]['singular'];
    graphqlName: (typeof definitions)[Type]['graphqlName'];
    enumValue: (typeof definitions)[Type]['enumValue'];
    code: (typeof definitions)[Type]['code'];
    links: Readonly<Record<string, readonly LinkTarget[]>>;
  };
};

export const recordTypes: Entries = definitions;

/** All types, each after those that it links to. */
export const recordTypeKeys = Object.keys(definitions) as readonly RecordType[];

/** All types by their names in the graph. */
export const recordTypeNames = recordTypeKeys.map(
  (type) => recordTypes[type].graphqlName,
) as readonly RecordTypeName[];

/** `Person` → `people`. */
export const recordTypeByName = Object.fromEntries(
  recordTypeKeys.map((type) => [recordTypes[type].graphqlName, type]),
) as Readonly<Record<RecordTypeName, RecordType>>;

/** `PERSON` → `people`. */
export const recordTypeByEnum = Object.fromEntries(
  recordTypeKeys.map((type) => [recordTypes[type].enumValue, type]),
) as Readonly<Record<RecordTypeEnum, RecordType>>;

/** What links to records of a type name as their target; undefined for facts, which have no slug. */
export const linkTargetOf = (type: RecordType): LinkTarget | undefined => {
  const { slugSpace, enumValue } = recordTypes[type];
  return slugSpace ? (enumValue as LinkTarget) : undefined;
};

/** Where the slugs of a link's target are unique. */
export const spaceOf = (target: LinkTarget): SlugSpace => {
  const { slugSpace } = recordTypes[recordTypeByEnum[target]];
  if (!slugSpace) throw new Error(`${target} has no slugs`);
  return slugSpace;
};

/** `a place or an organization`. */
export const describeTargets = (targets: readonly LinkTarget[]): string =>
  targets.length === anyEntity.length
    ? 'an entity'
    : targets
        .map((target) => withArticle(recordTypes[recordTypeByEnum[target]].singular))
        .join(' or ');

/** A value for each type, such as a field of each. */
export const mapRecordTypes = <Value>(
  valueOf: (type: RecordType) => Value,
): Record<RecordType, Value> =>
  Object.fromEntries(recordTypeKeys.map((type) => [type, valueOf(type)])) as Record<
    RecordType,
    Value
  >;
