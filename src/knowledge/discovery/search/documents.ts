/** The words of records: articles, statements, and the texts of entities beside their names. */
import { count, desc, sql } from 'drizzle-orm';
import { cast, literal } from '../../../database/sql.js';
import { searchDocument } from '../../../database/tables/index.js';
import type { Batcher } from '../../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../../reading/batchedQuery.js';
import { dependency, type View } from '../../reading/view.js';
import { keyNumber, keyParameter, keysTable } from '../../reading/keys.js';
import { derived } from '../../reading/subqueries.js';
import type { Queries } from '../../reading/queries.js';
import { counted, existing, matching, type SearchTerms } from './conditions.js';
import { type DocumentFilter, type SearchType } from './documentFilter.js';

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
    const { shape, keys, wanted: queries, found, values } = matching(wanted, filter);
    const { id, type, prominence, rank, date } = found.columns;
    return this.#queries.run<FoundDocument>(
      `documents ${shape}`,
      (db) =>
        db
          .select({
            id,
            type,
            prominence: cast<number>(prominence, 'int'),
            rank: cast<number>(rank, 'float8'),
          })
          .from(keys)
          .crossJoinLateral(queries)
          .crossJoinLateral(found.rows)
          .orderBy(desc(date), desc(id)),
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
    const { shape, keys, wanted: queries, found, values } = counted(wanted, filter, maxCounted + 1);
    const { type: ofType, year: ofYear, organization_id: ofOrganization } = found.columns;
    const rows = await this.#queries.run<Group>(
      `facets ${shape}`,
      (db) =>
        db
          .select({
            type: cast<SearchType | null>(ofType, 'text'),
            year: ofYear,
            organizationId: ofOrganization,
            count: cast<number>(count(), 'int'),
            omitted: sql<number>`grouping(${ofType}, ${ofYear}, ${ofOrganization})`,
          })
          .from(keys)
          .crossJoinLateral(queries)
          .crossJoinLateral(found.rows)
          .groupBy(sql`grouping sets ((${ofType}), (${ofYear}), (${ofOrganization}), ())`)
          .orderBy(desc(count()), cast(ofType, 'text'), desc(ofYear), ofOrganization),
      values,
    );
    const facets: Facets = { types: [], years: [], organizations: [], isCut: false };
    for (const { omitted, type, year, organizationId, count: size } of rows) {
      if (omitted === 0b111) facets.isCut = size > maxCounted;
      else if (type !== null) facets.types.push({ type, count: size });
      else if (year !== null) facets.years.push({ year, count: size });
      else if (organizationId !== null) facets.organizations.push({ organizationId, count: size });
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
const { config } = searchDocument;
const languages = derived<{ config: string }>(
  sql`with recursive language (config) as (
    (select ${config} from ${searchDocument} order by ${config} limit 1)
    union all
    select (select ${config} from ${searchDocument} where ${config} > language.config order by ${config} limit 1)
    from language where language.config is not null)
  select language.config from language where language.config is not null`,
  'language',
  ['config'],
);

const stems = batchedQuery<Stem & KeyedRow>({
  name: 'stems',
  types: ['text'],
  build: (db) =>
    db
      .select({
        $n: keyNumber,
        config: languages.columns.config,
        query: sql<string>`phraseto_tsquery(${languages.columns.config}::regconfig, search_fold(${keyParameter(0)}))::text`,
      })
      .from(keysTable(['text']))
      .innerJoin(languages.rows, literal(true)),
});

const existence = batchedQuery<KeyedRow, boolean>({
  name: 'documents exist',
  types: ['text'],
  build: (db) =>
    db
      .select({ $n: keyNumber })
      .from(keysTable(['text']))
      .innerJoinLateral(existing(keyParameter(0)), literal(true)),
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
    'reference',
  ]) {
    reads?.add(dependency.table(table));
  }
}
