/** How many bytes an answer may have, and all that are not yet taken together. */
import { EventEmitter, once } from 'node:events';
import { request as requestOverHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it, beforeAll, onTestFinished, vi } from 'vitest';
import type { Chancery } from '../../../src/chancery.js';
import { ResponseBudget } from '../../../src/server/responses/budget.js';
import { defaultLimits } from '../../../src/server/admission/limits.js';
import { leastLength, serialize, textOf } from '../../../src/server/execution/serialize.js';
import { send } from '../../../src/server/responses/send.js';
import { hosted } from '../../support/hosted.js';

const megabyte = 1024 * 1024;

/** Articles `long-1` … with bodies of that many characters. */
async function addLongArticles(chancery: Chancery, count: number, length: number): Promise<void> {
  const articles = Array.from({ length: count }, (_, i) => ({
    slug: `long-${i + 1}`,
    title: `Long ${i + 1}`,
    body: `${i + 1} `.repeat(length).slice(0, length - 1) + '.',
  }));
  await chancery.importDossier({ name: 'long', text: JSON.stringify({ articles }) });
}

const post = (origin: string, query: string, headers: Record<string, string> = {}) =>
  fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

interface ResponseBody {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

const bodies = (slugs: readonly number[], alias = '') =>
  `{ ${slugs.map((i) => `a${i}: article(slug: "long-${i}") { ${alias}body }`).join(' ')} }`;

const limits = { responseBytes: megabyte, responseBudgetBytes: 4 * megabyte };

describe('an answer', () => {
  const server = hosted({}, { limits, cacheMegabytes: 8 });
  beforeAll(() => addLongArticles(server.chancery, 8, 300_000));

  it('has at most so many bytes, and says so where it would have more', async () => {
    for (let turn = 0; turn < 4; turn++) {
      const fits = await post(server.origin, bodies([1, 2, 3]));
      const { data } = (await fits.json()) as { data: Record<string, { body: string }> };
      expect(Object.values(data).map(({ body }) => body.length)).toEqual([3e5, 3e5, 3e5]);
      const rejected = await post(server.origin, bodies([1, 2, 3, 4]));
      expect(rejected.status).toBe(400);
      expect(await rejected.json()).toEqual({
        errors: [
          {
            message: expect.stringContaining('more than 1048576 bytes') as string,
            extensions: { code: 'RESPONSE_TOO_LARGE', limit: megabyte },
          },
        ],
      });
    }
    await expect.poll(() => server.chancery.executor.admission.responses.held).toBe(0);
  });

  const tooMany = bodies([1, 2, 3, 4]);
  const ways: [string, () => Promise<Response>][] = [
    ['by GET', () => fetch(`${server.origin}/graphql?query=${encodeURIComponent(tooMany)}`)],
    [
      'beside the schema, which is not compiled',
      () => post(server.origin, tooMany.replace('{', '{ __schema { queryType { name } }')),
    ],
    [
      'under aliases, of a text that is read once',
      () => post(server.origin, '{ article(slug: "long-1") { a: body b: body c: body d: body } }'),
    ],
    [
      'in fragments',
      () =>
        post(
          server.origin,
          '{ article(slug: "long-1") { ...f ...g } } fragment f on Article { a: body b: body } fragment g on Article { c: body d: body }',
        ),
    ],
    [
      'in an app that embeds Chancery',
      () =>
        server.chancery.fetch(
          new Request('http://test/graphql', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query: tooMany }),
          }),
        ),
    ],
  ];
  it.each(ways)('is bounded %s', async (_way, attempt) => {
    const response = await attempt();
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as ResponseBody;
    expect(errors?.[0]?.extensions['code']).toBe('RESPONSE_TOO_LARGE');
  });

  it('is bounded as an event', async () => {
    const response = await fetch(`${server.origin}/graphql?query=${encodeURIComponent(tooMany)}`, {
      headers: { accept: 'text/event-stream' },
    });
    const text = await response.text();
    expect(text.length).toBeLessThan(2000);
    expect(text).toContain('RESPONSE_TOO_LARGE');
  });

  it('is bounded where errors fill it', async () => {
    const query = `{ articles(first: 100) { nodes { ${Array.from({ length: 95 }, (_, i) => `h${i}: history { nodes { number } }`).join(' ')} } } }`;
    const response = await post(server.origin, query);
    const { errors } = (await response.json()) as ResponseBody;
    expect(JSON.stringify(errors).length).toBeLessThan(megabyte);
  });

  it('is the same from the cache and by GET, and is revalidated by its ETag', async () => {
    const query = bodies([1, 2]);
    const first = await (await post(server.origin, query)).text();
    const before = server.chancery.metrics;
    expect(await (await post(server.origin, query)).text()).toBe(first);
    expect(before).toBeDefined();
    const url = `${server.origin}/graphql?query=${encodeURIComponent(query)}`;
    const got = await fetch(url);
    expect(await got.text()).toBe(first);
    const again = await fetch(url, { headers: { 'if-none-match': got.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect(again.headers.get('etag')).toBe(got.headers.get('etag'));
    await expect.poll(() => server.chancery.executor.admission.responses.held).toBe(0);
  });

  it('that cannot be written ends its connection at once, and is logged', async () => {
    const { executor } = server.chancery;
    const executeQuery = executor.executeQuery.bind(executor);
    executor.executeQuery = () => ({ body: undefined as unknown as string });
    onTestFinished(() => {
      executor.executeQuery = executeQuery;
    });
    server.logged.length = 0;
    await expect(post(server.origin, '{ __typename }')).rejects.toThrow();
    expect(server.logged.join()).toContain('a response could not be written');
  });
});

describe('the budget of all answers', () => {
  const server = hosted({}, { limits: { ...limits, slowSeconds: 1 }, cacheMegabytes: 0 });
  beforeAll(() => addLongArticles(server.chancery, 3, 300_000));
  const held = () => server.chancery.executor.admission.responses.held;

  function longPost(query = bodies([1, 2, 3])): string {
    const body = JSON.stringify({ query });
    return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  }

  /** Sends requests over one connection, and reads nothing. */
  async function sendUnread(requests: number, given = longPost()): Promise<Socket> {
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    socket.on('error', () => {});
    socket.write(given.repeat(requests));
    onTestFinished(() => void socket.destroy());
    return socket;
  }

  it('holds one answer of a connection, however many requests it sends ahead', async () => {
    const { knowledge } = server.chancery;
    expect(knowledge).toBeDefined();
    await sendUnread(12);
    await expect.poll(held).toBeGreaterThan(0);
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      // The texts that were read for it, and what is written of them.
      expect(held()).toBeLessThan(2 * megabyte);
    }
  });

  it('counts the response to introspection, which is made once', async () => {
    const socket = await sendUnread(45, longPost(getIntrospectionQuery()));
    await expect.poll(held).toBeGreaterThan(0);
    expect(held()).toBeLessThan(2 * megabyte);
    socket.destroy();
    await expect.poll(held).toBe(0);
  });

  it('is not held for ever by a client that does not read: it is cut off', async () => {
    const before = await server.connections();
    const socketIsGone = async () => (await server.connections()) <= before;
    // The system takes some tens of megabytes for the client; what is behind that is held.
    await sendUnread(45);
    await expect.poll(held).toBeGreaterThan(0);
    await expect.poll(() => socketIsGone()).toBe(true);
    await expect.poll(held).toBe(0);
  });

  it.each(['text/event-stream', 'multipart/mixed'])(
    'is not held for ever by a client that does not read an answer as %s',
    async (type) => {
      await expect.poll(held).toBe(0);
      const query = encodeURIComponent(bodies([1, 2, 3]));
      const request = `GET /graphql?query=${query} HTTP/1.1\r\nhost: x\r\naccept: ${type}\r\n\r\n`;
      const before = await server.connections();
      await sendUnread(45, request);
      await expect.poll(held).toBeGreaterThan(0);
      await expect.poll(async () => (await server.connections()) <= before).toBe(true);
      await expect.poll(held).toBe(0);
    },
  );

  it('is not held for ever by a client that does not read a record as JSON-LD', async () => {
    await expect.poll(held).toBe(0);
    const before = await server.connections();
    const sockets = await Promise.all(
      // A few in parallel, until the system takes no more of one of them.
      Array.from({ length: 4 }, () =>
        sendUnread(45, 'GET /article/long-1 HTTP/1.1\r\nhost: x\r\n\r\n'),
      ),
    );
    await expect.poll(held).toBeGreaterThan(0);
    await expect.poll(async () => (await server.connections()) <= before).toBe(true);
    expect(sockets).toHaveLength(4);
    await expect.poll(held).toBe(0);
  });

  it('holds of what was compressed the compressed bytes', async () => {
    await expect.poll(held).toBe(0);
    const budget = new ResponseBudget({ ...defaultLimits, slowSeconds: 1 });
    const size = budget.open();
    const body = await serialize({ data: 'x'.repeat(megabyte) }, size);
    expect(budget.held).toBeGreaterThan(megabyte);
    const response = Object.assign(new EventEmitter(), {
      appendHeader: () => {},
      writeHead: () => {},
      write: () => false,
    });
    const request = { headers: { 'accept-encoding': 'gzip' } } as IncomingMessage;
    const type = 'application/json';
    void send(request, response as unknown as ServerResponse, type, { body, size }, budget);
    await expect.poll(() => budget.held).toBeLessThan(10_000);
    Object.assign(response, { destroyed: true }).emit('close');
    expect(budget.held).toBe(0);
  });

  it.each([
    ['a little now and then, where others are turned away', true, 64 * 1024, true],
    ['a little now and then, where there is room', false, 64 * 1024, false],
    ['a lot, where others are turned away', true, 2 * megabyte, false],
  ])('is kept by a client that takes %s: not for long', (_what, isScarce, rate, isCut) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const budget = new ResponseBudget({ ...defaultLimits, responseBudgetBytes: megabyte });
    budget.hold(isScarce ? megabyte : 1000);
    const since = performance.now();
    let cuts = 0;
    const answer = { since, idleSince: since, taken: 0, cutOff: () => void cuts++ };
    const unwatch = budget.watch(answer);
    for (let second = 0; second < 10; second++) {
      vi.advanceTimersByTime(1000);
      expect(budget.isFullFor('anybody')).toBe(isScarce);
      Object.assign(answer, { idleSince: performance.now(), taken: answer.taken + rate });
    }
    unwatch();
    expect(cuts > 0).toBe(isCut);
  });

  it('turns others away while it is used up', async () => {
    const attempt = async () => {
      const response = await post(server.origin, '{ __typename }');
      const { errors } = (await response.json()) as ResponseBody;
      const code = errors?.[0]?.extensions['code'];
      return [response.status, response.headers.get('retry-after'), code];
    };
    await expect.poll(held).toBe(0);
    const { responses } = server.chancery.executor.admission;
    responses.hold(limits.responseBudgetBytes);
    expect(await attempt()).toEqual([503, '1', 'OVERLOADED']);
    responses.giveBack(limits.responseBudgetBytes);
    expect(await attempt()).toEqual([200, null, undefined]);
  });

  it('is given back by a client that leaves half-way', async () => {
    const body = JSON.stringify({ query: bodies([1, 2, 3]) });
    const request = requestOverHttp(`${server.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    });
    request.end(body);
    const [response] = (await once(request, 'response')) as [{ destroy(): void }];
    response.destroy();
    await expect.poll(held).toBe(0);
  });
});

describe('the part of the budget that one client may hold', () => {
  const server = hosted(
    { pointsPerMinute: 1_000_000, trustedProxies: ['loopback'] },
    { limits, cacheMegabytes: 0 },
  );
  beforeAll(() => addLongArticles(server.chancery, 3, 300_000));
  const responses = () => server.chancery.executor.admission.responses;
  const query = bodies([1, 2, 3]);
  const as = (client: string) => ({ 'x-forwarded-for': client });

  /** Requests a long response on a connection of its own and reads nothing of it. */
  async function leaveUnread(client: string): Promise<void> {
    const body = JSON.stringify({ query });
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    socket.on('error', () => {});
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nx-forwarded-for: ${client}\r\ncontent-type: application/json\r\n`;
    // The system takes some of them for the client.
    socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`.repeat(45));
    onTestFinished(() => void socket.destroy());
  }

  it('is half of it: another client still gets its answers', async () => {
    await Promise.all(Array.from({ length: 8 }, () => leaveUnread('192.0.2.1')));
    // Until it is turned away itself.
    const own = async () => (await post(server.origin, query, as('192.0.2.1'))).status;
    await expect.poll(own).toBe(503);
    for (let i = 0; i < 5; i++) {
      expect(responses().held).toBeLessThanOrEqual(limits.responseBudgetBytes / 2 + megabyte);
      const other = await post(server.origin, query, as('192.0.2.2'));
      expect(other.status).toBe(200);
      expect((await other.text()).length).toBeGreaterThan(900_000);
    }
  });

  it('leaves the other half, whatever the one holds', async () => {
    await expect.poll(() => responses().held).toBe(0);
    const half = limits.responseBudgetBytes / 2;
    const statusFor = async (client: string) =>
      (await post(server.origin, '{ __typename }', as(client))).status;
    responses().hold(half, '2001:db8:0:0::/64');
    expect(await statusFor('2001:db8::1')).toBe(503);
    expect(await statusFor('2001:db8::2')).toBe(503);
    expect(await statusFor('2001:db8:1::1')).toBe(200);
    responses().giveBack(half, '2001:db8:0:0::/64');
    expect(await statusFor('2001:db8::1')).toBe(200);
  });

  it('is an address, or a whole network of IPv6', () => {
    const budget = new ResponseBudget({ ...defaultLimits, responseBudgetBytes: 4 * megabyte });
    expect(budget.take(2 * megabyte, 'a')).toBe(true);
    expect(budget.take(1, 'a')).toBe(false);
    expect([budget.isFullFor('a'), budget.isFullFor('b')]).toEqual([true, false]);
    expect(budget.isFullFor(undefined)).toBe(false);
    // One answer may be larger than the share.
    expect(budget.take(2 * megabyte - 1, 'b')).toBe(true);
    budget.giveBack(2 * megabyte, 'a');
    budget.giveBack(2 * megabyte - 1, 'b');
    expect(budget.take(3 * megabyte, 'a')).toBe(true);
    budget.giveBack(3 * megabyte, 'a');
    expect(budget.held).toBe(0);
  });
});

describe('an answer that is abandoned gives its bytes back once', () => {
  const body = async (budget: ResponseBudget) => {
    const size = budget.open('a');
    return { size, body: await serialize({ data: 'x'.repeat(megabyte) }, size) };
  };
  const responseOf = (more: object = {}) =>
    Object.assign(new EventEmitter(), {
      appendHeader: () => {},
      writeHead: () => {},
      write: () => true,
      end: () => {},
      destroyed: false,
      closed: false,
      ...more,
    });
  const type = 'application/json';
  const request = (headers = {}) =>
    ({ headers: { 'accept-encoding': 'gzip', ...headers } }) as IncomingMessage;
  const leave = (response: ReturnType<typeof responseOf>) =>
    Object.assign(response, { destroyed: true, closed: true }).emit('close');
  const sent = (
    response: ReturnType<typeof responseOf>,
    made: Awaited<ReturnType<typeof body>>,
    budget: ResponseBudget,
    headers = {},
  ) =>
    send(request(headers), response as unknown as ServerResponse, type, made, budget)?.catch(
      () => {},
    );

  it('where its client left before it was made', async () => {
    const budget = new ResponseBudget(defaultLimits);
    const made = await body(budget);
    await sent(responseOf({ destroyed: true, closed: true }), made, budget);
    expect([budget.held, budget.take(defaultLimits.responseBudgetBytes / 2, 'a')]).toEqual([
      0,
      true,
    ]);
  });

  it('where its client leaves while it is compressed', async () => {
    const budget = new ResponseBudget(defaultLimits);
    const made = await body(budget);
    const response = responseOf();
    const sending = sent(response, made, budget);
    leave(response);
    await sending;
    expect(budget.held).toBe(0);
  });

  it.each([{}, { authorization: 'Bearer x' }])(
    'where its client leaves while it is sent: %j',
    async (headers) => {
      const budget = new ResponseBudget(defaultLimits);
      const made = await body(budget);
      const response = responseOf({ write: () => false });
      const sending = sent(response, made, budget, headers);
      await new Promise((resolve) => setTimeout(resolve, 50));
      leave(response);
      await sending;
      leave(response);
      expect(budget.held).toBe(0);
    },
  );

  it('where its head cannot be written', async () => {
    const budget = new ResponseBudget(defaultLimits);
    const made = await body(budget);
    const response = responseOf({
      writeHead: () => {
        throw new Error('headers are sent');
      },
    });
    await sent(response, made, budget);
    // The host ends the connection then.
    leave(response);
    expect(budget.held).toBe(0);
  });

  it('where it cannot be compressed: it is sent as it is', async () => {
    const budget = new ResponseBudget(defaultLimits);
    const made = await body(budget);
    const chunks: Buffer[] = [];
    const response = responseOf({ write: (chunk: Buffer) => chunks.push(chunk) > 0 });
    const broken = vi.spyOn(Buffer, 'concat').mockReturnValueOnce({} as Buffer<ArrayBuffer>);
    await sent(response, made, budget);
    broken.mockRestore();
    leave(response);
    expect(Buffer.concat(chunks).toString()).toBe(JSON.stringify({ data: 'x'.repeat(megabyte) }));
    expect(budget.held).toBe(0);
  });

  const server = hosted({}, { limits, cacheMegabytes: 0 });
  beforeAll(() => addLongArticles(server.chancery, 3, 300_000));
  const held = () => server.chancery.executor.admission.responses.held;
  const long = encodeURIComponent(bodies([1, 2, 3]));

  it.each([
    ['HEAD of a query', 'HEAD', `/graphql?query=${long}`],
    ['HEAD of a record', 'HEAD', '/article/long-1'],
  ])('where the request is a HEAD: %s', async (_what, method, path) => {
    const response = await fetch(server.origin + path, { method });
    await response.text();
    await expect.poll(held).toBe(0);
  });

  it('where its client has it already', async () => {
    for (const path of [`/graphql?query=${long}`, '/article/long-1']) {
      const first = await fetch(server.origin + path);
      await first.text();
      const etag = first.headers.get('etag') ?? '';
      const again = await fetch(server.origin + path, { headers: { 'if-none-match': etag } });
      expect(again.status).toBe(304);
    }
    await expect.poll(held).toBe(0);
  });

  it.each([
    ['POST', '/graphql'],
    ['GET', `/graphql?query=${long}`],
    ['GET', '/article/long-1'],
  ])('where its client leaves at any time: %s %s', async (method, path) => {
    const text = JSON.stringify({ query: bodies([1, 2, 3]) });
    for (const after of [0, 1, 3, 10, 30]) {
      const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.on('error', () => {});
      const content = method === 'POST' ? text : '';
      socket.write(
        `${method} ${path} HTTP/1.1\r\nhost: x\r\naccept-encoding: br\r\ncontent-type: application/json\r\ncontent-length: ${content.length}\r\n\r\n${content}`,
      );
      await new Promise((resolve) => setTimeout(resolve, after));
      socket.destroy();
    }
    await expect.poll(held).toBe(0);
  });
});

describe('equal fields of an object', () => {
  let statements = 0;
  const server = hosted({}, { cacheMegabytes: 0, onStatement: () => void statements++ });
  const countFor = async (query: string): Promise<[number, ResponseBody]> => {
    // A statement is prepared when it is run for the second time.
    for (let i = 0; i < 3; i++) await post(server.origin, query);
    statements = 0;
    const result = (await (await post(server.origin, query)).json()) as ResponseBody;
    return [statements, result];
  };
  const found = 'search(query: "liaison office", first: 2) { nodes { score highlight } }';

  it('are resolved once, under however many aliases', async () => {
    const [one, { data }] = await countFor(`{ a: ${found} }`);
    const [three, all] = await countFor(
      `{ a: ${found} b: ${found} ...f } fragment f on Query { c: ${found} }`,
    );
    expect(all.data).toEqual({ a: data?.['a'], b: data?.['a'], c: data?.['a'] });
    expect(three).toBe(one);
  });

  it('are others with other arguments, or another selection', async () => {
    const query = `query { organization(slug: "nato") {
      a: offices(first: 1) { nodes { name } } b: offices(first: 2) { nodes { name } }
      c: offices(first: 1) { nodes { slug } } d: offices(first: 1) { nodes { name } } } }`;
    const [, { data }] = await countFor(query);
    const { a, b, c, d } = data?.['organization'] as Record<string, { nodes: object[] }>;
    expect(b?.nodes).toHaveLength(2);
    expect(Object.keys(c?.nodes[0] ?? {})).toEqual(['slug']);
    expect(d).toEqual(a);
  });
});

describe('a result as JSON', () => {
  const sizeOf = (max: number) =>
    new ResponseBudget({ ...defaultLimits, responseBytes: max }).open();

  it('is what JSON.stringify makes of it, in pieces or not', async () => {
    const long = '"\n\\é€😀\u0001'.repeat(30_000);
    for (const data of [
      {},
      { a: null, b: [1, 2.5, true, 'x'], c: undefined, d: [undefined] },
      { long, list: [long, { x: long }], empty: [], none: {} },
      { many: Array.from({ length: 20_000 }, (_, i) => ({ i, name: `n${i}` })) },
      { cut: `${'a'.repeat(64 * 1024 - 1)}😀${'b'.repeat(70_000)}`, lone: '\ud800'.repeat(70_000) },
    ]) {
      const body = await serialize({ data }, sizeOf(50 * megabyte));
      expect(textOf(body) === JSON.stringify({ data })).toBe(true);
    }
  });

  it('counts bytes, not characters, and escapes', async () => {
    for (const character of ['€', '\u0001', '"']) {
      const data = { text: character.repeat(400_000) };
      const { length } = Buffer.from(JSON.stringify({ data }));
      const body = await serialize({ data }, sizeOf(length));
      expect(textOf(body)).toHaveLength(JSON.stringify({ data }).length);
      await expect((async () => serialize({ data }, sizeOf(length - 1)))()).rejects.toThrow(
        `more than ${length - 1} bytes`,
      );
    }
  });

  it('never becomes longer than a string can be', async () => {
    const text = 'x'.repeat(megabyte);
    const data = Array.from({ length: 100 }, () => Array<string>(95).fill(text));
    expect(leastLength(data, 8 * megabyte)).toBeLessThan(10 * megabyte);
    await expect((async () => serialize({ data }, sizeOf(8 * megabyte)))()).rejects.toThrow(
      'more than 8388608 bytes',
    );
  });

  it('leaves other work its turns while a large one is written', async () => {
    const data = { text: 'x'.repeat(4 * megabyte) };
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await serialize({ data }, sizeOf(8 * megabyte));
    isOver = true;
    expect(turns).toBeGreaterThan(32);
  });
});
