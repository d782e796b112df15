import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { makeQueries } from '../../bench/search/queries.js';
import { hostileBodies, unseenBodies } from '../../bench/stress/queries.js';
import { queries } from '../../bench/workloads.js';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

const queryOf = (body: string): string => (JSON.parse(body) as { query: string }).query;

const pools = { names: ['Anna Berg'], people: ['anna-berg'], organizations: ['nato'] };
const all: Record<string, string> = {
  ...queries,
  ...Object.fromEntries(
    Object.entries<string[]>({ ...makeQueries(pools, 1, 1) }).map(([kind, [body]]) => [
      kind,
      queryOf(body ?? ''),
    ]),
  ),
  unseen: queryOf(unseenBodies(1)[0] ?? ''),
  ...Object.fromEntries(hostileBodies(6).map((body, i) => [`hostile ${i}`, queryOf(body)])),
};

describe('the queries of the benchmark', () => {
  it.each(Object.entries(all))('are of this schema: %s', (_name, query) => {
    expect(validate(schema, parse(query))).toEqual([]);
  });
});
