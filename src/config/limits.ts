/** Settings that limit clients; docs/security.md gives the reasons. */
import { isIP } from 'node:net';
import { defaultLimits } from '../server/admission/limits.js';
import { listOf, onOrOff, wholeNumber, type Setting } from './setting.js';

const megabyte = 1024 * 1024;

export const limitSettings = {
  CHANCERY_MAX_COST: {
    description:
      'Maximum number of objects in a response, counted before execution, with every list at its maximum length.',
    expected: 'a whole number from 1000 to 1000000000',
    default: String(defaultLimits.cost),
    schema: wholeNumber(1000, 1_000_000_000),
  },
  CHANCERY_MAX_QUERY_KB: {
    description: 'Maximum length of the text of a query.',
    expected: 'a whole number of kilobytes from 1 to 1000',
    default: String(defaultLimits.queryBytes / 1024),
    schema: wholeNumber(1, 1000),
  },
  CHANCERY_MAX_TOKENS: {
    description: 'Maximum number of tokens in a query.',
    expected: 'a whole number from 200 to 100000',
    default: String(defaultLimits.tokens),
    schema: wholeNumber(200, 100_000),
  },
  CHANCERY_MAX_DEPTH: {
    description: 'Maximum depth of the fields of a query.',
    expected: 'a whole number from 1 to 200',
    default: String(defaultLimits.depth),
    schema: wholeNumber(1, 200),
  },
  CHANCERY_MAX_ROOT_FIELDS: {
    description: 'Maximum number of root fields in a query.',
    expected: 'a whole number from 1 to 10000',
    default: String(defaultLimits.rootFields),
    schema: wholeNumber(1, 10_000),
  },
  CHANCERY_MAX_ALIASES: {
    description: 'Maximum number of aliases in a query.',
    expected: 'a whole number from 0 to 10000',
    default: String(defaultLimits.aliases),
    schema: wholeNumber(0, 10_000),
  },
  CHANCERY_MAX_DIRECTIVES: {
    description: 'Maximum number of directives, such as @include, in a query.',
    expected: 'a whole number from 0 to 10000',
    default: String(defaultLimits.directives),
    schema: wholeNumber(0, 10_000),
  },
  CHANCERY_MAX_FRAGMENTS: {
    description: 'Maximum number of fragments in a query.',
    expected: 'a whole number from 0 to 1000',
    default: String(defaultLimits.fragments),
    schema: wholeNumber(0, 1000),
  },
  CHANCERY_MAX_VALUES: {
    description: 'Maximum number of values in the variables of a request.',
    expected: 'a whole number from 100 to 1000000',
    default: String(defaultLimits.values),
    schema: wholeNumber(100, 1_000_000),
  },
  CHANCERY_RATE_LIMIT: {
    description:
      'Points per minute of each client, in each process; 0 disables the limit. A request takes one point per 100 objects of its cost, and at least one.',
    expected: 'a whole number from 0 to 1000000000',
    default: '5000',
    schema: wholeNumber(0, 1_000_000_000),
  },
  CHANCERY_TRUSTED_PROXIES: {
    description:
      'Proxies whose X-Forwarded-For is trusted for client addresses. Without them, all clients behind a proxy count as one.',
    expected:
      'addresses or networks, separated by commas, such as 10.0.0.0/8 or ::1; or loopback, linklocal, uniquelocal',
    default: '',
    schema: listOf(isProxy),
  },
  CHANCERY_MAX_RUNNING: {
    description: 'Maximum number of requests that each process executes concurrently.',
    expected: 'a whole number from 1 to 100000',
    default: String(defaultLimits.running),
    schema: wholeNumber(1, 100_000),
  },
  CHANCERY_MAX_WAITING: {
    description: 'Maximum number of queued requests; the server rejects others with 503.',
    expected: 'a whole number from 0 to 1000000',
    default: String(defaultLimits.waiting),
    schema: wholeNumber(0, 1_000_000),
  },
  CHANCERY_LARGE_COST: {
    description:
      'Cost above which a request is large. Large requests have a queue and connections of their own.',
    expected: 'a whole number from 1 to 1000000000',
    default: String(defaultLimits.largeCost),
    schema: wholeNumber(1, 1_000_000_000),
  },
  CHANCERY_MAX_LARGE_RUNNING: {
    description:
      'Maximum total cost of large requests that each process executes concurrently; a request that costs more runs alone.',
    expected: 'a whole number from 1 to 1000000000',
    default: String(defaultLimits.largeRunning),
    schema: wholeNumber(1, 1_000_000_000),
  },
  CHANCERY_MAX_LARGE_WAITING: {
    description: 'Maximum number of queued large requests; the server rejects others with 503.',
    expected: 'a whole number from 0 to 1000000',
    default: String(defaultLimits.largeWaiting),
    schema: wholeNumber(0, 1_000_000),
  },
  CHANCERY_MAX_RESPONSE_MB: {
    description: 'Maximum size of a response; a larger one fails with RESPONSE_TOO_LARGE.',
    expected: 'a whole number of megabytes from 1 to 500',
    default: String(defaultLimits.responseBytes / megabyte),
    schema: wholeNumber(1, 500),
  },
  CHANCERY_RESPONSE_BUDGET_MB: {
    description:
      'Maximum total size of the responses of each process that are not yet read by their clients; while it is reached, the server rejects requests with 503.',
    expected: 'a whole number of megabytes from 1 to 100000',
    default: String(defaultLimits.responseBudgetBytes / megabyte),
    schema: wholeNumber(1, 100_000),
  },
  CHANCERY_MAX_STREAMS: {
    description:
      'Maximum number of open event streams in each process; the server rejects others with 503.',
    expected: 'a whole number from 0 to 100000',
    default: String(defaultLimits.streams),
    schema: wholeNumber(0, 100_000),
  },
  CHANCERY_MAX_CLIENT_STREAMS: {
    description:
      'Maximum number of event streams of one client; the server rejects others with 429. Without CHANCERY_RATE_LIMIT, clients are not distinguished.',
    expected: 'a whole number from 0 to 100000',
    default: String(defaultLimits.clientStreams),
    schema: wholeNumber(0, 100_000),
  },
  CHANCERY_MAX_WAIT_MS: {
    description:
      'Maximum estimated time in the queue; the server rejects a request that would wait longer.',
    expected: 'a whole number of milliseconds from 1 to 600000',
    default: String(defaultLimits.waitSeconds * 1000),
    schema: wholeNumber(1, 600_000),
  },
  CHANCERY_REQUEST_SECONDS: {
    description:
      'Timeout of a request, including its time in the queue; after that the response is 504.',
    expected: 'a whole number of seconds from 1 to 3600',
    default: String(defaultLimits.seconds),
    schema: wholeNumber(1, 3600),
  },
  CHANCERY_RECEIVE_SECONDS: {
    description:
      'How long a client may take to send a request; after that the server closes the connection.',
    expected: 'a whole number of seconds from 1 to 3600',
    default: '15',
    schema: wholeNumber(1, 3600),
  },
  CHANCERY_SLOW_STREAM_SECONDS: {
    description:
      'How long a client may leave an event of a stream, or 64 kB of a response, unread; after that the server closes the connection, a stream with EVENTS_LOST.',
    expected: 'a whole number of seconds from 1 to 3600',
    default: String(defaultLimits.slowSeconds),
    schema: wholeNumber(1, 3600),
  },
  CHANCERY_CORS_ORIGINS: {
    description: 'Origins whose pages may send requests from a browser (CORS). Default: none.',
    expected: 'origins separated by commas, such as https://example.org, or * for all',
    default: '',
    schema: listOf(isOrigin),
  },
  CHANCERY_INTROSPECTION: {
    description: 'Whether introspection is allowed, and errors suggest names.',
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
} as const satisfies Record<string, Setting>;

// Private:

function isProxy(text: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(text)) return true;
  const [address = '', mask, ...more] = text.split('/');
  const version = isIP(address);
  if (!version || more.length) return false;
  return (
    mask === undefined || (/^\d{1,3}$/.test(mask) && Number(mask) <= (version === 4 ? 32 : 128))
  );
}

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text);
}
