import type { Database, Queryable } from '../../database/database.js';
import { isConflict } from '../../database/errors.js';
import { through, type Visibility } from './visibility.js';
import { Semaphore } from './semaphore.js';

/** So many statements are kept ready; the one that was not used for longest makes room. */
const maxCachedQueries = 1000;

/** A Drizzle query whose values are placeholders. */
export interface Query {
  execute(values?: Record<string, unknown>): Promise<unknown>;
  prepare(name: string): { execute(values?: Record<string, unknown>): Promise<unknown> };
}

/**
 * Prepared statements, cached by shape: each is built once and from its second use on prepared in
 * the database, which then neither parses nor plans it anew. A statement that runs only once is
 * not worth a place there.
 */
export class Queries {
  readonly #database: Database;
  readonly #visibility: Visibility;
  readonly #known = new Map<string, Known>();
  /** One request reads the past, in one transaction at a time: it must not take all that there are. */
  readonly #own: Semaphore | undefined;

  constructor(database: Database, visibility: Visibility) {
    this.#database = database;
    this.#visibility = visibility;
    if (visibility.sees === 'past') this.#own = new Semaphore(1);
  }

  /** Runs a query that has another form each time. */
  read<Result>(select: (db: Queryable) => Promise<Result>): Promise<Result> {
    const read = (): Promise<Result> =>
      onceMore(() => through(this.#database, this.#visibility, select));
    const own = this.#own;
    return own ? own.within(() => pastOf(this.#database).within(read)) : read();
  }

  /** @param build makes the statement of this shape; called for its first and its second use */
  async run<Row>(
    shape: string,
    build: (db: Queryable) => Query,
    values: Record<string, unknown>,
  ): Promise<Row[]> {
    // A statement is prepared on a connection of the pool; one within a transaction goes with it.
    if (this.#visibility.sees !== 'published') {
      return (await this.read((db) => build(db).execute(values))) as Row[];
    }
    const { db } = this.#database;
    const known = this.#known.get(shape);
    this.#known.delete(shape);
    if (!known) {
      this.#remember(shape, 'seen');
      return (await onceMore(() => build(db).execute(values))) as Row[];
    }
    const prepared = known === 'seen' ? build(db).prepare(shape) : known;
    this.#remember(shape, prepared);
    return (await onceMore(() => prepared.execute(values))) as Row[];
  }

  /** How many statements are remembered. */
  get size(): number {
    return this.#known.size;
  }

  // Private:

  #remember(shape: string, known: Known): void {
    if (this.#known.size >= maxCachedQueries) {
      for (const [oldest] of this.#known) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.set(shape, known);
  }
}

/** Reading the past leaves half of the transactions to those who write. */
const pasts = new WeakMap<Database, Semaphore>();

function pastOf(database: Database): Semaphore {
  let semaphore = pasts.get(database);
  if (!semaphore) {
    const { max: most = 2 } = database.transactions ?? {};
    pasts.set(database, (semaphore = new Semaphore(Math.max(1, Math.floor(most / 2)))));
  }
  return semaphore;
}

type Known = 'seen' | { execute(values?: Record<string, unknown>): Promise<unknown> };

/** Reads again what failed only because of what ran beside it, as a migration locks tables in another order. */
async function onceMore<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!isConflict(error)) throw error;
    return read();
  }
}
