/** Queries that are small to send and much to answer: long texts, repeats, the schema. */
import type { Random } from '../../support/random.ts';
import { sendUnread } from '../unread.ts';
import { dressed, type Attack, type Means, type Message } from './attack.ts';
import { times } from './base.ts';

export const aliases: Attack = {
  name: 'A1',
  what: 'long texts under many aliases, many at once, sent ahead and not read',
  seed: 101,
  run: async (means) => {
    const { random, scale } = means;
    await means.flood(Math.min(100, scale.requests * 2), scale.requests * 2, () =>
      longTexts(random),
    );
    await Promise.all(Array.from({ length: 4 }, () => unread(means)));
  },
};

export const repeats: Attack = {
  name: 'A2',
  what: 'the same field over and over',
  seed: 102,
  run: ({ flood, random, scale }) => flood(16, scale.requests * 3, () => repeated(random)),
};

export const introspection: Attack = {
  name: 'A3',
  what: 'the schema, aliased and nested',
  seed: 103,
  run: ({ flood, random, scale }) => flood(4, scale.requests, () => ofSchema(random)),
};

export function longTexts(random: Random): Message {
  const names = times(random.pick([2, 10, 95]), (i) => `x${i}: body`);
  const count = random.pick([1, 10, 100]);
  const { inside, behind } = dressed(random, 'Article', names);
  return random.pick([
    { query: `{ articles(first: ${count}) { nodes { ${inside} } } } ${behind}` },
    {
      query: `query ($n: Int) { articles(first: $n) { nodes { ${inside} } } } ${behind}`,
      variables: { n: count },
    },
    { query: `{ statements(first: ${count}) { nodes { article { ${inside} } } } } ${behind}` },
    { query: `{ articles(last: ${count}) { edges { node { ${inside} title } } } } ${behind}` },
    {
      query: `{ organizations(first: 1) { nodes { id } } articles(first: 90) { nodes { ${inside} } } } ${behind}`,
    },
  ]);
}

export function repeated(random: Random): Message {
  const [list, type, field] = random.pick(repeatable);
  const each = field.match(/[\w]+|[{}]/g)?.length ?? 4;
  const most = (extra: number): number => Math.floor(1880 / (each + extra));
  const first = 'first: 1';
  const around = (inside: string, behind = ''): Message => ({
    query: `{${list}(${first}){nodes{${inside}}}} ${behind}`,
  });
  const manyLeaves = (leaves: number): string =>
    field.replace(/\w+(?=\})/, (leaf) => times(leaves, () => leaf));
  const leaves = random.pick([4, 8, 30]);
  // What is quadratic in their number is so at its worst.
  if (random.chance(0.7)) return around(times(most(0), () => field));
  return random.pick([
    () => around(times(most(leaves), () => manyLeaves(leaves))),
    () => around(times(most(leaves + 3), () => `...{${manyLeaves(leaves)}}`)),
    () =>
      around(
        times(9, (i) => `...F${i}`),
        times(
          9,
          (i) =>
            `fragment F${i} on ${type}{${times(190 / (leaves + each), () => manyLeaves(leaves))}}`,
        ),
      ),
    () => around(times(most(3), () => `...{${field}}`)),
    () => around(times(most(5), () => `...on ${type}{${field}}`)),
    () =>
      around(
        times(900, () => '...F'),
        `fragment F on ${type}{${field}}`,
      ),
    () =>
      around(
        times(40, (i) => `...F${i}`),
        times(40, (i) => `fragment F${i} on ${type}{${times(7, () => field)}}`),
      ),
    () =>
      around(
        times(most(5) - 100, () => field) +
          times(90, () => field.replace('{', '@include(if:true){')),
      ),
    () => around(times(90, () => `a:${field}`) + times(most(0) - 200, () => field)),
    () => around(times(1850, () => 'id')),
    () => ({
      query: times(
        1,
        () => `{${times(12, () => `${list}(${first}){nodes{${times(30, () => field)}}}`)}}`,
      ),
    }),
  ])();
}

export function ofSchema(random: Random): Message {
  const wrapped = `type { ${random.pick(['ofType { fields { name type { name } } }', 'name ofType { ofType { fields { name } } }', 'fields { name type { name } }'])} }`;
  const fields = random.pick([
    `fields { ${wrapped} }`,
    `fields(includeDeprecated: true) { name description args { name ${wrapped.replace('fields', 'inputFields')} } }`,
    'fields { name type { possibleTypes { name description } } } interfaces { fields { name } }',
    'fields { type { name } } inputFields { name type { inputFields { name } } } possibleTypes { fields { name } }',
  ]);
  const { inside, behind } = dressed(random, '__Type', fields);
  const count = random.int(5, 40);
  const named = (): string => random.pick(['Organization', 'Query', 'Mutation', 'Node']);
  return random.pick([
    () => ({
      query: `{ __schema { ${times(20, (i) => `a${i}: types { fields { type { ...T ofType { ...T ofType { ...T } } } } }`)} } } ${wholeType}`,
    }),
    () => ({
      query: `{ ${times(20, (i) => `a${i}: __schema { types { ...T fields { name type { ...T ofType { ...T } } } } }`)} } ${wholeType}`,
    }),
    () => ({
      query: `{ __schema { ${times(20, (i) => `a${i}: types { fields { ${wrapped} } }`)} } }`,
    }),
    () => ({
      query: `{ __schema { ${times(count, (i) => `a${i}: types { ${inside} }`)} } } ${behind}`,
    }),
    () => ({
      query: `{ ${times(count, (i) => `a${i}: __schema { types { ${inside} } }`)} } ${behind}`,
    }),
    () => ({
      query: `{ ${times(count, (i) => `a${i}: __type(name: "${named()}") { ${inside} }`)} } ${behind}`,
    }),
    () => ({
      query: `{ __schema { queryType { ${inside} } mutationType { ${inside} } types { ${inside} } } } ${behind}`,
    }),
  ])();
}

// Private:

/** Sends requests ahead over one connection, and reads none of the answers. */
async function unread({ subject, bytes, random, scale }: Means): Promise<void> {
  const query = `{ articles(first: ${random.pick([20, 40, 100])}) { nodes { slug body ${random.pick(['', 'other: body'])} } } }`;
  const requests = Array.from({ length: random.int(8, 12) }, () =>
    bytes({ query }, { keepAlive: true }),
  );
  await sendUnread(subject.port, requests, scale.requests * 60);
}

/** Fields with selections that the types have, and a leaf of theirs. */
const repeatable = [
  ['organizations', 'Organization', 'parent{name}'],
  ['organizations', 'Organization', 'offices{totalCount}'],
  ['organizations', 'Organization', 'identifiers{value}'],
  ['people', 'Person', 'names{name}'],
  ['people', 'Person', 'positions{nodes{id}}'],
  ['articles', 'Article', 'publisher{id}'],
  ['statements', 'Statement', 'speaker{__typename}'],
  ['statements', 'Statement', 'article{publisher{name}}'],
] as const;

const wholeType =
  'fragment T on __Type { kind name description possibleTypes { name description } fields { name description args { name description } type { kind name } } }';
