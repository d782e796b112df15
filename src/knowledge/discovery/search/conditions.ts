/**
 * The statements that find records by their words. PostgreSQL does not know how many records
 * have a word that links to an entity, and takes words for independent of each other; so what it
 * guesses is not to be relied on. The words travel as columns of `keys`, of which it guesses
 * nothing, and how they are found is decided here.
 */
import { and, eq, not, or, sql, type SQL } from 'drizzle-orm';
import type { SelectedFields } from 'drizzle-orm/pg-core';
import {
  arrayIn,
  cast,
  commas,
  equalsAny,
  literal,
  matches,
  named,
  nullif,
  sum,
} from '../../../database/sql.js';
import { searchDocument, searchPart } from '../../../database/tables/index.js';
import { Parameters, type Bind } from '../../reading/keys.js';
import {
  derived,
  existsIn,
  limitTo,
  subquery,
  unionAll,
  type Derived,
} from '../../reading/subqueries.js';
import { any, columns, latest, maxRanked, mostProminent, newest } from './candidates.js';
import {
  conditionsOf,
  shapeOf,
  wanted,
  type DocumentFilter,
  type SearchType,
} from './documentFilter.js';
import { oneOf, withWeights } from './lexemes.js';

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

/** By so many of the words at most, the first ones: each makes the statement longer. */
const maxWeighed = 12;

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

/** `offset 0` keeps PostgreSQL from putting the values in place of the columns. */
const oneRow = (values: readonly SQL[], name: string): SQL =>
  sql`(select ${commas(values)} offset 0) as ${sql.identifier(name)}`;

const valuesOf = ({ values }: Parameters): Record<string, string> =>
  Object.fromEntries(values.map((value, i) => [`p${i}`, value]));

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
