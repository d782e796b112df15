import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { servedEndpoint, type Endpoint } from '../support/endpoint.js';

const query = '{ place(slug: "tokyo") { name } }';
const page = 'https://page.example';

/** What the browser of a visitor to `page` asks before it sends a query. */
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
      await endpoint.ask(query, {}, { origin: page }),
      await endpoint.send(`/graphql?query=${encodeURIComponent(query)}`, {
        headers: { origin: page },
      }),
    ];
    for (const { headers } of replies) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it.each([
    ['an answer', '/graphql?query={__typename}', 200],
    ['a mistake', '/graphql?query={', 400],
    ['nothing there', '/nowhere', 404],
    ['a record', '/entity/nato', 200],
    ['health', '/health', 200],
  ])(
    'every reply tells browsers to make nothing of it but data: %s',
    async (_what, path, status) => {
      const reply = await endpoint.send(path, {
        headers: { accept: 'application/graphql-response+json, */*;q=0.1' },
      });
      expect(reply.status).toBe(status);
      expect(Object.fromEntries(reply.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
    },
  );

  it('the page of GraphiQL may run its own scripts only, and ask this server only', async () => {
    const { headers } = await endpoint.send('/graphql', { headers: { accept: 'text/html' } });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'sha256-[\w+/=]+';/);
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

  it.each([page, 'http://localhost:3000'])('pages of %s may ask and read', async (origin) => {
    const asked = await preflight(endpoint, origin);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(asked.headers.get('access-control-allow-headers')).toContain('Content-Type');
    for (const { headers } of [asked, await endpoint.ask(query, {}, { origin })]) {
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('vary')).toContain('Origin');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it.each([`${page}.evil.example`, 'null', 'http://localhost:3001'])(
    'pages of %s may not',
    async (origin) => {
      for (const { headers } of [
        await preflight(endpoint, origin),
        await endpoint.ask(query, {}, { origin }),
      ]) {
        expect(headers.get('access-control-allow-origin')).toBeNull();
      }
    },
  );

  it('GET says that its answer differs from origin to origin, and from type to type', async () => {
    const { headers } = await endpoint.send(`/graphql?query=${encodeURIComponent(query)}`, {
      headers: { origin: page },
    });
    expect(headers.get('vary')?.split(/, */).sort()).toEqual(['Accept', 'Origin']);
  });

  it.each([
    getIntrospectionQuery(),
    '{ ... { __schema { types { name } } } }',
    '{ ...F } fragment F on Query { __type(name: "Person") { name } }',
  ])('the schema is not told: %s', async (asked) => {
    const { body } = await endpoint.ask(asked);
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
  ])('nor hinted at: %s', async (asked, variables) => {
    const { message } = await endpoint.ask(asked, variables);
    expect(message).not.toBe('');
    expect(message).not.toMatch(/did you mean/i);
  });

  it('types of what is found are told', async () => {
    const { body } = await endpoint.ask('{ __typename place(slug: "tokyo") { __typename } }');
    expect(body).toEqual({ data: { __typename: 'Query', place: { __typename: 'Place' } } });
  });
});

describe('with CHANCERY_CORS_ORIGINS=*', () => {
  const endpoint = servedEndpoint({ CHANCERY_CORS_ORIGINS: '*' });

  it('all pages may read, never with what a browser would add by itself', async () => {
    for (const { headers } of [
      await preflight(endpoint),
      await endpoint.ask(query, {}, { origin: page }),
    ]) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });
});
