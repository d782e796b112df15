/**
 * Reads foreign keys and text columns from the system catalogs. Erasure relies on these instead of
 * a list of tables, so that it covers tables added later.
 */
import { sql, type SQL } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';

/** A column that references a row of another table. */
export interface Link {
  table: string;
  column: string;
  target: string;
  /** Whether the row cannot exist without the row it references. */
  isRequired: boolean;
}

/** A table of the schema `public`, or its counterpart in `history` with former states. */
export interface TextTable {
  schema: 'public' | 'history';
  table: string;
  /** Columns of type text, text[] or JSON, except copies of other columns. */
  columns: { name: string; type: 'text' | 'text[]' | 'jsonb' | 'json' }[];
}

export interface Catalog {
  links: Link[];
  /** The tables that have a column `id`. */
  identified: ReadonlySet<string>;
  /** The tables with a counterpart in `history`. */
  kept: ReadonlySet<string>;
  texts: TextTable[];
}

export async function readCatalog(db: Queryable): Promise<Catalog> {
  const links = await readRows<Link>(db, foreignKeys);
  const tables = await readRows<{ schema: string; table: string; hasId: boolean }>(
    db,
    sql`select n.nspname as schema, c.relname as table,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'id' and not a.attisdropped) as "hasId"
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname in ('public', 'history')`,
  );
  const inPublic = tables.filter(({ schema }) => schema === 'public');
  return {
    links,
    identified: new Set(inPublic.filter(({ hasId }) => hasId).map(({ table }) => table)),
    kept: new Set(tables.flatMap(({ schema, table }) => (schema === 'history' ? table : []))),
    texts: await readTexts(db),
  };
}

export const nameOf = (schema: string, table: string): SQL =>
  sql`${sql.identifier(schema)}.${sql.identifier(table)}`;

/** Sorts tables so that each comes after those it references. */
export function inOrder({ links }: Catalog, tables: Iterable<string>): string[] {
  const sorted: string[] = [];
  const visited = new Set<string>();
  const visit = (table: string): void => {
    if (visited.has(table)) return;
    visited.add(table);
    for (const link of links) {
      if (link.table === table && link.isRequired && link.target !== table) visit(link.target);
    }
    sorted.push(table);
  };
  for (const table of tables) visit(table);
  return sorted;
}

// Private:

/**
 * Of a composite key, the column with the id. Required are also the columns of exclusive arcs
 * (`num_nonnulls(…) = 1`), and the link of a merged record to the record that remained.
 */
const foreignKeys = sql`
  select child.relname as table, a.attname as column, parent.relname as target,
    a.attnotnull or a.attname = 'merged_into_id' or exists (
      select from pg_constraint c where c.conrelid = con.conrelid and c.contype = 'c'
        and pg_get_constraintdef(c.oid) like '%num_nonnulls(%' and a.attnum = any (c.conkey)) as "isRequired"
  from pg_constraint con
    join pg_class child on child.oid = con.conrelid join pg_class parent on parent.oid = con.confrelid
    join lateral unnest(con.conkey, con.confkey) keys (own, theirs) on true
    join pg_attribute a on a.attrelid = con.conrelid and a.attnum = keys.own
    join pg_attribute b on b.attrelid = con.confrelid and b.attnum = keys.theirs
  where con.contype = 'f' and b.attname = 'id' and child.relnamespace = 'public'::regnamespace
    and parent.relname <> 'erasure'
  group by 1, 2, 3, 4`;

/** Texts that triggers derive from others. */
const derivedTables = [
  'search_name',
  'search_document',
  'search_part',
  'search_withheld',
  'search_withheld_part',
];

/** Tombstones, API keys, and stored outcomes of requests, which are treated separately. */
const otherTables = ['erasure', 'erased_key', 'api_key', 'idempotent_request'];

/** Columns of codes, hashes and authors' names, which contain no text about a record. */
const codes = [
  'language',
  'scheme',
  'iso_code',
  'body_hash',
  'field',
  'actor',
  'identity',
  'imported_by',
];

async function readTexts(db: Queryable): Promise<TextTable[]> {
  const rows = await readRows<{ schema: string; table: string; column: string; type: string }>(
    db,
    sql`select n.nspname as schema, c.relname as table, a.attname as column, t.typname as type
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        join pg_type t on t.oid = a.atttypid
      where c.relkind in ('r', 'p') and n.nspname in ('public', 'history') and a.attnum > 0
        and not a.attisdropped and a.attgenerated = ''
        and t.typname in ('text', 'varchar', 'bpchar', '_text', '_varchar', 'jsonb', 'json')
        and not exists (
          -- A copy that a foreign key over several columns keeps equal.
          select from pg_constraint f
          where f.contype = 'f' and f.conrelid = a.attrelid and a.attnum = any (f.conkey) and cardinality(f.conkey) > 1)
      order by n.nspname desc, c.relname, a.attnum`,
  );
  const found = new Map<string, TextTable>();
  for (const { schema, table, column, type } of rows) {
    if ([...derivedTables, ...otherTables].includes(table) || codes.includes(column)) continue;
    const key = `${schema}.${table}`;
    const entry = found.get(key) ?? { schema: schema as 'public', table, columns: [] };
    const kind = type.startsWith('_') ? 'text[]' : type.startsWith('json') ? type : 'text';
    entry.columns.push({ name: column, type: kind as 'text' });
    found.set(key, entry);
  }
  return [...found.values()];
}
