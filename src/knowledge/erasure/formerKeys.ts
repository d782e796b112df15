/** Keys that recognize redacted texts, so that no import restores them. */
import { getTableName, sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { hashOf, ownSalt, recordsWithKeys, valueKey } from '../model/erasureKeys.js';
import { ownerIn } from './places.js';
import type { TextRow } from './scan.js';
import { recordTypes } from '../model/recordTypes.js';

/** The keys of the current values of these columns. */
export async function formerKeys(
  tx: Queryable,
  row: TextRow,
  columns: readonly string[],
): Promise<string[]> {
  const { schema, table } = row.table;
  const owner = ownerIn(row);
  if (!owner || table === 'revision') return [];
  const keys = columns.flatMap((column) => {
    const type = row.table.columns.find(({ name }) => name === column)?.type;
    const text = row.texts[column] ?? '';
    return textsIn(type === 'text' ? text : JSON.parse(text)).map((value) =>
      valueKey(owner, fieldOf(table, column), value),
    );
  });
  if (schema !== 'public' || !facts.has(table)) return keys;
  // A fact in a file may have no id; its key recognizes it.
  const [record] = await recordsWithKeys(tx, [owner]);
  return record?.fact ? [...keys, record.fact] : keys;
}

/** Adds keys to the tombstone of a record. */
export async function keepKeys(
  tx: Queryable,
  recordId: string,
  keys: ReadonlySet<string>,
): Promise<void> {
  if (keys.size === 0) return;
  const salt = await ownSalt(tx);
  const hashes = [...keys].slice(0, maxKeys).map((key) => hashOf(salt, key));
  await tx.execute(
    sql`insert into erased_key (erasure_id, salt, hash)
      select e.id, ${salt}, k.hash from json_array_elements_text(${JSON.stringify(hashes)}::json) k (hash)
        join erasure e on e.record_id = ${recordId}::uuid and e.field is null
      on conflict do nothing`,
  );
}

// Private:

/** Limits the length of a tombstone's line in an export. */
const maxKeys = 9000;

const facts = new Set(['position', 'membership', 'statement']);

/** The fields of records by the tables of their lists. */
const lists = new Map(
  Object.values(recordTypes).flatMap((kind) =>
    Object.entries(kind.lists).map(([field, list]): [string, string] => [
      getTableName(list.table),
      field,
    ]),
  ),
);

function fieldOf(table: string, column: string): string {
  if (table === 'article_body') return 'body';
  if (table === 'reference') return 'references';
  return (
    lists.get(table) ?? column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
