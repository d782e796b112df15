/**
 * The settings, each from one environment variable, each checked. This file is their manual:
 * `.env.example` and `chancery serve --help` say the same.
 */
import { z } from 'zod';
import { limitSettings } from './config/limits.js';
import { onOrOff, wholeNumber, type Setting } from './config/setting.js';
import { persistedSettings, watchingSettings } from './config/observability.js';
import type { DatabaseLocation } from './database/open.js';
import type { PersistedSettings } from './server/execution/persisted/persisted.js';
import type { TokenOptions } from './server/auth/tokens.js';
import type { Limits } from './server/admission/limits.js';

export interface Config {
  database: DatabaseLocation;
  poolSize: number;
  waitSeconds: number;
  host: string;
  port: number;
  workers: number | 'auto';
  graphiql: boolean;
  introspection: boolean;
  limits: Limits;
  pointsPerMinute: number;
  trustedProxies: string[];
  corsOrigins: string[];
  /** What addresses in linked data begin with; undefined: the host that the request names. */
  publicUrl: string | undefined;
  receiveSeconds: number;
  cacheMegabytes: number;
  sample: boolean;
  /** Whose tokens are taken beside API keys; undefined: nobody's. */
  tokens: TokenOptions | undefined;
  persisted: PersistedSettings;
  shutdownSeconds: number;
  logLevel: string;
  metrics: boolean;
  metricsToken: string | undefined;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting there is, by the name of its variable. */
export const settings = {
  DATABASE_URL: {
    description:
      'The PostgreSQL database (15 or newer) that holds the knowledge. Without it an embedded one in CHANCERY_DATA_DIR does.',
    expected: 'an address such as postgres://user:password@host:5432/database',
    default: '',
    schema: z.string().refine(isPostgresUrl).optional(),
  },
  DATABASE_POOL_SIZE: {
    description:
      'How many connections to PostgreSQL the server keeps for reading; with several workers, each of them. About as many more are made as they are needed: for large requests, for changes, for what editors read and for the past; docs/operations.md counts them.',
    expected: 'a whole number from 1 to 1000',
    default: '10',
    schema: wholeNumber(1, 1000),
  },
  DATABASE_WAIT_SECONDS: {
    description:
      'How long to wait at start for a PostgreSQL that does not answer yet. Meanwhile the server is alive, but not ready.',
    expected: 'a whole number of seconds from 0 to 3600',
    default: '300',
    schema: wholeNumber(0, 3600),
  },
  CHANCERY_DATA_DIR: {
    description:
      'The folder of the embedded database. One process at a time opens it; commands go through a socket in it.',
    expected: 'the path of a folder',
    default: '.chancery',
    schema: z.string().min(1),
  },
  CHANCERY_SAMPLE: {
    description: 'Whether to fill an empty knowledge base with the sample at start.',
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
  CHANCERY_GRAPHIQL: {
    description: 'Whether browsers get GraphiQL, to explore and try queries, at the endpoint.',
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
  CHANCERY_CACHE_MB: {
    description:
      'How much memory each process may take to keep answers until something in them changes; 0: none are kept.',
    expected: 'a whole number of megabytes from 0 to 100000',
    default: '64',
    schema: wholeNumber(0, 100_000),
  },
  CHANCERY_JWT_ISSUER: {
    description:
      'Whose tokens (JWT) are taken beside API keys: their claim iss. Without it no tokens are.',
    expected: 'a text such as https://login.example.org/',
    default: '',
    schema: z.string().min(1).max(2000).optional(),
  },
  CHANCERY_JWT_AUDIENCE: {
    description: 'For whom tokens must be meant: their claim aud. Needed with CHANCERY_JWT_ISSUER.',
    expected: 'a text such as chancery',
    default: '',
    schema: z.string().min(1).max(2000).optional(),
  },
  CHANCERY_JWT_JWKS_URL: {
    description:
      'Where the issuer publishes the keys that it signs with (JWKS). Needed with CHANCERY_JWT_ISSUER.',
    expected: 'an address such as https://login.example.org/.well-known/jwks.json',
    default: '',
    schema: z.url({ protocol: /^https?$/ }).optional(),
  },
  CHANCERY_JWT_ROLE_CLAIM: {
    description: 'The claim of a token that names the role: reader, editor or admin.',
    expected: 'the name of a claim',
    default: 'role',
    schema: z.string().min(1).max(200),
  },
  ...limitSettings,
  ...persistedSettings,
  CHANCERY_PUBLIC_URL: {
    description:
      'The address at which clients reach the server: what addresses in linked data begin with. Without it, the host that a request names; what proxies say of it (X-Forwarded-Host) is never used.',
    expected: 'an http or https address that ends in /, such as https://knowledge.example/',
    default: '',
    schema: z
      .url({ protocol: /^https?$/ })
      .refine((url) => url.endsWith('/') && !/[?#@]/.test(url))
      .optional(),
  },
  HOST: {
    description:
      'The address to listen at: localhost for this machine only, 0.0.0.0 or :: for the network.',
    expected: 'a host name or an IP address',
    default: 'localhost',
    schema: z.string().regex(/^[\w.:-]+$/),
  },
  PORT: {
    description: 'The port to listen at; 0 lets the system choose a free one.',
    expected: 'a whole number from 0 to 65535',
    default: '4000',
    schema: wholeNumber(0, 65535),
  },
  CHANCERY_WORKERS: {
    description:
      'How many processes answer at the port, to use several cores; auto is one for each core. More than one need DATABASE_URL.',
    expected: 'a whole number from 1 to 256, or auto',
    default: '1',
    schema: z.literal('auto').or(wholeNumber(1, 256)),
  },
  SHUTDOWN_SECONDS: {
    description: 'How long requests that still run may take when the server is told to stop.',
    expected: 'a whole number of seconds from 0 to 600',
    default: '10',
    schema: wholeNumber(0, 600),
  },
  LOG_LEVEL: {
    description: 'The least urgent log lines that are written, as JSON, to the standard output.',
    expected: `one of ${logLevels.join(', ')}`,
    default: 'info',
    schema: z.enum(logLevels),
  },
  ...watchingSettings,
} as const satisfies Record<string, Setting>;

/** What must not be shown. */
const secrets = new Set(['DATABASE_URL', 'CHANCERY_METRICS_TOKEN']);

/** Settings that cannot be used, all of them, each with what was expected. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** @throws ConfigError that names every wrong setting, not only the first */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = [];
  const read = <Name extends keyof typeof settings>(name: Name) => {
    const { schema, expected, default: byDefault }: Setting = settings[name];
    const given = env[name]?.trim() || byDefault || undefined;
    const result = schema.safeParse(given);
    if (!result.success) {
      // A database's address may hold a password.
      const shown = secrets.has(name) ? '' : `, but is ${JSON.stringify(given)}`;
      problems.push(`${name} must be ${expected}${shown}`);
    }
    return result.data as z.output<(typeof settings)[Name]['schema']>;
  };
  const url = read('DATABASE_URL');
  const dataDir = read('CHANCERY_DATA_DIR');
  const config: Config = {
    database: url ? { url } : { dataDir },
    poolSize: read('DATABASE_POOL_SIZE'),
    waitSeconds: read('DATABASE_WAIT_SECONDS'),
    host: read('HOST'),
    port: read('PORT'),
    workers: read('CHANCERY_WORKERS'),
    graphiql: read('CHANCERY_GRAPHIQL'),
    introspection: read('CHANCERY_INTROSPECTION'),
    limits: {
      queryBytes: read('CHANCERY_MAX_QUERY_KB') * 1024,
      tokens: read('CHANCERY_MAX_TOKENS'),
      depth: read('CHANCERY_MAX_DEPTH'),
      rootFields: read('CHANCERY_MAX_ROOT_FIELDS'),
      aliases: read('CHANCERY_MAX_ALIASES'),
      directives: read('CHANCERY_MAX_DIRECTIVES'),
      fragments: read('CHANCERY_MAX_FRAGMENTS'),
      values: read('CHANCERY_MAX_VALUES'),
      cost: read('CHANCERY_MAX_COST'),
      running: read('CHANCERY_MAX_RUNNING'),
      waiting: read('CHANCERY_MAX_WAITING'),
      waitSeconds: read('CHANCERY_MAX_WAIT_MS') / 1000,
      seconds: read('CHANCERY_REQUEST_SECONDS'),
      largeCost: read('CHANCERY_LARGE_COST'),
      largeRunning: read('CHANCERY_MAX_LARGE_RUNNING'),
      largeWaiting: read('CHANCERY_MAX_LARGE_WAITING'),
      responseBytes: read('CHANCERY_MAX_RESPONSE_MB') * 1024 * 1024,
      responseBudgetBytes: read('CHANCERY_RESPONSE_BUDGET_MB') * 1024 * 1024,
      streams: read('CHANCERY_MAX_STREAMS'),
      clientStreams: read('CHANCERY_MAX_CLIENT_STREAMS'),
      slowSeconds: read('CHANCERY_SLOW_STREAM_SECONDS'),
    },
    pointsPerMinute: read('CHANCERY_RATE_LIMIT'),
    trustedProxies: read('CHANCERY_TRUSTED_PROXIES'),
    corsOrigins: read('CHANCERY_CORS_ORIGINS'),
    publicUrl: read('CHANCERY_PUBLIC_URL'),
    receiveSeconds: read('CHANCERY_RECEIVE_SECONDS'),
    cacheMegabytes: read('CHANCERY_CACHE_MB'),
    sample: read('CHANCERY_SAMPLE'),
    tokens: tokenOptions(
      read('CHANCERY_JWT_ISSUER'),
      read('CHANCERY_JWT_AUDIENCE'),
      read('CHANCERY_JWT_JWKS_URL'),
      read('CHANCERY_JWT_ROLE_CLAIM'),
      problems,
    ),
    persisted: {
      file: read('CHANCERY_PERSISTED_OPERATIONS'),
      only: read('CHANCERY_PERSISTED_ONLY'),
      automatic: read('CHANCERY_APQ') && !read('CHANCERY_PERSISTED_ONLY'),
    },
    shutdownSeconds: read('SHUTDOWN_SECONDS'),
    logLevel: read('LOG_LEVEL'),
    metrics: read('CHANCERY_METRICS'),
    metricsToken: read('CHANCERY_METRICS_TOKEN'),
  };
  if (config.persisted.only && config.persisted.file === undefined) {
    problems.push(
      'CHANCERY_PERSISTED_ONLY needs CHANCERY_PERSISTED_OPERATIONS, a file that lists what may be run',
    );
  }
  if (problems.length) throw new ConfigError(problems.join('\n'));
  return config;
}

// Private:

function tokenOptions(
  issuer: string | undefined,
  audience: string | undefined,
  jwksUrl: string | undefined,
  roleClaim: string,
  problems: string[],
): TokenOptions | undefined {
  if (!issuer && !audience && !jwksUrl) return undefined;
  if (issuer && audience && jwksUrl) return { issuer, audience, jwksUrl, roleClaim };
  problems.push(
    'CHANCERY_JWT_ISSUER, CHANCERY_JWT_AUDIENCE and CHANCERY_JWT_JWKS_URL must be given together',
  );
  return undefined;
}

function isPostgresUrl(text: string): boolean {
  try {
    return /^postgres(ql)?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}
