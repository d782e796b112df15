import { eq, isNotNull, sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  text,
  uniqueIndex,
  uuid,
  foreignKey,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import { allHold, coalesce, holds, literal, md5, numNonnulls } from '../sql.js';
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
    check('reference_fact_check', eq(numNonnulls(...factKeys(table)), 1)),
    check(
      'reference_offsets_check',
      sql`case when ${table.verified}
        then ${table.start} >= 0 and ${table.end} > ${table.start} and ${table.start} is not null and ${table.end} is not null
        else ${table.start} is null and ${table.end} is null end`,
    ),
    // Unverified references have no offsets, and may be equal but for those that they once had.
    uniqueIndex('reference_key')
      .on(
        coalesce(...factKeys(table)),
        table.articleId,
        table.start,
        md5(table.exact),
        coalesce(table.field, literal('')),
      )
      .where(holds(table.verified)),
    index('reference_fact_index').on(coalesce(...factKeys(table))),
    index('reference_article_index').on(table.articleId, table.id).where(holds(table.live)),
    index('reference_entity_index')
      .on(table.entityId, table.id)
      .where(allHold(table.live, isNotNull(table.entityId))),
    index('reference_office_status_index')
      .on(table.officeStatusId, table.id)
      .where(allHold(table.live, isNotNull(table.officeStatusId))),
    index('reference_position_index')
      .on(table.positionId, table.id)
      .where(allHold(table.live, isNotNull(table.positionId))),
    index('reference_membership_index')
      .on(table.membershipId, table.id)
      .where(allHold(table.live, isNotNull(table.membershipId))),
    index('reference_event_index')
      .on(table.eventId, table.id)
      .where(allHold(table.live, isNotNull(table.eventId))),
    index('reference_statement_index')
      .on(table.statementId, table.id)
      .where(allHold(table.live, isNotNull(table.statementId))),
  ],
);

type FactKey =
  'entityId' | 'officeStatusId' | 'positionId' | 'membershipId' | 'eventId' | 'statementId';

/** The keys of facts, of which a reference has one, in the order of the index on them. */
export const factKeys = (table: Record<FactKey, AnyPgColumn>): AnyPgColumn[] => [
  table.entityId,
  table.officeStatusId,
  table.positionId,
  table.membershipId,
  table.eventId,
  table.statementId,
];
