/**
 * Which state of the knowledge base is read. The same queries read them all: the schemas
 * `drafts` and `past` have views with the names of the tables (migration `history`), and a lens
 * puts one of them ahead in the search path.
 */
import { sql } from 'drizzle-orm';
import type { Database, Queryable } from '../../database/database.js';

export type Visibility =
  /** What is published now. */
  | { sees: 'published' }
  /** What editors see: drafts, too. */
  | { sees: 'drafts' }
  /** What was published at a moment; of its texts an editor sees those that readers may not see now. */
  | { sees: 'past'; asKnownAt: Date; isEditor?: boolean };

export const published: Visibility = { sees: 'published' };

/** Whether bodies are read of which readers may see only the cited passages. */
export const seesWholeBodies = (visibility: Visibility): boolean =>
  visibility.sees === 'drafts' || (visibility.sees === 'past' && visibility.isEditor === true);

/** Runs a read through the lens; any but the plain one takes a transaction. */
export function through<Result>(
  { db }: Database,
  visibility: Visibility,
  read: (db: Queryable) => Promise<Result>,
): Promise<Result> {
  if (visibility.sees === 'published') return read(db);
  const asKnownAt = visibility.sees === 'past' ? visibility.asKnownAt.toISOString() : '';
  return db.transaction(async (tx) => {
    await tx.execute(
      sql`select set_config('search_path', ${`${visibility.sees}, public`}, true), set_config('chancery.known_on', ${asKnownAt}, true)`,
    );
    return read(tx);
  });
}
