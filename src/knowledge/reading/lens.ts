/**
 * Which state of the knowledge base is read. The same queries read them all: the schemas
 * `drafts` and `past` have views with the names of the tables (migration `history`), and a lens
 * puts one of them ahead in the search path.
 */
import { sql } from 'drizzle-orm';
import type { Database, Queryable } from '../../database/database.js';

export type Lens =
  /** What everybody may see, now. */
  | { sees: 'published' }
  /** What editors see: drafts, too. */
  | { sees: 'drafts' }
  /** What everybody could see at a moment. */
  | { sees: 'past'; knownOn: Date };

export const published: Lens = { sees: 'published' };

/** Runs a read through the lens; any but the plain one takes a transaction. */
export function through<Result>(
  { db }: Database,
  lens: Lens,
  read: (db: Queryable) => Promise<Result>,
): Promise<Result> {
  if (lens.sees === 'published') return read(db);
  const knownOn = lens.sees === 'past' ? lens.knownOn.toISOString() : '';
  return db.transaction(async (tx) => {
    await tx.execute(
      sql`select set_config('search_path', ${`${lens.sees}, public`}, true), set_config('chancery.known_on', ${knownOn}, true)`,
    );
    return read(tx);
  });
}
