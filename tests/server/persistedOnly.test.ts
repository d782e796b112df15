import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/server/execution/persisted/manifest.js';
import { run } from '../support/command.js';
import { servedEndpoint, type Reply } from '../support/endpoint.js';
import { get, hashed, post, sha256 } from '../support/named.js';
import { temporaryFolder } from '../support/temporary.js';

const tokyo = 'query Tokyo { place(slug: "tokyo") { name } }';
const named = 'query Named($slug: String!) { organization(slug: $slug) { name } }';
const pages = `query Pages($n: Int) { organizations(first: $n) { nodes {
  offices(first: $n) { nodes { references(first: $n) { nodes { exact } } } } } } }`;
const answer = { data: { place: { name: 'Tokyo' } } };

describe('chancery serve --persisted-only', () => {
  const settings: Record<string, string> = { CHANCERY_PERSISTED_ONLY: 'on' };
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    const file = join(folder, 'operations.json');
    await writeFile(file, JSON.stringify({ tokyo, [sha256(named)]: named, pages }));
    settings['CHANCERY_PERSISTED_OPERATIONS'] = file;
    return () => rm(folder, { recursive: true, force: true });
  });
  const endpoint = servedEndpoint(settings);

  it('answers what is listed: by id in each way there is, by hash, and by its text', async () => {
    for (const reply of [
      await post(endpoint, { documentId: 'tokyo' }),
      await post(endpoint, { doc_id: 'tokyo' }),
      await get(endpoint, { documentId: 'tokyo' }),
      await get(endpoint, { doc_id: 'tokyo' }),
      await post(endpoint, { query: tokyo }),
    ]) {
      expect(reply.body).toEqual(answer);
    }
    const variables = { slug: 'nato' };
    for (const reply of [
      await post(endpoint, { extensions: hashed(sha256(named)), variables }),
      await post(endpoint, { query: named, extensions: hashed(sha256(named)), variables }),
      await post(endpoint, { documentId: `sha256:${sha256(named)}`, variables }),
      await post(endpoint, { documentId: sha256(named), variables }),
    ]) {
      expect(reply.body).toEqual({ data: { organization: { name: 'NATO' } } });
    }
  });

  it.each([
    ['another text', { query: '{ __typename }' }],
    ['the schema', { query: '{ __schema { types { name } } }' }],
    ['a listed text with a blank more', { query: `${tokyo} ` }],
    ['a mutation', { query: 'mutation { undo(changeId: "x") { changeId } }' }],
    ['a text with its hash', { query: '{ a }', extensions: hashed(sha256('{ a }')) }],
    ['nonsense', { query: '{' }],
  ])('rejects %s', async (_what, body) => {
    const reply = await post(endpoint, body);
    expect(reply).toMatchObject({ status: 403, code: 'PERSISTED_ONLY' });
    expect(reply.body).not.toHaveProperty('data');
  });

  it('rejects other texts by GET and as event streams, too', async () => {
    expect((await get(endpoint, { query: '{ __typename }' })).status).toBe(403);
    const query = 'subscription { changed { cursor } }';
    const reply = await post(endpoint, { query }, { accept: 'text/event-stream' });
    expect(reply.status).toBe(403);
  });

  it('holds listed operations to the limits: what they cost depends on their variables', async () => {
    const points = ({ headers }: Reply) =>
      Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    const before = points(await post(endpoint, { documentId: 'tokyo' }));
    // 1 + 20 × (1 + 1 + 20 × (1 + 1 + 20)) objects.
    const small = await post(endpoint, { documentId: 'pages', variables: { n: 20 } });
    expect(small.status).toBe(200);
    expect(before - points(small)).toBeGreaterThan(70);
    const costly = { documentId: 'pages', variables: { n: 100 } };
    expect(await post(endpoint, costly)).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    const deep = {
      documentId: 'pages',
      variables: { n: JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown },
    };
    expect(await post(endpoint, deep)).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  });

  it('leaves records open at their addresses', async () => {
    expect((await endpoint.send('/entity/nato')).status).toBe(200);
  });

  it('does not know other ids', async () => {
    const reply = await post(endpoint, { documentId: 'osaka' });
    expect(reply).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    expect((await post(endpoint, { documentId: '__proto__' })).code).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
    expect((await post(endpoint, { extensions: hashed(sha256('{ a }')) })).code).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  });
});

async function temporaryFile(json: unknown): Promise<string> {
  const file = join(await temporaryFolder(), 'operations.json');
  await writeFile(file, JSON.stringify(json));
  return file;
}

describe('a list of operations', () => {
  const read = async (json: unknown) =>
    Object.fromEntries(await readManifest(await temporaryFile(json)));

  it.each([
    ['a map, as of Relay and GraphQL Code Generator', { a: tokyo, b: named }],
    [
      "Apollo's manifest",
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [
          { id: 'a', name: 'Tokyo', type: 'query', body: tokyo },
          { id: 'b', name: 'Named', type: 'query', body: named },
        ],
      },
    ],
    [
      "Apollo's manifest with a map",
      {
        format: 'apollo-persisted-query-manifest',
        operations: { a: { body: tokyo }, b: { body: named } },
      },
    ],
    [
      'what Apollo made before that',
      {
        version: 2,
        operations: [
          { signature: 'a', document: tokyo },
          { signature: 'b', document: named },
        ],
      },
    ],
    [
      'a list',
      [
        { hash: 'a', text: tokyo },
        { id: 'b', query: named },
      ],
    ],
  ])('may be %s', async (_what, json) => {
    expect(await read(json)).toEqual({ a: tokyo, b: named });
  });

  it.each([
    ['nothing', {}, /is not a manifest of operations/],
    ['a text', 'x', /is not a manifest of operations/],
    ['an entry without a text', [{ id: 'a' }], /entry 1 has no id and text/],
    ['an entry without an id', [{ id: 'a', body: tokyo }, { body: named }], /entry 2/],
    [
      'two operations under one id',
      [
        { id: 'a', body: tokyo },
        { id: 'a', body: named },
      ],
      /two operations with the id "a"/,
    ],
  ])('is rejected if it is %s', async (_what, json, expected) => {
    await expect(read(json)).rejects.toThrow(expected);
  });

  it('keeps the server from starting where it cannot be used, and says all that is wrong', async () => {
    const file = await temporaryFile({
      good: tokyo,
      broken: '{',
      wrong: '{ organisation { name } }',
      deep: '{ a '.repeat(50) + '}'.repeat(50),
    });
    const CHANCERY_DATA_DIR = await temporaryFolder();
    const { code, stderr } = await run(['serve', '--persisted', file], { CHANCERY_DATA_DIR });
    expect(code).toBe(2);
    expect(stderr).toContain('chancery: operation "broken": Syntax Error');
    expect(stderr).toContain('chancery: operation "wrong": Cannot query field "organisation"');
    expect(stderr).toContain('chancery: operation "deep": The query has 50 levels of fields');
    expect(stderr).not.toContain('good');
  });

  it.each([
    [['--persisted', '/nowhere.json'], {}, 'cannot read /nowhere.json (ENOENT)'],
    [['--persisted-only'], {}, 'CHANCERY_PERSISTED_ONLY requires CHANCERY_PERSISTED_OPERATIONS'],
  ])('is missed with %j', async (options, env, expected) => {
    const CHANCERY_DATA_DIR = await temporaryFolder();
    const { code, stderr } = await run(['serve', ...options], { CHANCERY_DATA_DIR, ...env });
    expect(stderr).toContain(`chancery: ${expected}`);
    expect(code).toBe(2);
  });
});
