/** A supergraph of Chancery and an app that also has connections and `node`, behind Apollo's gateway. */
import { randomUUID } from 'node:crypto';
import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import {
  buildSchema,
  getOperationAST,
  graphql,
  Kind,
  parse,
  print,
  type ExecutionResult,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../src/graph/relay/globalId.js';
import { createChancery, type Chancery } from '../../src/index.js';
import { inMemory } from '../support/inMemory.js';
import { examplesIn } from '../support/manual.js';

interface Sent {
  query?: string | undefined;
  variables?: Record<string, unknown> | undefined;
}

describe('a supergraph of two subgraphs with connections and node', () => {
  let chancery: Chancery;
  let notes: GraphQLSchema;
  let gateway: ApolloGateway;
  let execute: (query: string, variables?: Record<string, unknown>) => Promise<ExecutionResult>;
  let sent: (Sent & { name: string })[] = [];
  let natoId = '';

  beforeAll(async () => {
    chancery = await createChancery({
      database: await inMemory(),
      sample: true,
      cacheMegabytes: 0,
      federation: true,
    });
    const { data } = await post(chancery, {
      query:
        '{ _service { sdl } organization(slug: "nato") { id } japan: organization(slug: "japan") { id } }',
    });
    const { _service, organization, japan } = data as {
      _service: { sdl: string };
      organization: { id: string };
      japan: { id: string };
    };
    natoId = organization.id;
    noted = [natoId, japan.id, encodeGlobalId('Organization', randomUUID())];
    const [notesSdl = ''] = await examplesIn('docs/federation.md', 'graphql');
    notes = executable(notesSdl);
    const { errors, supergraphSdl = '' } = composeServices([
      { name: 'chancery', url: 'http://chancery', typeDefs: parse(_service.sdl) },
      { name: 'notes', url: 'http://notes', typeDefs: parse(notesSdl) },
    ]);
    expect(errors).toBeUndefined();
    const services: Record<string, (request: Sent) => Promise<ExecutionResult>> = {
      chancery: (request) => post(chancery, request),
      notes: ({ query = '', variables }) =>
        graphql({ schema: notes, source: query, variableValues: variables, rootValue: resolvers }),
    };
    gateway = new ApolloGateway({
      supergraphSdl,
      buildService: ({ name }) => ({
        process: async ({ request }) => {
          const { query, variables } = request as Sent;
          sent.push({ name, query, variables });
          return (await services[name]?.(request)) as object;
        },
      }),
    });
    const { schema, executor } = await gateway.load();
    execute = async (query, variables = {}) => {
      const document = parse(query);
      const operation = getOperationAST(document);
      if (!operation) throw new Error('no operation');
      return (await executor({
        ...{ document, operation, schema },
        request: { query, variables },
        queryHash: query,
        operationName: operation.name?.value ?? null,
        context: {},
        metrics: {},
        overallCachePolicy: {},
      } as unknown as Parameters<typeof executor>[0])) as ExecutionResult;
    };
  }, 120_000);
  afterAll(async () => {
    await gateway.stop();
    await chancery.close();
  });
  beforeEach(() => {
    sent = [];
  });

  it('answers a query whose fields are in both, in one request to each', async () => {
    const result = await execute('{ organizations(first: 5) { nodes { slug notes { text } } } }');
    expect(result.errors).toBeUndefined();
    const { nodes } = result.data?.['organizations'] as {
      nodes: { slug: string; notes: { text: string }[] }[];
    };
    expect(nodes).toHaveLength(5);
    for (const { notes } of nodes) expect(notes).toEqual([{ text: 'Noted.' }]);
    expect(sent.map(({ name }) => name)).toEqual(['chancery', 'notes']);
  });

  it('resolves the records to which the other subgraph links, all in one request', async () => {
    const result = await execute('{ notes { about { id name kind } } }');
    expect(result.errors).toBeUndefined();
    expect(result).toMatchObject({
      data: {
        notes: [
          { about: { id: natoId, name: 'NATO', kind: 'ALLIANCE' } },
          { about: { id: expect.any(String) as string, name: 'Japan', kind: 'STATE' } },
          { about: null },
        ],
      },
    });
    expect(sent.map(({ name }) => name)).toEqual(['notes', 'chancery']);
    expect(sent[1]?.variables?.['representations']).toHaveLength(3);
  });

  it('finds nodes of both through the node field of the other', async () => {
    const query =
      'query ($id: ID!) { node(id: $id) { __typename id ... on Organization { name } ... on Note { text } } }';
    expect(await execute(query, { id: natoId })).toEqual({
      data: { node: { __typename: 'Organization', id: natoId, name: 'NATO' } },
    });
    expect(await execute(query, { id: 'Note:1' })).toEqual({
      data: { node: { __typename: 'Note', id: 'Note:1', text: 'Noted.' } },
    });
  });

  it('passes errors of a key on to the client', async () => {
    const { errors } = await execute(
      '{ node(id: "ORG_nothing") { ... on Organization { name } } }',
    );
    expect(errors?.[0]?.message).toContain('representations[0].id must be an id');
  });

  it('composes with a subgraph that knows organizations by slug only', async () => {
    const { data } = await post(chancery, { query: '{ _service { sdl } }' });
    const { errors } = composeServices([
      {
        name: 'chancery',
        url: 'http://chancery',
        typeDefs: parse((data?.['_service'] as { sdl: string }).sdl),
      },
      {
        name: 'ratings',
        url: 'http://ratings',
        typeDefs: parse(
          'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"]) type Query { ratings: Int } type Organization @key(fields: "slug") { slug: String! rating: Int }',
        ),
      },
    ]);
    expect(errors).toBeUndefined();
  });
});

describe('_service', () => {
  it('is not available without introspection', async () => {
    const chancery = await createChancery({
      database: await inMemory(),
      federation: true,
      introspection: false,
    });
    const { errors } = await post(chancery, { query: '{ _service { sdl } }' });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await chancery.close();
  });

  it('has the fields that the app adds', async () => {
    const chancery = await createChancery({
      database: await inMemory(),
      federation: true,
      extend: (builder) => {
        builder.objectField('Person', 'shout', (t) =>
          t.string({ resolve: ({ name }) => name.toUpperCase() }),
        );
      },
    });
    const { data } = await post(chancery, { query: '{ _service { sdl } }' });
    const { sdl } = data?.['_service'] as { sdl: string };
    const person = parse(sdl).definitions.find(
      (definition): definition is ObjectTypeDefinitionNode =>
        definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === 'Person',
    );
    expect(person?.directives?.map(print)).toEqual(['@key(fields: "id")', '@key(fields: "slug")']);
    expect(person?.fields?.map(({ name }) => name.value)).toContain('shout');
    expect(sdl).not.toMatch(/_entities|_service|_Any|_Entity/);
    await chancery.close();
  });
});

/** A subgraph with what federation requires of it. */
const executable = (sdl: string): GraphQLSchema =>
  buildSchema(
    `${sdl}
    scalar _Any
    union _Entity = Organization | Note
    extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`,
    { assumeValidSDL: true },
  );

interface Key {
  __typename: string;
  id: string;
}

const noteOn = (about: object): object => ({
  __typename: 'Note',
  id: 'Note:1',
  text: 'Noted.',
  about,
});

const organization = (key: object): object => ({
  __typename: 'Organization',
  ...key,
  notes: () => [noteOn(organization(key))],
});

/** The organizations on which there are notes. */
let noted: string[] = [];

const resolvers = {
  notes: () => noted.map((id) => noteOn(organization({ id }))),
  node: ({ id }: { id: string }) =>
    id.startsWith('ORG_') ? organization({ id }) : noteOn(organization({})),
  _entities: ({ representations }: { representations: Key[] }) =>
    representations.map((key) => (key.__typename === 'Note' ? noteOn({}) : organization(key))),
};

async function post(chancery: Chancery, request: Sent): Promise<ExecutionResult> {
  const response = await chancery.fetch(
    new Request('http://test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: request.query, variables: request.variables }),
    }),
  );
  return (await response.json()) as ExecutionResult;
}
