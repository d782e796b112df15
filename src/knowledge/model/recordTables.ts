/**
 * The tables that hold the life of records, one for each foreign key of revisions: all types of
 * entity share one. For queries over records of any type.
 */
import { getColumns, getTableName, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { coalesce } from '../../database/sql.js';
import { recordKeys, revision } from '../../database/tables/index.js';
import {
  recordTypeKeys,
  recordTypes,
  type Arc,
  type RecordType,
  type RecordTypeDefinition,
  type SlugSpace,
} from './recordTypes.js';

export interface RecordTable {
  name: string;
  table: RecordTypeDefinition['tables'][0];
  arc: Arc;
  slugSpace: SlugSpace | null;
  /** The caption of a row that is aliased `it`, as text. */
  caption: SQL;
  types: readonly RecordType[];
}

/** The foreign keys of `revision`, in the order of its index on the record. */
export const arcs: readonly Arc[] = [
  ...new Set(recordTypeKeys.map((type) => recordTypes[type].arc)),
];

export const recordTables: readonly RecordTable[] = arcs.map((arc) => {
  const types = recordTypeKeys.filter((type) => recordTypes[type].arc === arc);
  const [first] = types;
  if (!first) throw new Error(`no type of record has the key ${arc}`);
  const {
    tables: [table],
    slugSpace,
    caption,
  } = recordTypes[first];
  const text = sql`it.${sql.identifier(caption.name)}::text`;
  return { name: getTableName(table), table, arc, slugSpace, caption: text, types };
});

/** The name of the type of a row of the table, which is aliased `alias`. */
export function typeNameOf(
  { types }: RecordTable,
  form: 'recordType' | 'graphqlName' | 'enumValue',
  alias = 'it',
): SQL {
  const nameOf = (type: RecordType) => (form === 'recordType' ? type : recordTypes[type][form]);
  const [only] = types;
  if (only && types.length === 1) return sql.raw(`'${nameOf(only)}'`);
  const cases = types.map((type) => `when '${recordTypes[type].enumValue}' then '${nameOf(type)}'`);
  return sql.raw(`case ${alias}.type ${cases.join(' ')} end`);
}

/** The rows that a query of each table selects, together. */
export const unionOfRecords = (
  select: (table: RecordTable) => SQL,
  tables: readonly RecordTable[] = recordTables,
): SQL => sql.join(tables.map(select), sql` union all `);

/** The record of a row of `revision`, in the words of its index. */
export const revisedRecord = coalesce(...recordKeys(revision));

/** The record of a row of `revision` that was read; empty for the revision of a tombstone. */
export function recordIdOf(row: Readonly<Record<Arc, string | null>>): string {
  for (const arc of arcs) {
    const id = row[arc];
    if (id !== null) return id;
  }
  return '';
}

/** The column of `revision` and `reference` that points to records. */
export function columnOf(arc: Arc): string {
  const column = (getColumns(revision) as Record<string, PgColumn>)[arc];
  if (!column) throw new Error(`revision has no column ${arc}`);
  return column.name;
}
