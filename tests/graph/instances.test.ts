import { getNullableType, isSpecifiedScalarType, isIntrospectionType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graph/schema.js';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { inMemory, sampleInMemory } from '../support/inMemory.js';

async function post(chancery: Chancery, query: string) {
  const response = await chancery.fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }),
  );
  return (await response.json()) as {
    data?: unknown;
    errors?: { message: string; extensions?: { code?: string } }[];
  };
}

describe('two schemas in one process', () => {
  it('share no type', () => {
    const [one, other] = [createSchema().getTypeMap(), createSchema().getTypeMap()];
    const shared = Object.entries(one)
      .filter(([, type]) => !isSpecifiedScalarType(type) && !isIntrospectionType(type))
      .filter(([name, type]) => other[name] === type);
    expect(shared).toEqual([]);
  });

  it('have the directive asKnownAt once, with their own DateTime', () => {
    createSchema();
    const schema = createSchema();
    const found = schema.getDirectives().filter(({ name }) => name === 'asKnownAt');
    expect(found).toHaveLength(1);
    expect(getNullableType(found[0]?.args[0]?.type)).toBe(schema.getType('DateTime'));
  });
});

describe('two instances in one process', () => {
  let strict: Chancery;
  let lenient: Chancery;

  beforeAll(async () => {
    strict = await createChancery({
      database: await inMemory(),
      cacheMegabytes: 0,
      limits: { depth: 3 },
      introspection: false,
    });
    lenient = await createChancery({ database: await sampleInMemory(), cacheMegabytes: 0 });
  }, 120_000);

  afterAll(async () => {
    await strict.close();
    await lenient.close();
  });

  it('keep their own limits and records', async () => {
    const deep = '{ organizations(first: 1) { nodes { parent { parent { slug } } } } }';
    expect((await post(strict, deep)).errors?.[0]?.message).toContain('3');
    expect((await post(lenient, deep)).errors).toBeUndefined();
    const count = '{ stats { organizations } }';
    expect(await post(strict, count)).toEqual({ data: { stats: { organizations: 0 } } });
    expect(await post(lenient, count)).not.toEqual({ data: { stats: { organizations: 0 } } });
  });

  it('decide on introspection for themselves', async () => {
    const names = '{ __schema { queryType { name } } }';
    expect((await post(strict, names)).errors).toHaveLength(1);
    expect(await post(lenient, names)).toEqual({
      data: { __schema: { queryType: { name: 'Query' } } },
    });
  });

  it('resolve by their own schema: what replaces a resolver of one leaves the other', async () => {
    const field = strict.schema.getQueryType()?.getFields()['stats'];
    if (!field) throw new Error('no stats');
    field.resolve = () => ({ organization: 7 });
    const count = 'query Again { stats { organizations } }';
    expect(await post(strict, count)).toEqual({ data: { stats: { organizations: 7 } } });
    expect(await post(lenient, count)).not.toEqual({ data: { stats: { organizations: 7 } } });
  });
});
