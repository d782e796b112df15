/**
 * Columns that repeat a column of another row, so that an index of one table serves a list and its
 * filters. The writer fills them in; foreign keys with ON UPDATE CASCADE reject a row where they
 * differ, and keep them equal when the other row changes.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import {
  article,
  entity,
  event,
  eventParticipant,
  membership,
  mention,
  organization,
  person,
  position,
  reference,
  statement,
  statementSubject,
} from '../../database/tables/index.js';

/** The subquery that reads the repeated column for a row `written`; undefined for other columns. */
export function copyOf(table: PgTable, column: string): SQL | undefined {
  const copy = copies.get(table)?.[column];
  if (!copy) return undefined;
  const [source, of, key] = copy;
  return sql`(select ${of} from ${source} where ${source.id} = written.${sql.identifier(key.name)})`;
}

// Private:

type Copy = [source: PgTable & { id: PgColumn }, column: PgColumn, key: PgColumn];

const copies = new Map<PgTable, Record<string, Copy>>([
  [
    statement,
    {
      articleLive: [article, article.live, statement.articleId],
      speakerLive: [entity, entity.live, statement.speakerId],
    },
  ],
  [
    position,
    {
      personLive: [person, person.live, position.personId],
      organizationLive: [organization, organization.live, position.organizationId],
    },
  ],
  [
    membership,
    {
      memberLive: [organization, organization.live, membership.memberId],
      organizationLive: [organization, organization.live, membership.organizationId],
    },
  ],
  [reference, { articleLive: [article, article.live, reference.articleId] }],
  [
    mention,
    {
      publishedSort: [article, article.publishedSort, mention.articleId],
      articleLive: [article, article.live, mention.articleId],
      entityLive: [entity, entity.live, mention.entityId],
    },
  ],
  [
    statementSubject,
    {
      saidSort: [statement, statement.saidSort, statementSubject.statementId],
      live: [statement, statement.live, statementSubject.statementId],
    },
  ],
  [
    eventParticipant,
    {
      startSort: [event, event.startSort, eventParticipant.eventId],
      live: [event, event.live, eventParticipant.eventId],
    },
  ],
]);
