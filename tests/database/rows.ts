import { sql, type SQL } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Queryable } from '../../src/database/database.js';
import { constraintOf, sqlState } from '../../src/database/errors.js';

export type Row = Record<string, unknown>;

/** Sends a statement as it stands. */
export async function rowsOf({ db }: Database, statement: string | SQL): Promise<Row[]> {
  const result: unknown = await db.execute(statement);
  const rows = Array.isArray(result) ? (result as Row[]) : (result as { rows: Row[] }).rows;
  return [...rows];
}

/** Writes a row as it stands, with an id unless it has one, which is returned. */
export async function insert({ db }: { db: Queryable }, table: string, row: Row): Promise<string> {
  const whole: Row = { id: newId(), ...row };
  const columns = Object.keys(whole).map((column) => sql.identifier(column));
  const values = Object.values(whole).map((value) => sql`${value}`);
  await db.execute(
    sql`insert into ${sql.identifier(table)} (${sql.join(columns, sql`, `)}) values (${sql.join(values, sql`, `)})`,
  );
  return String(whole['id']);
}

export async function update(
  database: Database,
  table: string,
  id: string,
  changes: Row,
): Promise<void> {
  const assignments = Object.entries(changes).map(
    ([column, value]) => sql`${sql.identifier(column)} = ${value}`,
  );
  await database.db.execute(
    sql`update ${sql.identifier(table)} set ${sql.join(assignments, sql`, `)} where id = ${id}`,
  );
}

/** A row of `entity` and the one of its class; neither when one is rejected. */
export async function insertEntity(
  database: Database,
  type: 'ORGANIZATION' | 'PERSON' | 'OFFICE' | 'PLACE',
  slug: string,
  columns: Row = {},
): Promise<string> {
  return database.db.transaction(async (db) => {
    const id = await insert({ db }, 'entity', { type, slug, name: slug, sort_name: slug });
    return insert({ db }, type.toLowerCase(), { id, sort_name: slug, live: true, ...columns });
  });
}

export async function rowOf(database: Database, table: string, id: string): Promise<Row> {
  const [row] = await rowsOf(
    database,
    sql`select * from ${sql.identifier(table)} where id = ${id}`,
  );
  return row ?? {};
}

/** The constraint that a statement violates, or the SQLSTATE if there is none. */
export async function violationOf(statement: Promise<unknown>): Promise<string | undefined> {
  try {
    await statement;
    return undefined;
  } catch (error) {
    return constraintOf(error) ?? sqlState(error) ?? String(error);
  }
}
