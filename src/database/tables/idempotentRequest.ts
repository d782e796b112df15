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
    /** Whose key it is. The column keeps its name for servers of the version before. */
    identity: text('actor').notNull(),
    key: text().notNull(),
    /** SHA-256 of what was asked. */
    fingerprint: text().notNull(),
    /** What was answered: the records by id, and what else the payload tells. */
    outcome: jsonb().$type<object>().notNull(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.identity, table.key] }),
    check('idempotent_request_key_check', sql`key <> '' and length(key) <= 200`),
    check('idempotent_request_actor_check', sql`actor <> '' and length(actor) <= 1000`),
    index('idempotent_request_at_index').on(table.at),
  ],
);
