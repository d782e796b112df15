/** Repairs the histories of records that lose a link, a list item or a reference by an erasure. */
import { getColumns, getTableName, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { readRows, type Queryable } from '../../database/database.js';
import { readHistories, readStates, sameValue, stateAfter } from '../history/state.js';
import { uuids } from '../reading/keys.js';
import { Changeset } from '../writing/changeset.js';
import type { Changes } from '../writing/compare.js';
import { addRevisions, type Authorship } from '../writing/revisions.js';
import type { Catalog } from './catalog.js';
import { recordsAmong, type Cascade } from './cascade.js';
import { type RecordType, recordTypeKeys, recordTypes } from '../model/recordTypes.js';

/** The ids of the records that link to erased ones. Called before the erasure. */
export async function recordsThatName(
  db: Queryable,
  { links }: Catalog,
  reach: Cascade,
): Promise<Set<string>> {
  const ids = uuids([...reach]);
  const found = new Set<string>();
  const add = async (column: string, table: string, link: string): Promise<void> => {
    const rows = await readRows<{ id: string | null }>(
      db,
      sql`select distinct ${sql.raw(column)} as id from ${sql.identifier(table)}
        where ${sql.identifier(link)} = any(${ids})`,
    );
    for (const { id } of rows) if (id !== null && !reach.has(id)) found.add(id);
  };
  for (const { tables, lists } of Object.values(recordTypes)) {
    for (const table of tables.map(getTableName)) {
      for (const link of links) {
        if (link.table === table && !link.isRequired) await add('id', table, link.column);
      }
    }
    for (const list of Object.values(lists)) {
      const table = getTableName(list.table);
      const columns = getColumns(list.table) as Record<string, PgColumn>;
      const owner = columns[list.owner]?.name ?? '';
      for (const link of links) {
        if (link.table === table && link.column !== owner) await add(owner, table, link.column);
      }
    }
  }
  await add(factOfReference, 'reference', 'article_id');
  return found;
}

/**
 * Adds a revision to each record whose state differs from its replayed history, without the former
 * values.
 */
export async function settleHistories(
  tx: Queryable,
  records: Iterable<string>,
  authorship: Authorship,
): Promise<void> {
  const byRecordType = new Map<RecordType, string[]>();
  for (const { recordType, id } of await recordsAmong(tx, new Set(records))) {
    byRecordType.set(recordType, [...(byRecordType.get(recordType) ?? []), id]);
  }
  for (const recordType of recordTypeKeys) {
    const ids = byRecordType.get(recordType) ?? [];
    for (let i = 0; i < ids.length; i += batchSize) {
      await settle(tx, recordType, ids.slice(i, i + batchSize), authorship);
    }
  }
}

// Private:

const batchSize = 200;

const factOfReference = `coalesce(entity_id, position_id, membership_id, event_id, statement_id,
  (select s.office_id from office_status s where s.id = reference.office_status_id))`;

async function settle(
  tx: Queryable,
  recordType: RecordType,
  ids: string[],
  authorship: Authorship,
): Promise<void> {
  const states = await readStates(tx, recordType, ids);
  const histories = await readHistories(tx, ids);
  const { arc } = recordTypes[recordType];
  const revisions = [...states].map(([id, present]) => {
    const recorded = stateAfter(histories.get(id) ?? []);
    const changes: Changes = {};
    for (const [name, value] of Object.entries(present.fields)) {
      if (!sameValue(name, recorded.fields[name], value))
        changes[name] = { before: null, after: value };
    }
    const lost = [...recorded.references.keys()].filter((key) => !present.references.has(key));
    if (lost.length > 0) {
      changes['references'] = { before: lost.map((key) => ({ id: key })), after: [] };
    }
    return { arc, id, action: 'UPDATE' as const, changes };
  });
  const changeset = new Changeset();
  await addRevisions(tx, revisions, authorship, changeset);
  await changeset.apply(tx);
}
