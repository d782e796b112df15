import { beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { Documents } from '../../src/server/admission/complexity/documents.js';
import { defaultLimits } from '../../src/server/admission/limits.js';
import { Persisted } from '../../src/server/execution/persisted/persisted.js';
import { servedEndpoint } from '../support/endpoint.js';
import { get, hashed, post, sha256 } from '../support/named.js';
import { inMemory } from '../support/inMemory.js';

const tokyo = 'query Tokyo { place(slug: "tokyo") { name } }';
const named = 'query Named($slug: String!) { organization(slug: $slug) { name } }';
const answer = { data: { place: { name: 'Tokyo' } } };

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

  it('is rejected if the hash is of another text', async () => {
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

  it('leaves other extensions and errors as they are', async () => {
    expect((await post(endpoint, { query: tokyo, extensions: {} })).body).toEqual(answer);
    expect((await post(endpoint, { query: tokyo, extensions: { a: 1 } })).body).toEqual(answer);
    expect((await post(endpoint, { query: tokyo, documentId: 'x' })).status).toBe(400);
    expect((await post(endpoint, { variables: {} })).message).toBe('Must provide query string.');
  });
});

describe('with CHANCERY_APQ=off', () => {
  const endpoint = servedEndpoint({ CHANCERY_APQ: 'off' });

  it('clients receive PersistedQueryNotSupported', async () => {
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
    chancery = await createChancery({ database: await inMemory() });
    return () => chancery.close();
  });

  it.each(['null', '1', '"x"', '[]', '[null]'])(
    'is rejected for %s, which is no query',
    async (body) => {
      const headers = { 'content-type': 'application/json' };
      const request = new Request('http://test/graphql', { method: 'POST', headers, body });
      expect((await chancery.fetch(request)).status).toBe(400);
    },
  );
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

  it('makes room for more by evicting the least recently used', () => {
    const persisted = new Persisted(new Documents(defaultLimits), { only: false, automatic: true });
    const text = (i: number) => `{ a${i} }`;
    const register = (i: number) =>
      persisted.resolve({ query: text(i), extensions: hashed(sha256(text(i))) });
    const isKnown = (i: number): boolean =>
      'query' in persisted.resolve({ extensions: hashed(sha256(text(i))) });
    for (let i = 0; i < 2000; i++) register(i);
    expect([isKnown(0), isKnown(1999)]).toEqual([true, true]);
    register(2000);
    expect([isKnown(0), isKnown(1), isKnown(2), isKnown(2000)]).toEqual([true, false, true, true]);
    register(1);
    expect(isKnown(1)).toBe(true);
  });
});
