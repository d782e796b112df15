/** Finds records by slug or id, of any type and in any state. */
import { sql } from 'drizzle-orm';
import { readRows, type Database } from '../../database/database.js';
import type { RecordType } from '../model/recordTypes.js';
import { recordTables, typeNameOf, unionOfRecords } from '../model/recordTables.js';

export interface NamedRecord {
  recordType: RecordType;
  id: string;
  /** The slug of the record it was merged into, if found by slug. */
  mergedInto: string | null;
}

export async function findNamedRecords({ db }: Database, name: string): Promise<NamedRecord[]> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);
  const tables = recordTables.filter(({ slugSpace }) => isId || slugSpace);
  return readRows<NamedRecord>(
    db,
    unionOfRecords((record) => {
      const into = isId
        ? sql`null`
        : sql`(select slug from ${record.table} stays where stays.id = it.merged_into_id)`;
      return sql`select ${typeNameOf(record, 'recordType')} as "recordType", it.id,
        ${into} as "mergedInto" from ${record.table} it
        where ${isId ? sql`it.id = ${name}::uuid` : sql`it.slug = ${name}`}`;
    }, tables),
  );
}
