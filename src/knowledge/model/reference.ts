import { eq, sql } from 'drizzle-orm';
import { holds } from '../../database/sql.js';
import { article, reference } from '../../database/tables/index.js';
import { textArray } from '../reading/keys.js';
import { articleFields } from './article.js';
import { defineCollection, type RowOf } from '../reading/collection.js';

const columns = {
  id: reference.id,
  entityId: reference.entityId,
  officeStatusId: reference.officeStatusId,
  positionId: reference.positionId,
  membershipId: reference.membershipId,
  eventId: reference.eventId,
  statementId: reference.statementId,
  field: reference.field,
  exact: reference.exact,
  prefix: reference.prefix,
  suffix: reference.suffix,
  start: reference.start,
  end: reference.end,
  verified: reference.verified,
  // A reference is hardly ever read without its article's title, so they come together.
  article: articleFields,
};

export type ReferenceRecord = RowOf<typeof columns>;

/** A reference cites a passage of an article or an entry of a source; all that are stored are passages. */
export type ReferenceKind = 'PASSAGE' | 'ENTRY';

/** All conditions must hold; a list means any of it. */
export interface ReferenceFilter {
  kind?: ReferenceKind[] | undefined;
  verified?: boolean | undefined;
}

export const references = defineCollection({
  name: 'references',
  id: reference.id,
  live: reference.live,
  columns,
  source: reference,
  joins: [{ table: article, from: reference.articleId, to: article.id, and: holds(article.live) }],
  orders: { CREATED_AT: null },
  parents: {
    entity: [reference.entityId],
    officeStatus: [reference.officeStatusId],
    position: [reference.positionId],
    membership: [reference.membershipId],
    event: [reference.eventId],
    statement: [reference.statementId],
    article: [reference.articleId],
  },
  conditions: ({ kind, verified }: ReferenceFilter, bind) => [
    kind && sql`'PASSAGE' = any(${bind(textArray(kind))}::text[])`,
    verified === undefined ? undefined : eq(reference.verified, verified),
  ],
});
