/**
 * The texts of articles. One may have a megabyte and more, so they are read a few megabytes at a
 * time, and whoever wants one learns its size before it is read for him.
 */
import { sql } from 'drizzle-orm';
import { articleBody } from '../../database/tables/index.js';
import type { Batcher, Key } from '../reading/batcher.js';
import { dependency, type View } from '../reading/view.js';
import { keysTable, keyArrays } from '../reading/keys.js';
import type { Queries } from '../reading/queries.js';

/** A statement reads texts until they have so many bytes; the others it only measures. */
const bytesPerStatement = 4 * 1024 * 1024;

interface Measured {
  bytes: number;
  /** null where it was measured only. */
  text: string | null;
}

export class ArticleBodies {
  readonly #queries: Queries;
  readonly #batcher: Batcher;

  constructor(queries: Queries, batcher: Batcher) {
    this.#queries = queries;
    this.#batcher = batcher;
  }

  /**
   * The text of an article; undefined where none is held.
   *
   * @param admit Told how many bytes it has; throws where it is not wanted then.
   */
  async of(view: View, id: string, admit?: (bytes: number) => void): Promise<string | undefined> {
    view.reads?.add(dependency.record(id));
    const shape = `${view.rights} article bodies`;
    let found = await this.#load(shape, id);
    if (found) admit?.(found.bytes);
    // Each statement reads one text at least, so all have their turn.
    while (found?.text === null) found = await this.#load(shape, id);
    return found?.text;
  }

  // Private:

  #load(shape: string, id: string): Promise<Measured | undefined> {
    return this.#batcher.load(shape, (keys) => this.#fetch(shape, keys), id);
  }

  async #fetch(shape: string, keys: readonly Key[]): Promise<(Measured | undefined)[]> {
    const rows = await this.#queries.run<Measured & { n: number }>(
      shape,
      (db) => {
        const { articleId, text } = articleBody;
        // The size is known without the text being unpacked.
        const before = sql`sum(octet_length(${text})) over (order by asked.n) - octet_length(${text})`;
        return db
          .select({
            n: sql<number>`asked.n::int`,
            bytes: sql<number>`octet_length(${text})`,
            text: sql<
              string | null
            >`case when ${before} < ${sql.raw(String(bytesPerStatement))} then ${text} end`,
          })
          .from(keysTable(['uuid']))
          .innerJoin(articleBody, sql`${articleId} = asked.p0`);
      },
      keyArrays(keys, ['uuid']),
    );
    const found: (Measured | undefined)[] = keys.map(() => undefined);
    for (const { n, bytes, text } of rows) found[n - 1] = { bytes, text };
    return found;
  }
}
