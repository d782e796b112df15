/** Compares a change with the current record. */
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { articleBody } from '../../database/tables/index.js';
import type { Changeset } from './changeset.js';
import type { CurrentRecord } from './current.js';
import type { RecordChange, ListItem } from './recordChange.js';
import type { ListDefinition, Values } from '../model/recordLists.js';
import { recordTypes } from '../model/recordTypes.js';

/** The changed fields with their values before and after. */
export type Changes = Record<string, { before: unknown; after: unknown }>;

export interface Comparison {
  /** The record does not exist yet. */
  isNew: boolean;
  /** Empty if the record already is as the change describes it. */
  changes: Changes;
  /** All columns of the record after the change. */
  fields: Values;
  /** The ids of the rows of its lists. */
  itemIds: Map<ListItem, string>;
  /** The ids of the rows that its lists lose. */
  deletedIds: string[];
  /** The lost rows by list, without those whose name stays. */
  removed: Map<string, Values[]>;
}

/** Compares, and adds the rows of the record's lists and its body to the changeset. */
export function compareRecord(
  recordChange: RecordChange,
  current: CurrentRecord | undefined,
  changeset: Changeset,
): Comparison {
  const kind = recordTypes[recordChange.recordType];
  const given = { ...recordChange.fields, ...bodyFields(recordChange) };
  const changes: Changes = {};
  for (const [name, after] of Object.entries(given)) {
    const before = current?.fields[name] ?? null;
    if (!same(before, after)) changes[name] = { before, after };
  }
  const fields: Values = {
    ...kind.constant,
    ...current?.fields,
    ...given,
    ...kind.derived?.(given),
    id: recordChange.id,
  };
  fields['live'] = isLive(fields);
  const isNew = !current;
  if (changes['bodyHash']) writeBody(recordChange, isNew, changeset);
  const itemIds = new Map<ListItem, string>();
  const removed = new Map<string, Values[]>();
  const deletedIds: string[] = [];
  for (const [name, items] of Object.entries(recordChange.lists)) {
    const list = kind.lists[name];
    if (!list) throw new Error(`${recordChange.recordType} have no list ${name}`);
    const rows = current?.lists[name] ?? [];
    const deleted: Values[] = [];
    if (compareList(list, items, rows, fields, changeset, itemIds, deleted)) {
      const after = valuesOf(list, items).map((values, i) => ({
        ...values,
        id: items[i] && itemIds.get(items[i]),
      }));
      changes[name] = { before: listing(list, rows), after: listing(list, after) };
    }
    for (const { id } of deleted) if (typeof id === 'string') deletedIds.push(id);
    // A name whose language or kind changes is not lost.
    const names = new Set(items.map(({ values }) => values['name']));
    const lost = deleted.filter(({ name: label }) => label === undefined || !names.has(label));
    if (lost.length > 0) removed.set(name, lost);
  }
  if (isNew) Object.assign(fields, kind.initial?.(recordChange.lists, itemIds));
  return { isNew, changes, fields, itemIds, deletedIds, removed };
}

/** Adds the record's rows to the changeset. */
export function writeRecord(
  recordChange: RecordChange,
  { fields, isNew }: Comparison,
  changeset: Changeset,
): void {
  const { createdAt: _, updatedAt: __, ...rest } = fields;
  const { createdAt, updatedAt } = recordChange.past ?? {};
  const row = { ...rest, ...(createdAt && { createdAt }), ...(updatedAt && { updatedAt }) };
  for (const table of recordTypes[recordChange.recordType].tables) {
    if (isNew) changeset.insert(table, row);
    else changeset.upsert(table, row);
  }
}

/** SHA-256 in hexadecimal. */
export const hashBody = (body: string): string => createHash('sha256').update(body).digest('hex');

/** Whether two column values are equal; absent is null. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Date || b instanceof Date) return timeOf(a) === timeOf(b);
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

// Private:

/** The driver returns times as Date, changes have them as text. */
const timeOf = (value: unknown): number | undefined =>
  typeof value === 'string' || value instanceof Date ? new Date(value).getTime() : undefined;

/** Equals the generated column `live` of the entity, which class tables repeat. */
const isLive = ({ status, deletedAt, mergedIntoId }: Values): boolean =>
  status !== 'DRAFT' && !deletedAt && !mergedIntoId;

const bodyFields = ({ body }: RecordChange): Values =>
  body === undefined ? {} : { bodyHash: body === null ? null : hashBody(body) };

function writeBody({ id, body, past }: RecordChange, isNew: boolean, changeset: Changeset): void {
  const fetched = past?.fetchedAt ? { fetchedAt: past.fetchedAt } : {};
  if (typeof body === 'string') {
    const row = { articleId: id, text: body, ...fetched };
    if (isNew) changeset.insert(articleBody, row);
    else changeset.upsert(articleBody, row);
  } else changeset.delete(articleBody, { articleId: id });
}

/** Returns whether the list changes. */
function compareList(
  list: ListDefinition,
  items: ListItem[],
  rows: Values[],
  record: Values,
  changeset: Changeset,
  itemIds: Map<ListItem, string>,
  deletedRows: Values[],
): boolean {
  const expected = valuesOf(list, items);
  const { partners, unmatched } = matchRows(list, expected, rows);
  let differs = false;
  expected.forEach((values, i) => {
    const row = partners[i];
    const given = (row?.['id'] as string | undefined) ?? items[i]?.id;
    const id = given ?? uuidv7();
    if (items[i]) itemIds.set(items[i], id);
    if (row && [...list.key, ...list.others].every((name) => same(row[name], values[name]))) return;
    differs = true;
    const { during: _, ...kept } = row ?? {};
    const written = {
      ...kept,
      ...values,
      ...list.derived?.(values, record),
      id,
      [list.owner]: record['id'],
    };
    if (row || given) changeset.upsert(list.table, written);
    else changeset.insert(list.table, written);
  });
  for (const row of unmatched) {
    differs = true;
    changeset.delete(list.table, row);
    deletedRows.push(row);
  }
  return differs;
}

/**
 * Matches each item to an existing row: one with the same key, else an unmatched one with the same
 * `likeness`, so that a status keeps its id and its references when its start is corrected.
 */
function matchRows(
  { key, likeness }: ListDefinition,
  expected: Values[],
  rows: Values[],
): { partners: (Values | undefined)[]; unmatched: Set<Values> } {
  const keyOf = (row: Values) => JSON.stringify(key.map((name) => row[name] ?? null));
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const unmatched = new Set(rows);
  const take = (row: Values | undefined) => (row && unmatched.delete(row) ? row : undefined);
  const exact = expected.map((item) => take(byKey.get(keyOf(item))));
  const partners = exact.map((row, i) => {
    const alike = (other: Values) =>
      likeness?.every((name) => same(other[name], expected[i]?.[name]));
    return row ?? (likeness && take([...unmatched].find(alike)));
  });
  return { partners, unmatched };
}

const valuesOf = (list: ListDefinition, items: ListItem[]): Values[] =>
  items.map(({ values }, ordinal) => (list.ordered ? { ...values, ordinal } : values));

/** A list as history records it; rows that references can support include their ids. */
export const listing = (list: ListDefinition, rows: readonly Values[]): Values[] =>
  rows.map((row) =>
    Object.fromEntries(
      [...(list.cited ? ['id'] : []), ...list.key, ...list.others]
        .filter((name) => name !== 'ordinal' && (row[name] ?? null) !== null)
        .map((name) => [name, row[name]]),
    ),
  );
