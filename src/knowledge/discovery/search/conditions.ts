/**
 * The statements that find records by their words. PostgreSQL does not know how many records
 * have a word that links to an entity, and takes words for independent of each other; so what it
 * guesses is not to be relied on. The words travel as columns of `keys`, of which it guesses
 * nothing, and how they are found is decided here.
 */
import {
  and,
  count,
  desc,
  eq,
  getColumns,
  gt,
  gte,
  inArray,
  isNull,
  lt,
  not,
  notInArray,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import type { SelectedFields } from 'drizzle-orm/pg-core';
import {
  allHold,
  arrayIn,
  arrayOf,
  cast,
  coalesce,
  commas,
  equalsAny,
  literal,
  lower,
  matches,
  named,
  nullif,
  partialDateRange,
  sum,
  upper,
} from '../../../database/sql.js';
import {
  searchDocument,
  searchName,
  searchPart,
  textTypes,
  searchType,
} from '../../../database/tables/index.js';
import { Parameters, structureOf, uuidArray, type Bind } from '../../reading/keys.js';
import {
  asTable,
  derived,
  existsIn,
  limitTo,
  subquery,
  unionAll,
  type Derived,
} from '../../reading/subqueries.js';
import { oneOf, withWeights } from './lexemes.js';

export const searchTypes = searchType.enumValues;

export type SearchType = (typeof searchTypes)[number];

/** What narrows a search beside its words. */
export interface DocumentFilter {
  types?: readonly SearchType[] | undefined;
  /** Said or published on these days at the earliest, partial as they may be. */
  from?: string | undefined;
  to?: string | undefined;
  /** Published or kept by any of these. */
  organization?: readonly string[] | undefined;
}

/** What records have to have, as tsqueries. */
export interface SearchTerms {
  all: string;
  /** The words apart: a record is ranked by where it has each. */
  groups: readonly string[];
  /** What records may not have, if anything. */
  excluded: string;
  /**
   * So many of the newest articles and statements are gone through first; only where too few of
   * them have the words, those that do are looked up.
   */
  walk: number;
}

/** What a statement selects from: `keys`, the tsqueries `wanted` made of them, and what they find. */
interface Search<Row> {
  /** What its text depends on. */
  shape: string;
  keys: SQL;
  wanted: SQL;
  found: Derived<Row>;
  /** The values of its placeholders. */
  values: Record<string, string>;
}

/** A record that has the words. */
interface Match {
  id: string;
  type: SearchType;
  prominence: number;
  date: string;
  rank: number;
}

/** What records that have the words are counted by. */
interface Counted {
  type: SearchType;
  year: number | null;
  organization_id: string | null;
}

/** So many records are ranked: of articles and statements the newest, of entities the most prominent. */
export const maxRanked = 100;

/** By so many of the words at most, the first ones: each makes the statement longer. */
const maxWeighed = 12;

/** So many entities, and posts, are looked at for those. */
const maxCandidates = 200;

/** So many articles are looked at that have a phrase in a part of a long text. */
const maxLongTexts = 1000;

/** The best records, each with its rank: how prominently it has the words, from 0.4 to 1. */
export function matching(terms: SearchTerms, filter: DocumentFilter): Search<Match> {
  const { all, groups: allGroups, walk } = terms;
  const groups = allGroups.slice(0, maxWeighed);
  const parameters = new Parameters();
  const { bind } = parameters;
  const weights = ['A', 'AB', 'ABC'];
  const words = [
    query('query', bind(all)),
    ...groups.flatMap((group, g) =>
      weights.map((some, w) => query(nameOf(g, w), bind(withWeights(group, some)))),
    ),
  ];
  const { texts, entities, posts } = conditionsOf(filter, bind);
  const length = walk > 0 ? cast(bind(String(walk)), 'int') : undefined;
  const long = phrasesOf(terms, bind);
  const branches = [
    texts && newest(texts, length),
    texts && long && inParts(columns, texts.beside, long, maxRanked).getSQL(),
    entities && mostProminent(entities.where),
    posts && latest(posts.where),
  ].filter((branch) => branch !== undefined);
  const matched = derived<Omit<Match, 'rank'> & { words: string }>(
    unionAll(branches.map((branch) => sql`(${branch})`)),
    'matching',
    ['id', 'type', 'prominence', 'date', 'words'],
  );
  const { words: ownWords, ...own } = matched.columns;
  const ranks = groups.map((_, g) => {
    const [first, second, third] = weights.map((__, w) => matches(ownWords, wanted(nameOf(g, w))));
    return sql`case when ${first} then 1 when ${second} then 0.8 when ${third} then 0.6 else 0.4 end`;
  });
  const rank = sql<number>`(${sum(ranks)}) / ${literal(groups.length)}`;
  return {
    shape: JSON.stringify([groups.length, walk > 0, long?.shape, shapeOf(filter)]),
    keys: keysOf(parameters),
    wanted: wantedOf([...words, ...(long?.words ?? [])]),
    found: derived(
      subquery
        .select({ ...own, rank: rank.as('rank') })
        .from(matched.rows)
        .getSQL(),
      'found',
      ['id', 'type', 'prominence', 'date', 'rank'],
    ),
    values: valuesOf(parameters),
  };
}

/** So many records at most that have the words, with their type, year and organization. */
export function counted(terms: SearchTerms, filter: DocumentFilter, most: number): Search<Counted> {
  const parameters = new Parameters();
  const long = phrasesOf(terms, parameters.bind);
  const words = [query('query', parameters.bind(terms.all)), ...(long?.words ?? [])];
  const { texts, entities, posts } = conditionsOf(filter, parameters.bind);
  const columns = {
    type: searchDocument.type,
    year: sql`extract(year from ${nullif(searchDocument.date, literal('-infinity'))})::int`.as(
      'year',
    ),
    organization_id: searchDocument.organizationId,
  };
  const branches = [
    ...[texts, entities, posts].flatMap((conditions) =>
      conditions ? [any(columns, conditions.where, most)] : [],
    ),
    ...(texts && long ? [inParts(columns, texts.beside, long, most).getSQL()] : []),
  ];
  const all = unionAll(branches.map((branch) => sql`(${branch})`));
  return {
    shape: JSON.stringify([long?.shape, shapeOf(filter)]),
    keys: keysOf(parameters),
    wanted: wantedOf(words),
    found: derived(sql`select * from (${all}) as matching limit ${literal(most)}`, 'found', [
      'type',
      'year',
      'organization_id',
    ]),
    values: valuesOf(parameters),
  };
}

/** A row where any record has the words of a tsquery. */
export function existing(words: SQL): SQL {
  const { texts, entities, posts } = conditionsOf({}, () => literal(''));
  const branches = [texts, entities, posts].flatMap((conditions) =>
    conditions ? [sql`(${any({ id: searchDocument.id }, conditions.where, 1)})`] : [],
  );
  return sql`(select from ${wantedOf([query('query', words)])}
    cross join lateral (${unionAll(branches)}) as found limit 1) as existing`;
}

// Private:

const nameOf = (group: number, weight: number): string => `group${group}_${weight}`;

/** What was bound, as the one row of `keys`, of which PostgreSQL knows no more than that it is one. */
const keysOf = ({ values }: Parameters): SQL =>
  oneRow(
    values.map((_, i) => named(cast(sql.placeholder(`p${i}`), 'text'), `p${i}`)),
    'keys',
  );

/** The tsqueries, as the one row of `wanted`. */
const wantedOf = (queries: readonly SQL[]): SQL => oneRow(queries, 'wanted');

const query = (name: string, words: SQL): SQL => named(cast(words, 'tsquery'), name);

const wanted = (name: string): SQL => sql`wanted.${sql.identifier(name)}`;

/** `offset 0` keeps PostgreSQL from putting the values in place of the columns. */
const oneRow = (values: readonly SQL[], name: string): SQL =>
  sql`(select ${commas(values)} offset 0) as ${sql.identifier(name)}`;

const valuesOf = ({ values }: Parameters): Record<string, string> =>
  Object.fromEntries(values.map((value, i) => [`p${i}`, value]));

/** The same for types in any order and repeated. */
const shapeOf = ({ types, ...filter }: DocumentFilter): unknown => [
  types && [...textTypes, ...entityTypes, ...postTypes].filter((type) => types.includes(type)),
  structureOf(filter),
];

const entityTypes: readonly SearchType[] = ['ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE'];
const postTypes: readonly SearchType[] = ['POSITION'];

/** What narrows the records of one partial index. */
interface Conditions {
  /** All of it. */
  where: SQL;
  /** The part that the index on dates answers. */
  within: SQL;
  /** All but the words. */
  beside: SQL;
}

/** For articles and statements, for entities, and for posts: each where any of them are wanted. */
function conditionsOf(
  { types, from, to, organization }: DocumentFilter,
  bind: Bind,
): Record<'texts' | 'entities' | 'posts', Conditions | undefined> {
  const { date, live, organizationId, type, words } = searchDocument;
  const unknown = literal('-infinity');
  const dated = [
    from === undefined ? undefined : gte(date, lower(partialDateRange(bind(from)))),
    to === undefined ? undefined : lt(date, upper(partialDateRange(bind(to)))),
    from === undefined && to === undefined ? undefined : gt(date, unknown),
  ];
  const kept =
    organization && equalsAny(organizationId, cast(bind(uuidArray(organization)), 'uuid[]'));
  const among = (kind: SQL, all: readonly SearchType[]): Conditions | undefined => {
    const some = all.filter((each) => types?.includes(each) ?? true);
    if (some.length === 0) return undefined;
    const array = cast(arrayOf(some.map((each) => literal(each))), 'search_type[]');
    const narrowed = some.length < all.length ? equalsAny(type, array) : undefined;
    const within = allHold(live, kind, ...dated);
    const having = matches(words, wanted('query'));
    return {
      within,
      where: allHold(within, having, kept, narrowed),
      beside: allHold(within, kept, narrowed),
    };
  };
  // As the partial indexes have it.
  return {
    texts: among(inArray(type, [...textTypes]).inlineParams(), textTypes),
    entities: among(notInArray(type, [...textTypes, 'POSITION']).inlineParams(), entityTypes),
    posts: among(eq(type, 'POSITION').inlineParams(), postTypes),
  };
}

/**
 * Some of the records that have the words, whichever. Beside a limit PostgreSQL would rather read the
 * table and hope to meet them soon; within a `with` it looks them up, and stops at the limit all
 * the same.
 */
const any = (columns: SelectedFields, where: SQL, most: number): SQL =>
  sql`with matched as materialized ${subquery.select(columns).from(searchDocument).where(where)}
    select * from matched limit ${literal(most)}`;

const columns = {
  id: searchDocument.id,
  type: searchDocument.type,
  words: searchDocument.words,
  prominence: literal(0).as('prominence'),
  date: searchDocument.date,
};
const ranked = limitTo(maxRanked);
const newestFirst = [desc(searchDocument.date), desc(searchDocument.id)];

/** The newest articles and statements. An expression is in no index: then the words are looked up. */
function newest({ where, within }: Conditions, walk: SQL | undefined): SQL {
  const { date, id } = searchDocument;
  const lookedUp = (also?: SQL) =>
    subquery
      .select(columns)
      .from(searchDocument)
      .where(and(where, also))
      .orderBy(desc(sql`${date} + 0`), desc(id))
      .limit(ranked);
  if (!walk) return lookedUp().getSQL();
  const passed = subquery
    .select()
    .from(searchDocument)
    .where(within)
    .orderBy(...newestFirst)
    .limit(limitTo(walk));
  const walked = subquery
    .select(columns)
    .from(asTable(passed.getSQL(), searchDocument))
    .where(where)
    .limit(ranked);
  const isEnough = sql`(select ${count()} from walked) = ${literal(maxRanked)}`;
  return sql`with walked as materialized ${walked}
    select * from walked where ${isEnough} union all ${lookedUp(not(isEnough))}`;
}

/** So many of the records, by the name of their table. */
const candidates = (where: SQL): SQL =>
  asTable(any(getColumns(searchDocument), where, maxCandidates), searchDocument);

/** The posts that were taken last, as far as the limit of candidates allows. */
const latest = (where: SQL): SQL =>
  subquery
    .select(columns)
    .from(candidates(where))
    .orderBy(...newestFirst)
    .limit(ranked)
    .getSQL();

/** What is looked for in the parts of long texts, as columns of `wanted`. */
interface Phrases {
  shape: string;
  words: SQL[];
  having: SQL;
}

/** Words in a certain order; undefined where the query has none: then a record has all words itself. */
function phrasesOf({ groups, excluded }: SearchTerms, bind: Bind): Phrases | undefined {
  const phrases = groups.filter((group) => /<(?:-|\d+)>/.test(group));
  if (phrases.length === 0 || groups.length > maxWeighed) return undefined;
  const inPart = (name: string): SQL =>
    or(
      matches(searchDocument.words, wanted(name)),
      existsIn(searchPart, [
        eq(searchPart.articleId, searchDocument.id),
        matches(searchPart.words, wanted(name)),
      ]),
    ) ?? literal(false);
  const names = groups.map((_, g) => `whole${g}`);
  const having: (SQL | undefined)[] = names.map(inPart);
  if (excluded) having.push(not(inPart('excluded')));
  return {
    shape: `${groups.length} ${excluded ? 'excluding' : ''}`,
    words: [
      query('phrases', bind(oneOf(phrases))),
      ...groups.map((group, g) => query(names[g] ?? '', bind(group))),
      ...(excluded ? [query('excluded', bind(excluded))] : []),
    ],
    having: and(...having) ?? literal(true),
  };
}

/** Articles that have all words, but a phrase only where PostgreSQL keeps no places of words any more. */
const inParts = (columns: SelectedFields, beside: SQL, { having }: Phrases, most: number) =>
  subquery
    .select(columns)
    .from(searchDocument)
    .where(
      and(
        equalsAny(
          searchDocument.id,
          arrayIn(
            subquery
              .select({ id: searchPart.articleId })
              .from(searchPart)
              .where(matches(searchPart.words, wanted('phrases')))
              .limit(limitTo(maxLongTexts)),
          ),
        ),
        beside,
        not(matches(searchDocument.words, wanted('query'))),
        having,
      ),
    )
    .limit(limitTo(most));

/** The most prominent entities, as far as the limit of candidates allows. */
const mostProminent = (where: SQL): SQL => {
  const { id, type, words, date } = searchDocument;
  const prominence = coalesce(searchName.prominence, literal(0));
  return subquery
    .select({ id, type, words, prominence: prominence.as('prominence'), date })
    .from(candidates(where))
    .leftJoin(
      searchName,
      and(eq(searchName.entityId, id), isNull(searchName.kind), searchName.live),
    )
    .orderBy(desc(prominence), desc(id))
    .limit(ranked)
    .getSQL();
};
