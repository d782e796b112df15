import { sql } from 'drizzle-orm';
import {
  boolean,
  customType,
  date,
  foreignKey,
  index,
  integer,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { holds } from '../sql.js';
import { article } from './article.js';
import { pgTable, primaryKey, endLive } from './columns.js';
import { entity } from './entity.js';

export interface CharacterRange {
  start: number;
  end: number;
}

/** Ranges of a text as an `int4multirange`, `{[0,4),[20,24)}`, in Unicode code points. */
const characterRanges = customType<{ data: CharacterRange[]; driverData: string }>({
  dataType: () => 'int4multirange',
  toDriver: (ranges) => `{${ranges.map(({ start, end }) => `[${start},${end})`).join(',')}}`,
  fromDriver: (value) =>
    [...value.matchAll(/\[(\d+),(\d+)\)/g)].map(([, start, end]) => ({
      start: Number(start),
      end: Number(end),
    })),
});

/**
 * An article names an entity, at these ranges of its body. `publishedSort` repeats the article's,
 * for the list of an entity's mentions, newest first.
 */
export const mention = pgTable(
  'mention',
  {
    id: primaryKey(),
    articleId: uuid().notNull(),
    articleLive: endLive(),
    entityId: uuid().notNull(),
    entityLive: endLive(),
    ranges: characterRanges().notNull(),
    start: integer()
      .notNull()
      .generatedAlwaysAs(sql`coalesce(lower(ranges), 0)`),
    publishedSort: date().notNull(),
    live: boolean()
      .notNull()
      .generatedAlwaysAs(sql`article_live and entity_live`),
  },
  (table) => [
    uniqueIndex('mention_key').on(table.articleId, table.entityId),
    foreignKey({
      name: 'mention_article_key',
      columns: [table.articleId, table.publishedSort, table.articleLive],
      foreignColumns: [article.id, article.publishedSort, article.live],
    }).onUpdate('cascade'),
    foreignKey({
      name: 'mention_entity_key',
      columns: [table.entityId, table.entityLive],
      foreignColumns: [entity.id, entity.live],
    }).onUpdate('cascade'),
    index('mention_article_index')
      .on(table.articleId, table.start, table.id)
      .where(holds(table.live)),
    // For the articles that name an entity, as `mention_entity_index` is for its mentions.
    index('mention_entity_article_index')
      .on(table.entityId, table.publishedSort, table.articleId)
      .where(holds(table.live)),
    index('mention_entity_index')
      .on(table.entityId, table.publishedSort, table.id)
      .where(holds(table.live)),
  ],
);
