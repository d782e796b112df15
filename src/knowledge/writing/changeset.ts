import type { PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import {
  articleBody,
  membership,
  organization,
  place,
  position,
  reference,
  revision,
} from '../../database/tables/index.js';
import { byStart } from '../values/partialDate.js';
import { deleteRows, writeRows } from './rows.js';
import type { Values } from '../model/recordLists.js';
import { recordTypeKeys, recordTypes } from '../model/recordTypes.js';

/** The rows to write and to delete, table by table. */
export class Changeset {
  readonly #upserts = new Map<PgTable, Values[]>();
  readonly #deletes = new Map<PgTable, Values[]>();
  readonly #fresh = new Set<Values>();

  /** A new row, or an existing one in full. Columns left out get their default. */
  upsert(table: PgTable, row: Values): void {
    add(this.#upserts, table, row);
  }

  /** A row with a new key. */
  insert(table: PgTable, row: Values): void {
    add(this.#upserts, table, row);
    this.#fresh.add(row);
  }

  /** A row by the values of its primary key. */
  delete(table: PgTable, key: Values): void {
    add(this.#deletes, table, key);
  }

  /** How many rows it writes and deletes. */
  get size(): number {
    return [...this.#upserts.values(), ...this.#deletes.values()].reduce(
      (sum, rows) => sum + rows.length,
      0,
    );
  }

  /** Writes the rows; calls `onWritten` with the size of each batch. */
  async apply(db: Queryable, onWritten: (rows: number) => void = () => {}): Promise<void> {
    // Deletes first: a new row may have the unique key of a deleted one.
    for (const table of [...tablesInOrder].reverse()) {
      for (const keys of batches(this.#deletes.get(table) ?? [])) {
        await deleteRows(db, table, keys);
        onWritten(keys.length);
      }
    }
    for (const table of tablesInOrder) {
      for (const rows of batches(inOrder(table, this.#upserts.get(table) ?? []))) {
        const areFresh = rows.every((row) => this.#fresh.has(row));
        await writeRows(db, table, rows, areFresh);
        onWritten(rows.length);
      }
    }
  }
}

// Private:

/** Tables ordered so that each comes after those that its foreign keys reference. */
const tablesInOrder: readonly PgTable[] = [
  ...new Set<PgTable>([
    ...recordTypeKeys.flatMap((type) => [
      ...recordTypes[type].tables,
      ...(type === 'articles' ? [articleBody] : []),
    ]),
    ...recordTypeKeys.flatMap((type) =>
      Object.values(recordTypes[type].lists).map(({ table }) => table),
    ),
    reference,
    revision,
  ]),
];

const batchSize = 1000;

function add<Key>(lists: Map<Key, Values[]>, key: Key, row: Values): void {
  const list = lists.get(key);
  if (list) list.push(row);
  else lists.set(key, [row]);
}

function* batches(rows: Values[]): Generator<Values[]> {
  for (let i = 0; i < rows.length; i += batchSize) yield rows.slice(i, i + batchSize);
}

/**
 * Parents come first, as foreign keys and the triggers for countries require; positions and
 * memberships are ordered by start, so that one that ended never overlaps its successor.
 */
function inOrder(table: PgTable, rows: Values[]): Values[] {
  if (table === place) return parentsFirst(rows, 'withinId');
  if (table === organization) return parentsFirst(rows, 'parentId');
  if (table === position || table === membership) return rows.toSorted(byStart);
  return rows;
}

function parentsFirst(rows: Values[], parent: string): Values[] {
  const byId = new Map(rows.map((row) => [row['id'], row]));
  const sorted = new Set<Values>();
  for (const row of rows) {
    const above: Values[] = [];
    for (
      let at: Values | undefined = row;
      at && !sorted.has(at) && !above.includes(at);
      at = byId.get(at[parent])
    ) {
      above.unshift(at);
    }
    for (const each of above) sorted.add(each);
  }
  return [...sorted];
}
