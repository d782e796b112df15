/** Maintains the search tables for the records written. */
import { sql } from 'drizzle-orm';
import { setLocal, type Queryable } from '../../database/database.js';
import { entity } from '../../database/tables/index.js';
import { uuids } from '../reading/keys.js';
import type { Arc } from '../model/recordTypes.js';

/** Defers the triggers on new rows until `makeSearchable`, so that a record is indexed once. */
export const deferSearch = (tx: Queryable): Promise<void> =>
  setLocal(tx, 'chancery.search', 'later');

/**
 * Indexes the records written, in the same transaction.
 *
 * @param ranks Whether to recompute the prominence of linked entities; bulk writers call
 *   `rankEntities` at the end instead.
 */
export async function makeSearchable(
  tx: Queryable,
  written: readonly { arc: Arc; id: string }[],
  ranks: boolean,
): Promise<void> {
  const idsOf = (selected: Arc) =>
    uuids([...new Set(written.flatMap(({ arc, id }) => (arc === selected ? [id] : [])))]);
  await tx.execute(sql`select
    refresh_search(${idsOf('entityId')}, ${idsOf('articleId')}, ${idsOf('statementId')},
      ${idsOf('positionId')}, ${ranks}),
    set_config('chancery.search', '', true)`);
}

/** Recomputes the prominence of all entities, and flushes the pending lists of the GIN indexes. */
export async function rankEntities(db: Queryable): Promise<void> {
  await db.execute(sql`select refresh_prominence(array(select ${entity.id} from ${entity}))`);
  for (const index of [
    'search_name_lexemes_index',
    'search_name_trigram_index',
    'search_document_text_index',
    'search_document_entity_index',
    'search_document_position_index',
    'search_part_words_index',
    'search_withheld_text_index',
    'search_withheld_part_words_index',
  ]) {
    await db.execute(sql`select gin_clean_pending_list(${index}::regclass)`);
  }
}
