/** Which tables and lists make up each kind of record. */
import type { PgTable } from 'drizzle-orm/pg-core';
import {
  article,
  entity,
  entityIdentifier,
  entityName,
  event,
  eventParticipant,
  membership,
  mention,
  office,
  officeAccreditation,
  officeStatus,
  organization,
  person,
  place,
  position,
  statement,
  statementAudience,
  statementSubject,
} from '../../database/tables/index.js';
import { foldName } from '../values/names.js';
import { firstDay } from '../values/partialDate.js';
import type { ListItem, RecordNoun, Values } from './recordChange.js';

export interface RecordKind {
  /** The tables that hold its row, each under the same id; the first has its life (`status`, …). */
  tables: readonly [PgTable, ...PgTable[]];
  /** The foreign key by which references and revisions point to it. */
  arc: Arc;
  /** Columns that are the same in every record of the kind. */
  constant?: Values;
  lists: Record<string, ListKind>;
  /** Columns that follow from others. */
  derived?: (fields: Values) => Values;
  /** Columns of a new record that follow from its lists, which triggers would have to add. */
  initial?: (lists: Record<string, ListItem[]>, ids: ReadonlyMap<ListItem, string>) => Values;
}

export type Arc =
  'entityId' | 'articleId' | 'eventId' | 'positionId' | 'membershipId' | 'statementId';

export interface ListKind {
  table: PgTable;
  /** The column that names the record to which a row belongs. */
  owner: string;
  /** The columns that tell one row of a record's list from another. */
  key: readonly string[];
  /** The columns by which a row that is left over is taken for one that is wanted, only corrected. */
  likeness?: readonly string[];
  /** The other columns by which a row is compared. */
  others: readonly string[];
  /** Columns that follow from the row and its record. Those that only repeat the record's are filled in by triggers. */
  derived?: (item: Values, record: Values) => Values;
  /** The rows have references of their own. */
  cited?: boolean;
  /** The rows have an order of their own, kept in `ordinal`. */
  ordered?: boolean;
}

const sortName = (fields: Values) =>
  typeof fields['name'] === 'string' ? { sortName: foldName(fields['name']) } : {};

const sortTitle = (fields: Values) =>
  typeof fields['title'] === 'string' ? { sortTitle: foldName(fields['title']) } : {};

const entityLists = {
  names: {
    table: entityName,
    owner: 'entityId',
    key: ['name', 'language', 'kind', 'start'],
    others: ['end'],
    derived: sortName,
  },
  identifiers: {
    table: entityIdentifier,
    owner: 'entityId',
    key: ['scheme', 'value', 'source'],
    others: [],
    // Within a source it is unique among the entities of one type.
    derived: ({ source }, { type }) => ({ entityType: source === null ? null : type }),
  },
} satisfies Record<string, ListKind>;

const linkList = (table: PgTable, owner: string, link: string): ListKind => ({
  table,
  owner,
  key: [link],
  others: ['ordinal'],
  ordered: true,
});

const officeLists = {
  ...entityLists,
  statuses: {
    table: officeStatus,
    owner: 'officeId',
    key: ['status', 'start'],
    likeness: ['status'],
    others: ['end'],
    cited: true,
  },
  alsoAccreditedTo: linkList(officeAccreditation, 'officeId', 'accreditedToId'),
};

/** As the database finds it: of two that start on the same day, the one with the later id. */
function lastStatus(statuses: ListItem[], ids: ReadonlyMap<ListItem, string>): unknown {
  const keyOf = (item: ListItem) =>
    `${firstDay(item.values['start'] as string | null)} ${ids.get(item)}`;
  const [first, ...others] = statuses;
  const last = others.reduce<ListItem | undefined>(
    (latest, item) => (latest && keyOf(latest) > keyOf(item) ? latest : item),
    first,
  );
  return last?.values['status'] ?? null;
}

export const recordKinds: Record<RecordNoun, RecordKind> = {
  places: {
    tables: [entity, place],
    arc: 'entityId',
    constant: { type: 'PLACE' },
    lists: entityLists,
    derived: sortName,
  },
  organizations: {
    tables: [entity, organization],
    arc: 'entityId',
    constant: { type: 'ORGANIZATION' },
    lists: entityLists,
    derived: sortName,
  },
  people: {
    tables: [entity, person],
    arc: 'entityId',
    constant: { type: 'PERSON' },
    lists: entityLists,
    derived: sortName,
  },
  offices: {
    tables: [entity, office],
    arc: 'entityId',
    constant: { type: 'OFFICE' },
    lists: officeLists,
    derived: sortName,
    initial: ({ statuses = [] }, ids) => ({ currentStatus: lastStatus(statuses, ids) }),
  },
  articles: {
    tables: [article],
    arc: 'articleId',
    lists: {
      mentions: {
        table: mention,
        owner: 'articleId',
        key: ['entityId'],
        others: ['ranges'],
      },
    },
    derived: sortTitle,
  },
  events: {
    tables: [event],
    arc: 'eventId',
    lists: {
      participants: linkList(eventParticipant, 'eventId', 'entityId'),
    },
  },
  positions: { tables: [position], arc: 'positionId', lists: {} },
  memberships: { tables: [membership], arc: 'membershipId', lists: {} },
  statements: {
    tables: [statement],
    arc: 'statementId',
    lists: {
      about: linkList(statementSubject, 'statementId', 'entityId'),
      audience: linkList(statementAudience, 'statementId', 'entityId'),
    },
  },
};
