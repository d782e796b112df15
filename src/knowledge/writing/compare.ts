/** Finds out what a draft changes in the record that is there. */
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { articleBody } from '../../database/tables/index.js';
import type { Changeset } from './changeset.js';
import type { CurrentRecord } from './current.js';
import type { RecordChange, ListItem } from './recordChange.js';
import type { ListDefinition, Values } from '../model/recordLists.js';
import { recordTypes } from '../model/recordTypes.js';

/** Field by field, what was and what is to be. */
export type Changes = Record<string, { before: unknown; after: unknown }>;

export interface Comparison {
  /** The knowledge base does not have the record yet. */
  isNew: boolean;
  /** Empty when the record is as the draft wants it. */
  changes: Changes;
  /** All columns of the record as they are to be. */
  fields: Values;
  /** The ids of the rows of its lists. */
  itemIds: Map<ListItem, string>;
  /** The ids of those rows of its lists that are there no more. */
  goneIds: string[];
  /** By the names of its lists, the rows of which the list that is given has nothing any more. */
  removed: Map<string, Values[]>;
}

/** Compares, and puts the rows of the record's lists and its body into the changeset. */
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
  const goneIds: string[] = [];
  for (const [name, items] of Object.entries(recordChange.lists)) {
    const list = kind.lists[name];
    if (!list) throw new Error(`${recordChange.recordType} have no list ${name}`);
    const rows = current?.lists[name] ?? [];
    const gone: Values[] = [];
    if (compareList(list, items, rows, fields, changeset, itemIds, gone)) {
      const after = valuesOf(list, items).map((values, i) => ({
        ...values,
        id: items[i] && itemIds.get(items[i]),
      }));
      changes[name] = { before: listing(list, rows), after: listing(list, after) };
    }
    for (const { id } of gone) if (typeof id === 'string') goneIds.push(id);
    // A name that changes its language or kind is still there.
    const names = new Set(items.map(({ values }) => values['name']));
    const lost = gone.filter(({ name: called }) => called === undefined || !names.has(called));
    if (lost.length > 0) removed.set(name, lost);
  }
  if (isNew) Object.assign(fields, kind.initial?.(recordChange.lists, itemIds));
  return { isNew, changes, fields, itemIds, goneIds, removed };
}

/** The record's rows, when it is new or changed. */
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

/** A driver reads a time as a Date, a draft tells it as a text. */
const timeOf = (value: unknown): number | undefined =>
  typeof value === 'string' || value instanceof Date ? new Date(value).getTime() : undefined;

/** As the database generates it; a class table repeats what its entity's row has. */
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

/** Returns whether anything differs. */
function compareList(
  list: ListDefinition,
  items: ListItem[],
  rows: Values[],
  record: Values,
  changeset: Changeset,
  itemIds: Map<ListItem, string>,
  goneRows: Values[],
): boolean {
  const wanted = valuesOf(list, items);
  const { partners, gone } = matchRows(list, wanted, rows);
  let differs = false;
  wanted.forEach((values, i) => {
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
  for (const row of gone) {
    differs = true;
    changeset.delete(list.table, row);
    goneRows.push(row);
  }
  return differs;
}

/**
 * Finds for each item wanted the row that it is already: one with the same key, else one that
 * is left over and alike. So a status whose start is corrected keeps its id and its passages.
 */
function matchRows(
  { key, likeness }: ListDefinition,
  wanted: Values[],
  rows: Values[],
): { partners: (Values | undefined)[]; gone: Set<Values> } {
  const keyOf = (row: Values) => JSON.stringify(key.map((name) => row[name] ?? null));
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const gone = new Set(rows);
  const taken = (row: Values | undefined) => (row && gone.delete(row) ? row : undefined);
  const exact = wanted.map((item) => taken(byKey.get(keyOf(item))));
  const partners = exact.map((row, i) => {
    const alike = (other: Values) =>
      likeness?.every((name) => same(other[name], wanted[i]?.[name]));
    return row ?? (likeness && taken([...gone].find(alike)));
  });
  return { partners, gone };
}

const valuesOf = (list: ListDefinition, items: ListItem[]): Values[] =>
  items.map(({ values }, ordinal) => (list.ordered ? { ...values, ordinal } : values));

/** A list as history shows it; rows that are cited are told by their ids, too. */
export const listing = (list: ListDefinition, rows: readonly Values[]): Values[] =>
  rows.map((row) =>
    Object.fromEntries(
      [...(list.cited ? ['id'] : []), ...list.key, ...list.others]
        .filter((name) => name !== 'ordinal' && (row[name] ?? null) !== null)
        .map((name) => [name, row[name]]),
    ),
  );
