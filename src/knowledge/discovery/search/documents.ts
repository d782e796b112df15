/** The words of records: articles, statements, and the texts of entities beside their names. */
import { sql } from 'drizzle-orm';
import type { Batcher } from '../../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../../reading/batchedQuery.js';
import { dependency, type View } from '../../reading/view.js';
import { keyNumber, keysTable } from '../../reading/keys.js';
import type { Queries } from '../../reading/queries.js';
import {
  counted,
  existing,
  matching,
  type DocumentFilter,
  type SearchType,
  type SearchTerms,
} from './conditions.js';

/** A term in the forms that the rules of one language give it: `'minist'` for "ministers". */
export interface Stem {
  /** The language, by PostgreSQL's name of its rules. */
  config: string;
  /** The forms as a tsquery; empty where the language skips such words ("the"). */
  query: string;
}

/** The forms of terms in each language, by the terms as they were written. */
export type Stems = ReadonlyMap<string, readonly Stem[]>;

export interface FoundDocument {
  id: string;
  type: SearchType;
  /** How prominently it has the words, from 0.4 to 1. */
  rank: number;
  /** Of an entity; 0 for others. */
  prominence: number;
}

/** How many of the records that were found have something in common. */
export interface Facets {
  types: { type: SearchType; count: number }[];
  years: { year: number; count: number }[];
  organizations: { organizationId: string; count: number }[];
  /** Whether there are so many that not all were counted. */
  isCut: boolean;
}

/** So many records are counted in facets. */
export const maxCounted = 10_000;

/** Organizations and years in facets, at most. */
const maxGroups = 20;

export class Documents {
  readonly #queries: Queries;
  readonly #runner: QueryRunner;

  constructor(queries: Queries, batcher: Batcher) {
    this.#queries = queries;
    this.#runner = { queries, batcher };
  }

  /** The forms of a term in all languages that any record is in. */
  async stems(text: string): Promise<Stem[]> {
    return stems(this.#runner, [text]);
  }

  /** The best records for what is wanted; of articles and statements the newest first. */
  async matching(
    view: View,
    wanted: SearchTerms,
    filter: DocumentFilter,
  ): Promise<FoundDocument[]> {
    noteReads(view);
    const { shape, statement, values } = matching(wanted, filter);
    return this.#queries.run<FoundDocument>(
      `documents ${shape}`,
      (db) =>
        db
          .select({
            id: sql<string>`found.id`,
            type: sql<SearchType>`found.type`,
            prominence: sql<number>`found.prominence::int`,
            rank: sql<number>`found.rank::float8`,
          })
          .from(statement)
          .orderBy(sql`found.date desc, found.id desc`),
      values,
    );
  }

  /** Whether any record has the words of a tsquery. */
  async exist(view: View, query: string): Promise<boolean> {
    noteReads(view);
    return existence(this.#runner, [query]);
  }

  async facets(view: View, wanted: SearchTerms, filter: DocumentFilter): Promise<Facets> {
    noteReads(view);
    const { shape, statement, values } = counted(wanted, filter, maxCounted + 1);
    const rows = await this.#queries.run<Group>(
      `facets ${shape}`,
      (db) =>
        db
          .select({
            type: sql<SearchType | null>`type::text`,
            year: sql<number | null>`year`,
            organizationId: sql<string | null>`organization_id`,
            count: sql<number>`count(*)::int`,
            omitted: sql<number>`grouping(type, year, organization_id)`,
          })
          .from(statement)
          .groupBy(sql`grouping sets ((type), (year), (organization_id), ())`)
          .orderBy(sql`count(*) desc, type, year desc, organization_id`),
      values,
    );
    const facets: Facets = { types: [], years: [], organizations: [], isCut: false };
    for (const { omitted, type, year, organizationId, count } of rows) {
      if (omitted === 0b111) facets.isCut = count > maxCounted;
      else if (type !== null) facets.types.push({ type, count });
      else if (year !== null) facets.years.push({ year, count });
      else if (organizationId !== null) facets.organizations.push({ organizationId, count });
    }
    facets.years.splice(maxGroups);
    facets.organizations.splice(maxGroups);
    return facets;
  }
}

// Private:

interface Group {
  /** A bit for each of type, year and organization by which the rows are not grouped. */
  omitted: number;
  type: SearchType | null;
  year: number | null;
  organizationId: string | null;
  count: number;
}

/** The languages of all records: from one to the next in the index, however many have it. */
const languages = sql`with recursive language (config) as (
    (select config from search_document order by config limit 1)
    union all
    select (select d.config from search_document d where d.config > language.config order by d.config limit 1)
    from language where language.config is not null)
  select config from language where config is not null`;

const stems = batchedQuery<Stem & KeyedRow>({
  name: 'stems',
  types: ['text'],
  build: (db) =>
    db
      .select({
        $n: keyNumber,
        config: sql<string>`language.config`,
        query: sql<string>`phraseto_tsquery(language.config::regconfig, search_fold(keys.p0))::text`,
      })
      .from(keysTable(['text']))
      .innerJoin(sql`(${languages}) as language`, sql`true`),
});

const existence = batchedQuery<KeyedRow, boolean>({
  name: 'documents exist',
  types: ['text'],
  build: (db) =>
    db
      .select({ $n: keyNumber })
      .from(keysTable(['text']))
      .innerJoinLateral(existing(), sql`true`),
  collect: (rows) => rows.length > 0,
});

/** Any change of a record may change what is found. */
function noteReads({ reads }: View): void {
  for (const table of [
    'entity',
    'entity_name',
    'office',
    'position',
    'article',
    'article_body',
    'mention',
    'statement',
    'statement_subject',
  ]) {
    reads?.add(dependency.table(table));
  }
}
