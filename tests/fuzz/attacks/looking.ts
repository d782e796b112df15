/** What is looked for: passages, words that are no words, events of before, the past. */
import type { Random } from '../../support/random.ts';
import { anEvent } from '../subject.ts';
import { dressed, type Attack, type Message } from './attack.ts';
import { shortWord, syllables, times, words } from './base.ts';

export const highlights: Attack = {
  name: 'A4',
  what: 'passages of an article of a megabyte',
  seed: 104,
  run: ({ flood, random, scale }) => flood(4, scale.requests, () => passages(random)),
};

export const madeUpWords: Attack = {
  name: 'A5',
  what: 'hundreds of words that are no words',
  seed: 105,
  run: ({ flood, random, scale }) => flood(4, scale.requests, () => ofNoWords(random)),
};

export const eventsOfBefore: Attack = {
  name: 'A6',
  what: 'subscriptions from thousands of events ago, opened again and again',
  seed: 106,
  prepare: async ({ subject, later }) => {
    const after = await anEvent(subject);
    await subject.command(['import', later]);
    return after;
  },
  run: async ({ flood, random, scale }, after) => {
    const stay = { isStream: true, stayMs: Math.min(2000, scale.requests * 50) };
    // First those that are told nothing, which was free of charge however much is looked through.
    await flood(40, scale.requests * 5, () => nothingSince(random, after), stay);
    await flood(8, scale.requests, () => since(random, after), stay);
  },
};

export const past: Attack = {
  name: 'A7',
  what: 'lists as they were known, and counts of many lists',
  seed: 107,
  run: ({ flood, random, scale }) => flood(4, scale.requests * 2, () => ofThePast(random)),
};

export function passages(random: Random): Message {
  const query = random.pick([
    random.some(words, random.int(1, 6)).join(' '),
    `zeppelin ${random.pick(words)}`,
    `"${random.pick(words)} ${random.pick(words)}"`,
    words.join(' '),
    `${random.pick(words)} zeppelin ${random.pick(words)} of-nothing`,
  ]);
  const { inside, behind } = dressed(
    random,
    'SearchHit',
    random.pick(['highlight', times(90, (i) => `h${i}: highlight`), 'highlight again: highlight']),
  );
  const first = random.pick([1, 5, 20, 100]);
  return random.pick([
    {
      query: `{ search(query: ${JSON.stringify(query)}, first: ${first}) { nodes { ${inside} } } } ${behind}`,
    },
    {
      query: `query ($q: String!, $n: Int) { search(query: $q, first: $n) { nodes { ${inside} } edges { node { highlight } } } } ${behind}`,
      variables: { q: query, n: first },
    },
    {
      query: `{ ${times(6, (i) => `s${i}: search(query: ${JSON.stringify(`${query} ${words[i]}`)}, first: 5) { nodes { highlight } }`)} }`,
    },
  ]);
}

export function ofNoWords(random: Random): Message {
  const word = (from: number, to: number): string =>
    times(random.int(from, to), () => random.pick(letters)).replaceAll(' ', '');
  const text = random.pick([
    () => times(240, () => word(2, 4)),
    // Each of which is in many names, that have no other of them.
    ...Array.from({ length: 4 }, () => () => times(240, () => shortWord(random.int(0, 10_000)))),
    // Nearly names, for each of which there are many that it may be meant for.
    () => times(110, () => syllables(random.int(0, 9999)).replace(/.$/, random.pick(letters))),
    () => times(90, () => `${syllables(random.int(0, 99_999))}${random.pick(letters)}`),
    () => times(120, () => word(5, 8)),
    () => times(40, () => word(15, 30)),
    () => times(3, () => word(300, 320)),
    () => times(200, () => `${random.pick(words).slice(0, 3)}${word(1, 2)}`),
    () => times(300, () => random.pick(['日本', '東京', 'ก็', 'ไทย', '한국'])),
  ])();
  const query = text.slice(0, 990);
  return random.pick([
    { query: `{ search(query: ${JSON.stringify(query)}, first: 1) { nodes { highlight } } }` },
    {
      query: 'query ($q: String!) { search(query: $q) { nodes { __typename } } }',
      variables: { q: query },
    },
    {
      query: `{ ${times(5, (i) => `s${i}: search(query: ${JSON.stringify(query.slice(i * 20))}, first: 1) { nodes { highlight } }`)} }`,
    },
    { query: `{ suggest(prefix: ${JSON.stringify(query.slice(0, 90))}) { text } }` },
  ]);
}

/** What nothing happened to. */
export function nothingSince(random: Random, after: string): Message {
  const id = JSON.stringify(after);
  return random.pick([
    { query: `subscription { changed(after: ${id}, entity: "attacked-council") { cursor } }` },
    {
      query: `subscription { changed(after: ${id}, recordType: [EVENT]) { cursor record { __typename } } }`,
    },
    { query: `subscription { statementAdded(after: ${id}) { statement { text } } }` },
    {
      query:
        'subscription ($a: ID) { articleAdded(after: $a, filter: { publisher: ["attacked-council"] }) { article { title } } }',
      variables: { a: after },
    },
  ]);
}

export function since(random: Random, after: string): Message {
  const id = JSON.stringify(after);
  return random.pick([
    nothingSince(random, after),
    { query: `subscription { changed(after: ${id}) { record { ... on Person { name } } } }` },
    {
      query: 'subscription ($a: ID) { articleAdded(after: $a) { article { title } } }',
      variables: { a: after },
    },
    {
      query:
        'subscription ($a: ID) { statementAdded(after: $a, filter: { speaker: ["attacked-person-1"] }) { statement { text } } }',
      variables: { a: after },
    },
  ]);
}

export function ofThePast(random: Random): Message {
  const at = new Date(Date.now() - random.int(0, 60) * 1000).toISOString();
  const filter = (): string =>
    random.pick([
      `{ kind: [INDIRECT], about: ["attacked-office-${random.int(0, 49)}"] }`,
      `{ speaker: ["attacked-person-${random.int(0, 99)}"], saidOn: { from: "2012" } }`,
      '{ about: ["attacked-council"], referenced: false }',
      '{ publisher: ["attacked-council"], language: ["en"] }',
    ]);
  return random.pick([
    {
      query: `query @asKnownAt(time: "${at}") { ${times(48, (i) => `s${i}: statements(filter: ${filter()}, first: 1) { nodes { text } }`)} }`,
    },
    {
      query: `query ($at: DateTime!) @asKnownAt(time: $at) { ${times(20, (i) => `s${i}: statements(filter: ${filter()}, first: 20) { totalCount nodes { text } }`)} }`,
      variables: { at },
    },
    {
      query: `{ people(first: 100) { nodes { ${times(90, (i) => `c${i}: statements(filter: { about: ["attacked-office-${i % 50}"], saidOn: { from: "20${10 + (i % 13)}" } }) { totalCount }`)} } } }`,
    },
    {
      query: `{ people(first: ${random.int(5, 40)}) { nodes { ${times(random.int(5, 40), (i) => `c${i}: statements(filter: ${filter()}) { totalCount }`)} } } }`,
    },
    {
      query: `query @asKnownAt(time: "${at}") { ${times(40, (i) => `p${i}: person(slug: "attacked-person-${i}") { name statements(first: 20) { totalCount nodes { text } } }`)} }`,
    },
  ]);
}

// Private:

const letters = 'abcdefghijklmnoprstuvwz'.split('');
