/** Reads what the knowledge base holds of the records that are to be written. */
import { asc, eq, getColumns, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { uuids } from '../reading/keys.js';
import { type RecordType, recordTypes } from '../model/recordTypes.js';
import type { ListDefinition, Values } from '../model/recordLists.js';

/** A record as it is. */
export interface CurrentRecord {
  fields: Values;
  /** The rows of those lists that were asked for. */
  lists: Record<string, Values[]>;
}

/**
 * The records among these that exist, by id; locked until the transaction ends, unless they are
 * only looked at.
 */
export async function lockRecords(
  db: Queryable,
  recordType: RecordType,
  ids: readonly string[],
  lists: readonly string[],
  { locks = true } = {},
): Promise<Map<string, CurrentRecord>> {
  if (ids.length === 0) return new Map();
  const kind = recordTypes[recordType];
  const records = new Map<string, CurrentRecord>();
  for (const fields of await rowsOf(db, kind.tables, ids, locks)) {
    records.set(fields['id'] as string, { fields, lists: {} });
  }
  if (records.size === 0) return records;
  for (const name of lists) {
    const list = kind.lists[name];
    if (!list) throw new Error(`${recordType} have no list ${name}`);
    for (const record of records.values()) record.lists[name] = [];
    for (const row of await listRows(db, list, [...records.keys()])) {
      records.get(row[list.owner] as string)?.lists[name]?.push(row);
    }
  }
  return records;
}

// Private:

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
  query.where(sql`${id} = any(${uuids(ids)})`);
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
    .where(sql`${columnOf(list.table, list.owner)} = any(${uuids(ids)})`)
    .orderBy(...(order ? [asc(order)] : []));
}
