/** What a user would otherwise look names up with, on the same rows. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import MiniSearch from 'minisearch';
import postgres from 'postgres';

export interface Named {
  id: string;
  name: string;
}

/** Finds names for a query, the best first. */
export interface Engine {
  name: string;
  find(query: string): Promise<Named[]>;
  /** What it holds in the memory of its process, in megabytes, where it holds anything. */
  megabytes?: number;
  stop(): Promise<void>;
}

const maxResults = 10;

/** Functions in SQL, as they are written for a PostGraphile schema to have a search. */
export const searchFunctions = `
  create or replace function search_by_ilike(query text) returns setof entity language sql stable as
    $$ select * from entity where live and name ilike '%' || query || '%' order by name limit ${maxResults} $$;
  create or replace function search_by_tsvector(query text) returns setof entity language sql stable as
    $$ select * from entity where live and to_tsvector('simple', name) @@ websearch_to_tsquery('simple', query)
       order by ts_rank(to_tsvector('simple', name), websearch_to_tsquery('simple', query)) desc, name limit ${maxResults} $$;
  create index if not exists entity_tsvector_index on entity using gin (to_tsvector('simple', name));
  create index if not exists entity_ilike_index on entity using gin (name gin_trgm_ops);
  analyze entity`;

/** Chancery's own search, over HTTP. */
export function chanceryEngine(origin: string): Engine {
  const query = `query ($q: String!) { search(query: $q, filter: { recordType: [PERSON, PLACE] }, first: ${maxResults}) { nodes { node { ... on Entity { slug name names { name } } } passage { text } } } }`;
  return {
    name: 'chancery',
    find: async (q) => {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { q } }),
      });
      const { data } = (await response.json()) as {
        data: { search: { nodes: { node: { slug: string; name: string } }[] } } | null;
      };
      return (data?.search.nodes ?? []).map(({ node }) => ({ id: node.slug, name: node.name }));
    },
    stop: () => Promise.resolve(),
  };
}

/** The functions that PostGraphile would call, without its overhead. */
export function sqlEngine(url: string, kind: 'ilike' | 'tsvector'): Engine {
  const sql = postgres(url, { max: 16, onnotice: () => {} });
  return {
    name: `postgraphile's ${kind}`,
    find: async (query) => {
      const rows = await sql<{ slug: string; name: string }[]>`
        select slug, name from ${sql(`search_by_${kind}`)}(${query})`;
      return rows.map(({ slug, name }) => ({ id: slug, name }));
    },
    stop: () => sql.end(),
  };
}

/** An index of all names in this process. */
export function miniSearchEngine(names: readonly Named[]): Engine {
  const before = memory();
  const index = new MiniSearch<Named>({
    fields: ['name'],
    storeFields: ['name'],
    searchOptions: { fuzzy: 0.2, prefix: true, combineWith: 'AND' },
    processTerm: (term) =>
      term
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase(),
  });
  index.addAll(names);
  return {
    name: 'minisearch',
    megabytes: memory() - before,
    find: (query) =>
      Promise.resolve(
        index
          .search(query)
          .slice(0, maxResults)
          .map((result) => ({ id: String(result.id), name: String(result['name']) })),
      ),
    stop: () => Promise.resolve(),
  };
}

// Private:

const collectGarbage = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

function memory(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
