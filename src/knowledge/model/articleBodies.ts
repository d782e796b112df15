/**
 * Reads the texts of articles. A text may exceed a megabyte, so a few megabytes are read at a time,
 * and callers learn the size before the text is read.
 */
import { eq, sql, type SQL } from 'drizzle-orm';
import { allHold, literal, octetLength } from '../../database/sql.js';
import { article, articleBody } from '../../database/tables/index.js';
import type { Batcher } from '../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../reading/batchedQuery.js';
import { dependency, type View } from '../reading/view.js';
import { keyNumber, keyParameter, keysTable } from '../reading/keys.js';
import type { Queries } from '../reading/queries.js';
import { seesWholeBodies, type Visibility } from '../reading/visibility.js';

/** The bytes of text that a statement reads; of further texts it returns only the size. */
const bytesPerStatement = 4 * 1024 * 1024;

interface Measured {
  bytes: number;
  /** null if only the size was read. */
  text: string | null;
}

export class ArticleBodies {
  readonly #runner: QueryRunner;
  readonly #bodyOf: typeof bodyOf;

  constructor(queries: Queries, batcher: Batcher, visibility: Visibility) {
    this.#runner = { queries, batcher };
    this.#bodyOf = seesWholeBodies(visibility) ? bodyOf : openBodyOf;
  }

  /**
   * The text of an article; undefined if none is stored, or if readers may not see it.
   *
   * @param admit Called with the size in bytes; throws to skip reading the text.
   */
  async of(view: View, id: string, admit?: (bytes: number) => void): Promise<string | undefined> {
    view.reads?.add(dependency.record(id));
    let found = await this.#bodyOf(this.#runner, [id]);
    if (found) admit?.(found.bytes);
    // Each statement reads at least one text, so that every text is read eventually.
    while (found?.text === null) found = await this.#bodyOf(this.#runner, [id]);
    return found?.text;
  }
}

const { articleId, text } = articleBody;

// The size is known without decompression.
const before = sql`sum(octet_length(${text})) over (order by keys.n) - octet_length(${text})`;

/** @param isOpen Which of the texts are read, as a condition on `article`. */
const bodies = (name: string, isOpen?: SQL) =>
  batchedQuery<Measured & KeyedRow, Measured | undefined>({
    name,
    types: ['uuid'],
    build: (db) => {
      const query = db
        .select({
          $n: keyNumber,
          bytes: octetLength(text),
          text: sql<
            string | null
          >`case when ${before} < ${literal(bytesPerStatement)} then ${text} end`,
        })
        .from(keysTable(['uuid']))
        .innerJoin(articleBody, eq(articleId, keyParameter(0)))
        .$dynamic();
      return isOpen ? query.innerJoin(article, allHold(eq(article.id, articleId), isOpen)) : query;
    },
    collect: ([body]) => body,
  });

const bodyOf = bodies('article bodies');

/** Of an earlier state, too, the condition is on the present right: see `body_access_now`. */
const openBodyOf = bodies('open article bodies', eq(article.bodyAccess, literal('FULL')));
