import {
  buildClientSchema,
  getIntrospectionQuery,
  graphqlSync,
  type GraphQLObjectType,
  Kind,
  parse,
  printSchema,
  type IntrospectionQuery,
} from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { createSchema, printedSchema } from '../../../src/graph/schema.js';
import { costOf } from '../../../src/server/admission/complexity/cost.js';
import { standardIntrospection } from '../../../src/server/admission/complexity/standardIntrospection.js';
import { servedEndpoint } from '../../support/endpoint.js';

const schema = createSchema();

function cost(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  return costOf(schema, document, operation)(variables);
}

/** How many fields an answer has. */
function fieldsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const within = Object.values(value);
  const below = within.reduce<number>((sum, each) => sum + fieldsOf(each), 0);
  return Array.isArray(value) ? below : below + within.length;
}

const nested = 'types { fields { type { ofType { fields { name type { name } } } } } }';

/** All ways in which GraphQL.js writes the query. */
const options = Array.from({ length: 64 }, (_, i) => ({
  descriptions: Boolean(i & 1),
  specifiedByUrl: Boolean(i & 2),
  directiveIsRepeatable: Boolean(i & 4),
  schemaDescription: Boolean(i & 8),
  inputValueDeprecation: Boolean(i & 16),
  oneOf: Boolean(i & 32),
}));

describe('a question about the schema', () => {
  it.each([
    `{ __schema { ${nested} } }`,
    '{ __schema { queryType { name } directives { name args { name type { name } } } } }',
    '{ __schema { types { name kind possibleTypes { name } interfaces { name } enumValues { name } inputFields { name } } } }',
    '{ __type(name: "Query") { fields { name args { name } } } }',
    '{ __type(name: "Nothing") { fields { name } } }',
    '{ __type(name: "Query") { ...T } } fragment T on __Type { fields { type { ...N } } } fragment N on __Type { name ofType { name ofType { name } } }',
  ])('costs an object for each 20 fields of its answer: %s', (query) => {
    const { data, errors } = graphqlSync({ schema, source: query });
    expect(errors).toBeUndefined();
    expect(cost(query)).toBe(Math.ceil(fieldsOf(data) / 20));
  });

  it('costs by what its variables say', () => {
    const query = 'query ($name: String!) { __type(name: $name) { fields { name } } }';
    const fields = Object.keys(schema.getQueryType()!.getFields()).length;
    expect(cost(query, { name: 'Query' })).toBe(1 + 1 + fields);
    expect(cost(query, { name: 'Nothing' })).toBe(1);
  });

  it('is counted once where fields select the same types, also by a variable', () => {
    const article = schema.getType('Article') as GraphQLObjectType;
    const counted = vi.spyOn(article, 'getFields');
    const roots = Array.from({ length: 50 }, (_, i) => `a${i}: __type(name: $name) { ...T${i} }`);
    const fragments = roots.map(
      (_, i) =>
        `fragment T${i} on __Type { d${i}: description fields { type { fields { type { fields { name } } } } } }`,
    );
    cost(`query ($name: String!) { ${roots.join(' ')} } ${fragments.join(' ')}`, { name: 'Query' });
    expect(counted).toHaveBeenCalledOnce();
    counted.mockRestore();
  });

  it('costs more than any limit where aliases or fragments multiply it', () => {
    const aliases = (count: number) =>
      cost(
        `{ __schema { ${Array.from({ length: count }, (_, i) => `a${i}: ${nested}`).join(' ')} } }`,
      );
    expect(aliases(4)).toBeLessThan(1000);
    expect(aliases(20)).toBeGreaterThan(50_000);
    expect(aliases(22) - aliases(21)).toBe(aliases(21) - aliases(20));
    const doubling = Array.from(
      { length: 40 },
      (_, i) =>
        `fragment F${i} on __Type { a: ${i % 9 ? 'ofType' : 'interfaces'} { ...F${i + 1} } b: possibleTypes { ...F${i + 1} } fields { type { ...F${i + 1} } } }`,
    );
    expect(
      cost(
        `{ __schema { types { ...F0 } } } ${doubling.join(' ')} fragment F40 on __Type { name }`,
      ),
    ).toBeGreaterThan(1_000_000);
  });

  it('is standard with any options, name and blanks, and no other is', () => {
    for (const each of options) {
      const query = getIntrospectionQuery(each);
      for (const text of [
        query,
        query.replace('IntrospectionQuery', ''),
        query.replaceAll(/\s+/g, ' '),
      ]) {
        expect(standardIntrospection(parse(text))).toBeDefined();
      }
      expect(standardIntrospection(parse(query.replace('kind', 'kind k: kind')))).toBeUndefined();
      expect(
        standardIntrospection(parse(query.replace('{', '{ a: __schema { types { name } }'))),
      ).toBeUndefined();
    }
  });
});

describe('introspection of a server', () => {
  const endpoint = servedEndpoint();
  const closed = servedEndpoint({ CHANCERY_INTROSPECTION: 'off' });

  it('returns the schema with each option', async () => {
    for (const each of [
      {},
      { descriptions: false },
      { oneOf: true, inputValueDeprecation: true },
    ]) {
      const query = getIntrospectionQuery(each);
      for (let i = 0; i < 2; i++) {
        const { status, body } = await endpoint.execute(query);
        expect(status).toBe(200);
        expect(body).toEqual(JSON.parse(JSON.stringify(graphqlSync({ schema, source: query }))));
      }
    }
    const { body } = await endpoint.execute(getIntrospectionQuery());
    const clientSchema = buildClientSchema(body.data as unknown as IntrospectionQuery);
    expect(Object.keys(clientSchema.getTypeMap()).length).toBeGreaterThan(100);
    expect(printSchema(clientSchema).length).toBeGreaterThan(printedSchema().length / 2);
  });

  it('returns the schema by GET, and with an operationName', async () => {
    const query = getIntrospectionQuery();
    const byGet = await endpoint.send(`/graphql?query=${encodeURIComponent(query)}`);
    expect(byGet.status).toBe(200);
    const named = (operationName: string) =>
      endpoint.send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, operationName }),
      });
    expect((await named('IntrospectionQuery')).body).toEqual(byGet.body);
    expect((await named('Another')).body.errors).toHaveLength(1);
  });

  it('rejects queries that would multiply it', async () => {
    const aliases = Array.from({ length: 20 }, (_, i) => `a${i}: ${nested}`).join(' ');
    const { status, code } = await endpoint.execute(`{ __schema { ${aliases} } }`);
    expect({ status, code }).toEqual({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  });

  it('returns nothing where it is disabled', async () => {
    for (const query of [
      getIntrospectionQuery(),
      '{ __schema { types { name } } }',
      '{ __type(name: "Query") { name } }',
    ]) {
      const { body } = await closed.execute(query);
      expect(body.data ?? null).toBeNull();
      expect(body.errors?.[0]?.message).toContain('introspection');
    }
    const { message } = await closed.execute('{ organizatio(slug: "nato") { name } }');
    expect(message).toBe('Cannot query field "organizatio" on type "Query".');
  });
});
