/** The names of entities, looked up for many queries at once. */
import { sql, type SQL } from 'drizzle-orm';
import { literal } from '../../../database/sql.js';
import { searchName } from '../../../database/tables/index.js';
import type { EntityRecord } from '../../model/entity.js';
import type { Batcher } from '../../reading/batcher.js';
import { batchedQuery, type KeyedRow, type QueryRunner } from '../../reading/batchedQuery.js';
import { keyNumber, keysTable, textArray, type ParameterType } from '../../reading/keys.js';
import { asTable } from '../../reading/subqueries.js';
import type { Queries } from '../../reading/queries.js';
import { type View, dependency } from '../../reading/view.js';

const columns = {
  entityId: searchName.entityId,
  type: searchName.type,
  name: searchName.name,
  sortName: searchName.sortName,
  kind: searchName.kind,
  former: searchName.former,
  prominence: searchName.prominence,
  likeness: sql<number>`search_name.likeness`,
};

/** A name that was found, and whose it is. */
export interface FoundName {
  entityId: string;
  type: EntityRecord['type'];
  name: string;
  sortName: string;
  /** Null for the main name. */
  kind: string | null;
  former: boolean;
  prominence: number;
  /** How alike its letters are to those looked for, where that is how it was found; else 0. */
  likeness: number;
}

/** So many names that answer are looked at; the most prominent of them are given back. */
const maxCandidates = 500;

/** So many names whose letters are alike are compared; more have a common word in common. */
const mostAlike = 1000;

/** So many of the most prominent names are gone through for those that begin in a certain way. */
const maxWalked = 2000;

export class Names {
  readonly #runner: QueryRunner;

  constructor(queries: Queries, batcher: Batcher) {
    this.#runner = { queries, batcher };
  }

  /** Names that have the lexemes of a tsquery: of those looked at, the most prominent first. */
  matching(
    view: View,
    query: string,
    types: Types,
    limit: number,
    lookedAt = maxCandidates,
  ): Promise<FoundName[]> {
    const parameters = [query, typeList(types), String(limit), String(lookedAt)];
    return this.#find(view, matching, parameters);
  }

  /** Names whose letters are like those of the text, or of a part of them, the nearest first. */
  similar(view: View, text: string, types: Types, limit: number): Promise<FoundName[]> {
    return this.#find(view, similar, [text, typeList(types), String(limit)]);
  }

  /**
   * Of the most prominent names those that have the pattern of LIKE, the most prominent first.
   * Fewer than `limit` mean that there may be others that are less prominent.
   */
  prominent(view: View, pattern: string, types: Types, limit: number): Promise<FoundName[]> {
    return this.#find(view, prominent, [pattern, typeList(types), String(limit)]);
  }

  // Private:

  #find(view: View, names: typeof matching, parameters: string[]): Promise<FoundName[]> {
    view.reads?.add(dependency.table('entity')).add(dependency.table('entity_name'));
    return names(this.#runner, parameters);
  }
}

/** The types of entities that are wanted; all without them. */
export type Types = readonly EntityRecord['type'][] | undefined;

// Private:

/** @param found The names that match a key, in place of the table. */
const nameQuery = (name: string, found: SQL) => {
  const types: ParameterType[] = ['text', 'text', 'text', 'text'];
  return batchedQuery<FoundName & KeyedRow>({
    name,
    types,
    build: (db) =>
      db
        .select({ ...columns, $n: keyNumber })
        .from(keysTable(types))
        .innerJoinLateral(asTable(found, searchName), literal(true)),
  });
};

const typeList = (types: Types): string => textArray(types ?? []);

const ofType = sql`(keys.p1 = '{}' or type = any (keys.p1::entity_type[]))`;

const matching = nameQuery(
  'names by words',
  sql`select *, 0 as likeness from (
    select * from search_name where live and lexemes @@ keys.p0::tsquery and ${ofType}
    limit keys.p3::int) as answers
  order by prominence desc, entity_id desc limit keys.p2::int`,
);

const similar = nameQuery(
  'names by likeness',
  sql`select *, similarity(keys.p0, sort_name)::float8 as likeness from (
    select * from search_name where live and keys.p0 <% sort_name and ${ofType}
    limit ${sql.raw(String(mostAlike))}) as alike
  order by likeness desc, prominence desc, entity_id desc limit keys.p2::int`,
);

// The index holds all that the walk looks at.
const prominent = nameQuery(
  'prominent names',
  sql`select name.*, 0 as likeness from (
    select entity_id, sort_name, prominence from (
      select entity_id, sort_name, prominence, type from search_name where live
      order by prominence desc, entity_id desc, sort_name desc, type desc
      limit ${sql.raw(String(maxWalked))}) as walked
    where ' ' || sort_name like keys.p0 and ${ofType}
    order by prominence desc, entity_id desc limit keys.p2::int) as found
  join search_name as name on name.entity_id = found.entity_id and name.sort_name = found.sort_name
  order by found.prominence desc, found.entity_id desc`,
);
