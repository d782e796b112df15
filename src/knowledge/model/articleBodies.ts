/**
 * The texts of articles. A text may exceed a megabyte, so a few megabytes are read at a time, and
 * the caller receives the size of a text before it is read.
 */
import { eq, sql } from 'drizzle-orm';
import { literal, octetLength } from '../../database/sql.js';
import { articleBody } from '../../database/tables/index.js';
import type { Batcher } from '../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../reading/batchedQuery.js';
import { dependency, type View } from '../reading/view.js';
import { keyNumber, keyParameter, keysTable } from '../reading/keys.js';
import type { Queries } from '../reading/queries.js';

/** A statement reads texts until they have so many bytes; the others it only measures. */
const bytesPerStatement = 4 * 1024 * 1024;

interface Measured {
  bytes: number;
  /** null where it was measured only. */
  text: string | null;
}

export class ArticleBodies {
  readonly #runner: QueryRunner;

  constructor(queries: Queries, batcher: Batcher) {
    this.#runner = { queries, batcher };
  }

  /**
   * The text of an article; undefined where none is held.
   *
   * @param admit Told how many bytes it has; throws where it is not wanted then.
   */
  async of(view: View, id: string, admit?: (bytes: number) => void): Promise<string | undefined> {
    view.reads?.add(dependency.record(id));
    let found = await bodyOf(this.#runner, [id]);
    if (found) admit?.(found.bytes);
    // Each statement reads one text at least, so all have their turn.
    while (found?.text === null) found = await bodyOf(this.#runner, [id]);
    return found?.text;
  }
}

const { articleId, text } = articleBody;

// The size is known without the text being unpacked.
const before = sql`sum(octet_length(${text})) over (order by keys.n) - octet_length(${text})`;

const bodyOf = batchedQuery<Measured & KeyedRow, Measured | undefined>({
  name: 'article bodies',
  types: ['uuid'],
  build: (db) =>
    db
      .select({
        $n: keyNumber,
        bytes: octetLength(text),
        text: sql<
          string | null
        >`case when ${before} < ${literal(bytesPerStatement)} then ${text} end`,
      })
      .from(keysTable(['uuid']))
      .innerJoin(articleBody, eq(articleId, keyParameter(0))),
  collect: ([body]) => body,
});
