/** Revisions: who changed which record, when, from what to what, and why. */
import { eq, sql, type SQL } from 'drizzle-orm';
import { coalesce, literal } from '../../database/sql.js';
import { entity, erasure, recordKeys, revision } from '../../database/tables/index.js';
import type { Batcher } from '../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../reading/batchedQuery.js';
import { defineCollection, type RowOf } from '../reading/collection.js';
import { dependency, type View } from '../reading/view.js';
import { keyNumber, keysTable } from '../reading/keys.js';
import type { Queries } from '../reading/queries.js';
import {
  recordTypeByEnum,
  recordTypeKeys,
  recordTypes,
  type RecordType,
} from '../model/recordTypes.js';

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
  entity: { type: entity.type },
  erasure: { type: erasure.type },
};

export type RevisionRecord = RowOf<typeof columns>;

/** The record that a revision is about; the expression of its index. */
const record = coalesce(...recordKeys(revision));

export const revisions = defineCollection({
  name: 'revisions',
  id: revision.id,
  live: literal(true),
  columns,
  source: revision,
  joins: [
    { table: entity, from: revision.entityId, to: entity.id },
    { table: erasure, from: revision.erasureId, to: erasure.id },
  ],
  orders: { NUMBER: { column: revision.number, type: 'integer' }, CREATED_AT: null },
  parents: { record: [(id: SQL) => eq(record, id)], change: [revision.changeId] },
  conditions: () => [],
});

/** The type of the record of a revision, also of one that was erased. */
export function recordTypeOf(row: RevisionRecord): RecordType {
  const fact = recordTypeKeys.find((type) => {
    const { arc } = recordTypes[type];
    return arc !== 'entityId' && row[arc] !== null;
  });
  if (fact) return fact;
  const type = row.entity?.type ?? row.erasure?.type;
  if (!type) throw new Error('a revision is of a record or of an erasure');
  return recordTypeByEnum[type];
}

/** Reads the numbers of records' last revisions. */
export class RevisionNumbers {
  readonly #runner: QueryRunner;

  constructor(queries: Queries, batcher: Batcher) {
    this.#runner = { queries, batcher };
  }

  /** 0 for a record without history. */
  async of(view: View, id: string): Promise<number> {
    view.reads?.add(dependency.record(id));
    const [row] = await numbersOf(this.#runner, [id]);
    return row?.number ?? 0;
  }
}

// Private:

const numbersOf = batchedQuery<KeyedRow & { number: number | null }>({
  name: 'revision numbers',
  types: ['uuid'],
  build: (db) =>
    db
      .select({
        $n: keyNumber,
        number: sql<
          number | null
        >`(select max(${revision.number}) from ${revision} where ${record} = keys.p0)`,
      })
      .from(keysTable(['uuid'])),
});
