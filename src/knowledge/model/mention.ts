import { eq } from 'drizzle-orm';
import { holds } from '../../database/sql.js';
import { article, entity, mention } from '../../database/tables/index.js';
import { articleFields } from './article.js';
import { anyOf } from '../reading/conditions.js';
import type { EntityRecord } from './entity.js';
import { defineCollection, type RowOf } from '../reading/collection.js';
import { existsIn } from '../reading/subqueries.js';

const columns = {
  id: mention.id,
  articleId: mention.articleId,
  entityId: mention.entityId,
  ranges: mention.ranges,
  article: articleFields,
};

export type MentionRecord = RowOf<typeof columns>;

/** All conditions must match; a list matches any of its values. */
export interface MentionFilter {
  type?: EntityRecord['type'][] | undefined;
}

export const mentions = defineCollection({
  name: 'mentions',
  id: mention.id,
  live: mention.live,
  columns,
  source: mention,
  joins: [{ table: article, from: mention.articleId, to: article.id, and: holds(article.live) }],
  orders: {
    PUBLISHED_ON: { column: mention.publishedSort, type: 'date' },
    APPEARANCE: { column: mention.start, type: 'integer' },
  },
  parents: { article: [mention.articleId], entity: [mention.entityId] },
  conditions: ({ type }: MentionFilter, bind) => [
    type && existsIn(entity, [eq(entity.id, mention.entityId), anyOf(entity.type, type, bind)]),
  ],
  consults: [entity],
});
