import { expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { published } from '../../src/knowledge/reading/visibility.js';
import { Batcher } from '../../src/knowledge/reading/batcher.js';
import { Queries, type Query } from '../../src/knowledge/reading/queries.js';

it('keeps no loader when the keys of its batch have been fetched, however many shapes there are', async () => {
  const batcher = new Batcher();
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        batcher.load(
          `shape ${round} ${i}`,
          (keys) => Promise.resolve(keys.map(({ text }) => text)),
          'key',
        ),
      ),
    );
    expect(new Set(answers)).toEqual(new Set(['key']));
    expect(batcher.size).toBe(0);
  }
});

it('fetches a key once for all who ask for it in one turn', async () => {
  const batcher = new Batcher();
  let fetched = 0;
  const load = (key: string) =>
    batcher.load(
      'shape',
      (keys) => {
        fetched += keys.length;
        return Promise.resolve(keys.map(({ text }) => text));
      },
      key,
    );
  expect(await Promise.all(['a', 'b', 'a', 'a'].map(load))).toEqual(['a', 'b', 'a', 'a']);
  expect(fetched).toBe(2);
  await load('a');
  expect(fetched).toBe(3);
});

it('fetches few keys together of which each may go through a whole table, and others as before', async () => {
  const batcher = new Batcher({ maxHeavyBatchSize: 2 });
  const sizes = new Map<string, number[]>([
    ['light', []],
    ['heavy', []],
  ]);
  const load = (shape: string, key: string) =>
    batcher.load(
      shape,
      (keys) => {
        sizes.get(shape)?.push(keys.length);
        return Promise.resolve(keys.map(({ text }) => text));
      },
      key,
      undefined,
      shape === 'heavy',
    );
  const keys = ['a', 'b', 'c', 'd', 'e'];
  for (const shape of ['light', 'heavy']) {
    expect(await Promise.all(keys.map((key) => load(shape, key)))).toEqual(keys);
  }
  expect(sizes.get('light')).toEqual([5]);
  expect(sizes.get('heavy')).toEqual([2, 2, 1]);
});

it('gives answers in portions where it is told to, so that others get a turn in between', async () => {
  const batcher = new Batcher({ portion: 3 });
  let turn = 0;
  let isOver = false;
  const others = (): void => {
    turn++;
    if (!isOver) setImmediate(others);
  };
  others();
  const given: [string, number][] = [];
  const load = async (key: string) => {
    const fetch = (keys: readonly { text: string }[]) => Promise.resolve(keys.map((k) => k.text));
    given.push([(await batcher.load('shape', fetch, key)) ?? '', turn]);
  };
  const keys = Array.from({ length: 10 }, (_, i) => `key ${i}`);
  await Promise.all(keys.map(load));
  isOver = true;
  expect(given.map(([key]) => key)).toEqual(keys);
  const turns = given.map((each) => each[1]);
  expect(new Set(turns).size).toBeGreaterThanOrEqual(4);
  for (const each of turns) expect(turns.filter((turn) => turn === each).length).toBeLessThan(4);
});

it('gives its failure to each, however many wait', async () => {
  const batcher = new Batcher({ portion: 3 });
  const fails = () => Promise.reject(new Error('no'));
  const loads = Array.from({ length: 10 }, (_, i) => batcher.load('shape', fails, `key ${i}`));
  for (const { status } of await Promise.allSettled(loads)) expect(status).toBe('rejected');
});

it('remembers a bounded number of statements, and prepares none that comes only once', async () => {
  const queries = new Queries({ db: {} } as Database, published);
  const prepared: string[] = [];
  const build = (): Query => ({
    execute: () => Promise.resolve([]),
    prepare: (name) => {
      prepared.push(name);
      return { execute: () => Promise.resolve([]) };
    },
  });
  for (let i = 0; i < 5000; i++) {
    await queries.run(`once ${i}`, build, {});
    await queries.run('often', build, {});
    expect(queries.size).toBeLessThanOrEqual(1000);
  }
  expect(prepared).toEqual(['often']);
});
