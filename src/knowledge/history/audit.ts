/** The audit: compares history with state, references with bodies, and statements with bodies. */
import { count, isNull, sql } from 'drizzle-orm';
import { getTableName } from 'drizzle-orm';
import { readRows, type Database, type Queryable } from '../../database/database.js';
import { erasure } from '../../database/tables/index.js';
import { inOneSnapshot, untilUnchanged } from '../reading/snapshot.js';
import { auditBodies } from './auditBodies.js';
import { shown, type AuditSummary } from './discrepancy.js';
import { readMisdirected } from './misdirected.js';
import {
  readHistories,
  readStates,
  sameValue,
  stateAfter,
  type RecordState,
  type RevisionRow,
} from './state.js';
import { type RecordType, recordTypeKeys, recordTypes } from '../model/recordTypes.js';

/**
 * Replays the history of every record and compares the result with its state; compares every
 * verified reference, and the words of every DIRECT and MIXED statement, with the body of its
 * article. Reads one snapshot; writes nothing.
 */
export function audit(
  database: Database,
  onProgress: (records: number) => void = () => {},
): Promise<AuditSummary> {
  return untilUnchanged(() =>
    inOneSnapshot(database, async (tx) => {
      const summary: AuditSummary = {
        records: 0,
        revisions: 0,
        references: 0,
        erased: 0,
        discrepancies: [],
      };
      for (const recordType of recordTypeKeys) {
        for await (const ids of pagesOf(tx, recordType)) {
          await auditRecords(tx, recordType, ids, summary);
          onProgress(summary.records);
        }
      }
      for await (const ids of articlePages(tx)) await auditBodies(tx, ids, summary);
      await auditTombstones(tx, summary);
      return summary;
    }),
  );
}

// Private:

const pageSize = 500;

async function* pagesOf(tx: Queryable, recordType: RecordType): AsyncGenerator<string[]> {
  const [table, own] = recordTypes[recordType].tables;
  yield* pages(tx, getTableName(own ?? table), 'id');
}

const articlePages = (tx: Queryable) => pages(tx, 'article_body', 'article_id');

async function* pages(tx: Queryable, table: string, key: string): AsyncGenerator<string[]> {
  const [from, column] = [sql.identifier(table), sql.identifier(key)];
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await readRows<{ id: string }>(
      tx,
      sql`select ${column} as id from ${from} where ${column} > ${after}::uuid
        order by ${column} limit ${pageSize}`,
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ id }) => id);
    after = last.id;
  }
}

async function auditRecords(
  tx: Queryable,
  recordType: RecordType,
  ids: string[],
  summary: AuditSummary,
): Promise<void> {
  const states = await readStates(tx, recordType, ids);
  const histories = await readHistories(tx, ids);
  for (const history of histories.values()) summary.revisions += history.length;
  for (const [id, state] of states) {
    summary.records++;
    for (const message of differences(histories.get(id) ?? [], state)) {
      summary.discrepancies.push({ recordType, id, message });
    }
  }
  for (const { id, field, slug } of await readMisdirected(tx, recordType, ids)) {
    const message = `${field} is ${shown(slug)}, which was merged into another record: link to that record instead`;
    summary.discrepancies.push({ recordType, id, message });
  }
}

function differences(history: RevisionRow[], present: RecordState): string[] {
  if (history.length === 0) return ['has no history'];
  const gap = history.findIndex(({ number }, i) => number !== i + 1);
  if (gap >= 0) return [`its revisions are not numbered from 1 to ${history.length}`];
  const recorded = stateAfter(history);
  const names = new Set([...Object.keys(recorded.fields), ...Object.keys(present.fields)]);
  const differing = [...names].filter(
    (name) => !sameValue(name, recorded.fields[name], present.fields[name]),
  );
  const messages = differing.map(
    (name) =>
      `${name} is ${shown(present.fields[name])}, but its history says ${shown(recorded.fields[name])}`,
  );
  for (const id of recorded.references.keys()) {
    if (!present.references.has(id))
      messages.push(`its history has a reference ${id} that does not exist`);
  }
  for (const id of present.references.keys()) {
    if (!recorded.references.has(id)) messages.push(`its history lacks the reference ${id}`);
  }
  return messages;
}

/** Reports erased records that exist again, for example after a partial restore of a backup. */
async function auditTombstones(tx: Queryable, summary: AuditSummary): Promise<void> {
  const [tombstones] = await tx
    .select({ count: count() })
    .from(erasure)
    .where(isNull(erasure.field));
  summary.erased = tombstones?.count ?? 0;
  for (const recordType of summary.erased > 0 ? recordTypeKeys : []) {
    const [table] = recordTypes[recordType].tables;
    const rows = await readRows<{ id: string }>(
      tx,
      sql`select it.id from erasure e join ${table} it on it.id = e.record_id
        where e.field is null and e.type = ${recordTypes[recordType].enumValue}::record_type`,
    );
    for (const { id } of rows) {
      summary.discrepancies.push({ recordType, id, message: 'was erased, but exists' });
    }
  }
}
