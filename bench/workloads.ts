/** The workloads: six, each with other variables in every request. */
import postgres from 'postgres';

export type Variables = Record<string, string | string[]>;

/** One kind of query; the mixes are made of these. */
export type QueryName = 'shallow' | 'deep' | 'wide' | 'lists' | 'node';
export type WorkloadName = QueryName | 'mix' | 'mix-zipf';

export interface Request {
  query: QueryName;
  variables: Variables;
}

/** The queries for Chancery, Apollo and Mercurius; PostGraphile's are beside its server. */
export const queries: Record<QueryName, string> = {
  shallow: `query Shallow($slug: String!) {
    organization(slug: $slug) {
      name
      offices(filter: { kind: [LIAISON] }, first: 20) { nodes { name place { name } } }
    }
  }`,
  deep: `query Deep($slug: String!) {
    organization(slug: $slug) {
      name
      offices(first: 10) { nodes { name kind place { name } organization { name } } }
      articles(first: 10) {
        nodes {
          title
          publishedOn
          statements(first: 5) {
            nodes {
              text
              saidOn
              speaker { ... on Person { name } ... on Organization { name } }
            }
          }
        }
      }
    }
  }`,
  wide: `query Wide($slug: String!) {
    person(slug: $slug) {
      name
      statements(first: 100) {
        nodes {
          text
          saidOn
          speaker { ... on Person { name } ... on Organization { name } }
          article { title publisher { name } }
        }
      }
    }
  }`,
  lists: `query Lists($speaker: ID!, $kind: StatementKind!, $organization: ID!, $status: OfficeStatus!) {
    statements(filter: { speaker: [$speaker], kind: [$kind] }, orderBy: { field: SAID_ON, direction: ASC }, first: 20) {
      totalCount
      nodes { text kind saidOn }
    }
    offices(filter: { organization: [$organization], status: [$status] }, orderBy: { field: NAME, direction: DESC }, first: 20) {
      totalCount
      nodes { name status staffCount }
    }
  }`,
  node: `query Node($id: ID!) {
    node(id: $id) {
      ... on Organization { name kind }
      ... on Person { name birthDate }
      ... on Office { name status }
      ... on Article { title publishedOn }
      ... on Statement { text saidOn }
    }
  }`,
};

/** How often each query comes in a mix of a hundred requests. */
const weights: Record<QueryName, number> = { shallow: 40, deep: 10, wide: 2, lists: 18, node: 30 };

const names = Object.keys(queries) as QueryName[];

/** So many requests are made for a workload; the load generator goes round. */
const requestCount = 20_000;

/** All workloads with their requests, the same ones whenever they are made for the same data. */
export async function makeWorkloads(url: string): Promise<Map<WorkloadName, Request[]>> {
  const pools = await readPools(url);
  const random = randomNumbers(1);
  const workloads = new Map<WorkloadName, Request[]>();
  for (const query of names) {
    workloads.set(
      query,
      times(requestCount, (i) => ({ query, variables: at(pools[query], i) })),
    );
  }
  workloads.set(
    'mix',
    mixOf(random, (query, i) => at(pools[query], i)),
  );
  workloads.set(
    'mix-zipf',
    mixOf(random, (query) => at(pools[query], zipf(random(), pools[query].length))),
  );
  return workloads;
}

// Private:

const times = <Value>(count: number, make: (i: number) => Value) =>
  Array.from({ length: count }, (_, i) => make(i));

function at(pool: Variables[], i: number): Variables {
  const variables = pool[i % pool.length];
  if (!variables) throw new Error('the knowledge base is too small for this workload');
  return variables;
}

/** The same mix of queries every time; each takes the next variables of its own pool. */
function mixOf(
  random: () => number,
  variablesOf: (query: QueryName, i: number) => Variables,
): Request[] {
  const counts: Record<QueryName, number> = { shallow: 0, deep: 0, wide: 0, lists: 0, node: 0 };
  return times(requestCount, () => {
    let left = random() * 100;
    const query = names.find((name) => (left -= weights[name]) < 0) ?? 'node';
    return { query, variables: variablesOf(query, counts[query]++) };
  });
}

/** A place from 0 in a list of `count`, of which the r-th comes up with a weight of 1/r. */
const zipf = (random: number, count: number) =>
  Math.min(count, Math.floor(Math.exp(random * Math.log(count + 1)))) - 1;

/** Mulberry32: numbers from 0 to 1 that look random and are the same at every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function readPools(url: string): Promise<Record<QueryName, Variables[]>> {
  const sql = postgres(url, { max: 1 });
  const kinds = ['DIRECT', 'INDIRECT', 'MIXED'];
  const statuses = ['OPEN', 'CLOSED', 'PLANNED'];
  const slugs = async (text: string): Promise<string[]> =>
    (await sql.unsafe<{ slug: string }[]>(text)).map(({ slug }) => slug);
  try {
    const organizations = await slugs(
      `select e.slug from organization o join entity e on e.id = o.id order by md5(e.slug) limit 20000`,
    );
    const publishers = await slugs(
      `select e.slug from entity e where e.id in
        (select publisher_id from article group by 1 having count(*) >= 10
         intersect select organization_id from office group by 1 having count(*) >= 10)
        order by md5(e.slug) limit 5000`,
    );
    const quoted = await slugs(
      `select e.slug from entity e join (select speaker_id, count(*) from statement group by 1) s on s.speaker_id = e.id
        where e.type = 'PERSON' order by least(s.count, 100) desc, md5(e.slug)
        limit greatest(20, (select count(*) from statement) / 2500)`,
    );
    const speakers = await slugs(
      `select slug from entity where id in (select speaker_id from statement) order by md5(slug) limit 20000`,
    );
    const nodes = await sql.unsafe<{ type: string; id: string }[]>(
      `select * from (
        (select 'Organization' as type, id from organization order by md5(id::text) limit 4000) union all
        (select 'Person', id from person order by md5(id::text) limit 4000) union all
        (select 'Office', id from office order by md5(id::text) limit 4000) union all
        (select 'Article', id from article order by md5(id::text) limit 4000) union all
        (select 'Statement', id from statement order by md5(id::text) limit 4000)) n order by md5(id::text || 'x')`,
    );
    return {
      shallow: organizations.map((slug) => ({ slug })),
      deep: publishers.map((slug) => ({ slug })),
      wide: quoted.map((slug) => ({ slug })),
      lists: speakers.map((speaker, i) => ({
        speaker,
        kind: kinds[i % 3] ?? '',
        organization: organizations[i % organizations.length] ?? '',
        status: statuses[i % 3] ?? '',
      })),
      node: nodes.map(({ type, id }) => ({ type, id })),
    };
  } finally {
    await sql.end();
  }
}
