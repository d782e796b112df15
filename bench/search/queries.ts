/** Queries against a knowledge base that `fill` made: all different, the same ones for a seed. */
import postgres from 'postgres';
import { Random } from '../../tests/support/random.ts';
import { misspelt } from './misspelt.ts';

export interface Queries {
  search: string[];
  suggest: string[];
  path: string[];
  timeline: string[];
  groups: string[];
}

const search = `query ($q: String!) { search(query: $q, first: 10) { nodes { score highlight node { __typename id ... on Entity { name } ... on Statement { text } ... on Article { title } } } } }`;
const suggest = `query ($p: String!) { suggest(prefix: $p) { text entity { id slug name } } }`;
const path = `query ($from: ID!, $to: ID!) { path(from: $from, to: $to) { outcome length steps { from { name } relation to { name } } } }`;
const timeline = `query ($of: ID!) { timeline(of: $of, first: 20, orderBy: { field: DATE, direction: DESC }) { nodes { date kind fact { __typename id } } } }`;
const groups = `query ($slug: String!) { organization(slug: $slug) { offices { groups(by: [KIND, COUNTRY]) { values { text } count } } statementsAbout { groups(by: [YEAR]) { values { text } count } } } }`;

export interface Pools {
  /** Names of people, and of others. */
  names: string[];
  people: string[];
  organizations: string[];
}

/** The names and slugs that queries are made from. */
export async function readPools(url: string): Promise<Pools> {
  const sql = postgres(url, { max: 1 });
  const list = async (rows: Promise<postgres.RowList<postgres.Row[]>>) =>
    (await rows).map((row) => String(row['value']));
  const names = await list(sql`select name as value from entity where type = 'PERSON' order by id`);
  const people = await list(
    sql`select slug as value from entity where type = 'PERSON' order by id`,
  );
  const organizations = await list(
    sql`select slug as value from entity where type = 'ORGANIZATION' order by id`,
  );
  await sql.end();
  return { names, people, organizations };
}

const words =
  'office trade accord exercise quota summit border grain harbour visa tariff treaty refugees airspace railway embargo vaccine reactor satellite copper drought orchestra lighthouse amber falconry'.split(
    ' ',
  );

/** A fair mixture of what people look for; every fourth is a plain name. */
function searchQuery(pools: Pools, random: Random): string {
  const name = random.pick(pools.names).replace(/ \d+$/, '');
  switch (random.below(6)) {
    case 0:
      return name;
    case 1:
      return misspelt(name, random);
    case 2:
      return `${name.split(' ')[1]} ${random.pick(words)}`;
    case 3:
      return `${random.pick(words)} ${random.pick(words)}`;
    case 4:
      return `"joint ${random.pick(words)}" ${name.split(' ')[0]}`;
    default:
      return `council ${random.pick(['trade', 'health', 'culture', 'energy'])} ${random.pick(words)}`;
  }
}

export function makeQueries(pools: Pools, count: number, seed: number): Queries {
  const random = new Random(seed);
  const many = (make: () => string): string[] => Array.from({ length: count }, make);
  const bodyOf = (query: string, variables: object) => JSON.stringify({ query, variables });
  const anyone = () => random.pick(random.below(4) ? pools.people : pools.organizations);
  return {
    search: many(() => bodyOf(search, { q: searchQuery(pools, random) })),
    suggest: many(() => {
      const word = random.pick(random.pick(pools.names).split(' ').slice(0, 2));
      return bodyOf(suggest, { p: word.slice(0, 1 + random.below(6)) });
    }),
    path: many(() => bodyOf(path, { from: anyone(), to: anyone() })),
    timeline: many(() => bodyOf(timeline, { of: anyone() })),
    groups: many(() => bodyOf(groups, { slug: random.pick(pools.organizations) })),
  };
}
