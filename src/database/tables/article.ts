import { eq, isNotNull, sql } from 'drizzle-orm';
import {
  index,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import { holds } from '../sql.js';
import {
  bodyAccess,
  dateRange,
  foldedText,
  mergeableLifecycle,
  partialDate,
  pgTable,
  primaryKey,
  sortDate,
  slugCheck,
} from './columns.js';
import { organization } from './organization.js';

/** A news article without its body, which lists do not read. */
export const article = pgTable(
  'article',
  {
    id: primaryKey(),
    slug: text().notNull().unique(),
    title: text().notNull(),
    sortTitle: foldedText().notNull(),
    byline: text(),
    publisherId: uuid().references(() => organization.id),
    language: text(),
    url: text(),
    publishedOn: partialDate(),
    publishedSort: sortDate('published_on'),
    publishedDuring: dateRange()
      .notNull()
      .generatedAlwaysAs(sql`possible_period(published_on, published_on)`),
    /** SHA-256 of the body in hexadecimal; null while the body is not held. */
    bodyHash: text(),
    /** The present right counts for the past as well: see `body_access_now`. */
    bodyAccess: bodyAccess().notNull().default('FULL'),
    ...mergeableLifecycle((): AnyPgColumn => article.id),
  },
  (table) => [
    slugCheck('article', table),
    index('article_merged_into_index').on(table.mergedIntoId).where(isNotNull(table.mergedIntoId)),
    unique('article_live_key').on(table.id, table.live),
    unique('article_list_key').on(table.id, table.publishedSort, table.live),
    uniqueIndex('article_url_key').on(table.url),
    index('article_published_index').on(table.publishedSort, table.id).where(holds(table.live)),
    index('article_title_index').on(table.sortTitle, table.id).where(holds(table.live)),
    index('article_withheld_index').on(table.id).where(eq(table.bodyAccess, 'PASSAGES')),
    index('article_publisher_index')
      .on(table.publisherId, table.publishedSort, table.id)
      .where(holds(table.live)),
  ],
);

/** The text of an article. */
export const articleBody = pgTable('article_body', {
  articleId: uuid()
    .primaryKey()
    .references(() => article.id),
  text: text().notNull(),
  fetchedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
