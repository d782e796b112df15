/** The statements that write and delete rows of any table, many at a time. */
import { getColumns, sql, type SQL } from 'drizzle-orm';
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { revision } from '../../database/tables/index.js';
import { textArray, texts, uuids } from '../reading/keys.js';
import { copyOf } from './copies.js';
import type { Values } from '../model/recordLists.js';

/**
 * Writes rows; columns that a row leaves out get their default.
 *
 * @param areFresh The keys are new: an existing one is an error.
 */
export async function writeRows(
  db: Queryable,
  table: PgTable,
  rows: readonly Values[],
  areFresh: boolean,
): Promise<void> {
  const written = writtenColumns(table).flatMap((column) => given(column, rows));
  const repeated = copiedColumns(table);
  const names = [...written, ...repeated].map(({ column }) => sql.identifier(column.name));
  const values = [...written.map(valueOf), ...repeated.map(({ copy }) => copy)];
  const insert = sql`insert into ${table} (${list(names)}) select ${list(values)} from (${rowsOf(written)}) as written`;
  // The table of revisions rejects any statement that could update it, ON CONFLICT included.
  const isPlain = areFresh || table === revision;
  await db.execute(isPlain ? insert : sql`${insert} ${onConflict(table)}`);
}

/** Deletes rows by the values of their primary key. */
export async function deleteRows(
  db: Queryable,
  table: PgTable,
  rows: readonly Values[],
): Promise<void> {
  const key = primaryKeyOf(table);
  const columns = key.map(({ column }) => sql`${column}`);
  const values = key.map(({ name, column }) => {
    const keys = rows.map((row) => String(row[name]));
    return column.getSQLType() === 'uuid' ? uuids(keys) : texts(keys);
  });
  await db.delete(table).where(sql`(${list(columns)}) in (select * from unnest(${list(values)}))`);
}

// Private:

interface NamedColumn {
  /** The property's name in the schema of Drizzle. */
  name: string;
  column: PgColumn;
}

/** A column with its values, as the literal of an array of texts. */
interface GivenColumn extends NamedColumn {
  values: string;
  /** Some rows have no value for it. */
  hasGaps: boolean;
}

const list = (items: readonly SQL[] | readonly ReturnType<typeof sql.identifier>[]): SQL =>
  sql.join([...items], sql`, `);

const columnsOf = remembered((table): NamedColumn[] =>
  Object.entries(getColumns(table) as Record<string, PgColumn>)
    .filter(([, { generated }]) => !generated)
    .map(([name, column]) => ({ name, column })),
);

const writtenColumns = remembered((table) =>
  columnsOf(table).filter(({ name }) => !copyOf(table, name)),
);

const copiedColumns = remembered((table) =>
  columnsOf(table).flatMap((named) => {
    const copy = copyOf(table, named.name);
    return copy ? { ...named, copy } : [];
  }),
);

const primaryKeyOf = remembered((table) => {
  const composite = (getTableConfig(table).primaryKeys[0]?.columns ?? []).map(({ name }) => name);
  return columnsOf(table).filter(({ column }) => column.primary || composite.includes(column.name));
});

/** Columns that updates keep; triggers maintain the last two. */
const keptColumns = new Set(['createdAt', 'currentStatus', 'countryId']);

/** Sets every column to its new value; a column without a value gets its default. */
const onConflict = remembered((table): SQL => {
  const key = primaryKeyOf(table);
  const kept = new Set([...keptColumns, ...key.map(({ name }) => name)]);
  const target = list(key.map(({ column }) => sql.identifier(column.name)));
  const changed = columnsOf(table)
    .filter(({ name }) => !kept.has(name))
    .map(({ column }) => sql.identifier(column.name))
    .map((name) => sql`${name} = excluded.${name}`);
  return changed.length === 0
    ? sql`on conflict (${target}) do nothing`
    : sql`on conflict (${target}) do update set ${list(changed)}`;
});

/** The column with its values; nothing if no row has one. */
function given({ name, column }: NamedColumn, rows: readonly Values[]): GivenColumn | [] {
  let [isGiven, hasGaps] = [false, false];
  const values = rows.map((row) => {
    const value = row[name] ?? column.defaultFn?.();
    if (value === undefined || value === null) {
      hasGaps = true;
      return 'NULL';
    }
    isGiven = true;
    return element(column, value);
  });
  return isGiven ? { name, column, values: `{${values.join(',')}}`, hasGaps } : [];
}

/** A value as an element of an array of texts. */
function element(column: PgColumn, value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = textOf(column, value);
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}

function textOf(column: PgColumn, value: unknown): string {
  const mapped: unknown =
    column.columnType === 'PgCustomColumn' ? column.mapToDriverValue(value) : value;
  if (typeof mapped === 'string' && column.columnType !== 'PgJsonb') return mapped;
  if (mapped instanceof Date) return mapped.toISOString();
  return column.dimensions ? textArray(mapped as string[]) : JSON.stringify(mapped);
}

/** The rows as one text array for each column, a third of the cost of JSON for PostgreSQL. */
function rowsOf(columns: readonly GivenColumn[]): SQL {
  const names = columns.map(({ column }) => sql.identifier(column.name));
  const arrays = columns.map(({ values }) => sql`${values}::text[]`);
  const typed = columns.map(
    ({ column }, i) => sql`given.${names[i]}::${typeOf(column)} as ${names[i]}`,
  );
  return sql`select ${list(typed)} from unnest(${list(arrays)}) as given(${list(names)})`;
}

const typeOf = (column: PgColumn): SQL =>
  sql.raw(column.getSQLType().replace(/ collate .*/, '') + (column.dimensions ? '[]' : ''));

function valueOf({ column, hasGaps }: GivenColumn): SQL {
  const name = sql.identifier(column.name);
  const { notNull, default: value } = column;
  return hasGaps && notNull && value !== undefined
    ? sql`coalesce(written.${name}, ${value})`
    : sql`written.${name}`;
}

function remembered<Found>(find: (table: PgTable) => Found): (table: PgTable) => Found {
  const found = new Map<PgTable, Found>();
  return (table) => {
    let known = found.get(table);
    if (known === undefined) found.set(table, (known = find(table)));
    return known;
  };
}
