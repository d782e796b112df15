/** What narrows a search beside its words, as conditions on the partial indexes of documents. */
import { eq, gt, gte, inArray, lt, notInArray, sql, type SQL } from 'drizzle-orm';
import {
  allHold,
  arrayOf,
  cast,
  equalsAny,
  literal,
  lower,
  matches,
  partialDateRange,
  upper,
} from '../../../database/sql.js';
import { searchDocument, searchType, textTypes } from '../../../database/tables/index.js';
import { structureOf, uuidArray, type Bind } from '../../reading/keys.js';

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

/** A tsquery of the statement, by its name. */
export const wanted = (name: string): SQL => sql`wanted.${sql.identifier(name)}`;

/** What narrows the records of one partial index. */
export interface Conditions {
  /** All of it. */
  where: SQL;
  /** The part that the index on dates answers. */
  within: SQL;
  /** All but the words. */
  beside: SQL;
}

/** For articles and statements, for entities, and for posts: each where any of them are wanted. */
export function conditionsOf(
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

/** The same for types in any order and repeated. */
export const shapeOf = ({ types, ...filter }: DocumentFilter): unknown => [
  types && [...textTypes, ...entityTypes, ...postTypes].filter((type) => types.includes(type)),
  structureOf(filter),
];

// Private:

const entityTypes: readonly SearchType[] = ['ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE'];
const postTypes: readonly SearchType[] = ['POSITION'];
