import { graphql, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type AppRequest, type Chancery } from '../../src/index.js';
import { inMemory } from '../support/inMemory.js';
import { examplesIn } from '../support/manual.js';

describe('the schema in another server', () => {
  let chancery: Chancery;
  let statements: string[] = [];
  const editor = { id: 'anna', name: 'Anna', role: 'EDITOR' } as const;
  const execute = (
    query: string,
    request: Partial<AppRequest> = {},
    schema = chancery.schema,
  ): Promise<ExecutionResult> =>
    graphql({
      schema,
      source: query,
      variableValues: request.variables,
      contextValue: chancery.createContext({ query, ...request }),
    });

  beforeAll(async () => {
    chancery = await createChancery({
      database: await inMemory(),
      sample: true,
      onStatement: (sql) => statements.push(sql),
    });
  });
  afterAll(() => chancery.close());

  it('returns what an anonymous client may read, in batches', async () => {
    statements = [];
    const { data, errors } = await execute(
      '{ organizations(first: 20, filter: { kind: [STATE] }) { nodes { home { name } } } }',
    );
    expect(errors).toBeUndefined();
    expect((data?.['organizations'] as { nodes: unknown[] }).nodes.length).toBeGreaterThan(3);
    expect(statements).toHaveLength(2);
  });

  it('carries out a change of a user of the app, and returns drafts to editors only', async () => {
    const created = await execute(
      'mutation { createOrganization(input: { slug: "hidden", name: "Hidden", kind: OTHER }, publicationStatus: DRAFT) { __typename } }',
      { identity: editor },
    );
    expect(created).toEqual({
      data: { createOrganization: { __typename: 'OrganizationPayload' } },
    });
    const query =
      '{ organization(slug: "hidden") { history(first: 1) { nodes { author { name } } } } }';
    expect(await execute(query)).toEqual({ data: { organization: null } });
    expect(await execute(query, { identity: editor })).toEqual({
      data: { organization: { history: { nodes: [{ author: { name: 'Anna' } }] } } },
    });
  });

  it('rejects changes of readers', async () => {
    const { errors } = await execute(
      'mutation { createPlace(input: { slug: "x", name: "X", kind: CITY }) { __typename } }',
      { identity: { ...editor, role: 'READER' } },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('rejects a user without a role that exists', () => {
    const identity = { ...editor, role: 'OWNER' as 'EDITOR' };
    expect(() => chancery.createContext({ query: '{ __typename }', identity })).toThrow(
      'the role of the user must be READER, EDITOR, ADMIN',
    );
  });

  it.each([
    ['text', (query: string) => query],
    ['document', (query: string) => parse(query)],
  ])('reads an earlier state in a query @asKnownAt, given as %s', async (_what, given) => {
    const text =
      'query ($time: DateTime!) @asKnownAt(time: $time) { organization(slug: "nato") { name } }';
    const variables = { time: '2020-01-01' };
    expect(await execute(text, { query: given(text), variables })).toEqual({
      data: { organization: null },
    });
    const future = { time: '2999-01-01' };
    expect(() => chancery.createContext({ query: given(text), variables: future })).toThrow(
      'must not lie in the future',
    );
  });

  it('leaves a text that cannot be parsed to the server', () => {
    expect(() => chancery.createContext({ query: '{ @asKnownAt' })).not.toThrow();
  });

  it('is executed by the code in docs/extending.md', async () => {
    const [, code = ''] = await examplesIn('docs/extending.md', 'ts');
    const body = code.replace(/^import .*$/gm, '').replace('export const execute =', 'return');
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- It is the manual's own code.
    const run = new Function('graphql', 'chancery', body) as (
      ...parts: unknown[]
    ) => (query: string, variables: object, user: object) => Promise<ExecutionResult>;
    const query = 'query ($slug: String!) { organization(slug: $slug) { name } }';
    expect(await run(graphql, chancery)(query, { slug: 'nato' }, editor)).toEqual({
      data: { organization: { name: 'NATO' } },
    });
  });
});
