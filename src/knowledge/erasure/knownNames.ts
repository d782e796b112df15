/** The words that identify records to erase, current and former. */
import { sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { Body } from '../quotation/body.js';
import { uuids } from '../reading/keys.js';
import { groupsOfBytes } from '../reading/groupsOfBytes.js';
import { foldName } from '../values/names.js';
import type { CascadedRecord } from './cascade.js';

/** Shorter identifiers occur in too many texts by chance. */
const minIdentifierLength = 5;

/** Names, slugs, identifiers and URLs of the records that have a slug. */
export async function wordsOf(
  db: Queryable,
  records: readonly CascadedRecord[],
  main: CascadedRecord,
): Promise<string[]> {
  const ids = uuids(records.filter(({ slug }) => slug !== null).map(({ id }) => id));
  const rows = await readRows<{ word: string; isIdentifier: boolean }>(
    db,
    sql`select word, "isIdentifier" from (
        select name as word, false as "isIdentifier" from entity where id = any(${ids})
        union select name, false from history.entity where id = any(${ids})
        union select slug, false from entity where id = any(${ids})
        union select name, false from entity_name where entity_id = any(${ids})
        union select name, false from history.entity_name where entity_id = any(${ids})
        union select unnest(urls), true from entity where id = any(${ids})
        union select unnest(urls), true from history.entity where id = any(${ids})
        union select value, true from entity_identifier where entity_id = any(${ids})
        union select value, true from history.entity_identifier where entity_id = any(${ids})
        union select unnest(array[title, slug]), false from article where id = any(${ids})
        union select title, false from history.article where id = any(${ids})
        union select url, true from article where id = any(${ids})
        union select url, true from history.article where id = any(${ids})
        union select unnest(array[name, slug]), false from event where id = any(${ids})
        union select name, false from history.event where id = any(${ids})) words
      where word is not null`,
  );
  const words = new Set<string>();
  for (const { word, isIdentifier } of rows) {
    if (isIdentifier && word.length < minIdentifierLength) continue;
    words.add(word);
    // Sort names hold the folded form.
    if (!isIdentifier) words.add(foldName(word));
  }
  if (main.recordType === 'statements') words.add(main.caption);
  return [...words];
}

/**
 * The words by which articles mention these records, by the article's id.
 *
 * @param onStep Called before bodies are read; an error it throws ends the work.
 */
export async function mentionedAs(
  db: Queryable,
  ids: readonly string[],
  onStep: () => void = () => {},
): Promise<Map<string, Set<string>>> {
  const sizes = await readRows<{ id: string; bytes: number }>(
    db,
    sql`select b.article_id as id, octet_length(b.text) as bytes from article_body b
      where b.article_id in (select m.article_id from mention m where m.entity_id = any(${uuids(ids)}))
        and not b.article_id = any(${uuids(ids)}) order by 1`,
  );
  const found = new Map<string, Set<string>>();
  for (const articles of groupsOfBytes(sizes)) {
    onStep();
    const rows = await readRows<{
      article: string;
      text: string;
      ranges: [number, number][] | null;
    }>(
      db,
      sql`select b.article_id as article, b.text, (select json_agg(json_build_array(lower(r), upper(r)))
          from mention m, unnest(m.ranges) r
          where m.article_id = b.article_id and m.entity_id = any(${uuids(ids)})) as ranges
        from article_body b where b.article_id = any(${uuids(articles)}) order by 1`,
    );
    for (const { article, text, ranges } of rows) {
      const body = new Body(text);
      found.set(article, new Set((ranges ?? []).map(([from, to]) => body.slice(from, to))));
    }
  }
  return found;
}
