/** Deletes the rows of an erasure, their former states, and links to them. */
import { sql, type SQL } from 'drizzle-orm';
import { readRows, setLocal, type Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { searchDocument, searchName, searchPart } from '../../database/tables/index.js';
import { uuids } from '../reading/keys.js';
import { inOrder, nameOf, type Catalog } from './catalog.js';
import type { Cascade } from './cascade.js';
import type { Words } from './redactedWords.js';

/**
 * Deletes rows in `public` and `history`, and sets optional links to them to null.
 *
 * @returns the number of deleted rows by table; 0 for tables with links set to null only
 */
export async function removeRows(
  tx: Queryable,
  catalog: Catalog,
  reach: Cascade,
): Promise<Map<string, number>> {
  const { links, identified, kept } = catalog;
  const ids = uuids([...reach]);
  const removed = new Map<string, number>();
  await setLocal(tx, 'chancery.erasing', 'on');
  const clearLinks = (schema: string, only: (table: string) => boolean) =>
    forEach(links, async ({ table, column, isRequired }) => {
      if (isRequired || !only(table)) return;
      const link = sql.identifier(column);
      const [found] = await readRows<{ count: number }>(
        tx,
        sql`with loosened as (update ${nameOf(schema, table)} set ${link} = null where ${link} = any(${ids}) returning 1)
          select count(*)::int as count from loosened`,
      );
      if ((found?.count ?? 0) > 0) removed.set(table, removed.get(table) ?? 0);
    });
  const remove = (schema: string, tables: readonly string[]) =>
    forEach(tables, async (table) => {
      const owned = links.filter((link) => link.table === table && link.isRequired);
      const conditions: SQL[] = [
        ...(identified.has(table) ? [sql`id = any(${ids})`] : []),
        ...owned.map(({ column }) => sql`${sql.identifier(column)} = any(${ids})`),
      ];
      if (conditions.length === 0) return;
      const [found] = await readRows<{ count: number }>(
        tx,
        sql`with gone as (delete from ${nameOf(schema, table)} where ${sql.join(conditions, sql` or `)} returning 1)
          select count(*)::int as count from gone`,
      );
      const count = found?.count ?? 0;
      if (count > 0) removed.set(table, (removed.get(table) ?? 0) + count);
    });
  await clearLinks('public', () => true);
  const tables = inOrder(catalog, [...identified, ...links.map(({ table }) => table)])
    .reverse()
    .filter((table) => table !== 'erasure');
  await remove('public', tables);
  // Last, since triggers have just added the deleted rows to history.
  const before = tables.filter((table) => kept.has(table));
  await remove('history', before);
  await clearLinks('history', (table) => kept.has(table));
  await tx.delete(searchDocument).where(equalsAny(searchDocument.id, ids));
  await tx.delete(searchName).where(equalsAny(searchName.entityId, ids));
  await tx.delete(searchPart).where(equalsAny(searchPart.articleId, ids));
  return removed;
}

/** Ends the mode in which revisions may be changed. */
export const endErasing = (tx: Queryable): Promise<void> => setLocal(tx, 'chancery.erasing', '');

/** Deletes stored outcomes of idempotent requests that mention the records. */
export async function forgetRequests(
  tx: Queryable,
  ids: readonly string[],
  words: Words,
): Promise<void> {
  await tx.execute(
    sql`delete from idempotent_request r where exists (
      select from unnest(${uuids(ids)}) gone (id) where position(gone.id::text in r.outcome::text) > 0)`,
  );
  const rows = await readRows<{ at: string; outcome: string }>(
    tx,
    sql`select ctid::text as at, outcome::text from idempotent_request`,
  );
  for (const { at, outcome } of rows) {
    if (words.count(outcome) === 0) continue;
    await tx.execute(sql`delete from idempotent_request where ctid = ${at}::tid`);
  }
}

/** The planner's statistics contain values of columns; ANALYZE replaces them. */
export async function refreshStatistics(
  tx: Queryable,
  { kept }: Catalog,
  tables: Iterable<string>,
): Promise<void> {
  for (const table of [...tables, 'search_document', 'search_name', 'search_part']) {
    await tx.execute(sql`analyze ${nameOf('public', table)}`);
    if (kept.has(table)) await tx.execute(sql`analyze ${nameOf('history', table)}`);
  }
}

// Private:

async function forEach<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  for (const item of items) await work(item);
}
