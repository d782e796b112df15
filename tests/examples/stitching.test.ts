import { createChancery, type Chancery } from 'chancery';
import { buildSchema, graphql, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stitched, type GatewayContext } from '../../examples/stitching/gateway.ts';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { inMemory } from '../support/inMemory.js';

describe('a gateway that stitches Chancery and a service of an app', () => {
  let chancery: Chancery;
  let gateway: GraphQLSchema;
  let statements: string[] = [];
  let idsRead: (readonly string[])[] = [];
  const execute = (source: string, contextValue: GatewayContext = {}): Promise<ExecutionResult> =>
    graphql({ schema: gateway, source, contextValue });

  beforeAll(async () => {
    chancery = await createChancery({
      database: await inMemory(),
      sample: true,
      cacheMegabytes: 0,
      onStatement: (sql) => statements.push(sql),
    });
    const { key } = await createApiKey(chancery.database, { name: 'editor', role: 'EDITOR' });
    editor = { authorization: `Bearer ${key}` };
    gateway = await stitched(
      chancery,
      notesSchema((ids) => idsRead.push(ids)),
    );
  });
  let editor: GatewayContext;
  afterAll(() => chancery.close());
  beforeEach(() => {
    statements = [];
    idsRead = [];
  });

  it('adds fields of the service to organizations of Chancery, in one batch', async () => {
    const { data, errors } = await execute('{ organizations(first: 5) { nodes { slug notes } } }');
    expect(errors).toBeUndefined();
    const { nodes } = data?.['organizations'] as { nodes: { slug: string; notes: string[] }[] };
    expect(nodes).toHaveLength(5);
    for (const { notes } of nodes) expect(notes).toEqual(['Noted.']);
    expect(idsRead).toHaveLength(1);
    expect(idsRead[0]).toHaveLength(5);
  });

  it('reads organizations of the service from Chancery, with one statement', async () => {
    const { data } = await execute('{ organizations(first: 3) { nodes { id name } } }');
    const { nodes } = data?.['organizations'] as { nodes: { id: string; name: string }[] };
    noted = nodes.map(({ id }) => id);
    statements = [];
    const result = await execute('{ notedOrganizations { name notes } }');
    expect(result).toEqual({
      data: { notedOrganizations: nodes.map(({ name }) => ({ name, notes: ['Noted.'] })) },
    });
    expect(statements).toHaveLength(1);
  });

  it('passes on the credentials of the client', async () => {
    const query = '{ reviewQueue { totalCount } }';
    expect((await execute(query)).errors?.[0]?.message).toContain('is for editors');
    expect((await execute(query, editor)).errors).toBeUndefined();
  });

  it('passes on errors of Chancery', async () => {
    const { errors } = await execute(
      '{ organization(slug: "ORG_AaIiFXIBcO6U-FJ-9zlwrw") { name } }',
    );
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('slug must be a slug') as string,
      path: ['organization'],
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });
});

/** The organizations on which there are notes. */
let noted: string[] = [];

function notesSchema(onRead: (ids: readonly string[]) => void): GraphQLSchema {
  const schema = buildSchema(`
    type Query {
      notedOrganizations: [Organization!]!
      organizationsById(ids: [ID!]!): [Organization]!
    }
    type Organization { id: ID! notes: [String!]! }
  `);
  const organization = (id: string) => ({ id, notes: ['Noted.'] });
  const fields = schema.getQueryType()?.getFields();
  Object.assign(fields?.['notedOrganizations'] ?? {}, { resolve: () => noted.map(organization) });
  Object.assign(fields?.['organizationsById'] ?? {}, {
    resolve: (_root: unknown, { ids }: { ids: string[] }) => {
      onRead(ids);
      return ids.map(organization);
    },
  });
  return schema;
}
