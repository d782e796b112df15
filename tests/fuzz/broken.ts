/** Requests that are broken in one way or another, as bytes. */
import type { Operation } from './operations.ts';
import type { Random } from '../support/random.ts';
import { oddTexts } from './values.ts';

/** @param operation What the request would have been. */
export function brokenFrom(operation: Operation, random: Random): Buffer {
  return random.pick(ways)(operation, random);
}

/** A request as it is sent. */
export function rawRequest(
  start: string,
  headers: Record<string, string>,
  body: string | Buffer = '',
): Buffer {
  const all = {
    host: 'localhost',
    connection: 'close',
    ...(body.length && { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`${start} HTTP/1.1\r\n${head.join('')}\r\n`),
    Buffer.from(body),
  ]);
}

// Private:

type Way = (operation: Operation, random: Random) => Buffer;

const json = { 'content-type': 'application/json' };
const post = (body: string | Buffer, headers: Record<string, string> = json): Buffer =>
  rawRequest('POST /graphql', headers, body);

const ways: Way[] = [
  // Bytes.
  (_operation, random) => post(bytes(random, random.int(1, 300))),
  (operation, random) => post(damaged(Buffer.from(JSON.stringify(operation)), random)),
  (operation, random) => {
    const body = JSON.stringify(operation);
    return post(body.slice(0, random.int(0, body.length - 1)));
  },
  // Queries with words that are missing, doubled, swapped, foreign.
  (operation, random) =>
    post(JSON.stringify({ ...operation, query: reworded(operation.query, random) })),
  (operation, random) =>
    post(
      JSON.stringify({
        ...operation,
        query: damaged(Buffer.from(operation.query), random).toString(),
      }),
    ),
  // Members of a wrong type.
  (operation, random) =>
    post(
      JSON.stringify({
        ...operation,
        [random.pick(['query', 'variables', 'operationName', 'extensions'])]: anything(random),
      }),
    ),
  (_operation, random) => post(JSON.stringify(anything(random))),
  // Variables of a wrong type, too large, too deep.
  ({ query, variables }, random) =>
    post(
      JSON.stringify({
        query,
        variables: Object.fromEntries(
          Object.keys(variables).map((name) => [name, anything(random)]),
        ),
      }),
    ),
  ({ query, variables }, random) => {
    const [name = 'v0'] = Object.keys(variables);
    return post(
      `{"query":${JSON.stringify(query)},"variables":{${JSON.stringify(name)}:${hugeNumber(random)}}}`,
    );
  },
  ({ query, variables }, random) => {
    const name = Object.keys(variables)[0] ?? 'v0';
    const depth = random.pick([5, 50, 5000, 50_000]);
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ] as const);
    const inner = open === '[' ? '' : '1';
    return post(
      `{"query":${JSON.stringify(query)},"variables":{${JSON.stringify(name)}:${open.repeat(depth)}${inner}${close.repeat(depth)}}}`,
    );
  },
  // Values of a wrong kind in the query.
  ({ query, variables }, random) =>
    post(
      JSON.stringify({
        query: query.replace(
          /: ("[^"]*"|\d+|true|false|[A-Z_]+)(?=[,)} ])/,
          () => `: ${literal(random)}`,
        ),
        variables,
      }),
    ),
  // Headers.
  (operation, random) =>
    post(JSON.stringify(operation), {
      ...json,
      [random.pick(headerNames)]: random.pick([
        ...oddHeaders,
        'x'.repeat(random.pick([100, 20_000])),
      ]),
    }),
  (operation, random) =>
    post(JSON.stringify(operation), {
      ...json,
      'content-length': random.pick(['-1', 'x', '0', '1', '99999999999', '5, 6']),
    }),
  (operation, random) =>
    post(random.chance(0.5) ? JSON.stringify(operation) : '5\r\nhello\r\n0\r\n\r\n', {
      ...json,
      'transfer-encoding': random.pick(['chunked', 'gzip', 'chunked, chunked', 'x']),
    }),
  (operation, random) =>
    rawRequest(
      `${random.pick(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'get', 'Q\0', ''])} /graphql`,
      json,
      JSON.stringify(operation),
    ),
  // Addresses.
  ({ query, variables }, random) => {
    const text = encodeURIComponent(query);
    const address = random.pick([
      `query=${text.slice(0, random.int(0, text.length))}`,
      `query=${text}&query=${text}`,
      `query=${text}&variables=${encodeURIComponent(JSON.stringify(variables)).slice(0, -random.int(1, 9))}`,
      `query=${text}&variables=${random.pick(['null', '1', '[]', '%22', '%', '{"__proto__":1}'])}`,
      `query=${text}&extensions=${random.pick(['{', '[]', '{"persistedQuery":{"version":9}}'])}`,
      `query=${text}&operationName=${random.pick(['x', '__proto__', '%00'])}`,
      bytes(random, 40)
        .toString('latin1')
        .replaceAll(/[\s\0]/g, '.'),
    ]);
    return rawRequest(`GET /graphql?${address}`, {
      accept: random.pick([
        '*/*',
        'application/graphql-response+json',
        'text/html',
        'text/event-stream',
      ]),
    });
  },
  (_operation, random) =>
    rawRequest(
      `GET ${random.pick(['/', '//', '/entity/', '/article/', '/event/', '/health/', '/ready?', '/../', '/graphql/', 'http://evil.example/', '*'])}${random.pick(['', encodeURIComponent(random.pick(oddTexts).replaceAll(/\p{Surrogate}/gu, '?')), '%', '%ff', '?a=%00', 'x'.repeat(9000)])}`,
      { accept: random.pick(['*/*', 'text/html', 'application/ld+json', '']) },
    ),
];

const headerNames = [
  'content-type',
  'accept',
  'authorization',
  'host',
  'origin',
  'cookie',
  'if-none-match',
  'last-event-id',
  'x-forwarded-for',
  'x-request-id',
  'traceparent',
  'content-encoding',
  'expect',
  'upgrade',
  'range',
  'accept-encoding',
];

const oddHeaders = [
  '',
  '*',
  ',,,',
  'a=b; c',
  'text/plain',
  'application/json; charset=latin1',
  'application/json; charset="',
  'multipart/form-data; boundary=x',
  'multipart/mixed',
  'application/graphql-response+json;q=x',
  'text/event-stream',
  'Bearer chk_xxx',
  'Bearer a.b.c',
  'Basic Og==',
  'null',
  '\u0001\u0002',
  'é',
  'gzip',
  '100-continue',
  'websocket',
  '00-0-0-0',
  '::1, 127.0.0.1, x',
  '"a", W/"b"',
];

const anythings: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  'x',
  [],
  [[]],
  [null],
  {},
  { a: {} },
  { query: '{ __typename }' },
  [{ query: '{ __typename }' }, { query: '{ __typename }' }],
  ...oddTexts,
  Array.from({ length: 500 }, (_, i) => i),
];

const anything = (random: Random): unknown => random.pick(anythings);

const literal = (random: Random): string =>
  random.pick([
    'null',
    '[]',
    '{}',
    '[[[[1]]]]',
    '{ a: { b: 1 } }',
    '1e999',
    '9'.repeat(5000),
    '-0',
    '""',
    '"\\u0000"',
    '"\\uD800"',
    '"""\nblock\n"""',
    'NOTHING',
    '$undeclared',
    '['.repeat(60) + ']'.repeat(60),
  ]);

const hugeNumber = (random: Random): string =>
  random.pick([
    '1e400',
    '-1e400',
    '9'.repeat(1000),
    '1e-400',
    '-0',
    '0.1e1',
    `1.${'0'.repeat(5000)}1`,
    '2147483648',
  ]);

const bytes = (random: Random, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, () => random.int(0, 255)));

/** A few bytes are changed, put in or taken out. */
function damaged(text: Buffer, random: Random): Buffer {
  const result = [...text];
  for (let i = random.int(1, 5); i > 0; i--) {
    const at = random.int(0, result.length);
    result.splice(at, random.int(0, 2), ...bytes(random, random.int(0, 2)));
  }
  return Buffer.from(result);
}

function reworded(query: string, random: Random): string {
  const words = query.split(/(?<=[\s(){},:])/);
  for (let i = random.int(1, 4); i > 0; i--) {
    const at = random.int(0, words.length - 1);
    const word = random.pick([
      '',
      random.pick(words),
      ...[
        '{',
        '}',
        '...',
        '@skip',
        '$x',
        '"',
        '#',
        '\u0000',
        '\u2028',
        '__schema',
        'on',
        '!',
        '&',
        '|',
      ],
    ]);
    words.splice(at, random.int(0, 1), word);
  }
  return words.join('');
}
