import type { Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { article, entity, event } from '../../database/tables/index.js';
import { uuids } from './keys.js';

/** The slugs of records that have one, by their ids, drafts and deleted ones included. */
export async function slugsOf(db: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const slugs = new Map<string, string>();
  if (ids.length === 0) return slugs;
  for (const table of [entity, event, article]) {
    const rows = await db
      .select({ id: table.id, slug: table.slug })
      .from(table)
      .where(equalsAny(table.id, uuids(ids)));
    for (const { id, slug } of rows) slugs.set(id, slug);
  }
  return slugs;
}
