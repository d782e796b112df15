/** Revisions: who changed which record, when, from what to what, and why. */
import { sql, type SQL } from 'drizzle-orm';
import { revision } from '../../database/tables/index.js';
import type { Batcher, Key } from '../reading/batcher.js';
import { defineCollection, type RowOf } from '../reading/collection.js';
import { dependency, type View } from '../reading/view.js';
import { keysTable, keyArrays } from '../reading/keys.js';
import type { Queries } from '../reading/queries.js';

const columns = {
  id: revision.id,
  number: revision.number,
  changeId: revision.changeId,
  at: revision.at,
  actor: revision.actor,
  identity: revision.identity,
  importedBy: revision.importedBy,
  action: revision.action,
  reason: revision.reason,
  changes: revision.changes,
  entityId: revision.entityId,
  articleId: revision.articleId,
  eventId: revision.eventId,
  positionId: revision.positionId,
  membershipId: revision.membershipId,
  statementId: revision.statementId,
};

export type RevisionRecord = RowOf<typeof columns>;

/** The record that a revision is about, in the words of its index. */
const record = sql`coalesce(${revision.entityId}, ${revision.articleId}, ${revision.eventId}, ${revision.positionId}, ${revision.membershipId}, ${revision.statementId})`;

export const revisions = defineCollection({
  name: 'revisions',
  id: revision.id,
  live: sql`true`,
  columns,
  source: revision,
  orders: { NUMBER: { column: revision.number, type: 'integer' } },
  parents: { record: [(id: SQL) => sql`${record} = ${id}`] },
  conditions: () => [],
});

/** How many revisions records have, which tells whether one has changed. */
export class RevisionNumbers {
  readonly #queries: Queries;
  readonly #batcher: Batcher;

  constructor(queries: Queries, batcher: Batcher) {
    this.#queries = queries;
    this.#batcher = batcher;
  }

  /** 0 for a record without history. */
  async of(view: View, id: string): Promise<number> {
    view.reads?.add(dependency.record(id));
    const number = await this.#batcher.load('revision numbers', (keys) => this.#fetch(keys), id);
    return number ?? 0;
  }

  // Private:

  async #fetch(keys: readonly Key[]): Promise<number[]> {
    const rows = await this.#queries.run<{ n: number; number: number | null }>(
      'revision numbers',
      (db) =>
        db
          .select({
            n: sql<number>`asked.n::int`,
            number: sql<
              number | null
            >`(select max(${revision.number}) from ${revision} where ${record} = asked.p0)`,
          })
          .from(keysTable(['uuid'])),
      keyArrays(keys, ['uuid']),
    );
    const numbers = keys.map(() => 0);
    for (const { n, number } of rows) numbers[n - 1] = number ?? 0;
    return numbers;
  }
}
