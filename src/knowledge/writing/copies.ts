/**
 * Columns that repeat those of another row, for the sake of lists and filters. Foreign keys keep
 * them equal; triggers fill them in for whoever does not.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
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

/** What a column of a row `written` repeats, looked up; undefined for a column of its own. */
export function copyOf(table: PgTable, column: string): SQL | undefined {
  const copy = copies.get(table)?.[column];
  if (!copy) return undefined;
  const [source, of, key] = copy;
  return sql`(select ${of} from ${source} where ${source.id} = written.${sql.identifier(key.name)})`;
}

/** Tells the triggers whether the statements that follow fill the copies in themselves. */
export const withCopies = async (tx: Queryable, given: boolean): Promise<void> =>
  void (await tx.execute(sql`select set_config('chancery.copies', ${given ? 'given' : ''}, true)`));

// Private:

type Copy = [source: PgTable & { id: PgColumn }, column: PgColumn, key: PgColumn];

/** One look-up for all rows of a statement costs a fraction of a trigger for each. */
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
