/** Scans all texts of the database for words, table by table. */
import { sql, type SQL } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { texts } from '../reading/keys.js';
import { nameOf, type Catalog, type TextTable } from './catalog.js';
import type { Words } from './redactedWords.js';

/** A row that may contain one of the words. */
export interface TextRow {
  table: TextTable;
  /** The row's `ctid`, valid until the row is written. */
  at: string;
  /** Its id, if the table has one, and its foreign keys. */
  keys: Readonly<Record<string, string | null>>;
  /** Its texts by column; lists and JSON as JSON. */
  texts: Readonly<Record<string, string | null>>;
}

export interface ScanOptions {
  /** Selects tables. Default: all. */
  filter?: (table: TextTable) => boolean;
  /** Called before each statement; an error it throws ends the scan. */
  onStep?: (() => void) | undefined;
}

/** Scans in steps, so that each statement is short. */
export async function* scan(
  db: Queryable,
  catalog: Catalog,
  words: Words,
  { filter = () => true, onStep = () => {} }: ScanOptions = {},
): AsyncGenerator<TextRow> {
  if (words.tokens.length === 0) return;
  for (const table of catalog.texts) {
    if (filter(table)) yield* scanTable(db, catalog, table, words, onStep);
  }
}

/** Writes changed texts of a row. */
export async function rewrite(
  db: Queryable,
  { table: { schema, table, columns }, at }: TextRow,
  changed: Readonly<Record<string, string | null>>,
): Promise<void> {
  const sets = columns.flatMap(({ name, type }) => {
    const value = changed[name];
    if (value === undefined) return [];
    const cell =
      type === 'text[]'
        ? sql`array(select json_array_elements_text(${value}::json))`
        : sql`${value}::${sql.raw(type)}`;
    return [sql`${sql.identifier(name)} = ${cell}`];
  });
  await db.execute(
    sql`update ${nameOf(schema, table)} set ${sql.join(sets, sql`, `)} where ctid = ${at}::tid`,
  );
}

// Private:

/** Small, as texts may be long. */
const pageSize = 100;

async function* scanTable(
  db: Queryable,
  { links, identified }: Catalog,
  table: TextTable,
  { tokens }: Words,
  onStep: () => void,
): AsyncGenerator<TextRow> {
  const keys = [
    ...(identified.has(table.table) ? ['id'] : []),
    ...links.flatMap((link) => (link.table === table.table ? link.column : [])),
  ];
  const from = nameOf(table.schema, table.table);
  const patterns = texts(tokens.map((token) => `%${token.replace(/[\\%_]/g, '\\$&')}%`));
  const columns = table.columns.map(({ name, type }) => ({
    name,
    text: type === 'text[]' ? sql`to_json(${sql.identifier(name)})::text` : cast(name),
  }));
  const selected = [
    sql`ctid::text as "$at"`,
    ...keys.map((key) => sql`${sql.identifier(key)}::text as ${sql.identifier(`$${key}`)}`),
    ...columns.map(({ name, text }) => sql`${text} as ${sql.identifier(name)}`),
  ];
  const matches = columns.map(({ text }) => sql`lower(${text}) like any(${patterns})`);
  const steps = new Steps(await blocksOf(db, `${table.schema}.${table.table}`));
  for (let after = '(0,0)'; !steps.isDone;) {
    onStep();
    const began = performance.now();
    const rows = await readRows<Record<string, string | null>>(
      db,
      sql`select ${sql.join(selected, sql`, `)} from ${from}
        where ctid > ${after}::tid and ctid < ${steps.end}::tid and (${sql.join(matches, sql` or `)})
        order by ctid limit ${pageSize}`,
    );
    const took = performance.now() - began;
    for (const row of rows) {
      yield {
        table,
        at: row['$at'] ?? '',
        keys: Object.fromEntries(keys.map((key) => [key, row[`$${key}`] ?? null])),
        texts: Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null])),
      };
    }
    const last = rows.at(-1)?.['$at'];
    if (last && rows.length === pageSize) after = last;
    else {
      after = steps.end;
      steps.next(took);
    }
  }
}

/** The number of blocks of a table; rows written later may lie beyond. */
async function blocksOf(db: Queryable, table: string): Promise<number> {
  const [row] = await readRows<{ blocks: number }>(
    db,
    sql`select (pg_relation_size(to_regclass(${table})) / current_setting('block_size')::int)::int as blocks`,
  );
  return row?.blocks ?? 0;
}

/** Ranges of a table's blocks, whose length adapts to the time that statements take. */
class Steps {
  readonly #blocks: number;
  #from = 0;
  #length = 16;

  constructor(blocks: number) {
    this.#blocks = blocks;
  }

  get isDone(): boolean {
    return this.#from >= this.#blocks;
  }

  /** The first `ctid` after the range. */
  get end(): string {
    return `(${this.#from + this.#length},0)`;
  }

  /** @param took The duration of the last statement, in milliseconds. */
  next(took: number): void {
    this.#from += this.#length;
    if (took < 50) this.#length = Math.min(this.#length * 2, maxBlocks);
    else if (took > 200) this.#length = Math.max(Math.floor(this.#length / 2), 1);
  }
}

const maxBlocks = 4096;

const cast = (name: string): SQL => sql`${sql.identifier(name)}::text`;
