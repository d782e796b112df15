import { readdir, readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getIntrospectionQuery, getOperationAST, parse } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { settings } from '../../../src/config.js';
import { limitSettings } from '../../../src/config/limits.js';
import { createSchema } from '../../../src/graph/schema.js';
import { examples } from '../../../src/server/http/graphiql/examples.js';
import { CompiledQueries } from '../../../src/server/execution/compiledQueries.js';
import { Validation } from '../../../src/server/execution/validation.js';
import { costOf } from '../../../src/server/admission/complexity/cost.js';
import { Documents } from '../../../src/server/admission/complexity/documents.js';
import { defaultLimits } from '../../../src/server/admission/limits.js';
import { shapeOf } from '../../../src/server/admission/complexity/shape.js';
import { servedEndpoint } from '../../support/endpoint.js';
import { examplesIn } from '../../support/manual.js';

const page = 'docs/security.md';

/** What is in use after a collection, in bytes. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('docs/security.md', () => {
  let text: string;
  beforeAll(async () => {
    text = (await readFile(page, 'utf8')).replace(/\s+/g, ' ');
  });
  /** A number that the page states. */
  const documented = (pattern: RegExp): number =>
    Number(pattern.exec(text)?.[1]?.replaceAll(',', '') ?? NaN);

  it('has each limit that there is, with its default', () => {
    const rows = new Map(
      [...text.matchAll(/\| `(CHANCERY_\w+)` \| ([\d,]+) \|/g)].map(([, name, value]) => [
        name ?? '',
        value?.replaceAll(',', ''),
      ]),
    );
    expect(rows.size).toBeGreaterThan(20);
    for (const [name, value] of rows) {
      expect([name, settings[name as keyof typeof settings].default]).toEqual([name, value]);
    }
    for (const name of Object.keys(limitSettings)) {
      expect(text).toContain(name);
      if (name.startsWith('CHANCERY_MAX_')) expect([...rows.keys()]).toContain(name);
    }
  });

  it('says how long, how deep and of how many words the queries of the manual are', async () => {
    const pages = (await readdir('docs')).filter((name) => name.endsWith('.md'));
    const shown = await Promise.all(
      ['README.md', ...pages.map((name) => `docs/${name}`)].map((each) =>
        examplesIn(each, 'graphql'),
      ),
    );
    const queries = examples.map(({ query }) => query).concat(shown.flat());
    const most = (count: (query: string) => number) => Math.max(...queries.map(count));
    const kilobytes = most((query) => query.length) / 1024;
    expect(kilobytes).toBeLessThanOrEqual(documented(/longest query of this manual has (\d+) kB/));
    const tokens = most((query) => parse(query).tokenCount ?? 0);
    expect(tokens).toBeLessThanOrEqual(
      documented(/Queries of this manual have up to (\d+), the introspection/),
    );
    expect(documented(/the introspection query of tools (\d+)/)).toBe(
      parse(getIntrospectionQuery()).tokenCount,
    );
    expect(documented(/Queries of this manual have up to (\d+)\. What lies in/)).toBe(
      most((query) => shapeOf(parse(query)).depth),
    );
  });

  it('states the cost of its example, and of two and three pages of a hundred', async () => {
    const cost = (query: string): number => {
      const document = parse(query);
      return costOf(createSchema(), document, getOperationAST(document)!)({});
    };
    const [example] = await examplesIn(page, 'graphql');
    expect(cost(example ?? '')).toBe(documented(/# ([\d,]+) objects/));
    const two =
      '{ organizations(first: 100) { nodes { offices(first: 100) { nodes { name X } } } } }';
    const third = 'references(first: 100) { nodes { exact } }';
    expect(cost(two.replace('X', ''))).toBe(documented(/within each other \(([\d,]+)\) pass/));
    expect(cost(two.replace('X', ''))).toBeLessThan(defaultLimits.cost);
    expect(cost(two.replace('X', third))).toBe(documented(/does not \(([\d,]+)\)/));
  });

  it('states the memory that the text of a query uses once it is parsed', () => {
    const count = documented(/by its words and signs: ([\d,]+) of them are 1 MB/);
    const query = `{ a { ${'b '.repeat(count - 6)} } }`;
    const before = heap();
    const kept = Array.from({ length: 50 }, () => parse(query));
    const megabytes = (heap() - before) / kept.length / 2 ** 20;
    expect(megabytes).toBeGreaterThan(0.7);
    expect(megabytes).toBeLessThan(1.3);
  });

  it('states the most memory that parsed queries use, however many come', () => {
    const documents = new Documents(defaultLimits);
    const schema = createSchema();
    const operations = new CompiledQueries(schema, documents, new Validation(schema));
    const words = '"a" '.repeat(1900);
    const query = (i: number) =>
      `query Q${i} ($x: [ID!] = [${words}]) { statements(filter: { speaker: $x }) { totalCount } }`;
    const before = heap();
    for (let i = 0; i < 600; i++) expect(operations.find({ query: query(i) })).toBeDefined();
    const megabytes = (heap() - before) / 2 ** 20;
    expect(megabytes).toBeLessThan(documented(/Parsed queries take up to (\d+) MB more/));
    expect(megabytes).toBeGreaterThan(20);
    // They are kept, so that this is what is measured.
    expect(documents.read(query(599))).toBe(documents.read(query(599)));
    expect(operations.find({ query: query(599) })).toBe(operations.find({ query: query(599) }));
  });
});

describe('with nothing set', () => {
  const endpoint = servedEndpoint();

  it('each client has 5,000 points a minute, of which the page of GraphiQL takes 20', async () => {
    const { headers } = await endpoint.send('/graphql', { headers: { accept: 'text/html' } });
    expect(headers.get('content-type')).toContain('text/html');
    expect(headers.get('ratelimit-policy')).toBe('"points";q=5000;w=60');
    expect(headers.get('ratelimit')).toBe('"points";r=4980;t=1');
  });

  const sent = (body: string) =>
    endpoint.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });

  it('a whole request has 1 MB at most, variables included', async () => {
    const body = '{"query":"{ __typename }","variables":{"x":"';
    const fill = 'x'.repeat(2 ** 20 - body.length - 3);
    expect((await sent(`${body}${fill}"}}`)).status).toBe(200);
    expect((await sent(`${body}${fill}x"}}`)).status).toBe(413);
  });

  it('values may lie as deep in each other as fields', async () => {
    const values = (depth: number) =>
      sent(`{"query":"{ __typename }","variables":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}`);
    expect((await values(defaultLimits.depth)).status).toBe(200);
    expect((await values(defaultLimits.depth + 1)).status).toBe(400);
    const fields = (depth: number) =>
      endpoint.execute(
        `{ place(slug: "tokyo") ${'{ country '.repeat(depth - 2)} { name } ${'}'.repeat(depth - 2)} }`,
      );
    expect((await fields(defaultLimits.depth)).body).not.toHaveProperty('errors');
    expect((await fields(defaultLimits.depth + 1)).code).toBe('QUERY_TOO_COMPLEX');
  });
});
