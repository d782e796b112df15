import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type Chancery } from '../../src/index.js';
import { Documents } from '../../src/server/limits/documents.js';
import { defaultLimits } from '../../src/server/limits/limits.js';
import { readManifest } from '../../src/server/persisted/manifest.js';
import { Persisted } from '../../src/server/persisted/persisted.js';
import { run } from '../support/command.js';
import { servedEndpoint, type Endpoint, type Reply } from '../support/endpoint.js';
import { temporaryFolder } from '../support/temporary.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const tokyo = 'query Tokyo { place(slug: "tokyo") { name } }';
const named = 'query Named($slug: String!) { organization(slug: $slug) { name } }';
const answer = { data: { place: { name: 'Tokyo' } } };

const post = (endpoint: Endpoint, body: unknown, headers?: Record<string, string>) =>
  endpoint.send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const get = (endpoint: Endpoint, parameters: Record<string, string>): Promise<Reply> =>
  endpoint.send(`/graphql?${String(new URLSearchParams(parameters))}`);

const hashed = (sha256Hash: unknown) => ({ persistedQuery: { version: 1, sha256Hash } });

describe('a query by its hash, as clients of Apollo register it', () => {
  const endpoint = servedEndpoint();

  it('is not known at first, is registered along with its text, and then known', async () => {
    const extensions = hashed(sha256(tokyo));
    const unknown = await post(endpoint, { extensions });
    expect(unknown.body).toEqual({
      errors: [
        { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
      ],
    });
    expect(unknown.status).toBe(200);
    expect((await post(endpoint, { query: tokyo, extensions })).body).toEqual(answer);
    expect((await post(endpoint, { extensions })).body).toEqual(answer);
    const found = await get(endpoint, { extensions: JSON.stringify(extensions) });
    expect(found.body).toEqual(answer);
  });

  it('is a 404 to those who accept answers of GraphQL over HTTP', async () => {
    const accept = 'application/graphql-response+json';
    const reply = await post(endpoint, { extensions: hashed(sha256('{ a }')) }, { accept });
    expect(reply).toMatchObject({ status: 404, code: 'PERSISTED_QUERY_NOT_FOUND' });
  });

  it('is registered by GET as well, and takes variables', async () => {
    const extensions = JSON.stringify(hashed(sha256(named)));
    const variables = JSON.stringify({ slug: 'nato' });
    expect((await get(endpoint, { extensions, variables })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
    const expected = { data: { organization: { name: 'NATO' } } };
    expect((await get(endpoint, { extensions, variables, query: named })).body).toEqual(expected);
    expect((await get(endpoint, { extensions, variables })).body).toEqual(expected);
    const body = { documentId: `sha256:${sha256(named)}`, variables: { slug: 'nato' } };
    expect((await post(endpoint, body)).body).toEqual(expected);
  });

  it('is refused where the hash is of something else', async () => {
    const reply = await post(endpoint, { query: tokyo, extensions: hashed(sha256('{ other }')) });
    expect(reply).toMatchObject({ status: 400, code: 'PERSISTED_QUERY_HASH_MISMATCH' });
    expect((await post(endpoint, { extensions: hashed(sha256('{ other }')) })).code).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  });

  it.each([[1], [null], [''], ['x'.repeat(100_000)], [{}]])(
    'is not found where the hash is none: %.20s',
    async (hash) => {
      for (const reply of [
        await post(endpoint, { extensions: hashed(hash) }),
        await post(endpoint, { documentId: hash ?? 0 }),
      ]) {
        expect(reply.code).toBe('PERSISTED_QUERY_NOT_FOUND');
      }
    },
  );

  it('meets the limits of all queries', async () => {
    const page = '{ organizations(first: 100) { nodes { offices(first: 100) { nodes { place {';
    const costly = `${page} organizations: offices(first: 100) { nodes { name } } } } } } } }`;
    const extensions = hashed(sha256(costly));
    const registered = await post(endpoint, { query: costly, extensions });
    expect(registered).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    const deep = '{ a '.repeat(50) + '}'.repeat(50);
    await post(endpoint, { query: deep, extensions: hashed(sha256(deep)) });
    expect((await post(endpoint, { extensions: hashed(sha256(deep)) })).code).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  });

  it('is no way to change anything by GET', async () => {
    const mutation = 'mutation { undo(changeId: "x") { changeId } }';
    const extensions = JSON.stringify(hashed(sha256(mutation)));
    const reply = await get(endpoint, { extensions, query: mutation });
    expect(reply.status).toBe(405);
    expect((await get(endpoint, { extensions })).status).toBe(405);
  });

  it('leaves other extensions and mistakes to be told as always', async () => {
    expect((await post(endpoint, { query: tokyo, extensions: {} })).body).toEqual(answer);
    expect((await post(endpoint, { query: tokyo, extensions: { a: 1 } })).body).toEqual(answer);
    expect((await post(endpoint, { query: tokyo, documentId: 'x' })).status).toBe(400);
    expect((await post(endpoint, { variables: {} })).message).toBe('Must provide query string.');
  });
});

describe('with CHANCERY_APQ=off', () => {
  const endpoint = servedEndpoint({ CHANCERY_APQ: 'off' });

  it('clients are told to send texts', async () => {
    const extensions = hashed(sha256(tokyo));
    expect((await post(endpoint, { query: tokyo, extensions })).body).toEqual(answer);
    const reply = await post(endpoint, { extensions });
    expect(reply).toMatchObject({
      message: 'PersistedQueryNotSupported',
      code: 'PERSISTED_QUERY_NOT_SUPPORTED',
    });
  });
});

describe('an app that embeds Chancery', () => {
  let chancery: Chancery;
  beforeAll(async () => {
    chancery = await createChancery({ database: { inMemory: true } });
    return () => chancery.close();
  });

  it.each(['null', '1', '"x"', '[]', '[null]'])('is told that %s is no query', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const request = new Request('http://test/graphql', { method: 'POST', headers, body });
    expect((await chancery.fetch(request)).status).toBe(400);
  });
});

describe('what clients register', () => {
  it('is bounded in number and in bytes, and unreadable texts are not kept', () => {
    const documents = new Documents(defaultLimits);
    const persisted = new Persisted(documents, { only: false, automatic: true });
    for (let i = 0; i < 3000; i++) {
      const query = `{ a${i} } #${'x'.repeat(i % 2 ? 10_000 : 10)}`;
      persisted.resolve({ query, extensions: hashed(sha256(query)) });
    }
    expect(persisted.size.queries).toBeLessThanOrEqual(2000);
    expect(persisted.size.bytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    const { queries } = persisted.size;
    persisted.resolve({ query: '{', extensions: hashed(sha256('{')) });
    expect(persisted.size.queries).toBe(queries);
  });
});

describe('chancery serve --persisted-only', () => {
  const settings: Record<string, string> = { CHANCERY_PERSISTED_ONLY: 'on' };
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    const file = join(folder, 'operations.json');
    await writeFile(file, JSON.stringify({ tokyo, [sha256(named)]: named }));
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
  ])('refuses %s', async (_what, body) => {
    const reply = await post(endpoint, body);
    expect(reply).toMatchObject({ status: 403, code: 'PERSISTED_ONLY' });
    expect(reply.body).not.toHaveProperty('data');
  });

  it('refuses other texts by GET and as event streams, too', async () => {
    expect((await get(endpoint, { query: '{ __typename }' })).status).toBe(403);
    const query = 'subscription { changed { eventId } }';
    const reply = await post(endpoint, { query }, { accept: 'text/event-stream' });
    expect(reply.status).toBe(403);
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
    ['nothing', {}, /is no list of operations/],
    ['a text', 'x', /is no list of operations/],
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
  ])('is refused where it is %s', async (_what, json, expected) => {
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
    [['--persisted-only'], {}, 'CHANCERY_PERSISTED_ONLY needs CHANCERY_PERSISTED_OPERATIONS'],
  ])('is missed with %j', async (options, env, expected) => {
    const CHANCERY_DATA_DIR = await temporaryFolder();
    const { code, stderr } = await run(['serve', ...options], { CHANCERY_DATA_DIR, ...env });
    expect(stderr).toContain(`chancery: ${expected}`);
    expect(code).toBe(2);
  });
});
