import { eq, lte, ne, sql } from 'drizzle-orm';
import {
  check,
  customType,
  index,
  integer,
  jsonb,
  pgEnum,
  text,
  timestamp,
  uniqueIndex,
  uuid,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import { allHold, coalesce, length, numNonnulls } from '../sql.js';
import { article } from './article.js';
import { pgTable, primaryKey } from './columns.js';
import { entity } from './entity.js';
import { erasure } from './erasure.js';
import { event } from './event.js';
import { membership } from './membership.js';
import { position } from './position.js';
import { statement } from './statement.js';

export const revisionAction = pgEnum('revision_action', [
  'CREATE',
  'UPDATE',
  'DELETE',
  'RESTORE',
  'PUBLISH',
  'MERGE',
  'REVERT',
  'ERASE',
]);

/** A transaction id with its epoch, which is never reused. */
const transactionId = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });

/** The history of records: author, time, action, reason and changed fields. Append-only. */
export const revision = pgTable(
  'revision',
  {
    id: primaryKey(),
    /** Counts the revisions of a record from 1; a trigger fills it in where the writer does not. */
    number: integer().notNull(),
    /** Shared by all revisions of one change. */
    changeId: uuid().notNull().defaultRandom(),
    /** Orders revisions for subscriptions, which wait until no lower transaction is open. */
    xid: transactionId()
      .notNull()
      .default(sql`pg_current_xact_id()`),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** The display name of the author; `knowledge/auth/author.ts` has its bounds. */
    actor: text().notNull(),
    /** The identity of the author, independent of the name; null where it is not known. */
    identity: text(),
    /** The identity that imported the revision from another knowledge base. */
    importedBy: text(),
    action: revisionAction().notNull(),
    reason: text(),
    entityId: uuid().references(() => entity.id),
    articleId: uuid().references(() => article.id),
    eventId: uuid().references(() => event.id),
    positionId: uuid().references(() => position.id),
    membershipId: uuid().references(() => membership.id),
    statementId: uuid().references(() => statement.id),
    /** The tombstone of an erased record. */
    erasureId: uuid().references(() => erasure.id),
    /** The fields that changed, with their values before and after. */
    changes: jsonb().$type<Record<string, { before: unknown; after: unknown }>>().notNull(),
  },
  (table) => [
    check('revision_record_check', eq(numNonnulls(...recordKeys(table), table.erasureId), 1)),
    check(
      'revision_actor_check',
      sql`${table.actor} <> '' and length(${table.actor}) <= 200 and ${table.actor} !~ '[\\u0001-\\u001f\\u007f-\\u009f]'`,
    ),
    check(
      'revision_identity_check',
      allHold(ne(table.identity, ''), lte(length(table.identity), 1000)),
    ),
    uniqueIndex('revision_number_key').on(coalesce(...recordKeys(table)), table.number),
    index('revision_change_index').on(table.changeId),
    index('revision_xid_index').on(table.xid, table.id),
  ],
);

type RecordKey =
  'entityId' | 'articleId' | 'eventId' | 'positionId' | 'membershipId' | 'statementId';

/** The keys of records, of which a revision has one or none, in the order of the index on them. */
export const recordKeys = (table: Record<RecordKey, AnyPgColumn>): AnyPgColumn[] => [
  table.entityId,
  table.articleId,
  table.eventId,
  table.positionId,
  table.membershipId,
  table.statementId,
];
