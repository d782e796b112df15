/**
 * The state of a record in the terms of its history: fields by name, links by slug, references by
 * id. Replaying revisions from the first yields the state after the last.
 */
import { getColumns } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { revision } from '../../database/tables/index.js';
import { uuids } from '../reading/keys.js';
import { slugsOf } from '../reading/slugs.js';
import { listing } from '../writing/compare.js';
import { selectRecords } from '../writing/current.js';
import { citation } from '../writing/referencePlan.js';
import { factOf, readReferences } from '../writing/references.js';
import { fieldOf, linksIn, readable } from '../writing/revisions.js';
import { type RecordType, recordTypes } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';
import { recordIdOf, revisedRecord } from '../model/recordTables.js';

export interface RecordState {
  fields: Values;
  /** As history records them, by id. */
  references: Map<string, Values>;
}

export type RevisionRow = typeof revision.$inferSelect;

/** All revisions of these records, first to last. */
export const readRevisions = async (
  db: Queryable,
  ids: readonly string[],
): Promise<RevisionRow[]> =>
  db
    .select(getColumns(revision))
    .from(revision)
    .where(equalsAny(revisedRecord, uuids(ids)))
    .orderBy(revision.number);

/** All revisions of these records by their ids, each record's first to last. */
export async function readHistories(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, RevisionRow[]>> {
  const histories = new Map<string, RevisionRow[]>(ids.map((id) => [id, []]));
  for (const row of await readRevisions(db, ids)) histories.get(recordIdOf(row))?.push(row);
  return histories;
}

/** Replays a record's revisions, beginning with the first. */
export function stateAfter(revisions: readonly Pick<RevisionRow, 'changes'>[]): RecordState {
  const state: RecordState = { fields: {}, references: new Map() };
  for (const { changes } of revisions) {
    for (const [name, { before, after }] of Object.entries(changes)) {
      if (name === 'references') {
        for (const { id } of cited(before)) state.references.delete(id);
        for (const each of cited(after)) state.references.set(each.id, each);
      } else state.fields[name] = after;
    }
  }
  return state;
}

/** The current fields and lists of records, without references, which cost more. */
export async function selectFields(
  db: Queryable,
  recordType: RecordType,
  ids: readonly string[],
): Promise<Map<string, Values>> {
  const { values } = await selectValues(db, recordType, ids);
  const slugs = await slugsOf(db, [
    ...new Set([...values.values()].flatMap((each) => linksIn(each))),
  ]);
  return new Map([...values].map(([id, each]) => [id, fieldsOf(each, slugs)]));
}

/** The current states of records. */
export async function readStates(
  db: Queryable,
  recordType: RecordType,
  ids: readonly string[],
): Promise<Map<string, RecordState>> {
  const { values, owners } = await selectValues(db, recordType, ids);
  const rows = (await readReferences(db, [...owners.keys()])).filter(({ deletedAt }) => !deletedAt);
  const links = [...values.values()].flatMap((each) => linksIn(each));
  const slugs = await slugsOf(db, [
    ...new Set([...links, ...rows.map(({ articleId }) => articleId)]),
  ]);
  const states = new Map(
    [...values].map(([id, each]): [string, RecordState] => [
      id,
      { fields: fieldsOf(each, slugs), references: new Map() },
    ]),
  );
  for (const row of rows) {
    const owner = owners.get(factOf(row)) ?? '';
    const [reference] = readable('references', [citation(row)], slugs) as Values[];
    if (reference) states.get(owner)?.references.set(row.id, reference);
  }
  return states;
}

/** Whether two values of a field are the same; an empty list equals null. */
export function sameValue(field: string, a: unknown, b: unknown): boolean {
  return canonical(plain(field, a)) === canonical(plain(field, b));
}

// Private:

/** The recorded columns and lists of records, and the records by the ids of facts that references support. */
async function selectValues(
  db: Queryable,
  recordType: RecordType,
  ids: readonly string[],
): Promise<{ values: Map<string, Values>; owners: Map<string, string> }> {
  const { lists: definitions } = recordTypes[recordType];
  const records = await selectRecords(db, recordType, ids, Object.keys(definitions));
  const columns = recordedColumns(recordType);
  const owners = new Map(ids.map((id) => [id, id]));
  const values = new Map<string, Values>();
  for (const [id, { fields, lists }] of records) {
    const recorded: Values = {};
    for (const name of columns) recorded[name] = fields[name];
    for (const [name, list] of Object.entries(definitions)) {
      recorded[name] = listing(list, lists[name] ?? []);
      if (list.cited) for (const row of lists[name] ?? []) owners.set(String(row['id']), id);
    }
    values.set(id, recorded);
  }
  return { values, owners };
}

/** Columns as history names them: links by slug, `parentId` as `parent`. */
const fieldsOf = (values: Values, slugs: ReadonlyMap<string, string>): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [fieldOf(name), readable(name, value, slugs)]),
  );

type Cited = Values & { id: string };

/** References in a revision; early revisions recorded only their words, without ids. */
const cited = (value: unknown): Cited[] =>
  (Array.isArray(value) ? (value as unknown[]) : []).filter(
    (each): each is Cited => typeof each === 'object' && each !== null && 'id' in each,
  );

/** Columns of every type that history does not record. */
const unrecorded = new Set(['id', 'live', 'createdAt', 'updatedAt']);

/** The columns that history records. */
function recordedColumns(recordType: RecordType): string[] {
  const { tables, derivedColumns } = recordTypes[recordType];
  const columns = tables.flatMap((table) =>
    Object.entries(getColumns(table) as Record<string, PgColumn>),
  );
  const names = columns.flatMap(([name, { generated }]) =>
    generated || unrecorded.has(name) || derivedColumns.includes(name) ? [] : name,
  );
  return [...new Set(names)];
}

/** Lists whose order is not significant. */
const unordered = new Set(['names', 'identifiers', 'statuses', 'mentions']);

function plain(field: string, value: unknown): unknown {
  if (field === 'status') return value ?? 'PUBLISHED';
  if (field === 'bodyAccess') return value ?? 'FULL';
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return null;
  if (field === 'deletedAt' && value !== null) return new Date(value as string | Date).getTime();
  if (unordered.has(field) && Array.isArray(value)) return value.map(canonical).sort();
  return value;
}

/** JSON with the keys of objects in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
