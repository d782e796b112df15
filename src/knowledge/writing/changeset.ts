import { getColumns, sql, type SQL, type SQLChunk } from 'drizzle-orm';
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import {
  article,
  articleBody,
  entity,
  entityIdentifier,
  entityName,
  event,
  eventParticipant,
  membership,
  mention,
  office,
  officeAccreditation,
  officeStatus,
  organization,
  person,
  place,
  position,
  reference,
  revision,
  statement,
  statementAudience,
  statementSubject,
} from '../../database/tables/index.js';
import { texts, uuids } from '../reading/keys.js';
import { copyOf, withCopies } from './copies.js';
import type { Values } from './draft.js';

/** The rows to write and to delete, table by table. */
export class Changeset {
  readonly #upserts = new Map<PgTable, Values[]>();
  readonly #deletes = new Map<PgTable, Values[]>();
  readonly #fresh = new Set<Values>();

  /** A new row, or an existing one in full. Columns left out get their default. */
  upsert(table: PgTable, row: Values): void {
    add(this.#upserts, table, row);
  }

  /** A row whose key nobody has yet. */
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

  /** Writes the rows; `onWritten` is told the size of each batch. */
  async apply(db: Queryable, onWritten: (rows: number) => void = () => {}): Promise<void> {
    // Deletions go first: a row may take the place of another under the same unique key.
    for (const table of [...tablesInOrder].reverse()) {
      for (const keys of batches(this.#deletes.get(table) ?? [])) {
        await deleteRows(db, table, keys);
        onWritten(keys.length);
      }
    }
    await withCopies(db, true);
    for (const table of tablesInOrder) {
      for (const rows of batches(inOrder(table, this.#upserts.get(table) ?? []))) {
        const areFresh = rows.every((row) => this.#fresh.has(row));
        await writeRows(db, table, rows, areFresh);
        onWritten(rows.length);
      }
    }
    await withCopies(db, false);
  }
}

// Private:

/** Each after the tables that it points to. */
const tablesInOrder: readonly PgTable[] = [
  entity,
  place,
  organization,
  person,
  office,
  article,
  articleBody,
  event,
  position,
  membership,
  statement,
  entityName,
  entityIdentifier,
  officeStatus,
  officeAccreditation,
  eventParticipant,
  statementSubject,
  statementAudience,
  mention,
  reference,
  revision,
];

const batchSize = 1000;

/** Never overwritten: the key, when the row was made, and what triggers keep. */
const keptColumns = new Set(['createdAt', 'currentStatus', 'countryId']);

const primaryKeys = new Map(tablesInOrder.map((table) => [table, primaryKeyOf(table)]));

function primaryKeyOf(table: PgTable): [name: string, column: PgColumn][] {
  const composite = (getTableConfig(table).primaryKeys[0]?.columns ?? []).map(({ name }) => name);
  return Object.entries(getColumns(table) as Record<string, PgColumn>).filter(
    ([, column]) => column.primary || composite.includes(column.name),
  );
}

function add<Key>(lists: Map<Key, Values[]>, key: Key, row: Values): void {
  const list = lists.get(key);
  if (list) list.push(row);
  else lists.set(key, [row]);
}

function* batches(rows: Values[]): Generator<Values[]> {
  for (let i = 0; i < rows.length; i += batchSize) yield rows.slice(i, i + batchSize);
}

async function writeRows(
  db: Queryable,
  table: PgTable,
  rows: Values[],
  areFresh: boolean,
): Promise<void> {
  const { insert, upsert, columns } = statementsOf(table);
  const json = JSON.stringify(rows.map((row) => jsonRow(columns, row)));
  await db.execute((areFresh ? insert : upsert)(json));
}

interface NamedColumn {
  /** In the application. */
  name: string;
  column: PgColumn;
}

interface Statements {
  /** Fails where a row is there already, and costs less. */
  insert: (json: string) => SQL;
  upsert: (json: string) => SQL;
  columns: NamedColumn[];
}

/**
 * The statements that write rows of a table. They travel as one JSON text, whatever their
 * number: that costs less than a parameter for each value, and the statement stays the same.
 */
function makeStatements(table: PgTable): Statements {
  const columns = Object.entries(getColumns(table) as Record<string, PgColumn>)
    .filter(([, { generated }]) => !generated)
    .map(([name, column]) => ({ name, column }));
  const nameOf = ({ column }: NamedColumn) => sql.identifier(column.name);
  const names = sql.join(columns.map(nameOf), sql`, `);
  const values = sql.join(
    columns.map((named) => copyOf(table, named.name) ?? withDefault(nameOf(named), named.column)),
    sql`, `,
  );
  const insert = (json: string) =>
    sql`insert into ${table} (${names}) select ${values} from json_populate_recordset(null::${table}, ${json}::text::json) as written`;
  const conflict = conflictOf(table, columns);
  return { columns, insert, upsert: (json) => sql`${insert(json)} ${conflict}` };
}

function conflictOf(table: PgTable, columns: readonly NamedColumn[]): SQL {
  // History refuses even a statement that could change it.
  if (table === revision) return sql``;
  const key = primaryKeys.get(table) ?? [];
  const kept = new Set([...keptColumns, ...key.map(([name]) => name)]);
  const target = sql.join(
    key.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  );
  const changed = columns
    .filter(({ name }) => !kept.has(name))
    .map(({ column }) => sql.identifier(column.name))
    .map((name) => sql`${name} = excluded.${name}`);
  return changed.length === 0
    ? sql`on conflict (${target}) do nothing`
    : sql`on conflict (${target}) do update set ${sql.join(changed, sql`, `)}`;
}

/** What a row leaves out is null in its JSON. */
const withDefault = (name: SQLChunk, { notNull, default: value }: PgColumn): SQL =>
  notNull && value !== undefined ? sql`coalesce(${name}, ${value})` : sql`${name}`;

const made = new Map<PgTable, Statements>();

function statementsOf(table: PgTable): Statements {
  let statements = made.get(table);
  if (!statements) made.set(table, (statements = makeStatements(table)));
  return statements;
}

/** By the names of the columns in the database. */
function jsonRow(columns: readonly NamedColumn[], row: Values): Values {
  const json: Values = {};
  for (const { name, column } of columns) {
    const value = row[name] ?? column.defaultFn?.();
    if (value === undefined || value === null) continue;
    json[column.name] =
      column.columnType === 'PgCustomColumn' ? column.mapToDriverValue(value) : value;
  }
  return json;
}

async function deleteRows(db: Queryable, table: PgTable, rows: Values[]): Promise<void> {
  const key = primaryKeys.get(table) ?? [];
  const columns = key.map(([, column]) => sql`${column}`);
  const values = key.map(([name, column]) =>
    arrayOf(
      column,
      rows.map((row) => String(row[name])),
    ),
  );
  await db
    .delete(table)
    .where(
      sql`(${sql.join(columns, sql`, `)}) in (select * from unnest(${sql.join(values, sql`, `)}))`,
    );
}

const arrayOf = (column: PgColumn, values: string[]): SQL =>
  column.getSQLType() === 'uuid' ? uuids(values) : texts(values);

/**
 * A row's parent is written before it, as foreign keys and the triggers for countries need it;
 * a post that ended is written before the one that follows, so that they never overlap.
 */
function inOrder(table: PgTable, rows: Values[]): Values[] {
  if (table === place) return parentsFirst(rows, 'withinId');
  if (table === organization) return parentsFirst(rows, 'parentId');
  if (table === position || table === membership) return rows.toSorted(byStart);
  return rows;
}

function byStart(a: Values, b: Values): number {
  const [first, second] = [a, b].map(({ start }) => (typeof start === 'string' ? start : ''));
  return first === second ? 0 : (first ?? '') < (second ?? '') ? -1 : 1;
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
