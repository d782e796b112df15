/**
 * Redacts words in the texts that remain. Each character becomes one mark, so that passages keep
 * their positions; hashes of bodies are updated.
 */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { hashBody } from '../writing/compare.js';
import { Body } from '../quotation/body.js';
import type { Catalog } from './catalog.js';
import { formerKeys } from './formerKeys.js';
import { kindOf, ownerIn, withMentions, type ErasablePlace } from './places.js';
import { rewrite, scan, type TextRow } from './scan.js';
import { rewritten, withoutLinks } from './rewriting.js';
import { mark, type Words } from './redactedWords.js';

export interface Redaction {
  words: Words;
  mentioned: ReadonlyMap<string, ReadonlySet<string>>;
  /** The slugs that histories name the erased records by. */
  slugs: ReadonlySet<string>;
  kinds: ReadonlySet<ErasablePlace>;
}

/** @returns the tables written, the records redacted, and keys that recognize the former texts */
export async function redact(
  tx: Queryable,
  catalog: Catalog,
  { words, mentioned, slugs, kinds }: Redaction,
): Promise<{ tables: Set<string>; records: Set<string>; keys: Set<string> }> {
  const finder = withMentions(words, mentioned);
  const written = {
    tables: new Set<string>(),
    records: new Set<string>(),
    keys: new Set<string>(),
  };
  const isSelected = (table: TextRow['table'], column: string) =>
    kinds.has(kindOf(table, column) as ErasablePlace);
  // History last, since triggers add the former state of rows written in `public`.
  for (const schema of ['public', 'history'] as const) {
    const tables = scan(tx, catalog, finder.all, {
      filter: (table) =>
        table.schema === schema && table.columns.some(({ name }) => isSelected(table, name)),
    });
    for await (const row of tables) {
      const { table, columns } = row.table;
      const changed: Record<string, string> = {};
      for (const { name, type } of columns) {
        const text = row.texts[name];
        if (text === null || text === undefined || !isSelected(row.table, name)) continue;
        const of = finder.for(row);
        const after = type === 'text' ? of.redact(text) : inJson(text, of, table, slugs);
        if (after !== text) changed[name] = after;
      }
      if (Object.keys(changed).length === 0) continue;
      written.tables.add(table);
      const owner = ownerIn(row);
      if (owner && schema === 'public' && table !== 'revision') written.records.add(owner);
      for (const key of await formerKeys(tx, row, Object.keys(changed))) written.keys.add(key);
      await rewrite(tx, row, changed);
      if (table === 'article_body') await follow(tx, row, changed['text'] ?? '');
    }
    if (kinds.has('PASSAGES') && (schema === 'public' || !kinds.has('BODIES'))) {
      await unverify(tx, schema);
    }
  }
  return written;
}

// Private:

function inJson(text: string, words: Words, table: string, slugs: ReadonlySet<string>): string {
  const given: unknown = JSON.parse(text);
  const write = (each: string): string => words.redact(each);
  const after =
    table === 'revision'
      ? rewritten(withoutLinks(given as object, slugs), write)
      : everywhere(given, write);
  return JSON.stringify(after) === JSON.stringify(given) ? text : JSON.stringify(after);
}

function everywhere(value: unknown, write: (text: string) => string): unknown {
  if (typeof value === 'string') return write(value);
  if (Array.isArray(value)) return value.map((each) => everywhere(each, write));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, everywhere(each, write)]),
  );
}

/** Updates the hashes of a redacted body, and the passages quoted from it. */
async function follow(tx: Queryable, { keys, texts }: TextRow, after: string): Promise<void> {
  const article = keys['article_id'] ?? '';
  const [old, fresh] = [hashBody(texts['text'] ?? ''), hashBody(after)];
  for (const table of ['public.article', 'history.article']) {
    await tx.execute(
      sql`update ${sql.raw(table)} set body_hash = ${fresh} where id = ${article}::uuid and body_hash = ${old}`,
    );
  }
  await tx.execute(
    sql`update revision set changes = replace(changes::text, ${`"${old}"`}, ${`"${fresh}"`})::jsonb
      where article_id = ${article}::uuid and changes ? 'bodyHash'`,
  );
  await followPassages(tx, article, after);
}

async function followPassages(tx: Queryable, article: string, after: string): Promise<void> {
  const body = new Body(after);
  for (const table of ['public.reference', 'history.reference']) {
    const rows = await tx.execute(
      sql`select ctid::text as at, exact, start as "from", "end" as "to" from ${sql.raw(table)}
        where article_id = ${article}::uuid and verified and start is not null`,
    );
    for (const { at, exact, from, to } of listed(rows)) {
      const passage = body.slice(from, to);
      // A passage of another version of the body is not at this position.
      if (passage === exact || !isRedactionOf(passage, exact)) continue;
      await tx.execute(
        sql`update ${sql.raw(table)} set exact = ${passage} where ctid = ${at}::tid`,
      );
    }
  }
}

interface Passage {
  at: string;
  exact: string;
  from: number;
  to: number;
}

const listed = (answer: unknown): Passage[] =>
  (Array.isArray(answer) ? answer : (answer as { rows: unknown }).rows) as Passage[];

/** Whether a text is another with characters redacted. */
function isRedactionOf(redacted: string, original: string): boolean {
  const [a, b] = [Array.from(redacted), Array.from(original)];
  return a.length === b.length && a.every((each, i) => each === mark || each === b[i]);
}

/** Marks references as unverified whose words were redacted, but not in the body. */
async function unverify(tx: Queryable, schema: 'public' | 'history'): Promise<void> {
  const differs =
    schema === 'history'
      ? sql``
      : sql`and exists (select from article_body b where b.article_id = reference.article_id
          and substr(b.text, start + 1, "end" - start) <> exact)`;
  await tx.execute(
    sql`update ${sql.raw(`${schema}.reference`)} set verified = false, start = null, "end" = null
      where verified and position(${mark} in exact) > 0 ${differs}`,
  );
}
