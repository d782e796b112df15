/** The queries of well-behaved clients, and queries as expensive as limits admit. */
import { makeWorkloads, queries, type QueryName } from '../workloads.ts';

/** Small queries, each with other variables, as lines of JSON. */
export async function smallBodies(url: string): Promise<string[]> {
  const requests = (await makeWorkloads(url)).get('shallow') ?? [];
  return requests.map(({ query, variables }) =>
    JSON.stringify({ query: queries[query], variables }),
  );
}

/**
 * The queries of a site's pages: one about an organization, one about a person with what they have
 * said, lists with their counts. Answers have 10 to 400 objects. As lines of JSON.
 */
export async function pageBodies(url: string): Promise<string[]> {
  const workloads = await makeWorkloads(url);
  const turns: QueryName[] = ['wide', 'deep', 'wide', 'lists', 'wide'];
  return Array.from({ length: 20_000 }, (_, i) => {
    const of = turns[i % turns.length] ?? 'deep';
    const { query, variables } = workloads.get(of)?.[i] ?? { query: of, variables: {} };
    return JSON.stringify({ query: queries[query], variables });
  });
}

/** Queries no two of which have the same text, as lines of JSON. */
export const unseenBodies = (count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      query: `query Unseen { organizations(first: 5) { nodes { name a${i}: id offices(first: 2) { nodes { name place { name } } } } } }`,
    }),
  );

/** Queries of a cost close to 50,000, no two alike, as lines of JSON. */
export function hostileBodies(count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    JSON.stringify({ query: hostile[i % hostile.length]?.(i) }),
  );
}

// Private:

const times = (count: number, field: (i: number) => string): string =>
  `{ ${Array.from({ length: count }, (_, i) => `a${i}: ${field(i)}`).join(' ')} }`;

/** Words that make up names in the knowledge base. */
const words = 'alba berfen carla dorgen falin gorman harsen ivaber jantin kelvel'.split(' ');
const word = (i: number): string => words[i % words.length] ?? '';

const hostile: ((i: number) => string)[] = [
  // Pages within pages: 1 + 100 × (1 + 1 + 100 × 4) objects and more.
  (i) =>
    `{ organizations(first: 100, orderBy: { field: CREATED_AT, direction: ${i % 2 ? 'ASC' : 'DESC'} }) { x${i}: totalCount nodes { name
      offices(first: 100) { nodes { name staffCount place { name country { name } } organization { name } } } } } }`,
  (i) =>
    `{ people(first: 100, orderBy: { field: NAME, direction: ${i % 2 ? 'ASC' : 'DESC'} }) { x${i}: totalCount nodes { name
      statements(first: 100) { totalCount nodes { text saidOn article { title publisher { name } } speaker { ... on Person { name } } } } } } }`,
  // Work beyond the objects.
  (i) =>
    times(
      45,
      (j) =>
        `search(query: "${word(i + j)} ${word(i * 7 + j + 3)} council", first: 50) { totalCount nodes { score highlight } }`,
    ),
  (i) =>
    times(
      24,
      (j) =>
        `path(from: "person-${1 + ((i * 31 + j) % 5000)}", to: "person-${1 + ((i * 17 + j * 13) % 5000)}", maxLength: 6) { length }`,
    ),
  (i) => times(49, (j) => `offices { y${i}x${j}: groups(by: [KIND, COUNTRY]) { count } }`),
  () =>
    times(
      49,
      (j) =>
        `statements(orderBy: { field: SAID_ON, direction: ${j % 2 ? 'ASC' : 'DESC'} }, last: 100) { totalCount groups(by: [KIND]) { count } nodes { text } }`,
    ),
];
