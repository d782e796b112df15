/** The texts of articles that were found, as much of them as a passage is looked for in. */
import { and, eq, sql } from 'drizzle-orm';
import { literal } from '../../../database/sql.js';
import { article, articleBody } from '../../../database/tables/index.js';
import type { Batcher } from '../../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../../reading/batchedQuery.js';
import { dependency, type View } from '../../reading/view.js';
import { keyNumber, keysTable, type ParameterType } from '../../reading/keys.js';
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
  readonly #runner: QueryRunner;

  constructor(queries: Queries, batcher: Batcher) {
    this.#runner = { queries, batcher };
  }

  /** The whole text, or of a long one the part that has all of the words, or else any of them. */
  partOf(view: View, id: string, wanted: SearchTerms | undefined): Promise<BodyPart | undefined> {
    view.reads?.add(dependency.table('article')).add(dependency.table('article_body'));
    const groups = wanted?.groups ?? [];
    return parts(this.#runner, [id, allOf(groups), oneOf(groups)]);
  }
}

// Private:

const types: ParameterType[] = ['uuid', 'text', 'text'];

/** What is longer has parts (`search_part_length` in the database). */
const maxWholeLength = sql.raw('50000');

const best = sql`(select p.start, p.length from search_part p where p.article_id = ${articleBody.articleId}
    order by p.words @@ keys.p1::tsquery desc, p.words @@ keys.p2::tsquery desc, p.start limit 1) as part`;

const parts = batchedQuery<BodyPart & KeyedRow, BodyPart | undefined>({
  name: 'body parts',
  types,
  build: (db) =>
    db
      .select({
        $n: keyNumber,
        start: sql<number>`coalesce(part.start, 0)`,
        text: sql<string>`case when part.start is null then left(${articleBody.text}, ${maxWholeLength})
          else substr(${articleBody.text}, part.start + 1, part.length) end`,
      })
      .from(keysTable(types))
      .innerJoin(articleBody, sql`${articleBody.articleId} = keys.p0`)
      .innerJoin(article, and(eq(article.id, articleBody.articleId), article.live))
      .leftJoinLateral(best, literal(true)),
  collect: ([part]) => part,
  maxKeys: maxBatchSize,
});
