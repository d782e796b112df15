/** Finds links to records that were merged into others. */
import { getColumns, getTableName, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { readRows, type Queryable } from '../../database/database.js';
import { uuids } from '../reading/keys.js';
import { type RecordType, recordTypes, spaceOf } from '../model/recordTypes.js';

export interface Misdirected {
  id: string;
  /** The link, as history names it. */
  field: string;
  /** The slug of the record that was merged. */
  slug: string;
}

/** The misdirected links of these records. */
export async function readMisdirected(
  db: Queryable,
  recordType: RecordType,
  ids: readonly string[],
): Promise<Misdirected[]> {
  const kind = recordTypes[recordType];
  const [first] = kind.tables;
  const isNotDeleted = sql`life.deleted_at is null and life.id = any(${uuids(ids)})`;
  const parts: SQL[] = [];
  for (const [field, [target]] of Object.entries(recordTypes[recordType].links)) {
    if (!target) continue;
    const list = kind.lists[field];
    const [table, owner, link] = list
      ? [list.table, columnOf(list.table, list.owner), columnOf(list.table, list.key[0] ?? '')]
      : columnsOfField(kind.tables, field);
    if (!table || !owner || !link) continue;
    const isNotMerged =
      field !== 'mergedInto' && 'mergedIntoId' in getColumns(first)
        ? sql`and life.merged_into_id is null`
        : sql``;
    parts.push(sql`select life.id, ${field}::text as field, merged.slug
      from ${sql.identifier(getTableName(first))} life
      join ${sql.identifier(getTableName(table))} it on it.${sql.identifier(owner)} = life.id
      join ${sql.identifier(spaceOf(target))} merged on merged.id = it.${sql.identifier(link)}
      where ${isNotDeleted} ${isNotMerged} and merged.merged_into_id is not null`);
  }
  return readRows<Misdirected>(db, sql`${sql.join(parts, sql` union all `)} order by 1, 2, 3`);
}

// Private:

const columnOf = (table: PgTable, name: string): string | undefined =>
  (getColumns(table) as Record<string, PgColumn>)[name]?.name;

function columnsOfField(
  tables: readonly PgTable[],
  field: string,
): [PgTable, string, string] | [undefined, undefined, undefined] {
  for (const table of tables) {
    const link = columnOf(table, `${field}Id`);
    if (link) return [table, 'id', link];
  }
  return [undefined, undefined, undefined];
}
