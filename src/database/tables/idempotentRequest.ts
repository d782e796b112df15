import { lte, ne } from 'drizzle-orm';
import { check, index, jsonb, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { allHold, length } from '../sql.js';
import { pgTable } from './columns.js';

/**
 * The outcome of a mutation with an `idempotencyKey`, which a repeated request returns without
 * running again. Written in the transaction of the change itself.
 */
export const idempotentRequest = pgTable(
  'idempotent_request',
  {
    /** The identity of the client, to which the key belongs. */
    identity: text('actor').notNull(),
    key: text().notNull(),
    /** SHA-256 of the request. */
    fingerprint: text().notNull(),
    /** The payload, with records by id. */
    outcome: jsonb().$type<object>().notNull(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.identity, table.key] }),
    check('idempotent_request_key_check', allHold(ne(table.key, ''), lte(length(table.key), 200))),
    check(
      'idempotent_request_actor_check',
      allHold(ne(table.identity, ''), lte(length(table.identity), 1000)),
    ),
    index('idempotent_request_at_index').on(table.at),
  ],
);
