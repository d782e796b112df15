/** The settings of what clients may do. docs/security.md has the reason of each. */
import { isIP } from 'node:net';
import { defaultLimits } from '../server/admission/limits.js';
import { listOf, onOrOff, wholeNumber, type Setting } from './setting.js';

const megabyte = 1024 * 1024;

export const limitSettings = {
  CHANCERY_MAX_COST: {
    description:
      'How many objects an answer may hold, counted before anything is read, with every list as full as it can be.',
    expected: 'a whole number from 1000 to 1000000000',
    default: String(defaultLimits.cost),
    schema: wholeNumber(1000, 1_000_000_000),
  },
  CHANCERY_MAX_QUERY_KB: {
    description: 'How long the text of a query may be.',
    expected: 'a whole number of kilobytes from 1 to 1000',
    default: String(defaultLimits.queryBytes / 1024),
    schema: wholeNumber(1, 1000),
  },
  CHANCERY_MAX_TOKENS: {
    description: 'How many words and signs a query may have.',
    expected: 'a whole number from 200 to 100000',
    default: String(defaultLimits.tokens),
    schema: wholeNumber(200, 100_000),
  },
  CHANCERY_MAX_DEPTH: {
    description: 'How many levels deep the fields of a query may lie.',
    expected: 'a whole number from 1 to 200',
    default: String(defaultLimits.depth),
    schema: wholeNumber(1, 200),
  },
  CHANCERY_MAX_ROOT_FIELDS: {
    description: 'How many fields a query may have at its root.',
    expected: 'a whole number from 1 to 10000',
    default: String(defaultLimits.rootFields),
    schema: wholeNumber(1, 10_000),
  },
  CHANCERY_MAX_ALIASES: {
    description: 'How many aliases a query may have.',
    expected: 'a whole number from 0 to 10000',
    default: String(defaultLimits.aliases),
    schema: wholeNumber(0, 10_000),
  },
  CHANCERY_MAX_DIRECTIVES: {
    description: 'How many directives, such as @include, a query may have.',
    expected: 'a whole number from 0 to 10000',
    default: String(defaultLimits.directives),
    schema: wholeNumber(0, 10_000),
  },
  CHANCERY_MAX_FRAGMENTS: {
    description: 'How many fragments a query may define.',
    expected: 'a whole number from 0 to 1000',
    default: String(defaultLimits.fragments),
    schema: wholeNumber(0, 1000),
  },
  CHANCERY_MAX_VALUES: {
    description: 'How many values the variables of a request may hold.',
    expected: 'a whole number from 100 to 1000000',
    default: String(defaultLimits.values),
    schema: wholeNumber(100, 1_000_000),
  },
  CHANCERY_RATE_LIMIT: {
    description:
      'How many points each client has a minute, in each process; 0: any number. A request takes a point for each hundred objects of its cost, and one at least.',
    expected: 'a whole number from 0 to 1000000000',
    default: '5000',
    schema: wholeNumber(0, 1_000_000_000),
  },
  CHANCERY_TRUSTED_PROXIES: {
    description:
      'The proxies in front of the server, whose X-Forwarded-For tells the address of a client. Without them all clients behind a proxy count as one.',
    expected:
      'addresses or networks, separated by commas, such as 10.0.0.0/8 or ::1; or loopback, linklocal, uniquelocal',
    default: '',
    schema: listOf(isProxy),
  },
  CHANCERY_MAX_RUNNING: {
    description: 'How many requests each process works on at a time.',
    expected: 'a whole number from 1 to 100000',
    default: String(defaultLimits.running),
    schema: wholeNumber(1, 100_000),
  },
  CHANCERY_MAX_WAITING: {
    description: 'How many more may wait for their turn; beyond them the answer is 503 at once.',
    expected: 'a whole number from 0 to 1000000',
    default: String(defaultLimits.waiting),
    schema: wholeNumber(0, 1_000_000),
  },
  CHANCERY_LARGE_COST: {
    description:
      'Above which cost a request is large: it goes a way of its own, on which others of its kind wait for their turn.',
    expected: 'a whole number from 1 to 1000000000',
    default: String(defaultLimits.largeCost),
    schema: wholeNumber(1, 1_000_000_000),
  },
  CHANCERY_MAX_LARGE_RUNNING: {
    description:
      'The cost of all large requests that each process works on at a time; one that costs more runs alone.',
    expected: 'a whole number from 1 to 1000000000',
    default: String(defaultLimits.largeRunning),
    schema: wholeNumber(1, 1_000_000_000),
  },
  CHANCERY_MAX_LARGE_WAITING: {
    description: 'How many large requests may wait for their turn; beyond them it is 503 at once.',
    expected: 'a whole number from 0 to 1000000',
    default: String(defaultLimits.largeWaiting),
    schema: wholeNumber(0, 1_000_000),
  },
  CHANCERY_MAX_RESPONSE_MB: {
    description: 'How large an answer may be; a larger one is RESPONSE_TOO_LARGE.',
    expected: 'a whole number of megabytes from 1 to 500',
    default: String(defaultLimits.responseBytes / megabyte),
    schema: wholeNumber(1, 500),
  },
  CHANCERY_RESPONSE_BUDGET_MB: {
    description:
      'How much all answers of each process may take that are being made, or not yet read by their clients; while there is no room, other requests get 503.',
    expected: 'a whole number of megabytes from 1 to 100000',
    default: String(defaultLimits.responseBudgetBytes / megabyte),
    schema: wholeNumber(1, 100_000),
  },
  CHANCERY_MAX_STREAMS: {
    description: 'How many event streams each process keeps open at a time; beyond them it is 503.',
    expected: 'a whole number from 0 to 100000',
    default: String(defaultLimits.streams),
    schema: wholeNumber(0, 100_000),
  },
  CHANCERY_MAX_CLIENT_STREAMS: {
    description:
      'How many of them one client may have; beyond them it is 429. Without CHANCERY_RATE_LIMIT clients are not told apart.',
    expected: 'a whole number from 0 to 100000',
    default: String(defaultLimits.clientStreams),
    schema: wholeNumber(0, 100_000),
  },
  CHANCERY_MAX_WAIT_MS: {
    description:
      'How long a request may have to wait for its turn, as far as can be told when it comes; one that would wait longer is refused at once.',
    expected: 'a whole number of milliseconds from 1 to 600000',
    default: String(defaultLimits.waitSeconds * 1000),
    schema: wholeNumber(1, 600_000),
  },
  CHANCERY_REQUEST_SECONDS: {
    description: 'How long a request may take, waiting included; after that the answer is 504.',
    expected: 'a whole number of seconds from 1 to 3600',
    default: String(defaultLimits.seconds),
    schema: wholeNumber(1, 3600),
  },
  CHANCERY_RECEIVE_SECONDS: {
    description: 'How long a client may take to send a request; after that it is cut off.',
    expected: 'a whole number of seconds from 1 to 3600',
    default: '15',
    schema: wholeNumber(1, 3600),
  },
  CHANCERY_SLOW_STREAM_SECONDS: {
    description:
      'How long a client may leave an event of a stream, or 64 kB of an answer, unread; after that it is cut off, and of a stream told EVENTS_LOST.',
    expected: 'a whole number of seconds from 1 to 3600',
    default: String(defaultLimits.slowSeconds),
    schema: wholeNumber(1, 3600),
  },
  CHANCERY_CORS_ORIGINS: {
    description: 'The sites whose pages may ask this server from a browser; without it, none.',
    expected: 'origins separated by commas, such as https://example.org, or * for all',
    default: '',
    schema: listOf(isOrigin),
  },
  CHANCERY_INTROSPECTION: {
    description: 'Whether clients may ask for the schema, and get names suggested in errors.',
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
