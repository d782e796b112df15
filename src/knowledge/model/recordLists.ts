/** The lists of a record: which table holds their rows, and how rows are matched and compared. */
import type { PgTable } from 'drizzle-orm/pg-core';
import {
  entityIdentifier,
  entityName,
  eventParticipant,
  mention,
  officeAccreditation,
  officeStatus,
  statementAudience,
  statementSubject,
} from '../../database/tables/index.js';
import { foldName } from '../values/names.js';
import { firstDay } from '../values/partialDate.js';

/** Column values by the names of the columns. */
export type Values = Record<string, unknown>;

export interface ListDefinition {
  table: PgTable;
  /** The foreign key to the record. */
  owner: string;
  /** The columns that identify a row within a record's list. */
  key: readonly string[];
  /** The columns by which a row without a partner is matched to a changed one. */
  likeness?: readonly string[];
  /** The other columns by which rows are compared. */
  others: readonly string[];
  /** Columns computed from the row and its record. Those that only repeat the record's are filled by triggers. */
  derived?: (item: Values, record: Values) => Values;
  /** Rows have references of their own. */
  cited?: boolean;
  /** Rows are ordered by `ordinal`; rows of other lists come in the order of their ids. */
  ordered?: boolean;
}

/** A row of a list in a pending write. */
interface Item {
  values: Values;
}

export const sortName = (fields: Values): Values =>
  typeof fields['name'] === 'string' ? { sortName: foldName(fields['name']) } : {};

export const sortTitle = (fields: Values): Values =>
  typeof fields['title'] === 'string' ? { sortTitle: foldName(fields['title']) } : {};

export const entityLists = {
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
} satisfies Record<string, ListDefinition>;

export const officeLists = {
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
} satisfies Record<string, ListDefinition>;

export const articleLists = {
  mentions: { table: mention, owner: 'articleId', key: ['entityId'], others: ['ranges'] },
} satisfies Record<string, ListDefinition>;

export const eventLists = { participants: linkList(eventParticipant, 'eventId', 'entityId') };

export const statementLists = {
  about: linkList(statementSubject, 'statementId', 'entityId'),
  audience: linkList(statementAudience, 'statementId', 'entityId'),
};

/** The last status as the database orders them: of two that start on the same day, the one with the later id. */
export function lastStatus<Row extends Item>(
  statuses: readonly Row[],
  ids: ReadonlyMap<Row, string>,
): unknown {
  const keyOf = (item: Row) =>
    `${firstDay(item.values['start'] as string | null)} ${ids.get(item)}`;
  const [first, ...others] = statuses;
  const last = others.reduce<Row | undefined>(
    (latest, item) => (latest && keyOf(latest) > keyOf(item) ? latest : item),
    first,
  );
  return last?.values['status'] ?? null;
}

// Private:

function linkList(table: PgTable, owner: string, link: string): ListDefinition {
  return { table, owner, key: [link], others: ['ordinal'], ordered: true };
}
