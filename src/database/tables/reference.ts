import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  text,
  uniqueIndex,
  uuid,
  foreignKey,
} from 'drizzle-orm/pg-core';
import { article } from './article.js';
import { lifecycle, pgTable, primaryKey, endLive } from './columns.js';
import { entity } from './entity.js';
import { event } from './event.js';
import { membership } from './membership.js';
import { officeStatus } from './office.js';
import { position } from './position.js';
import { statement } from './statement.js';

/**
 * A passage of an article supports a fact. The fact is one of six kinds, each with a foreign key of
 * its own (an exclusive arc), so that the database ensures that it exists.
 */
export const reference = pgTable(
  'reference',
  {
    id: primaryKey(),
    articleId: uuid().notNull(),
    articleLive: endLive(),
    entityId: uuid().references(() => entity.id),
    officeStatusId: uuid().references(() => officeStatus.id, { onDelete: 'cascade' }),
    positionId: uuid().references(() => position.id),
    membershipId: uuid().references(() => membership.id),
    eventId: uuid().references(() => event.id),
    statementId: uuid().references(() => statement.id),
    /** The field of the fact that the passage supports, such as `staffCount`; null: the fact as a whole. */
    field: text(),
    exact: text().notNull(),
    prefix: text(),
    suffix: text(),
    /** Offsets into the body in Unicode code points, the end exclusive. */
    start: integer(),
    end: integer(),
    verified: boolean().notNull(),
    ...lifecycle('article_live'),
  },
  (table) => [
    foreignKey({
      name: 'reference_article_key',
      columns: [table.articleId, table.articleLive],
      foreignColumns: [article.id, article.live],
    }).onUpdate('cascade'),
    check(
      'reference_fact_check',
      sql`num_nonnulls(entity_id, office_status_id, position_id, membership_id, event_id, statement_id) = 1`,
    ),
    check(
      'reference_offsets_check',
      sql`case when verified then start >= 0 and "end" > start and start is not null and "end" is not null
        else start is null and "end" is null end`,
    ),
    // Unverified references have no offsets, and may be equal but for those that they once had.
    uniqueIndex('reference_key')
      .on(
        sql`coalesce(entity_id, office_status_id, position_id, membership_id, event_id, statement_id)`,
        table.articleId,
        table.start,
        sql`md5(exact)`,
        sql`coalesce(field, '')`,
      )
      .where(sql`verified`),
    index('reference_fact_index').on(
      sql`coalesce(entity_id, office_status_id, position_id, membership_id, event_id, statement_id)`,
    ),
    index('reference_article_index')
      .on(table.articleId, table.id)
      .where(sql`live`),
    index('reference_entity_index')
      .on(table.entityId, table.id)
      .where(sql`live and entity_id is not null`),
    index('reference_office_status_index')
      .on(table.officeStatusId, table.id)
      .where(sql`live and office_status_id is not null`),
    index('reference_position_index')
      .on(table.positionId, table.id)
      .where(sql`live and position_id is not null`),
    index('reference_membership_index')
      .on(table.membershipId, table.id)
      .where(sql`live and membership_id is not null`),
    index('reference_event_index')
      .on(table.eventId, table.id)
      .where(sql`live and event_id is not null`),
    index('reference_statement_index')
      .on(table.statementId, table.id)
      .where(sql`live and statement_id is not null`),
  ],
);
