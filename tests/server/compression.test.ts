/** Which answers are compressed, and that they are the same answers. */
import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { acceptedEncoding } from '../../src/server/responses/compression.js';
import { hosted } from '../support/hosted.js';

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** As it is on the wire; `fetch` would unpack it. */
const exchange = (
  url: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const clientRequest = request(url, { method, headers: { ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    clientRequest.on('error', reject);
    clientRequest.end(body);
  });

const unpack = { br: brotliDecompressSync, gzip: gunzipSync };

const many = '{ articles(first: 100) { nodes { id slug title publishedOn url } } }';
const long = '{ article(slug: "long") { body } }';
const schema = '{ __schema { types { name description fields { name description } } } }';

describe('compression', () => {
  const server = hosted();
  beforeAll(async () => {
    const short = Array.from({ length: 60 }, (_, i) => ({ slug: `s-${i}`, title: `Short ${i}` }));
    const long = { slug: 'long', title: 'Long', body: 'So it is said. '.repeat(20_000) };
    const articles = [...short, long];
    await server.chancery.importDossier({ name: 'long', text: JSON.stringify({ articles }) });
  });
  const post = (query: string, headers?: Record<string, string>) =>
    exchange(`${server.origin}/graphql`, headers, JSON.stringify({ query }));
  const get = (query: string, headers?: Record<string, string>) =>
    exchange(`${server.origin}/graphql?query=${encodeURIComponent(query)}`, headers);

  const ways: [string, (headers?: Record<string, string>) => Promise<Reply>][] = [
    ['a list', (headers) => post(many, headers)],
    ['a list by GET', (headers) => get(many, headers)],
    ['a long text', (headers) => post(long, headers)],
    ['a long text by GET', (headers) => get(long, headers)],
    ['the schema', (headers) => post(schema, headers)],
    ['a record as JSON-LD', (headers) => exchange(`${server.origin}/article/long`, headers)],
    [
      'the page of GraphiQL',
      (headers) => exchange(`${server.origin}/graphql`, { accept: 'text/html', ...headers }),
    ],
  ];
  describe.each(ways)('of %s', (_what, send) => {
    it.each(['br', 'gzip'] as const)('gives the same by %s', async (encoding) => {
      const plain = await send();
      const packed = await send({ 'accept-encoding': encoding });
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(packed.headers['content-encoding']).toBe(encoding);
      expect(packed.headers['vary']).toMatch(/Accept-Encoding/i);
      expect(packed.headers['content-type']).toBe(plain.headers['content-type']);
      expect(packed.body.length).toBeLessThan(plain.body.length / 2);
      expect(packed.headers['content-length']).toBe(String(packed.body.length));
      expect(unpack[encoding](packed.body).equals(plain.body)).toBe(true);
    });

    it('has a tag of its own, by which it is known again', async () => {
      const tags = new Set<unknown>();
      for (const encoding of ['identity', 'br', 'gzip']) {
        const { headers } = await send({ 'accept-encoding': encoding });
        const { etag } = headers;
        if (typeof etag !== 'string') return;
        tags.add(etag);
        const again = await send({ 'accept-encoding': encoding, 'if-none-match': etag });
        expect([again.status, again.headers['etag'], again.body.length]).toEqual([304, etag, 0]);
        expect(again.headers['vary']).toMatch(/Accept-Encoding/i);
      }
      expect(tags.size).toBe(3);
    });
  });

  it.each([
    ['an API key', { authorization: 'Bearer chy_nobody' }],
    ['a cookie', { cookie: 'session=secret' }],
  ])('is not for requests with %s', async (_what, credentials) => {
    for (const send of [post, get]) {
      for (const query of [many, long]) {
        const { headers } = await send(query, { 'accept-encoding': 'br, gzip', ...credentials });
        expect(headers['content-encoding']).toBeUndefined();
      }
    }
    const record = await exchange(`${server.origin}/article/long`, {
      'accept-encoding': 'br, gzip',
      ...credentials,
    });
    expect(record.headers['content-encoding']).toBeUndefined();
  });

  it('is not for what is small', async () => {
    const { headers } = await post('{ __typename }', { 'accept-encoding': 'br, gzip' });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('keeps the page of GraphiQL, which is sent as a part of what it was', async () => {
    const { body } = await exchange(`${server.origin}/graphql`, {
      accept: 'text/html',
      'accept-encoding': 'gzip, deflate, br',
    });
    expect(body.length).toBeLessThan(3 * 1024 * 1024);
  });
});

describe('the encoding', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['deflate', undefined],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['gzip;q=0', undefined],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['br;q=0, *', 'gzip'],
    ['identity, gzip;q=0.5', undefined],
    ['gzip;q=x', undefined],
  ])('for %s is %s', (header, expected) => {
    expect(acceptedEncoding(header)).toBe(expected);
  });
});
