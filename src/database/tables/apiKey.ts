import { lte, ne } from 'drizzle-orm';
import { check, pgEnum, text, timestamp } from 'drizzle-orm/pg-core';
import { allHold, length } from '../sql.js';
import { pgTable, primaryKey } from './columns.js';

/** The rights of a key: read; write and review; or also manage keys. */
export const role = pgEnum('role', ['READER', 'EDITOR', 'ADMIN']);

/** API keys. Only their hashes are stored. */
export const apiKey = pgTable(
  'api_key',
  {
    id: primaryKey(),
    /** The holder, as history names the author of a change. */
    name: text().notNull(),
    role: role().notNull(),
    /** SHA-256 of the key in hexadecimal: the key itself is random, so a slow hash adds nothing. */
    hash: text().notNull().unique(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp({ withTimezone: true }),
    revokedAt: timestamp({ withTimezone: true }),
    lastUsedAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    check('api_key_name_check', allHold(ne(table.name, ''), lte(length(table.name), 200))),
  ],
);
