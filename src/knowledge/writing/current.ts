/** Reads records from their tables; curation and history use this reader alone. */
import { asc, eq, getColumns } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { uuids } from '../reading/keys.js';
import { type RecordType, recordTypes } from '../model/recordTypes.js';
import type { ListDefinition, Values } from '../model/recordLists.js';

/** A record as its tables hold it. */
export interface CurrentRecord {
  fields: Values;
  /** The rows of the selected lists, by name. */
  lists: Record<string, Values[]>;
}

/** Reads those of these records that exist, by id, with the given lists. */
export const selectRecords = (
  db: Queryable,
  recordType: RecordType,
  ids: readonly string[],
  lists: readonly string[],
): Promise<Map<string, CurrentRecord>> => readRecords(db, recordType, ids, lists, false);

/** As `selectRecords`, and locks the records until the transaction ends. */
export const lockRecords = (
  tx: Queryable,
  recordType: RecordType,
  ids: readonly string[],
  lists: readonly string[],
): Promise<Map<string, CurrentRecord>> => readRecords(tx, recordType, ids, lists, true);

// Private:

async function readRecords(
  db: Queryable,
  recordType: RecordType,
  ids: readonly string[],
  lists: readonly string[],
  locks: boolean,
): Promise<Map<string, CurrentRecord>> {
  if (ids.length === 0) return new Map();
  const definition = recordTypes[recordType];
  const records = new Map<string, CurrentRecord>();
  for (const fields of await rowsOf(db, definition.tables, ids, locks)) {
    records.set(fields['id'] as string, { fields, lists: {} });
  }
  if (records.size === 0) return records;
  for (const name of lists) {
    const list = definition.lists[name];
    if (!list) throw new Error(`${recordType} have no list ${name}`);
    for (const record of records.values()) record.lists[name] = [];
    for (const row of await listRows(db, list, [...records.keys()])) {
      records.get(row[list.owner] as string)?.lists[name]?.push(row);
    }
  }
  return records;
}

const columnsOf = (table: PgTable) => getColumns(table) as Record<string, PgColumn>;

const columnOf = (table: PgTable, name: string): PgColumn => {
  const column = columnsOf(table)[name];
  if (!column) throw new Error(`no column ${name}`);
  return column;
};

async function rowsOf(
  db: Queryable,
  [table, own]: readonly [PgTable, ...PgTable[]],
  ids: readonly string[],
  locks: boolean,
): Promise<Values[]> {
  const id = columnOf(table, 'id');
  const query = db
    .select({ ...columnsOf(table), ...(own && columnsOf(own)) })
    .from(table)
    .$dynamic();
  if (own) query.innerJoin(own, eq(columnOf(own, 'id'), id));
  query.where(equalsAny(id, uuids(ids)));
  return locks ? query.for('update') : query;
}

async function listRows(
  db: Queryable,
  list: ListDefinition,
  ids: readonly string[],
): Promise<Values[]> {
  const columns = columnsOf(list.table);
  const order = columns['ordinal'] ?? columns['id'];
  return db
    .select(columns)
    .from(list.table)
    .where(equalsAny(columnOf(list.table, list.owner), uuids(ids)))
    .orderBy(...(order ? [asc(order)] : []));
}
