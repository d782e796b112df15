/** The modules of docs/clients.md, run by real clients against a server. */
import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gql as apolloGql } from '@apollo/client';
import { gql as urqlGql } from '@urql/core';
import { generate } from '@graphql-codegen/cli';
import { isScalarType, specifiedScalarTypes } from 'graphql';
import { createClient, type Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import codegen from '../../examples/clients/codegen.js';
import { apolloClient } from '../../examples/clients/apollo.js';
import { urqlClient } from '../../examples/clients/urql.js';
import { createSchema } from '../../src/graph/schema.js';
import { hosted } from '../support/hosted.js';
import { examplesIn } from '../support/manual.js';
import { temporaryFolder } from '../support/temporary.js';

const page = `
  query Page($after: String) {
    organization(slug: "nato") {
      id
      caption
      offices(first: 3, after: $after) {
        edges { node { id name ...Line } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
  fragment Line on Entity { slug }`;

const added = `subscription Added {
  changed(recordType: [PERSON]) { cursor record { ... on Person { id name } } }
}`;

interface PageData {
  organization: {
    offices: {
      edges: { node: { id: string; name: string; slug: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };
}

const editor = { authorization: 'Bearer editor' };

describe('clients', () => {
  const server = hosted({}, { identify: () => ({ id: 'ann', name: 'Ann', role: 'EDITOR' }) });
  let sockets: Client;
  beforeAll(() => {
    sockets = createClient({
      url: `${server.origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
  });
  afterAll(() => sockets.dispose());
  const url = () => `${server.origin}/graphql`;

  /** Adds people until the subscriber, which does not say when it is connected, receives one. */
  async function addUntil(received: Promise<unknown>, name: string): Promise<void> {
    const state = { isReceived: false };
    void received.finally(() => (state.isReceived = true));
    while (!state.isReceived) {
      await fetch(url(), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...editor },
        body: JSON.stringify({
          query: `mutation { createPerson(input: { name: "${name}" }) { __typename } }`,
        }),
      });
    }
  }

  it('Apollo Client pages, matches fragments on interfaces, sends hashes and subscribes', async () => {
    const client = apolloClient(url(), sockets);
    const { persisted } = server.chancery.executor;
    const registered = persisted.size.queries;
    const observed = client.watchQuery<PageData>({ query: apolloGql(page) });
    const first = await observed.refetch();
    expect(first.data?.organization.offices.edges).toHaveLength(3);
    expect(first.data?.organization.offices.edges[0]?.node.slug).toEqual(expect.any(String));
    expect(persisted.size.queries).toBe(registered + 1);
    await observed.fetchMore({
      variables: { after: first.data?.organization.offices.pageInfo.endCursor },
    });
    const whole = client.readQuery<PageData>({ query: apolloGql(page) });
    expect(new Set(whole?.organization.offices.edges.map(({ node }) => node.id)).size).toBe(6);
    const received = new Promise((resolve, reject) => {
      client.subscribe({ query: apolloGql(added) }).subscribe({ next: resolve, error: reject });
    });
    await addUntil(received, 'Apollo');
    expect(await received).toMatchObject({ data: { changed: { record: { name: 'Apollo' } } } });
    client.stop();
  });

  it('urql and Graphcache page, match fragments on interfaces and subscribe', async () => {
    const client = urqlClient(url(), sockets);
    const first = await client.query<PageData>(urqlGql(page), {}).toPromise();
    expect(first.error).toBeUndefined();
    const { pageInfo } = first.data?.organization.offices ?? { pageInfo: undefined };
    await client.query<PageData>(urqlGql(page), { after: pageInfo?.endCursor }).toPromise();
    const whole = client.readQuery<PageData>(urqlGql(page), { after: pageInfo?.endCursor });
    const { edges } = whole?.data?.organization.offices ?? { edges: [] };
    expect(new Set(edges.map(({ node }) => node.id)).size).toBe(6);
    expect(edges.every(({ node }) => typeof node.slug === 'string')).toBe(true);
    const received = new Promise((resolve) => {
      client.subscription(urqlGql(added), {}).subscribe(resolve);
    });
    await addUntil(received, 'Urql');
    expect(await received).toMatchObject({ data: { changed: { record: { name: 'Urql' } } } });
  });
});

describe('the manual of clients', () => {
  it('shows the modules of examples/clients', async () => {
    const shown = await examplesIn('docs/clients.md', 'ts');
    for (const name of ['apollo', 'urql', 'codegen']) {
      expect(shown).toContain(await readFile(`examples/clients/${name}.ts`, 'utf8'));
    }
  });

  it('lets gql.tada type queries, with the scalars of the package', async () => {
    const folder = await temporaryFolder();
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
    const tada = (await examplesIn('docs/clients.md', 'ts')).find((code) => code.includes('tada'));
    await writeFile(join(folder, 'graphql.ts'), tada ?? '');
    await writeFile(
      join(folder, 'query.ts'),
      `import type { ResultOf } from 'gql.tada';
      import { graphql } from './graphql.ts';
      const query = graphql('query { organization(slug: "nato") { name createdAt } }');
      type Organization = NonNullable<ResultOf<typeof query>['organization']>;
      export const known: Organization = { name: 'NATO', createdAt: '2023-05-03T09:30:00.000Z' };
      // @ts-expect-error: it is a text
      export const wrong: Organization = { name: 'NATO', createdAt: 2023 };`,
    );
    const [shown = '{}'] = await examplesIn('docs/clients.md', 'json');
    const { compilerOptions } = JSON.parse(shown) as { compilerOptions: { plugins: object[] } };
    const plugins = compilerOptions.plugins.map((plugin) => ({
      ...plugin,
      schema: resolve('schema.graphql'),
    }));
    const paths = { 'chancery/client': [resolve('dist/client.d.ts')] };
    const modules = { module: 'preserve', allowImportingTsExtensions: true, noEmit: true };
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: { strict: true, ...modules, types: [], paths, plugins },
        include: ['*.ts'],
      }),
    );
    const execute = promisify(execFile);
    const cwd = { cwd: folder };
    await execute(resolve('node_modules/.bin/gql-tada'), ['generate-output'], cwd);
    const tsc = resolve('node_modules/typescript/bin/tsc');
    await execute(process.execPath, [tsc, '-p', '.'], cwd).catch((error: unknown) => {
      throw new Error((error as { stdout: string }).stdout);
    });
  });

  it('has the scalars of the schema, with which GraphQL Code Generator makes types', async () => {
    const [output] = (await generate(
      {
        ...codegen,
        schema: 'schema.graphql',
        documents: [`query Page { organization(slug: "nato") { caption foundedOn: description } }`],
        silent: true,
      },
      false,
    )) as { content: string }[];
    const scalars = Object.values(createSchema().getTypeMap()).filter(
      (type) => isScalarType(type) && !specifiedScalarTypes.includes(type),
    );
    expect(scalars.length).toBeGreaterThan(4);
    for (const { name } of scalars) {
      const type = name === 'JSON' ? 'unknown' : 'string';
      expect(output?.content).toMatch(
        new RegExp(`\\b${name}: \\{ input: ${type}; output: ${type};`),
      );
    }
  });
});
