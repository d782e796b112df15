/** How often the right name is found for one that is written wrongly or in short. */
import type { Engine, Named } from './engines.ts';
import { Random } from '../../tests/support/random.ts';
import { misspelt } from './misspelt.ts';

export interface Quality {
  engine: string;
  way: Way;
  /** Shares of all names, from 0 to 1. */
  first: number;
  amongFive: number;
  /** Milliseconds for one query at a time. */
  p50: number;
  p99: number;
}

const ways = ['one slip', 'no accents', 'initial'] as const;
export type Way = (typeof ways)[number];

/** Namesakes are the same answer: nothing in the query distinguishes them. */
export async function measureQuality(
  engines: readonly Engine[],
  names: readonly Named[],
  count: number,
  seed: number,
): Promise<Quality[]> {
  const results: Quality[] = [];
  for (const way of ways) {
    const random = new Random(seed);
    const sample = Array.from({ length: count }, () => {
      const expected = random.pick(names);
      return { expected, query: written(expected.name, way, random) };
    });
    for (const engine of engines) results.push(await runQueries(engine, way, sample));
  }
  return results;
}

// Private:

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();

function written(name: string, way: Way, random: Random): string {
  if (way === 'one slip') return misspelt(name, random);
  if (way === 'no accents') return name.normalize('NFKD').replace(/\p{M}+/gu, '');
  const [given = '', ...rest] = name.split(' ');
  return rest.length > 0 ? `${given.charAt(0)}. ${rest.join(' ')}` : name;
}

async function runQueries(
  engine: Engine,
  way: Way,
  sample: readonly { expected: Named; query: string }[],
): Promise<Quality> {
  let [first, five] = [0, 0];
  const times: number[] = [];
  for (const { expected, query } of sample) {
    const start = performance.now();
    const found = await engine.find(query);
    times.push(performance.now() - start);
    const at = found.findIndex(
      ({ id, name }) => id === expected.id || plain(name) === plain(expected.name),
    );
    if (at === 0) first++;
    if (at >= 0 && at < 5) five++;
  }
  times.sort((a, b) => a - b);
  const { length } = sample;
  return {
    engine: engine.name,
    way,
    first: first / length,
    amongFive: five / length,
    p50: times[Math.floor(length / 2)] ?? Number.NaN,
    p99: times[Math.floor(length * 0.99)] ?? Number.NaN,
  };
}
