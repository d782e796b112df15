import { sql } from 'drizzle-orm';
import { check, pgEnum, text, timestamp } from 'drizzle-orm/pg-core';
import { pgTable, primaryKey } from './columns.js';

/** What somebody may do: read, write and review, or also give others the right to. */
export const role = pgEnum('role', ['READER', 'EDITOR', 'ADMIN']);

/** A secret that stands for somebody. Only its hash is kept. */
export const apiKey = pgTable(
  'api_key',
  {
    id: primaryKey(),
    /** Whom it stands for, as history will name them. */
    name: text().notNull(),
    role: role().notNull(),
    /** SHA-256 of the key in hexadecimal: the key itself is random, so a slow hash adds nothing. */
    hash: text().notNull().unique(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp({ withTimezone: true }),
    revokedAt: timestamp({ withTimezone: true }),
    lastUsedAt: timestamp({ withTimezone: true }),
  },
  () => [check('api_key_name_check', sql`name <> '' and length(name) <= 200`)],
);
