import { createServer, request, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AppIdentity } from 'chancery';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { inMemory } from '../support/inMemory.js';

const json = { 'content-type': 'application/json' };
const nato = JSON.stringify({ query: '{ organization(slug: "nato") { name } }' });
const natoData = { data: { organization: { name: 'NATO' } } };
const create = JSON.stringify({
  query: 'mutation { createPerson(input: { name: "Zoë" }) { __typename } }',
});
const created = { data: { createPerson: { __typename: 'PersonPayload' } } };
const ann: AppIdentity = { id: 'u1', name: 'Ann', role: 'EDITOR' };
const tooLong = JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(1 << 20) } });

describe('the endpoint in an app', () => {
  let chancery: Chancery;
  const servers: Server[] = [];
  const logged: object[] = [];
  beforeAll(async () => {
    chancery = await createChancery({
      database: await inMemory(),
      sample: true,
      // As middleware of Express does, which authenticates users by their session.
      identify: (_request, req) => (req as { user?: AppIdentity } | undefined)?.user,
      log: { error: (details) => logged.push(details) },
    });
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });
  afterAll(() => chancery.close());

  async function listen(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  }
  const post = (url: string, body: string, headers: Record<string, string> = json) =>
    fetch(url, { method: 'POST', headers, body });

  describe('as a handler of Node.js', () => {
    it('is a listener of http.createServer', async () => {
      const url = await listen((req, res) => void chancery.handler(req, res));
      expect(await (await post(url, nato)).json()).toEqual(natoData);
      const byGet = await fetch(`${url}?query=${encodeURIComponent('{ __typename }')}`);
      expect(await byGet.json()).toEqual({ data: { __typename: 'Query' } });
      expect((await fetch(url, { headers: { accept: 'text/html' } })).status).toBe(200);
      expect((await post(url.replace('graphql', 'other'), nato)).status).toBe(404);
    });

    it.each<[string, (body: string) => unknown]>([
      ['an object', (body) => JSON.parse(body) as object],
      ['a text', (body) => body],
      ['bytes', (body) => Buffer.from(body)],
    ])('takes a body that middleware has read as %s', async (_, parsed) => {
      const url = await listen((req, res) => {
        void req.toArray().then((pieces) => {
          const body = parsed(Buffer.concat(pieces).toString());
          return chancery.handler(Object.assign(req, { body, user: ann }), res);
        });
      });
      expect(await (await post(url, nato)).json()).toEqual(natoData);
      expect(await (await post(url, create)).json()).toEqual(created);
    });

    it('reports a body that was read and not handed over', async () => {
      const url = await listen((req, res) => {
        void req.toArray().then(() => chancery.handler(req, res));
      });
      logged.length = 0;
      expect((await post(url, nato)).status).toBe(500);
      const [{ err }] = logged as [{ err: Error }];
      expect(err.message).toContain('req.body');
    });

    it('is mounted below a path, which routers remove from the URL', async () => {
      const url = await listen((req, res) => {
        Object.assign(req, { originalUrl: req.url, url: '/' });
        void chancery.handler(req, res);
      });
      expect(await (await post(url, nato)).json()).toEqual(natoData);
      expect((await post(url, '{ not JSON')).status).toBe(400);
    });

    it('knows the user whom middleware has put on the request', async () => {
      const url = await listen((req, res) => {
        void chancery.handler(Object.assign(req, { user: ann }), res);
      });
      expect(await (await post(url, create)).json()).toEqual(created);
    });

    it('sends events, and ends the stream when the client leaves', async () => {
      const url = await listen((req, res) => {
        void chancery.handler(Object.assign(req, { user: ann }), res);
      });
      const controller = new AbortController();
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...json, accept: 'text/event-stream' },
        body: JSON.stringify({ query: 'subscription { changed { action } }' }),
        signal: controller.signal,
      });
      expect(await open()).toBe(1);
      await post(url, create);
      let text = '';
      for await (const piece of response.body as AsyncIterable<Uint8Array>) {
        text += Buffer.from(piece).toString();
        if (text.includes('CREATE')) break;
      }
      controller.abort();
      await expect.poll(open).toBe(0);
    });

    it('survives a client that leaves while it sends', async () => {
      const url = await listen((req, res) => void chancery.handler(req, res));
      logged.length = 0;
      const sending = request(url, {
        method: 'POST',
        headers: { ...json, 'content-length': nato.length },
      });
      sending.on('error', () => {});
      await new Promise((resolve) => sending.write(nato.slice(0, 5), resolve));
      sending.destroy();
      expect(await (await post(url, nato)).json()).toEqual(natoData);
      expect(logged).toEqual([]);
    });
  });

  describe.each<[string, () => Promise<string>]>([
    ['as a handler of Node.js', () => listen((req, res) => void chancery.handler(req, res))],
    ['as a Fetch handler', () => listen(fetchListener(chancery))],
  ])('%s', (_, open) => {
    it('rejects a body above 1 MB', async () => {
      const url = await open();
      const response = await post(url, tooLong);
      expect(response.status).toBe(413);
      expect(await response.text()).toContain('up to 1 MB');
      const chunked = await fetch(url, {
        method: 'POST',
        headers: json,
        body: new Blob([tooLong]).stream(),
        duplex: 'half',
      } as RequestInit).catch(() => ({ status: 413 }));
      expect(chunked.status).toBe(413);
    });

    it.each<[string, number, string, Record<string, string>]>([
      ['no JSON', 400, '{ not JSON', json],
      ['a list', 400, `[${nato}]`, json],
      ['nothing', 400, '', json],
      [
        'a form',
        415,
        'query=%7B__typename%7D',
        { 'content-type': 'application/x-www-form-urlencoded' },
      ],
    ])('rejects %s with %i', async (_, status, body, headers) => {
      const response = await post(await open(), body, headers);
      expect(response.status).toBe(status);
      expect(await response.json()).toHaveProperty('errors');
    });

    it('answers in the media type that the client accepts, compressed where it is long', async () => {
      const url = await open();
      const accept = 'application/graphql-response+json';
      const response = await post(url, nato, { ...json, accept });
      expect(response.headers.get('content-type')).toMatch(accept);
      const introspection = JSON.stringify({
        query: '{ __schema { types { name description } } }',
      });
      const long = await post(url, introspection);
      expect(long.headers.get('content-encoding')).toMatch(/^(br|gzip)$/);
      expect(await long.json()).toHaveProperty('data.__schema');
    });
  });

  async function open(): Promise<number> {
    const text = await chancery.metrics.registry.getSingleMetricAsString(
      'chancery_subscriptions_open',
    );
    return Number(text.split(' ').at(-1));
  }
});

/** Passes requests of Node.js to `fetch`, as the adapters of frameworks do. */
const fetchListener =
  ({ fetch }: Chancery): RequestListener =>
  (req, res) => {
    const url = `http://app.example${req.url}`;
    const headers = req.headers as Record<string, string>;
    const body = req.method === 'POST' ? { body: req, duplex: 'half' } : {};
    void fetch(new Request(url, { method: req.method, headers, ...body } as RequestInit)).then(
      async (response) => {
        res.writeHead(response.status, Object.fromEntries(response.headers));
        res.end(Buffer.from(await response.arrayBuffer()));
      },
    );
  };
