import { eq } from 'drizzle-orm';
import { article, mention } from '../../database/tables/index.js';
import { anyOf, fallsInto, yearOf, type DateRange } from '../reading/conditions.js';
import { defineCollection, type RowOf } from '../reading/collection.js';
import { existsIn } from '../reading/subqueries.js';

/** The fields of articles; bodies are read separately. */
export const articleFields = {
  id: article.id,
  slug: article.slug,
  title: article.title,
  byline: article.byline,
  publisherId: article.publisherId,
  language: article.language,
  url: article.url,
  publishedOn: article.publishedOn,
  bodyHash: article.bodyHash,
  bodyAccess: article.bodyAccess,
  publicationStatus: article.status,
  createdAt: article.createdAt,
  updatedAt: article.updatedAt,
};

export type ArticleRecord = RowOf<typeof articleFields>;

/** All conditions must match; a list matches any of its values. */
export interface ArticleFilter {
  /** Only records with these ids. */
  ids?: string[] | undefined;
  url?: string[] | undefined;
  publisher?: string[] | undefined;
  publishedOn?: DateRange | undefined;
  language?: string[] | undefined;
  mentioning?: string[] | undefined;
}

export const articles = defineCollection({
  name: 'articles',
  id: article.id,
  live: article.live,
  columns: articleFields,
  source: article,
  redirected: true,
  orders: {
    PUBLISHED_ON: { column: article.publishedSort, type: 'date' },
    TITLE: { column: article.sortTitle, type: 'text' },
    CREATED_AT: null,
  },
  parents: {
    publisher: [article.publisherId],
    mentioning: [
      {
        through: mention,
        parent: mention.entityId,
        id: mention.articleId,
        live: mention.live,
        sort: { PUBLISHED_ON: mention.publishedSort },
      },
    ],
  },
  groups: {
    PUBLISHER: { value: article.publisherId, isEntity: true },
    LANGUAGE: { value: article.language },
    YEAR: { value: yearOf(article.publishedOn) },
  },
  conditions: ({ ids, url, publisher, publishedOn, language, mentioning }: ArticleFilter, bind) => [
    anyOf(article.id, ids, bind),
    anyOf(article.url, url, bind),
    anyOf(article.publisherId, publisher, bind),
    fallsInto(article.publishedDuring, publishedOn, article.publishedOn, bind),
    anyOf(article.language, language, bind),
    mentioning &&
      existsIn(mention, [
        eq(mention.articleId, article.id),
        anyOf(mention.entityId, mentioning, bind),
      ]),
  ],
  consults: [mention],
});
