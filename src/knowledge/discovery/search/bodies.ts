/** The texts of articles that were found, as much of them as a passage is looked for in. */
import { and, eq, sql, type SQL } from 'drizzle-orm';
import { literal } from '../../../database/sql.js';
import { article, articleBody, reference } from '../../../database/tables/index.js';
import type { Batcher } from '../../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../../reading/batchedQuery.js';
import { dependency, type View } from '../../reading/view.js';
import { keyNumber, keysTable, type ParameterType } from '../../reading/keys.js';
import type { Queries } from '../../reading/queries.js';
import { seesWholeBodies, type Visibility } from '../../reading/visibility.js';
import { allOf, oneOf } from './lexemes.js';
import type { SearchTerms } from './conditions.js';

export interface BodyPart {
  text: string;
  /** Where it begins in the whole text, in code points. */
  start: number;
}

/** Of so many articles at once: each may have dozens of parts to look at. */
const maxBatchSize = 25;

/** So many cited passages of an article are looked at. */
const maxPassages = 200;

export class Bodies {
  readonly #runner: QueryRunner;
  readonly #partsOf: typeof partsForReaders;

  constructor(queries: Queries, batcher: Batcher, visibility: Visibility) {
    this.#runner = { queries, batcher };
    this.#partsOf = seesWholeBodies(visibility) ? partsForEditors : partsForReaders;
  }

  /**
   * The whole text, or of a long one the part that has all of the words, or else any of them; the
   * cited passages where no more of it may be seen; none where the article has no text.
   */
  partsOf(view: View, id: string, wanted: SearchTerms | undefined): Promise<BodyPart[]> {
    for (const table of ['article', 'article_body', 'reference']) {
      view.reads?.add(dependency.table(table));
    }
    const groups = wanted?.groups ?? [];
    return this.#partsOf(this.#runner, [id, allOf(groups), oneOf(groups)]);
  }
}

// Private:

const types: ParameterType[] = ['uuid', 'text', 'text'];

/** What is longer has parts (`search_part_length` in the database). */
const maxWholeLength = sql.raw('50000');

const best = sql`(select p.start, p.length from search_part p where p.article_id = ${articleBody.articleId}
    order by p.words @@ keys.p1::tsquery desc, p.words @@ keys.p2::tsquery desc, p.start limit 1) as part`;

const part = sql<string>`case when part.start is null then left(${articleBody.text}, ${maxWholeLength})
  else substr(${articleBody.text}, part.start + 1, part.length) end`;

/** Where no more may be seen, the text is not read. */
const openPart = sql<string | null>`case when ${article.bodyAccess} = 'FULL' then ${part} end`;

const passages = sql<string | null>`case when ${article.bodyAccess} <> 'FULL' then (
  select json_agg(json_build_object('text', passage.exact, 'start', passage.start) order by passage.start)::text
  from (select r.exact, min(r.start) as start from ${reference} r
    where r.article_id = ${article.id} and r.live and r.verified
    group by r.exact order by min(r.start) limit ${literal(maxPassages)}) as passage) end`;

interface Row extends KeyedRow {
  start: number;
  text: string | null;
  passages: string | null;
}

const parts = (name: string, text: SQL<string | null>, cited: SQL<string | null>) =>
  batchedQuery<Row, BodyPart[]>({
    name,
    types,
    build: (db) =>
      db
        .select({
          $n: keyNumber,
          start: sql<number>`coalesce(part.start, 0)`,
          text,
          passages: cited,
        })
        .from(keysTable(types))
        .innerJoin(articleBody, sql`${articleBody.articleId} = keys.p0`)
        .innerJoin(article, and(eq(article.id, articleBody.articleId), article.live))
        .leftJoinLateral(best, literal(true)),
    collect: ([row]) => {
      if (row?.passages) return JSON.parse(row.passages) as BodyPart[];
      return typeof row?.text === 'string' ? [{ text: row.text, start: row.start }] : [];
    },
    maxKeys: maxBatchSize,
  });

const partsForReaders = parts('body parts', openPart, passages);
const partsForEditors = parts('body parts for editors', part, sql<null>`null`);
