import type { SQL } from 'drizzle-orm';
import type { Queryable } from './database.js';

/** The rows that a statement in SQL gives; the drivers disagree on where an answer has them. */
export async function readRows<Row extends object>(db: Queryable, query: SQL): Promise<Row[]> {
  const answer: unknown = await db.execute(query);
  return (Array.isArray(answer) ? answer : (answer as { rows: unknown }).rows) as Row[];
}
