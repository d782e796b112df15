import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createApiKey, revokeApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { createChancery } from '../../src/index.js';
import { hosted } from '../support/hosted.js';
import { inMemory } from '../support/inMemory.js';
import { RawSocket, rejectedUpgrade, socketClient } from '../support/webSocket.js';

const subscription =
  'subscription { changed(recordType: [PERSON]) { cursor action record { ... on Person { name } } } }';

const createPerson = (name: string, status = 'PUBLISHED') =>
  `mutation { createPerson(publicationStatus: ${status}, input: { name: "${name}" }) { ... on PersonPayload { person { name } } } }`;

interface Event {
  cursor: string;
  action: string;
  record: { name: string } | null;
}

describe('operations over a WebSocket', () => {
  const server = hosted();
  const keyOf = async (role: 'EDITOR' | 'READER') =>
    `Bearer ${(await createApiKey(server.chancery.database, { name: 'ann', role })).key}`;

  it('are queries, mutations and subscriptions of one client of graphql-ws', async () => {
    const editor = socketClient(server.origin, await keyOf('EDITOR'));
    const events = editor.subscribe(subscription);
    const first = events.next();
    // Messages are handled in order: the subscription is opened before the query is executed.
    expect(await editor.execute('{ organization(slug: "nato") { name } }')).toEqual({
      data: { organization: { name: 'NATO' } },
    });
    expect(await editor.execute(createPerson('Ada'))).toEqual({
      data: { createPerson: { person: { name: 'Ada' } } },
    });
    const { value } = (await first) as { value: { data: { changed: Event }; extensions: object } };
    const { cursor } = value.data.changed;
    expect(value).toEqual({
      data: { changed: { cursor, action: 'CREATE', record: { name: 'Ada' } } },
      extensions: { eventId: cursor },
    });
    await events.return?.();
    await editor.execute(createPerson('Bea'));
    // A client that connects again names the last event that it received.
    const again = socketClient(server.origin);
    const missed = again.subscribe(
      subscription.replace('[PERSON]', `[PERSON], after: "${cursor}"`),
    );
    expect((await missed.next()).value).toMatchObject({
      data: { changed: { record: { name: 'Bea' } } },
    });
    await missed.return?.();
    await editor.client.dispose();
    await again.client.dispose();
    expect(server.logged).toEqual([]);
  });

  it('have the rights of the key, in connection_init or in the header', async () => {
    const [editor, reader] = [await keyOf('EDITOR'), await keyOf('READER')];
    const anonymous = socketClient(server.origin);
    expect((await anonymous.execute(createPerson('Eve'))).errors?.[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    const byInit = socketClient(server.origin, reader);
    expect((await byInit.execute(createPerson('Eve'))).errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
    });
    const drafts = await RawSocket.open(server.origin, { headers: { authorization: editor } });
    drafts.subscribe('events', subscription);
    const published = await RawSocket.open(server.origin, { init: { Authorization: reader } });
    published.subscribe('events', subscription);
    drafts.subscribe('draft', createPerson('Draft', 'DRAFT'));
    const received = [await drafts.next(), await drafts.next(), await drafts.next()];
    expect(JSON.stringify(received.filter((message) => message?.id === 'events'))).toContain(
      'Draft',
    );
    drafts.subscribe('public', createPerson('Public'));
    expect(await published.payload('next')).toMatchObject({
      data: { changed: { record: { name: 'Public' } } },
    });
    drafts.socket.terminate();
    published.socket.terminate();
    await anonymous.client.dispose();
    await byInit.client.dispose();
  });

  it('report errors as requests do, and run by the id of a persisted operation', async () => {
    const socket = await RawSocket.open(server.origin);
    socket.subscribe('a', '{ nothing }');
    expect(await socket.next()).toMatchObject({ type: 'error', id: 'a' });
    socket.subscribe('b', '{');
    expect(await socket.next()).toMatchObject({ type: 'error', id: 'b' });
    socket.subscribe(
      'c',
      '{ organizations(first: 100) { nodes { offices(first: 100) { nodes { references(first: 100) { nodes { exact } } } } } } }',
    );
    expect(await socket.payload('error')).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX', exceeded: 'cost' } },
    ]);
    socket.subscribe('d', 'subscription { changed(after: "x") { cursor } }');
    expect(await socket.payload('error')).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    const sha256Hash = 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38';
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    socket.subscribe('e', '', { extensions });
    expect(await socket.payload('error')).toMatchObject([{ message: 'PersistedQueryNotFound' }]);
    socket.subscribe('f', '{__typename}', { extensions });
    expect(await socket.payload('next')).toEqual({ data: { __typename: 'Query' } });
    await socket.payload('complete');
    socket.subscribe('g', '', { extensions });
    expect(await socket.payload('next')).toEqual({ data: { __typename: 'Query' } });
    socket.socket.terminate();
    expect(server.logged).toEqual([]);
  });

  it('end when the client completes them, and count as open until then', async () => {
    const socket = await RawSocket.open(server.origin);
    const { streams } = server.chancery.executor.admission;
    socket.subscribe('a', subscription);
    socket.subscribe('b', subscription);
    await expect.poll(() => streams.open).toBe(2);
    socket.send({ type: 'complete', id: 'a' });
    await expect.poll(() => streams.open).toBe(1);
    socket.socket.terminate();
    await expect.poll(() => streams.open).toBe(0);
    await expect.poll(() => server.chancery.sockets.open).toBe(0);
  });

  it('return results of megabytes whole, between others', async () => {
    const text = 'x'.repeat(200_000);
    const articles = Array.from(
      { length: 20 },
      (_, i) => `{ slug: long${i}, title: Long ${i}, body: "${text}" }`,
    );
    await server.chancery.importDossier({ name: 'test', text: `articles: [${articles.join()}]` });
    const socket = await RawSocket.open(server.origin);
    for (let i = 0; i < 3; i++) {
      socket.subscribe(`large${i}`, '{ articles(first: 100) { nodes { body } } }');
      socket.subscribe(`small${i}`, '{ __typename }');
    }
    const lengths: Record<string, number> = {};
    for (let i = 0; i < 12; i++) {
      const { type, id = '', payload } = (await socket.next()) ?? { type: '' };
      if (type === 'next') lengths[id] = JSON.stringify(payload).length;
    }
    expect(Object.values(lengths).filter((length) => length > 4_000_000)).toHaveLength(3);
    expect(Object.values(lengths).filter((length) => length < 100)).toHaveLength(3);
    expect(server.chancery.executor.admission.responses.held).toBe(0);
    socket.socket.terminate();
  });
});

describe('upgrades', () => {
  const server = hosted(
    { corsOrigins: ['https://app.example'], pointsPerMinute: 1000 },
    { limits: { streams: 4, clientStreams: 3 } },
  );
  const protocol = 'graphql-transport-ws';
  const endpoint = () => `${server.origin}/graphql`;

  it.each([
    ['another path', '/elsewhere', protocol, {}, 404, 'NOT_FOUND'],
    ['another subprotocol', '/graphql', 'graphql-ws', {}, 400, 'BAD_REQUEST'],
    ['no subprotocol', '/graphql', undefined, {}, 400, 'BAD_REQUEST'],
    [
      'a page of another site',
      '/graphql',
      protocol,
      { origin: 'https://evil.example' },
      403,
      'FORBIDDEN',
    ],
    [
      'a wrong key',
      '/graphql',
      protocol,
      { headers: { authorization: 'Bearer chk_x' } },
      401,
      'UNAUTHENTICATED',
    ],
    ['a malformed host', '/graphql', protocol, { headers: { host: 'a b' } }, 400, 'BAD_REQUEST'],
  ])('are rejected with a response: %s', async (_what, path, name, options, status, code) => {
    const rejected = await rejectedUpgrade(`${server.origin}${path}`, name, options);
    expect(rejected).toMatchObject({ status, code });
    expect(rejected.message).not.toBe('');
  });

  it('are accepted from pages of the same origin, and of origins that the settings list', async () => {
    for (const origin of [server.origin, 'https://app.example']) {
      const socket = await RawSocket.open(server.origin, { origin });
      socket.socket.close();
      await socket.closed;
    }
  });

  it('are so many at a time of a client', async () => {
    const sockets = await Promise.all([1, 2, 3].map(() => RawSocket.open(server.origin)));
    const rejected = await rejectedUpgrade(endpoint(), protocol);
    expect(rejected).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(rejected.headers['retry-after']).toBe('5');
    for (const { socket } of sockets) socket.terminate();
    await expect.poll(() => server.chancery.sockets.open).toBe(0);
  });

  it('to other protocols than WebSocket are ignored, as without a server of WebSocket', async () => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const { hostname, port } = new URL(server.origin);
    const socket = connect(Number(port), hostname);
    // The offer of Java's HttpClient; the body comes in two packets.
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    setTimeout(() => socket.write(body.slice(5)), 50);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(
      /^HTTP\/1.1 200 OK\r\n[^]*\{"data":\{"__typename":"Query"\}\}$/,
    );
    // The connection is kept.
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const [health] = (await once(socket, 'data')) as [Buffer];
    expect(health.toString()).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    socket.destroy();
  });
});

describe('clients of WebSockets that break the rules', () => {
  const server = hosted({ pointsPerMinute: 600 }, { limits: { slowSeconds: 1 } });

  it.each([
    ['send nothing', 4408, () => {}],
    [
      'send an operation first',
      4401,
      (socket: RawSocket) => socket.subscribe('a', '{ __typename }'),
    ],
    ['send no JSON', 4400, (socket: RawSocket) => socket.send('nonsense')],
    [
      'send the messages of servers',
      4400,
      (socket: RawSocket) => socket.send({ type: 'next', id: 'a', payload: {} }),
    ],
    ['send bytes', 1003, (socket: RawSocket) => socket.socket.send(Buffer.from([1]))],
    ['send more than 1 MB', 1009, (socket: RawSocket) => socket.send('x'.repeat(1024 * 1024 + 1))],
    [
      'send an unknown key',
      4401,
      (socket: RawSocket) =>
        socket.send({ type: 'connection_init', payload: { authorization: 'Bearer chk_x' } }),
    ],
    [
      'send a key that is no text',
      4400,
      (socket: RawSocket) =>
        socket.send({ type: 'connection_init', payload: { authorization: {} } }),
    ],
    [
      'initialize twice',
      4429,
      (socket: RawSocket) => {
        socket.send({ type: 'connection_init' });
        socket.send({ type: 'connection_init' });
      },
    ],
  ])('are disconnected when they %s, with the code %d', async (_what, code, breakRule) => {
    const socket = await RawSocket.open(server.origin, { init: null });
    breakRule(socket);
    const closed = await socket.closed;
    expect(closed.code).toBe(code);
    if (code !== 1009) expect(closed.reason).not.toBe('');
  });

  it('are disconnected for floods of messages, while others are served', async () => {
    const pings = await RawSocket.open(server.origin);
    for (let i = 0; i < 5000; i++) pings.send({ type: 'ping' });
    const frames = await RawSocket.open(server.origin);
    for (let i = 0; i < 5000; i++) frames.socket.ping();
    const other = socketClient(server.origin);
    expect(await other.execute('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
    expect((await pings.closed).code).toBe(4429);
    expect((await frames.closed).code).toBe(4429);
    await other.client.dispose();
  });

  it('have no points left after floods of operations, and are disconnected when they go on', async () => {
    const socket = await RawSocket.open(server.origin);
    for (let i = 0; i < 2000; i++) socket.subscribe(`o${i}`, '{ __typename }');
    let results = 0;
    let rejections = 0;
    for (let message = await socket.next(); message; message = await socket.next()) {
      if (message.type === 'next') results++;
      if (JSON.stringify(message).includes('RATE_LIMITED')) rejections++;
    }
    expect((await socket.closed).code).toBe(4429);
    expect(results).toBeGreaterThan(300);
    expect(results).toBeLessThan(700);
    expect(rejections).toBeGreaterThan(0);
  });
});

describe('an app that embeds Chancery', () => {
  it('passes upgrades of its server', async () => {
    const chancery = await createChancery({ database: await inMemory() });
    const server = createServer((_request, response) => response.end('the app'));
    server.on('upgrade', chancery.upgrade);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const { client, execute } = socketClient(`http://127.0.0.1:${port}`);
    expect(await execute('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
    await client.dispose();
    await chancery.close();
    server.close();
  });
});

describe('a WebSocket', () => {
  const server = hosted({}, { limits: { slowSeconds: 1 } });

  it('is closed when its key is revoked, and executes nothing with it meanwhile', async () => {
    const { database } = server.chancery;
    const { id, key } = await createApiKey(database, { name: 'ann', role: 'EDITOR' });
    const authorization = `Bearer ${key}`;
    const idle = await RawSocket.open(server.origin, { init: { authorization } });
    idle.subscribe('events', subscription);
    const busy = await RawSocket.open(server.origin, { init: { authorization } });
    await revokeApiKey(database, id);
    busy.subscribe('late', createPerson('Late", slug: "late'));
    const closed = { code: 4401, reason: 'the API key was revoked' };
    expect(await busy.closed).toEqual(closed);
    expect(await idle.closed).toEqual(closed);
    const anyone = socketClient(server.origin);
    expect(await anyone.execute('{ person(slug: "late") { name } }')).toEqual({
      data: { person: null },
    });
    await anyone.client.dispose();
  });

  it('is closed when its client answers no ping', async () => {
    const socket = await RawSocket.open(server.origin, { autoPong: false });
    const [code] = (await once(socket.socket, 'close')) as [number];
    expect(code).toBe(1006);
    await expect.poll(() => server.chancery.sockets.open).toBe(0);
  });

  it('whose client reads nothing takes little memory, and ends with an error', async () => {
    const text = 'x'.repeat(60_000);
    await server.chancery.importDossier({
      name: 'test',
      text: `articles: [{ slug: long, title: Long, body: "${text}" }]`,
    });
    const socket = await RawSocket.open(server.origin);
    socket.subscribe('events', 'subscription { changed { record { ... on Article { body } } } }');
    const { responses, streams } = server.chancery.executor.admission;
    await expect.poll(() => streams.open).toBe(1);
    socket.socket.pause();
    for (let i = 0; i < 1000; i++) socket.subscribe(`q${i}`, '{ article(slug: "long") { body } }');
    let held = 0;
    await expect
      .poll(() => {
        held = Math.max(held, responses.held);
        return streams.open;
      })
      .toBe(0);
    // 32 operations at a time, each with 60 kB.
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(3_000_000);
    socket.socket.resume();
    const messages = [];
    for (let message = await socket.next(); message; message = await socket.next()) {
      messages.push(message);
    }
    expect(messages.length).toBeLessThan(900);
    expect(messages.filter(({ id }) => id === 'events')).toEqual([
      {
        id: 'events',
        type: 'next',
        payload: {
          errors: [
            {
              message: expect.stringContaining('not read in time') as string,
              extensions: { code: 'EVENTS_LOST' },
            },
          ],
        },
      },
      { id: 'events', type: 'complete' },
    ]);
    expect((await socket.closed).code).toBe(1013);
    await expect.poll(() => responses.held).toBe(0);
  });

  it('is closed when the server stops, so that its client connects again', async () => {
    const socket = await RawSocket.open(server.origin);
    socket.subscribe('events', subscription);
    await expect.poll(() => server.chancery.executor.admission.streams.open).toBe(1);
    await server.chancery.endStreams();
    expect(await socket.closed).toEqual({ code: 1001, reason: 'The server is shutting down' });
    expect(await socket.next()).toBeUndefined();
    const rejected = await rejectedUpgrade(`${server.origin}/graphql`, 'graphql-transport-ws');
    expect(rejected).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  });
});
