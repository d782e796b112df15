import { isNotNull, sql } from 'drizzle-orm';
import {
  boolean,
  date,
  foreignKey,
  index,
  integer,
  pgEnum,
  primaryKey as compositeKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { allHold, holds, md5 } from '../sql.js';
import { article } from './article.js';
import {
  dateRange,
  lifecycle,
  partialDate,
  pgTable,
  primaryKey,
  sortDate,
  endLive,
} from './columns.js';
import { entity } from './entity.js';
import { event } from './event.js';
import { place } from './place.js';

export const statementKind = pgEnum('statement_kind', ['DIRECT', 'INDIRECT', 'MIXED']);

/** A statement that an article attributes to a speaker. */
export const statement = pgTable(
  'statement',
  {
    id: primaryKey(),
    articleId: uuid().notNull(),
    articleLive: endLive(),
    kind: statementKind().notNull(),
    text: text().notNull(),
    language: text(),
    speakerId: uuid().notNull(),
    speakerLive: endLive(),
    onBehalfOfId: uuid().references(() => entity.id),
    /** The source that the article names: "Nikkei Asia reported that …". */
    reportedById: uuid().references(() => entity.id),
    placeId: uuid().references(() => place.id),
    eventId: uuid().references(() => event.id),
    occasion: text(),
    saidOn: partialDate(),
    saidSort: sortDate('said_on'),
    saidDuring: dateRange()
      .notNull()
      .generatedAlwaysAs(sql`possible_period(said_on, said_on)`),
    ...lifecycle('article_live', 'speaker_live'),
  },
  (table) => [
    foreignKey({
      name: 'statement_article_key',
      columns: [table.articleId, table.articleLive],
      foreignColumns: [article.id, article.live],
    }).onUpdate('cascade'),
    foreignKey({
      name: 'statement_speaker_key',
      columns: [table.speakerId, table.speakerLive],
      foreignColumns: [entity.id, entity.live],
    }).onUpdate('cascade'),
    unique('statement_list_key').on(table.id, table.saidSort, table.live),
    uniqueIndex('statement_key').on(table.articleId, table.speakerId, md5(table.text)),
    index('statement_said_index').on(table.saidSort, table.id).where(holds(table.live)),
    index('statement_article_index').on(table.articleId, table.id).where(holds(table.live)),
    index('statement_speaker_index')
      .on(table.speakerId, table.saidSort, table.id)
      .where(holds(table.live)),
    index('statement_on_behalf_of_index')
      .on(table.onBehalfOfId, table.saidSort, table.id)
      .where(allHold(table.live, isNotNull(table.onBehalfOfId))),
    index('statement_reported_by_index')
      .on(table.reportedById, table.saidSort, table.id)
      .where(allHold(table.live, isNotNull(table.reportedById))),
    index('statement_event_index')
      .on(table.eventId, table.saidSort, table.id)
      .where(allHold(table.live, isNotNull(table.eventId))),
    index('statement_place_index')
      .on(table.placeId, table.saidSort, table.id)
      .where(allHold(table.live, isNotNull(table.placeId))),
  ],
);

/** The subjects of a statement. `saidSort` and `live` repeat the statement's, for the list of an entity's statements. */
export const statementSubject = pgTable(
  'statement_subject',
  {
    statementId: uuid().notNull(),
    entityId: uuid()
      .notNull()
      .references(() => entity.id),
    ordinal: integer().notNull(),
    saidSort: date().notNull(),
    live: boolean().notNull(),
  },
  (table) => [
    compositeKey({ columns: [table.statementId, table.entityId] }),
    foreignKey({
      name: 'statement_subject_statement_key',
      columns: [table.statementId, table.saidSort, table.live],
      foreignColumns: [statement.id, statement.saidSort, statement.live],
    }).onUpdate('cascade'),
    index('statement_subject_entity_index')
      .on(table.entityId, table.saidSort, table.statementId)
      .where(holds(table.live)),
  ],
);

/** The audience of a statement. */
export const statementAudience = pgTable(
  'statement_audience',
  {
    statementId: uuid()
      .notNull()
      .references(() => statement.id),
    entityId: uuid()
      .notNull()
      .references(() => entity.id),
    ordinal: integer().notNull(),
  },
  (table) => [
    compositeKey({ columns: [table.statementId, table.entityId] }),
    index('statement_audience_entity_index').on(table.entityId),
  ],
);
