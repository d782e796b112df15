/** What an editor sends: quotations that are hard to find, and very many changes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../support/random.ts';
import type { Attack, Means, Message } from './attack.ts';
import { times } from './base.ts';

export const quotations: Attack = {
  name: 'A8',
  what: 'quotations from texts that repeat one letter',
  seed: 108,
  mayTimeOut: true,
  run: async (means) => {
    const { send, flood, random, scale, key } = means;
    const { body } = await send({ query: '{ statements(first: 1) { nodes { id } } }' });
    const target = /"id":"([^"]+)"/.exec(body)?.[1] ?? '';
    await flood(4, Math.ceil(scale.requests / 3), () => quotation(random, target), { key });
  },
};

export const batches: Attack = {
  name: 'A9',
  what: 'batches of people of one name, and changes that were given up',
  seed: 109,
  mayTimeOut: true,
  run: async (means) => {
    const { flood, random, scale, key, fail } = means;
    const count = Math.ceil(scale.requests / 6);
    await flood(1, 1, () => ofOneName(random, 1), { key });
    await flood(count, count, () => ofOneName(random, Math.min(40, scale.requests)), { key });
    const answered = await peopleIn(means);
    // What was given up may wait for its turn for a while.
    await sleep(scale.requests * 150);
    const later = await peopleIn(means);
    if (later !== answered) {
      fail(`${later - answered} people were written after the answers`);
    }
  },
};

export function quotation(random: Random, target: string): Message {
  const [article, letter] = random.pick([
    ['of-equals', '='],
    ['of-letters', 'a'],
  ] as const);
  const length = random.pick([200, 2000, 9000, 15_000]);
  const exact = random.pick([
    letter.repeat(length) + 'b',
    `${letter.repeat(length >> 1)}b${letter.repeat(length >> 1)}`,
    `b${letter.repeat(length)}`,
    `${letter.repeat(length)} … ${letter.repeat(length)} … b`,
    `${letter.repeat(20)}${' '.repeat(20)}`.repeat(length / 40) + '!',
    letter.repeat(length),
  ]);
  const prefix = random.pick([undefined, letter.repeat(100), 'b']);
  const cite = { article, exact, target, ...(prefix && { prefix }) };
  return random.pick([
    {
      query: `mutation ($article: String!, $exact: String!, $prefix: String, $target: ID!) {
        cite(input: { article: $article, exact: $exact, prefix: $prefix, target: $target }) { __typename } }`,
      variables: cite,
    },
    {
      query:
        'mutation ($operations: [BatchOperation!]!) { batch(operations: $operations) { __typename } }',
      variables: { operations: Array.from({ length: random.int(2, 20) }, () => ({ cite })) },
    },
  ]);
}

/** One batch, or many in one request. */
export function ofOneName(random: Random, most: number): Message {
  const person = { createPerson: { name: 'Ann Oneandthesame' } };
  const fields = random.pick([1, 2, most]);
  const each = fields === 1 ? 100 : Math.min(100, Math.floor(900 / fields));
  return {
    query: `mutation ($operations: [BatchOperation!]!) { ${times(fields, (i) => `b${i}: batch(operations: $operations) { __typename }`)} }`,
    variables: { operations: Array.from({ length: each }, () => person) },
  };
}

// Private:

async function peopleIn({ send }: Means): Promise<number> {
  const { body } = await send({ query: '{ people(first: 0) { totalCount } }' });
  const count = /"totalCount":(\d+)/.exec(body)?.[1];
  if (count === undefined) throw new Error(`people cannot be counted: ${body.slice(0, 300)}`);
  return Number(count);
}
