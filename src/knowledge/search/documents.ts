/** The words of records: articles, statements, and what is told of entities beside their names. */
import { sql, type SQL } from 'drizzle-orm';
import { readRows } from '../../database/rows.js';
import type { searchType } from '../../database/tables/index.js';
import type { Batcher, Key } from '../reading/batcher.js';
import { dependency } from '../reading/dependency.js';
import { askedTable, keyArrays, textArray, uuids } from '../reading/keys.js';
import type { ParameterType } from '../reading/parameters.js';
import type { Queries } from '../reading/queries.js';
import type { View } from '../reading/view.js';

export type SearchType = (typeof searchType.enumValues)[number];

/** A term in the forms that the rules of one language give it: `'minist'` for "ministers". */
export interface Stem {
  /** The language, by PostgreSQL's name of its rules. */
  config: string;
  /** The forms as a tsquery; empty where the language skips such words ("the"). */
  query: string;
}

export interface FoundDocument {
  id: string;
  type: SearchType;
  /** How prominently it has the words, from 0.4 to 1. */
  rank: number;
  /** Of an entity; 0 for others. */
  prominence: number;
}

/** What narrows a search beside its words. */
export interface DocumentFilter {
  types?: readonly SearchType[] | undefined;
  /** Said or published on these days at the earliest, partial as they may be. */
  from?: string | undefined;
  to?: string | undefined;
  /** Published or kept by any of these. */
  organization?: readonly string[] | undefined;
}

/** How many of the records that were found have something in common. */
export interface Facets {
  types: { type: SearchType; count: number }[];
  years: { year: number; count: number }[];
  organizations: { organizationId: string; count: number }[];
  /** Whether there are so many that not all were counted. */
  isCut: boolean;
}

/** So many records are ranked: of articles and statements the newest. */
const mostRanked = 100;

/** So many records are counted in facets. */
export const mostCounted = 10_000;

/** So many organizations and years are told of. */
const mostGroups = 20;

const texts: readonly SearchType[] = ['ARTICLE', 'STATEMENT'];
const entities: readonly SearchType[] = ['ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE'];

export class Documents {
  readonly #queries: Queries;
  readonly #batcher: Batcher;

  constructor(queries: Queries, batcher: Batcher) {
    this.#queries = queries;
    this.#batcher = batcher;
  }

  /** The forms of a term in all languages that any record is in. */
  async stems(text: string): Promise<Stem[]> {
    const stems = await this.#batcher.load('stems', (keys) => this.#fetchStems(keys), text);
    return stems ?? [];
  }

  /**
   * The records that have the words of a tsquery; of articles and statements the newest first.
   *
   * @param groups The words apart: a record is ranked by where it has each.
   * @param isRare Whether few records can have them, which PostgreSQL cannot tell of entities.
   */
  async matching(
    view: View,
    query: string,
    groups: readonly string[],
    isRare: boolean,
    filter: DocumentFilter,
  ): Promise<FoundDocument[]> {
    noteReads(view);
    const wanted = filter.types ?? [...texts, ...entities];
    // An expression is in no index: then the words are looked up, not all records gone through.
    const newest = isRare ? sql`date + 0` : sql`date`;
    const branches = [
      wantsAny(wanted, texts) &&
        sql`(select id, type, words, 0 as prominence, date from search_document
          where ${conditions(query, filter)} and ${isText}${among(wanted, texts)}
          order by ${newest} desc, id desc limit ${mostRanked})`,
      wantsAny(wanted, entities) &&
        sql`(select d.id, d.type, d.words, coalesce(n.prominence, 0) as prominence, d.date
          from (select * from search_document
            where ${conditions(query, filter)} and ${isEntity}${among(wanted, entities)}
            limit ${mostRanked}) as d
          left join search_name n on n.entity_id = d.id and n.kind is null and n.live)`,
    ].filter((branch) => branch !== false);
    if (branches.length === 0) return [];
    // Not prepared: how many records have a word decides how they are best found.
    return this.#read<FoundDocument>(
      sql`select id, type, prominence::int, (${sql.join(groups.map(rankOf), sql` + `)})::float8 / ${groups.length}::int as rank
        from (${sql.join(branches, sql` union all `)}) as found order by date desc, id desc`,
    );
  }

  async facets(view: View, query: string, filter: DocumentFilter): Promise<Facets> {
    noteReads(view);
    const wanted = filter.types ?? [...texts, ...entities];
    const facetsOf = (kind: SQL, types: SQL) =>
      sql`select type, extract(year from nullif(date, '-infinity'))::int as year, organization_id
        from search_document where ${conditions(query, filter)} and ${kind}${types} limit ${mostCounted + 1}`;
    const rows = await this.#read<Group>(
      sql`with found as materialized (
          (${facetsOf(isText, among(wanted, texts))}) union all (${facetsOf(isEntity, among(wanted, entities))})
          limit ${mostCounted + 1})
        select type::text, year, organization_id as "organizationId", count(*)::int as count,
          grouping(type, year, organization_id) as omitted
        from found group by grouping sets ((type), (year), (organization_id), ())
        order by count(*) desc, type, year desc, organization_id`,
    );
    const facets: Facets = { types: [], years: [], organizations: [], isCut: false };
    for (const { omitted, type, year, organizationId, count } of rows) {
      if (omitted === 0b111) facets.isCut = count > mostCounted;
      else if (type !== null) facets.types.push({ type, count });
      else if (year !== null) facets.years.push({ year, count });
      else if (organizationId !== null) facets.organizations.push({ organizationId, count });
    }
    facets.years.splice(mostGroups);
    facets.organizations.splice(mostGroups);
    return facets;
  }

  // Private:

  #read<Row extends object>(query: SQL): Promise<Row[]> {
    return this.#queries.read((db) => readRows<Row>(db, query));
  }

  async #fetchStems(keys: readonly Key[]): Promise<Stem[][]> {
    const rows = await this.#queries.run<Stem & { n: number }>(
      'stems',
      (db) =>
        db
          .select({
            n: sql<number>`asked.n::int`,
            config: sql<string>`language.config`,
            query: sql<string>`phraseto_tsquery(language.config::regconfig, search_fold(asked.p0))::text`,
          })
          .from(askedTable(parameterTypes))
          .innerJoin(sql`(${languages}) as language`, sql`true`),
      keyArrays(keys, parameterTypes),
    );
    const lists: Stem[][] = keys.map(() => []);
    for (const { n, config, query } of rows) lists[n - 1]?.push({ config, query });
    return lists;
  }
}

// Private:

interface Group {
  /** A bit for each of type, year and organization that does not tell the group from others. */
  omitted: number;
  type: SearchType | null;
  year: number | null;
  organizationId: string | null;
  count: number;
}

const parameterTypes: ParameterType[] = ['text'];

/** The languages of all records: from one to the next in the index, however many have it. */
const languages = sql`with recursive language (config) as (
    (select config from search_document order by config limit 1)
    union all
    select (select d.config from search_document d where d.config > language.config order by d.config limit 1)
    from language where language.config is not null)
  select config from language where config is not null`;

/** What a word is worth by the weights of `search_words`: a title more than a text. */
const rankOf = (group: string): SQL => {
  const at = (weights: string) => sql`words @@ ${group.replace(lexemes, `$&:${weights}`)}::tsquery`;
  return sql`case when ${at('A')} then 1 when ${at('AB')} then 0.8 when ${at('ABC')} then 0.6 else 0.4 end`;
};

const lexemes = /'(?:[^']|'')+'/g;

/** As the partial indexes have it. */
const isText = sql`type in ('ARTICLE', 'STATEMENT')`;
const isEntity = sql`type not in ('ARTICLE', 'STATEMENT')`;

/** Only the types wanted, where that are not all of them. */
function among(wanted: readonly SearchType[], all: readonly SearchType[]): SQL {
  const some = wantedOf(wanted, all);
  if (some.length === all.length) return sql``;
  return sql` and type::text = any(${textArray(some)}::text[])`;
}

function conditions(query: string, filter: DocumentFilter): SQL {
  const { from, to, organization } = filter;
  return sql.join(
    [
      sql`live and words @@ ${query}::tsquery`,
      ...(from === undefined ? [] : [sql`date >= lower(partial_date_range(${from}))`]),
      ...(to === undefined ? [] : [sql`date < upper(partial_date_range(${to}))`]),
      ...(from === undefined && to === undefined ? [] : [sql`date > '-infinity'`]),
      ...(organization ? [sql`organization_id = any(${uuids(organization)})`] : []),
    ],
    sql` and `,
  );
}

const wantedOf = (wanted: readonly SearchType[], among: readonly SearchType[]): SearchType[] =>
  among.filter((type) => wanted.includes(type));

const wantsAny = (wanted: readonly SearchType[], among: readonly SearchType[]): boolean =>
  wantedOf(wanted, among).length > 0;

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
