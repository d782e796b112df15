/**
 * The statements that find records by their words. PostgreSQL does not know how many records
 * have a word that links to an entity, and takes words for independent of each other; so what it
 * guesses is not to be relied on. The words travel as columns of `keys`, of which it guesses
 * nothing, and how they are found is decided here.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { searchType } from '../../../database/tables/index.js';
import { textArray, uuidArray, Parameters, structureOf, type Bind } from '../../reading/keys.js';
import { oneOf, withWeights } from './lexemes.js';

export type SearchType = (typeof searchType.enumValues)[number];

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

/** A relation `found`. */
interface Statement {
  /** What its text depends on. */
  shape: string;
  statement: SQL;
  /** The values of its placeholders. */
  values: Record<string, string>;
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
export function matching(wanted: SearchTerms, filter: DocumentFilter): Statement {
  const { all, groups: allGroups, walk } = wanted;
  const groups = allGroups.slice(0, maxWeighed);
  const parameters = new Parameters();
  const { bind } = parameters;
  const weights = ['A', 'AB', 'ABC'];
  const words = [
    sql`${bind(all)}::tsquery as query`,
    ...groups.flatMap((group, g) =>
      weights.map(
        (some, w) => sql`${bind(withWeights(group, some))}::tsquery as ${sql.raw(nameOf(g, w))}`,
      ),
    ),
  ];
  const ranks = groups.map(
    (_, g) => sql`case when words @@ ${sql.raw(`wanted.${nameOf(g, 0)}`)} then 1
      when words @@ ${sql.raw(`wanted.${nameOf(g, 1)}`)} then 0.8
      when words @@ ${sql.raw(`wanted.${nameOf(g, 2)}`)} then 0.6 else 0.4 end`,
  );
  const { texts, entities, posts } = conditionsOf(filter, bind);
  const length = walk > 0 ? sql`${bind(String(walk))}::int` : undefined;
  const long = phrasesOf(wanted, bind);
  const branches = [
    texts && newest(texts, length),
    texts && long && sql`(${inParts(columns, texts.beside, long, maxRanked)})`,
    entities && mostProminent(entities.where),
    posts && latest(posts.where),
  ].filter((branch) => branch !== undefined);
  const rank = sql`(${sql.join(ranks, sql` + `)}) / ${sql.raw(String(groups.length))}`;
  return {
    shape: JSON.stringify([groups.length, walk > 0, long?.shape, shapeOf(filter)]),
    statement: sql`${keysOf(parameters)}
      cross join lateral (select ${sql.join([...words, ...(long?.words ?? [])], sql`, `)} offset 0) as wanted
      cross join lateral (select id, type, prominence, date, ${rank} as rank
        from (${sql.join(branches, sql` union all `)}) as matching) as found`,
    values: valuesOf(parameters),
  };
}

/** So many records at most that have the words, with their type, year and organization. */
export function counted(wanted: SearchTerms, filter: DocumentFilter, most: number): Statement {
  const parameters = new Parameters();
  const long = phrasesOf(wanted, parameters.bind);
  const words = [sql`${parameters.bind(wanted.all)}::tsquery as query`, ...(long?.words ?? [])];
  const { texts, entities, posts } = conditionsOf(filter, parameters.bind);
  const columns = sql`type, extract(year from nullif(date, '-infinity'))::int as year, organization_id`;
  const branches = [
    ...[texts, entities, posts].flatMap((conditions) =>
      conditions ? [sql`(${any(columns, conditions.where, most)})`] : [],
    ),
    ...(texts && long ? [sql`(${inParts(columns, texts.beside, long, most)})`] : []),
  ];
  return {
    shape: JSON.stringify([long?.shape, shapeOf(filter)]),
    statement: sql`${keysOf(parameters)}
      cross join lateral (select ${sql.join(words, sql`, `)} offset 0) as wanted
      cross join lateral (select * from (${sql.join(branches, sql` union all `)}) as matching
        limit ${sql.raw(String(most))}) as found`,
    values: valuesOf(parameters),
  };
}

/** A row where any record has the words of the tsquery `keys.p0`. */
export function existing(): SQL {
  const { texts, entities, posts } = conditionsOf({}, () => sql``);
  const branches = [texts, entities, posts].flatMap((conditions) =>
    conditions ? [sql`(${any(sql`id`, conditions.where, 1)})`] : [],
  );
  return sql`(select from (select keys.p0::tsquery as query offset 0) as wanted
    cross join lateral (${sql.join(branches, sql` union all `)}) as found limit 1) as existing`;
}

// Private:

const nameOf = (group: number, weight: number): string => `group${group}_${weight}`;

/** What was bound, as the one row of `keys`, of which PostgreSQL knows no more than that it is one. */
const keysOf = ({ values }: Parameters): SQL =>
  sql`(select ${sql.join(
    values.map((_, i) => sql`${sql.placeholder(`p${i}`)}::text as ${sql.raw(`p${i}`)}`),
    sql`, `,
  )} offset 0) as keys`;

const valuesOf = ({ values }: Parameters): Record<string, string> =>
  Object.fromEntries(values.map((value, i) => [`p${i}`, value]));

/** The same for types in any order and repeated. */
const shapeOf = ({ types, ...filter }: DocumentFilter): unknown => [
  types && [...textTypes, ...entityTypes, ...postTypes].filter((type) => types.includes(type)),
  structureOf(filter),
];

const textTypes: readonly SearchType[] = ['ARTICLE', 'STATEMENT'];
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
  const dated = [
    ...(from === undefined ? [] : [sql`date >= lower(partial_date_range(${bind(from)}))`]),
    ...(to === undefined ? [] : [sql`date < upper(partial_date_range(${bind(to)}))`]),
    ...(from === undefined && to === undefined ? [] : [sql`date > '-infinity'`]),
  ];
  const kept = organization
    ? [sql`organization_id = any(${bind(uuidArray(organization))}::uuid[])`]
    : [];
  const among = (kind: SQL, all: readonly SearchType[]): Conditions | undefined => {
    const some = all.filter((type) => types?.includes(type) ?? true);
    if (some.length === 0) return undefined;
    const narrowed =
      some.length < all.length
        ? [sql`type = any(${sql.raw(`'${textArray(some)}'`)}::search_type[])`]
        : [];
    const within = sql.join([sql`live and ${kind}`, ...dated], sql` and `);
    const having = sql`words @@ wanted.query`;
    return {
      within,
      where: sql.join([within, having, ...kept, ...narrowed], sql` and `),
      beside: sql.join([within, ...kept, ...narrowed], sql` and `),
    };
  };
  // As the partial indexes have it.
  return {
    texts: among(sql`type in ('ARTICLE', 'STATEMENT')`, textTypes),
    entities: among(sql`type not in ('ARTICLE', 'STATEMENT', 'POSITION')`, entityTypes),
    posts: among(sql`type = 'POSITION'`, postTypes),
  };
}

/**
 * Some of the records that have the words, whichever. Beside a limit PostgreSQL would rather read the
 * table and hope to meet them soon; within a `with` it looks them up, and stops at the limit all
 * the same.
 */
const any = (columns: SQL, where: SQL, most: number): SQL =>
  sql`with matched as materialized (select ${columns} from search_document where ${where})
    select * from matched limit ${sql.raw(String(most))}`;

const columns = sql`id, type, words, 0 as prominence, date`;
const ranked = sql.raw(String(maxRanked));

/** The newest articles and statements. An expression is in no index: then the words are looked up. */
function newest({ where, within }: Conditions, walk: SQL | undefined): SQL {
  const lookedUp = (more: SQL) =>
    sql`(select ${columns} from search_document where ${where}${more}
      order by date + 0 desc, id desc limit ${ranked})`;
  if (!walk) return lookedUp(sql``);
  const isEnough = sql`(select count(*) from walked) = ${ranked}`;
  return sql`(with walked as materialized (
      select ${columns} from (
        select * from search_document where ${within} order by date desc, id desc limit ${walk}
      ) as search_document
      where ${where} limit ${ranked})
    select * from walked where ${isEnough} union all ${lookedUp(sql` and not ${isEnough}`)})`;
}

/** The posts that were taken last, as far as the limit of candidates allows. */
const latest = (where: SQL): SQL =>
  sql`(select ${columns} from (${any(sql`*`, where, maxCandidates)}) as d
    order by date desc, id desc limit ${ranked})`;

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
  const inPart = (name: string) =>
    sql`(words @@ wanted.${sql.raw(name)} or exists (select from search_part p
      where p.article_id = search_document.id and p.words @@ wanted.${sql.raw(name)}))`;
  const names = groups.map((_, g) => `whole${g}`);
  const having = names.map(inPart);
  if (excluded) having.push(sql`not ${inPart('excluded')}`);
  return {
    shape: `${groups.length} ${excluded ? 'excluding' : ''}`,
    words: [
      sql`${bind(oneOf(phrases))}::tsquery as phrases`,
      ...groups.map((group, g) => sql`${bind(group)}::tsquery as ${sql.raw(names[g] ?? '')}`),
      ...(excluded ? [sql`${bind(excluded)}::tsquery as excluded`] : []),
    ],
    having: sql.join(having, sql` and `),
  };
}

/** Articles that have all words, but a phrase only where PostgreSQL keeps no places of words any more. */
const inParts = (columns: SQL, beside: SQL, { having }: Phrases, most: number): SQL =>
  sql`select ${columns} from search_document
    where id = any(array(select p.article_id from search_part p where p.words @@ wanted.phrases
        limit ${sql.raw(String(maxLongTexts))}))
      and ${beside} and not words @@ wanted.query and ${having} limit ${sql.raw(String(most))}`;

/** The most prominent entities, as far as the limit of candidates allows. */
const mostProminent = (where: SQL): SQL =>
  sql`(select d.id, d.type, d.words, coalesce(n.prominence, 0) as prominence, d.date
    from (${any(sql`*`, where, maxCandidates)}) as d
    left join search_name n on n.entity_id = d.id and n.kind is null and n.live
    order by prominence desc, d.id desc limit ${ranked})`;
