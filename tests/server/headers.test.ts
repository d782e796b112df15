import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { servedEndpoint, type Endpoint } from '../support/endpoint.js';

const query = '{ place(slug: "tokyo") { name } }';
const page = 'https://page.example';

const nothingButData = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** The CORS preflight of a browser that shows `page`. */
const preflight = (endpoint: Endpoint, origin = page) =>
  endpoint.send('/graphql', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });

describe('with nothing set', () => {
  const endpoint = servedEndpoint();

  it('pages of other sites may read nothing', async () => {
    const replies = [
      await preflight(endpoint),
      await endpoint.execute(query, {}, { origin: page }),
      await endpoint.send(`/graphql?query=${encodeURIComponent(query)}`, {
        headers: { origin: page },
      }),
    ];
    for (const { headers } of replies) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('a preflight request is rejected with the setting that would allow it', async () => {
    const reply = await preflight(endpoint);
    expect(reply.status).toBe(403);
    expect(reply.body).toEqual({
      errors: [
        {
          message: `Pages of ${page} may not send requests to this server: CHANCERY_CORS_ORIGINS does not list that origin.`,
          extensions: { code: 'FORBIDDEN' },
        },
      ],
    });
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['an answer', '/graphql?query={__typename}', 200],
    ['a mistake', '/graphql?query={', 400],
    ['nothing there', '/nowhere', 404],
    ['a record', '/entity/nato', 200],
    ['health', '/health', 200],
    ['metrics', '/metrics', 200],
    ['a mutation by GET', '/graphql?query=mutation{a}', 405],
    ['an event stream', '/graphql?query=subscription{nothing}', 400],
  ])('every response makes browsers treat it as data: %s', async (_what, path, status) => {
    const reply = await endpoint.send(path, {
      headers: { accept: 'application/graphql-response+json, */*;q=0.1' },
    });
    expect(reply.status).toBe(status);
    expect(Object.fromEntries(reply.headers)).toMatchObject(nothingButData);
  });

  it.each([
    ['an event stream', 'subscription { changed { recordType } }', 'application/json', 200],
    ['a form', '', 'application/x-www-form-urlencoded', 415],
    ['a form with files', '', 'multipart/form-data; boundary=x', 415],
    ['too much', ' '.repeat(2_000_000), 'application/json', 413],
    ['too much within it', '{ a '.repeat(50) + '}'.repeat(50), 'application/json', 400],
  ])('and so does what is sent: %s', async (_what, text, type, status) => {
    const leaving = new AbortController();
    const { headers, ...reply } = await fetch(`${endpoint.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type, accept: 'text/event-stream, */*' },
      body: JSON.stringify({ query: text }),
      signal: leaving.signal,
    }).then(({ status, headers }) => ({ status, headers }));
    leaving.abort();
    expect(reply.status).toBe(status);
    expect(Object.fromEntries(headers)).toMatchObject(nothingButData);
  });

  it.each([
    [
      'the second of two',
      'query A { __typename } mutation B { undo(changeId: "x") { __typename } }',
      '*/*',
    ],
    [
      'as an event stream',
      'mutation B { undo(changeId: "x") { __typename } }',
      'text/event-stream',
    ],
  ])('GET never writes: %s', async (_what, text, accept) => {
    const { status, body } = await endpoint.send(
      `/graphql?operationName=B&query=${encodeURIComponent(text)}`,
      { headers: { accept } },
    );
    expect(status).toBe(405);
    expect(body).not.toHaveProperty('data');
  });

  it('the page of GraphiQL may run its own scripts only, and connect to this server only', async () => {
    const { headers } = await endpoint.send('/graphql', { headers: { accept: 'text/html' } });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src( 'sha256-[\w+/=]+')+;/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
  });
});

describe('with CHANCERY_CORS_ORIGINS and CHANCERY_INTROSPECTION=off', () => {
  const endpoint = servedEndpoint({
    CHANCERY_CORS_ORIGINS: `${page}, http://localhost:3000`,
    CHANCERY_INTROSPECTION: 'off',
  });

  it.each([page, 'http://localhost:3000'])(
    'pages of %s may send queries and read responses',
    async (origin) => {
      const response = await preflight(endpoint, origin);
      expect(response.status).toBe(204);
      expect(response.headers.get('access-control-allow-methods')).toBe('GET, POST');
      const allowed = response.headers.get('access-control-allow-headers')?.split(', ');
      // A key that the page holds itself, too.
      expect(allowed).toEqual(expect.arrayContaining(['Authorization', 'Content-Type']));
      for (const { headers } of [response, await endpoint.execute(query, {}, { origin })]) {
        expect(headers.get('access-control-allow-origin')).toBe(origin);
        expect(headers.get('vary')).toContain('Origin');
        expect(headers.get('access-control-allow-credentials')).toBeNull();
      }
    },
  );

  it.each([`${page}.evil.example`, 'null', 'http://localhost:3001'])(
    'pages of %s may not',
    async (origin) => {
      for (const { headers } of [
        await preflight(endpoint, origin),
        await endpoint.execute(query, {}, { origin }),
      ]) {
        expect(headers.get('access-control-allow-origin')).toBeNull();
      }
    },
  );

  it('GET says that its answer differs from origin to origin, and from type to type', async () => {
    const { headers } = await endpoint.send(`/graphql?query=${encodeURIComponent(query)}`, {
      headers: { origin: page },
    });
    expect(headers.get('vary')?.split(/, */).sort()).toEqual([
      'Accept',
      'Accept-Encoding',
      'Origin',
    ]);
  });

  it.each([
    getIntrospectionQuery(),
    '{ ... { __schema { types { name } } } }',
    '{ ...F } fragment F on Query { __type(name: "Person") { name } }',
  ])('the schema is not revealed: %s', async (operation) => {
    const { body } = await endpoint.execute(operation);
    expect(body).not.toHaveProperty('data');
    expect(body.errors?.[0]?.message).toContain('introspection has been disabled');
  });

  it.each([
    ['{ organisation(slug: "nato") { name } }', {}],
    ['{ organization(slag: "nato") { name } }', {}],
    ['{ offices(filter: { kind: [LIASON] }) { totalCount } }', {}],
    [
      'query ($k: [OfficeKind!]) { offices(filter: { kind: $k }) { totalCount } }',
      { k: ['LIASON'] },
    ],
    ['query ($f: OfficeFilter) { offices(filter: $f) { totalCount } }', { f: { kimd: [] } }],
    ['{ organization(slug: "nato") { ... on Organisation { name } } }', {}],
  ])('nor hinted at: %s', async (operation, variables) => {
    const { message } = await endpoint.execute(operation, variables);
    expect(message).not.toBe('');
    expect(message).not.toMatch(/did you mean/i);
  });

  it('__typename of results is available', async () => {
    const { body } = await endpoint.execute('{ __typename place(slug: "tokyo") { __typename } }');
    expect(body).toEqual({ data: { __typename: 'Query', place: { __typename: 'Place' } } });
  });
});

describe('with CHANCERY_CORS_ORIGINS=* and CHANCERY_GRAPHIQL=off', () => {
  const endpoint = servedEndpoint({ CHANCERY_CORS_ORIGINS: '*', CHANCERY_GRAPHIQL: 'off' });

  it('browsers get no page', async () => {
    const { status, headers } = await endpoint.send('/graphql', {
      headers: { accept: 'text/html' },
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers.get('content-type') ?? '').not.toContain('text/html');
  });

  it('all pages may read, never with what a browser would add by itself', async () => {
    for (const { headers } of [
      await preflight(endpoint),
      await endpoint.execute(query, {}, { origin: page }),
    ]) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });
});
