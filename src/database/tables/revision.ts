import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgEnum, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { article } from './article.js';
import { pgTable, primaryKey } from './columns.js';
import { entity } from './entity.js';
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
]);

/** Who changed which record, when, from what to what, and why. Rows are only ever added. */
export const revision = pgTable(
  'revision',
  {
    id: primaryKey(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    actor: text().notNull(),
    action: revisionAction().notNull(),
    reason: text(),
    entityId: uuid().references(() => entity.id),
    articleId: uuid().references(() => article.id),
    eventId: uuid().references(() => event.id),
    positionId: uuid().references(() => position.id),
    membershipId: uuid().references(() => membership.id),
    statementId: uuid().references(() => statement.id),
    /** The fields that changed, with their values before and after. */
    changes: jsonb().$type<Record<string, { before: unknown; after: unknown }>>().notNull(),
  },
  (table) => [
    check(
      'revision_record_check',
      sql`num_nonnulls(entity_id, article_id, event_id, position_id, membership_id, statement_id) = 1`,
    ),
    index('revision_record_index').on(
      sql`coalesce(entity_id, article_id, event_id, position_id, membership_id, statement_id)`,
      table.id,
    ),
  ],
);
