import { GraphQLError } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { eventStream } from '../../src/server/subscriptions/sse.js';
import { endpointOfProcess } from '../support/endpoint.js';
import { openEvents } from '../support/events.js';
import { hosted } from '../support/hosted.js';
import { defaultLimits } from '../../src/server/admission/limits.js';
import { ResponseBudget } from '../../src/server/responses/budget.js';

/** Opens an event stream. */
async function open(origin: string, query: string, headers: Record<string, string> = {}) {
  const leaving = new AbortController();
  const response = await fetch(
    `${origin}/graphql?query=${encodeURIComponent(`subscription { ${query} }`)}`,
    { headers: { accept: 'text/event-stream', ...headers }, signal: leaving.signal },
  );
  return { response, leave: () => leaving.abort() };
}

const anything = 'changed { recordType }';

describe('event streams', () => {
  const endpoint = endpointOfProcess({
    CHANCERY_TRUSTED_PROXIES: 'loopback',
    CHANCERY_MAX_STREAMS: '5',
    CHANCERY_MAX_CLIENT_STREAMS: '3',
    CHANCERY_MAX_COST: '1000',
    CHANCERY_MAX_ALIASES: '1',
    CHANCERY_RATE_LIMIT: '60',
  });
  const openFrom = (address: string, query = anything) =>
    open(endpoint.origin, query, { 'x-forwarded-for': address });

  it('are so many at a time, of each client and in all; who leaves makes room', async () => {
    const own = await Promise.all([1, 2, 3].map(() => openFrom('192.0.2.1')));
    for (const { response } of own) {
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/event-stream');
    }
    const fourth = await openFrom('192.0.2.1');
    expect(fourth.response.status).toBe(429);
    expect(fourth.response.headers.get('retry-after')).toBe('5');
    expect(await fourth.response.text()).toContain('RATE_LIMITED');
    const others = await Promise.all([2, 3].map((i) => openFrom(`192.0.2.${i}`)));
    for (const { response } of others) expect(response.status).toBe(200);
    const oneTooMany = await openFrom('192.0.2.4');
    expect(oneTooMany.response.status).toBe(503);
    expect(await oneTooMany.response.text()).toContain('OVERLOADED');
    for (const { leave } of own) leave();
    await expect
      .poll(async () => {
        const { response, leave } = await openFrom('192.0.2.1');
        leave();
        return response.status;
      })
      .toBe(200);
    for (const { leave } of others) leave();
  });

  it.each([
    ['too many aliases', 'changed { a: recordType b: recordType }', 400],
    [
      'an event that could hold too much',
      'changed { record { ... on Organization { offices(first: 100) { nodes { references(first: 100) { nodes { exact } } } } } } }',
      400,
    ],
    ['nonsense', 'nothing', 200],
    ['an event that never was', 'changed(after: "x") { recordType }', 200],
  ])(
    'are rejected as queries are, and count against no limit: %s',
    async (_what, query, status) => {
      for (let i = 0; i < 7; i++) {
        const { response, leave } = await openFrom('192.0.2.9', query);
        expect(response.status).toBe(status);
        expect(await response.text()).toContain('"errors"');
        leave();
      }
    },
  );

  it('cost points when they are opened', async () => {
    const streams = [];
    for (let i = 0; i < 70; i++) {
      const { response, leave } = await openFrom('192.0.2.10');
      streams.push(response.status);
      leave();
    }
    expect(streams).toContain(429);
  });
});

describe('event streams on which nothing happens', () => {
  const endpoint = endpointOfProcess({
    CHANCERY_RATE_LIMIT: '0',
    CHANCERY_MAX_CLIENT_STREAMS: '1',
  });

  it('send a heartbeat every 12 seconds; without rate limits, clients are not distinguished', async () => {
    const streams = await Promise.all([1, 2].map(() => open(endpoint.origin, anything)));
    const silences = streams.map(async (stream) => {
      expect(stream.response.status).toBe(200);
      expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
      let last = performance.now();
      let longest = 0;
      let signs = 0;
      for await (const chunk of response(stream)) {
        expect(chunk).toMatch(/^(:\n\n)+$/);
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
        // The first when it is opened.
        if (++signs === 2) break;
      }
      stream.leave();
      return longest;
    });
    for (const longest of await Promise.all(silences)) {
      expect(longest).toBeGreaterThan(11_000);
      // nginx waits for a minute.
      expect(longest).toBeLessThan(60_000);
    }
  });
});

describe('events', () => {
  const server = hosted({ pointsPerMinute: 600 });

  it('are worth points: who has none left waits for them, and misses nothing', async () => {
    const { key } = await createApiKey(server.chancery.database, { name: 'ann', role: 'READER' });
    // 2 + 100 × 21 objects: 22 points for each event; 600 are there, 10 come back each second.
    const stream = await open(
      server.origin,
      'changed(recordType: [PERSON]) { record { id ... on Person { statements(first: 100) { nodes { references { nodes { exact } } } } } } }',
      { authorization: `Bearer ${key}` },
    );
    const startedAt = Date.now();
    const people = Array.from({ length: 30 }, (_, i) => `{ slug: p${i}, name: Person ${i} }`);
    await server.chancery.importDossier({ name: 'test', text: `people: [${people.join()}]` });
    let received = '';
    for await (const chunk of response(stream)) {
      received += chunk;
      if (received.split('event: next').length > 30) break;
    }
    stream.leave();
    expect(new Set(received.match(/"id":"[^"]+"/g)).size).toBe(30);
    // The last of them were paid for with points that had to come back first.
    expect(Date.now() - startedAt).toBeGreaterThan(2000);
    expect(server.logged).toEqual([]);
  });
});

describe('a subscriber ten thousand events behind', () => {
  const server = hosted({ pointsPerMinute: 60 });

  it('gets an error, and is disconnected', async () => {
    const events = await openEvents(server.origin, 'subscription { changed { recordType } }');
    const people = Array.from({ length: 10_400 }, (_, i) => `{ slug: p${i}, name: Person ${i} }`);
    await server.chancery.importDossier({ name: 'test', text: `people: [${people.join()}]` });
    // Sixty can be paid for at once, one more each second; events delivered meanwhile are correct.
    let last: unknown;
    for (let count = 0; count < 200; count++) {
      [last] = await events.receive(1);
      if ((last as { recordType?: string }).recordType !== 'PERSON') break;
    }
    expect(last).toMatchObject({ extensions: { code: 'EVENTS_LOST' } });
    expect(await events.next()).toMatchObject({ event: 'complete' });
    expect(await events.next()).toBeUndefined();
    expect(server.logged).toEqual([]);
  });
});

describe('an event that cannot be resolved', () => {
  it('is an error in words, without the status that replies have', async () => {
    const late = new GraphQLError('too late', {
      extensions: { code: 'TIMEOUT', http: { status: 504 } },
    });
    const yoga = createYoga({
      schema: createSchema({
        typeDefs: 'type Query { a: Int } type Subscription { a: Int }',
        resolvers: {
          Subscription: {
            a: {
              subscribe: async function* () {
                yield await Promise.resolve({});
              },
              resolve: () => {
                throw late;
              },
            },
          },
        },
      }),
      plugins: [
        eventStream({
          slowSeconds: 30,
          authenticator: { verify: () => Promise.resolve() },
          maskError: () => late,
          responses: new ResponseBudget(defaultLimits),
        }),
      ],
      logging: false,
    });
    const query = encodeURIComponent('subscription { a }');
    const answer = await yoga.fetch(`http://test/graphql?query=${query}`, {
      headers: { accept: 'text/event-stream' },
    });
    const [, data = ''] = /data: (.*)/.exec(await answer.text()) ?? [];
    expect(JSON.parse(data)).toEqual({
      data: { a: null },
      errors: [
        {
          message: 'too late',
          path: ['a'],
          locations: expect.anything() as unknown,
          extensions: { code: 'TIMEOUT' },
        },
      ],
    });
  });
});

async function* response({ response: { body } }: { response: Response }): AsyncGenerator<string> {
  if (!body) return;
  const decoder = new TextDecoder();
  for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
}
