import { sql } from 'drizzle-orm';
import { check, index, jsonb, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { pgTable } from './columns.js';

/**
 * A change that was asked for under a key, so that the same request, sent again, is answered
 * and not carried out again. Written in the transaction of the change itself.
 */
export const idempotentRequest = pgTable(
  'idempotent_request',
  {
    actor: text().notNull(),
    key: text().notNull(),
    /** SHA-256 of what was asked. */
    fingerprint: text().notNull(),
    /** What was answered: the records by id, and what else the payload tells. */
    outcome: jsonb().$type<object>().notNull(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.actor, table.key] }),
    check('idempotent_request_key_check', sql`key <> '' and length(key) <= 200`),
    index('idempotent_request_at_index').on(table.at),
  ],
);
