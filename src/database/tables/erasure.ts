import { isNull } from 'drizzle-orm';
import {
  boolean,
  index,
  pgEnum,
  primaryKey as compositeKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { pgTable, primaryKey } from './columns.js';

/** The reason of an erasure; not a text, which could repeat what was erased. */
export const erasureReason = pgEnum('erasure_reason', [
  'PERSONAL_DATA',
  'COURT_ORDER',
  'COPYRIGHT',
  'SECURITY',
  'ERROR',
  'OTHER',
]);

/** The types of records, as the graph calls them. */
export const recordType = pgEnum('record_type', [
  'ORGANIZATION',
  'PERSON',
  'OFFICE',
  'PLACE',
  'ARTICLE',
  'EVENT',
  'POSITION',
  'MEMBERSHIP',
  'STATEMENT',
]);

/** The tombstone of an erased record, or of the erased former values of a field. Holds none of their content. */
export const erasure = pgTable(
  'erasure',
  {
    id: primaryKey(),
    /** The key that the record had, or has where only former values were erased. */
    recordId: uuid().notNull(),
    type: recordType().notNull(),
    reason: erasureReason().notNull(),
    /** The field whose former values were erased; null: the whole record was. */
    field: text(),
    /** Shared by everything that was erased in the same change. */
    changeId: uuid().notNull(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Whether all readers could see the record. */
    wasPublic: boolean().notNull(),
  },
  (table) => [
    uniqueIndex('erasure_record_key').on(table.recordId).where(isNull(table.field)),
    index('erasure_change_index').on(table.changeId),
  ],
);

/**
 * Keyed hashes (HMAC-SHA-256) of an erased record's slug, identifiers and the like, by which an
 * import recognizes it. Streams carry key and hashes along.
 */
export const erasedKey = pgTable(
  'erased_key',
  {
    erasureId: uuid()
      .notNull()
      .references(() => erasure.id),
    /** The key of the hash, the same for all erasures of one knowledge base. */
    salt: text().notNull(),
    hash: text().notNull(),
  },
  (table) => [compositeKey({ columns: [table.hash, table.salt, table.erasureId] })],
);
