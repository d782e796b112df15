/** The texts of articles that were found, as much of them as a passage is looked for in. */
import { sql } from 'drizzle-orm';
import { keyText, type Batcher, type Key } from '../../reading/batcher.js';
import { dependency, type View } from '../../reading/view.js';
import { keysTable, keyArrays, type ParameterType } from '../../reading/keys.js';
import type { Queries } from '../../reading/queries.js';
import { allOf, oneOf } from './lexemes.js';
import type { SearchTerms } from './conditions.js';

export interface BodyPart {
  text: string;
  /** Where it begins in the whole text, in code points. */
  start: number;
}

/** Of so many articles at once: each may have dozens of parts to look at. */
const maxBatchSize = 25;

export class Bodies {
  readonly #queries: Queries;
  readonly #batcher: Batcher;

  constructor(queries: Queries, batcher: Batcher) {
    this.#queries = queries;
    this.#batcher = batcher;
  }

  /** The whole text, or of a long one the part that has all of the words, or else any of them. */
  partOf(view: View, id: string, wanted: SearchTerms | undefined): Promise<BodyPart | undefined> {
    view.reads?.add(dependency.table('article')).add(dependency.table('article_body'));
    const groups = wanted?.groups ?? [];
    const parameters = [id, allOf(groups), oneOf(groups)];
    return this.#batcher.load(
      'body parts',
      (keys) => this.#fetchAll(keys),
      keyText(parameters),
      parameters,
    );
  }

  // Private:

  async #fetchAll(keys: readonly Key[]): Promise<(BodyPart | undefined)[]> {
    const found: (BodyPart | undefined)[] = [];
    for (let at = 0; at < keys.length; at += maxBatchSize) {
      found.push(...(await this.#fetch(keys.slice(at, at + maxBatchSize))));
    }
    return found;
  }

  async #fetch(keys: readonly Key[]): Promise<(BodyPart | undefined)[]> {
    const rows = await this.#queries.run<BodyPart & { n: number }>(
      'body parts',
      (db) =>
        db
          .select({
            n: sql<number>`asked.n::int`,
            start: sql<number>`coalesce(part.start, 0)`,
            text: sql<string>`case when part.start is null then left(body.text, ${maxWholeLength})
              else substr(body.text, part.start + 1, part.length) end`,
          })
          .from(keysTable(parameterTypes))
          .innerJoin(sql`article_body as body`, sql`body.article_id = asked.p0`)
          .innerJoin(sql`article`, sql`article.id = body.article_id and article.live`)
          .leftJoinLateral(best, sql`true`),
      keyArrays(keys, parameterTypes),
    );
    const parts = new Map(rows.map(({ n, text, start }) => [n, { text, start }]));
    return keys.map((_, i) => parts.get(i + 1));
  }
}

// Private:

const parameterTypes: ParameterType[] = ['uuid', 'text', 'text'];

/** What is longer has parts (`search_part_length` in the database). */
const maxWholeLength = sql.raw('50000');

const best = sql`(select p.start, p.length from search_part p where p.article_id = body.article_id
    order by p.words @@ asked.p1::tsquery desc, p.words @@ asked.p2::tsquery desc, p.start limit 1) as part`;
