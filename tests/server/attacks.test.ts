import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { endpointOfProcess } from '../support/endpoint.js';

const many = (count: number, item: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => item(i)).join(' ');

/** Fragments of which each spreads the next `times` times, under other names. */
const doubling = (levels: number, times: number): string =>
  `{ organization(slug: "nato") { ...F0 } } ${many(levels, (i) => {
    const spread = i + 1 < levels ? `...F${i + 1}` : 'name';
    return `fragment F${i} on Organization { ${many(times, (j) => `a${j}: offices { nodes { organization { ${spread} } } }`)} }`;
  })}`;

/** Milliseconds that a small answer may take where the machine has other work: far from a deadline. */
const maxAnswerMs = 60_000;

describe('what attackers send', () => {
  const endpoint = endpointOfProcess({ CHANCERY_RECEIVE_SECONDS: '2', CHANCERY_RATE_LIMIT: '0' });

  const tooComplex = {
    '5,000 levels of fields': '{ a'.repeat(5000) + ' }'.repeat(5000),
    '300 levels of fields': '{ a'.repeat(300) + ' }'.repeat(300),
    '20,000 lists in a value': `{ organization(slug: ${'['.repeat(20_000)}) { name } }`,
    '900 lists in a value': `{ organization(slug: ${'['.repeat(900)}${']'.repeat(900)}) { name } }`,
    '100 objects in a value': `{ offices(filter: ${'{ a: '.repeat(100)}1${' }'.repeat(100)}) { totalCount } }`,
    '900 lists in a type': `query ($a: ${'['.repeat(900)}Int${']'.repeat(900)}) { __typename }`,
    'a chain of 5,000 fragments': `{ ...F0 } ${many(5000, (i) => `fragment F${i} on Query { ...F${i + 1} }`)}`,
    'a chain of 100 fragments': `{ ...F0 } ${many(100, (i) => `fragment F${i} on Query { ...F${i + 1} }`)}`,
    '10,000 aliases': `{ ${many(10_000, (i) => `a${i}: __typename`)} }`,
    '101 aliases': `{ ${many(101, (i) => `a${i}: __typename`)} }`,
    '10,000 directives': `{ __typename ${'@skip(if: false) '.repeat(10_000)} }`,
    '101 directives': `{ __typename ${'@skip(if: false) '.repeat(101)} }`,
    '10,000 root fields': `{ ${many(10_000, () => '__typename')} }`,
    '51 root fields': `{ ${many(51, (i) => `a${i}: __typename`)} }`,
    '51 root fields in fragments': `{ ...F ...G ... { ${many(17, (i) => `a${i}: __typename`)} } } fragment F on Query { ${many(17, (i) => `b${i}: __typename`)} } fragment G on Query { ${many(17, (i) => `c${i}: __typename`)} }`,
    'the schema 51 times': `{ ${many(51, (i) => `a${i}: __schema { types { name } }`)} }`,
    'a text of 900 kB': `#${'.'.repeat(900_000)}\n{ __typename }`,
    'fragments that double with each level': doubling(6, 4),
  };

  for (const [what, query] of Object.entries(tooComplex)) {
    it(`is rejected before it runs: ${what}`, async () => {
      for (const accept of ['application/json', 'application/graphql-response+json', '*/*']) {
        const reply = await endpoint.execute(query, {}, { accept });
        expect(reply).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
        expect(reply.body).not.toHaveProperty('data');
        expect(reply.milliseconds).toBeLessThan(maxAnswerMs);
      }
    });
  }

  it.each([1000, 1200, 1400, 1600, 1800, 1990])(
    'is rejected, whatever the parser makes of %i open lists',
    async (depth) => {
      const query = `{ organization(slug: ${'['.repeat(depth)}) }`;
      const accept = 'application/graphql-response+json';
      expect((await endpoint.execute(query, {}, { accept })).status).toBe(400);
    },
  );

  it('is rejected by GET as well', async () => {
    const { status, code } = await endpoint.send(
      `/graphql?query=${encodeURIComponent(tooComplex['101 aliases'])}`,
    );
    expect({ status, code }).toEqual({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  });

  it.each([
    ['fragments in a circle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['a field 900 times over', `{ organization(slug: "nato") { ${'name '.repeat(1900)} } }`],
    [
      'overlapping fields, in fragments that all spread each other',
      `{ offices { nodes { ${many(40, (i) => `...F${i}`)} } } } ${many(40, (i) => `fragment F${i} on Office { ${many(12, (j) => `x: ${j % 2 ? 'name' : 'slug'}`)} ${i < 39 ? `...F${i + 1}` : ''} }`)}`,
    ],
    [
      'overlapping fields within overlapping fields',
      `{ ${'organization(slug: "nato") { parent { '.repeat(9)} ${many(100, (i) => `x: ${i % 2 ? 'name' : 'slug'}`)} ${'} }'.repeat(9)} }`,
    ],
    [
      'a schema within a schema',
      `{ __schema { types { ${'fields { type { '.repeat(150)} name ${'} }'.repeat(150)} } } }`,
    ],
    [
      'types of types',
      `{ __type(name: "Query") { ${'ofType { '.repeat(600)} name ${'}'.repeat(600)} } }`,
    ],
  ])('is answered fast: %s', async (_what, query) => {
    const { status, milliseconds } = await endpoint.execute(
      query,
      {},
      { accept: 'application/graphql-response+json' },
    );
    expect(status).toBeLessThanOrEqual(400);
    expect(milliseconds).toBeLessThan(maxAnswerMs);
  });

  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  it.each([
    ['unused', '{ __typename }'],
    ['a slug', 'query ($x: String!) { organization(slug: $x) { name } }'],
    ['kinds', 'query ($x: [OfficeKind!]) { offices(filter: { kind: $x }) { totalCount } }'],
    ['a mutation', 'mutation ($x: CreatePersonInput!) { createPerson(input: $x) { __typename } }'],
  ])('is deep brackets in variables: %s', async (_what, query) => {
    for (const depth of [30, 3000, 10_000, 450_000]) {
      const reply = await endpoint.send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"query":${JSON.stringify(query)},"variables":{"x":${nested(depth)}}}`,
      });
      expect(reply).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
      expect(reply.body.errors?.[0]?.extensions).toMatchObject({ exceeded: 'depth', limit: 20 });
    }
    const byGet = await endpoint.send(
      `/graphql?query={__typename}&variables=${encodeURIComponent(`{"x":${nested(2000)}}`)}`,
    );
    expect(byGet).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  });

  it.each([
    ['a list', Array<number>(100_001).fill(1)],
    ['lists', Array.from({ length: 3000 }, () => Array<number>(50).fill(1))],
    ['objects', Array<object>(60_000).fill({ k: 1 })],
  ])('is too many values in variables: %s', async (_what, value) => {
    const query = 'query ($x: [OfficeKind!]) { offices(filter: { kind: $x }) { totalCount } }';
    const reply = await endpoint.execute(query, { x: value });
    expect(reply).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    expect(reply.body.errors?.[0]?.extensions).toMatchObject({
      exceeded: 'values',
      limit: 100_000,
    });
  });

  it('is too many pages within pages: the error gives the cost, the limit and advice', async () => {
    const query = `query ($n: Int) { organizations(first: $n) { nodes {
      offices(first: $n) { nodes { references(first: $n) { nodes { exact } } } } } } }`;
    const { status, code, message, body } = await endpoint.execute(query, { n: 100 });
    expect({ status, code }).toEqual({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    expect(message).toBe(
      'The response could contain 1520201 objects, more than the maximum of 50000: nested lists multiply. Request smaller pages with first, fewer nested lists, or split the query into several requests.',
    );
    expect(body).not.toHaveProperty('data');
    expect(body.errors?.[0]?.extensions).toMatchObject({ cost: 1_520_201, limit: 50_000 });
    expect((await endpoint.execute(query, { n: 20 })).status).toBe(200);
  });

  it.each([
    ['{ organizations(first: 1000000) { nodes { name } } }', {}],
    ['{ organizations(first: -1) { nodes { name } } }', {}],
    ['query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array<string>(5000).fill('x') }],
    ['query ($s: String!) { organization(slug: $s) { name } }', { s: 'na\0to' }],
    ['query ($n: Int) { offices(first: $n, last: $n) { nodes { name } } }', { n: 1 }],
    ['query ($s: ID!) { statements(filter: { speaker: [$s] }) { totalCount } }', { s: '\0' }],
  ])('is bad input: %s', async (query, variables) => {
    expect(await endpoint.execute(query, variables)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it.each(['\uD800', '__proto__', 'constructor', "' or 1=1 --", '%', '\u{1F4A9}'])(
    'does no harm as a slug: %j',
    async (slug) => {
      const { status, body } = await endpoint.execute(
        'query ($slug: String!) { organization(slug: $slug) { name } }',
        { slug, __proto__: { first: 100 } },
      );
      expect({ status, body }).toEqual({ status: 200, body: { data: { organization: null } } });
    },
  );

  it.each([
    ['broken JSON in variables', '/graphql?query={__typename}&variables={'],
    ['broken JSON in extensions', '/graphql?query={__typename}&extensions=[1,'],
    ['a list as variables', '/graphql?query={__typename}&variables=[1]'],
    ['no query', '/graphql?variables={}'],
  ])('is a bad request by GET: %s', async (_what, path) => {
    const reply = await endpoint.send(path, {
      headers: { accept: 'application/graphql-response+json' },
    });
    expect(reply).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it.each(['a b', 'a@b', 'localhost:99999999', '[::1', 'x/../y', 'ex<script>'])(
    'is a malformed host: %s',
    async (host) => {
      const sent = request(`${endpoint.origin}/graphql?query=%7B__typename%7D`, {
        headers: { host },
      }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      expect(response.statusCode).toBe(400);
      expect(await text(response)).toContain('Host');
    },
  );

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'query=mutation{x}'],
    ['a form with files', 'multipart/form-data; boundary=x', '--x--'],
    ['plain text', 'text/plain', '{"query":"{__typename}"}'],
    ['a type of their own', 'application/graphql', '{__typename}'],
  ])('is not JSON, but what pages send unasked: %s', async (_what, type, body) => {
    const { status, message } = await endpoint.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(status).toBe(415);
    expect(message).not.toBe('');
  });

  it.each([
    ['broken JSON', '{"query":', 400],
    ['null', 'null', 400],
    ['a number', '1', 400],
    ['several operations', '[{"query":"{__typename}"}]', 400],
    ['bytes that are no UTF-8', Buffer.from('{"query":"{\xff\xfe}"}', 'latin1'), 400],
    ['another prototype', '{"__proto__":{"query":"{__typename}"}}', 400],
    ['2 MB', JSON.stringify({ query: ' '.repeat(2_000_000) }), 413],
  ])('is a body that cannot be: %s', async (_what, body, expected) => {
    const { status, message } = await endpoint.send('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
      },
      body,
    });
    expect(status).toBe(expected);
    if (expected === 413) expect(message).toContain('1 MB');
  });

  it('is a mutation by GET', async () => {
    const { status, headers } = await endpoint.send(
      `/graphql?query=${encodeURIComponent('mutation { __typename }')}`,
    );
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('POST');
  });

  it.each([
    ['{ offices(orderBy: { field: "id; drop table entity" }) { totalCount } }', {}],
    [
      'query ($o: OfficeOrder) { offices(orderBy: $o) { totalCount } }',
      { o: { field: 'name desc --' } },
    ],
    ['{ offices(filter: { "1=1": 1 }) { totalCount } }', {}],
  ])('is a sort key or a field of their own making: %s', async (query, variables) => {
    const reply = await endpoint.execute(query, variables);
    expect(reply.body.errors).not.toEqual([]);
    expect(reply.body.data ?? null).toBeNull();
    expect(reply.status).toBeLessThanOrEqual(400);
  });

  it.each(['%ff', '%ed%a0%80', '%', '%00', '%2e%2e%2f%2e%2e'])(
    'is a path that is none: /entity/%s',
    async (path) => {
      const { status, body, headers } = await endpoint.send(`/entity/${path}`);
      expect([400, 404]).toContain(status);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(body.errors?.[0]?.message).toEqual(expect.any(String));
    },
  );

  it.each(['PUT', 'DELETE', 'PATCH'])('is %s', async (method) => {
    const { status, code } = await endpoint.send('/graphql', { method });
    expect({ status, code }).toEqual({ status: 405, code: 'METHOD_NOT_ALLOWED' });
  });

  it('leads nowhere', async () => {
    const { status, code } = await endpoint.send('/admin.php');
    expect({ status, code }).toEqual({ status: 404, code: 'NOT_FOUND' });
  });

  it('is one byte a second, from 200 clients: they are cut off, others are answered', async () => {
    const port = Number(new URL(endpoint.origin).port);
    const body = JSON.stringify({ query: '{ __typename }' });
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    const cutOff = Array.from({ length: 200 }, async (_, i) => {
      const socket = connect(port, 'localhost').on('error', () => {});
      await once(socket, 'connect');
      socket.resume();
      // Half of them dawdle over the header, half over the body.
      let rest = head + body;
      const write = (length: number): void => {
        socket.write(rest.slice(0, length));
        rest = rest.slice(length);
      };
      write(i % 2 ? 5 : head.length);
      const timer = setInterval(() => write(1), 1000);
      await once(socket, 'close');
      clearInterval(timer);
    });
    expect((await endpoint.execute('{ place(slug: "tokyo") { name } }')).status).toBe(200);
    await Promise.all(cutOff);
  });

  it('leaves the server as it was', async () => {
    const { body } = await endpoint.execute('{ place(slug: "tokyo") { name } }');
    expect(body).toEqual({ data: { place: { name: 'Tokyo' } } });
  });
});
