/**
 * Settings from environment variables, validated. `.env.example` and `chancery serve --help`
 * contain their descriptions.
 */
import { z } from 'zod';
import { agentSettings } from './config/agents.js';
import { limitSettings } from './config/limits.js';
import { onOrOff, wholeNumber, type Setting } from './config/setting.js';
import { tokenOptions, tokenSettings } from './config/tokens.js';
import { persistedSettings, watchingSettings } from './config/observability.js';
import type { DatabaseLocation } from './database/open.js';
import type { BodyAccess } from './knowledge/validation/bodyAccess.js';
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
  federation: boolean;
  limits: Limits;
  pointsPerMinute: number;
  trustedProxies: string[];
  corsOrigins: string[];
  /** The base of URLs in linked data; undefined: the host of the request. */
  publicUrl: string | undefined;
  receiveSeconds: number;
  cacheMegabytes: number;
  sample: boolean;
  /** How much of the bodies of new articles readers may see, by default. */
  bodyAccess: BodyAccess;
  /** The issuer whose tokens are accepted in addition to API keys; undefined: none. */
  tokens: TokenOptions | undefined;
  persisted: PersistedSettings;
  /** Whether `/mcp` is served. */
  servesMcp: boolean;
  /** Names by which agents reach it. */
  mcpHosts: string[];
  /** The key of `chancery mcp`. */
  mcpKey: string | undefined;
  shutdownSeconds: number;
  logLevel: string;
  metrics: boolean;
  metricsToken: string | undefined;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** All settings by environment variable. */
export const settings = {
  DATABASE_URL: {
    description:
      'The PostgreSQL database (15 or newer) that stores the knowledge base. Default: an embedded database in CHANCERY_DATA_DIR.',
    expected: 'an address such as postgres://user:password@host:5432/database',
    default: '',
    schema: z.string().refine(isPostgresUrl).optional(),
  },
  DATABASE_POOL_SIZE: {
    description:
      'Number of connections to PostgreSQL for reading, in each worker. About as many more are opened on demand, for large requests, changes, reads of editors and reads of the past; see docs/operations.md.',
    expected: 'a whole number from 1 to 1000',
    default: '10',
    schema: wholeNumber(1, 1000),
  },
  DATABASE_WAIT_SECONDS: {
    description:
      'How long to wait at startup for PostgreSQL to respond. Meanwhile the server is alive, but not ready.',
    expected: 'a whole number of seconds from 0 to 3600',
    default: '300',
    schema: wholeNumber(0, 3600),
  },
  CHANCERY_DATA_DIR: {
    description:
      'The folder of the embedded database. One process at a time opens it; commands connect to that process through a socket in the folder.',
    expected: 'the path of a folder',
    default: '.chancery',
    schema: z.string().min(1),
  },
  CHANCERY_SAMPLE: {
    description: 'Whether to fill an empty knowledge base with the sample at startup.',
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
  CHANCERY_BODY_ACCESS: {
    description:
      'How much of the bodies of new articles readers may see, unless the article or its publisher says it: FULL, or PASSAGES for cited passages only. It is stored with each article when it is created: changing the setting does not change articles that exist. Imports by command line use it, too.',
    expected: 'FULL or PASSAGES',
    default: 'FULL',
    schema: z.enum(['FULL', 'PASSAGES']),
  },
  CHANCERY_GRAPHIQL: {
    description: 'Whether the endpoint serves GraphiQL to browsers.',
    expected: 'on or off',
    default: 'on',
    schema: onOrOff,
  },
  CHANCERY_FEDERATION: {
    description:
      'Whether the schema is a subgraph of Apollo Federation 2, with _service and _entities; see docs/federation.md.',
    expected: 'on or off',
    default: 'off',
    schema: onOrOff,
  },
  CHANCERY_CACHE_MB: {
    description:
      'Size of the response cache of each process; 0 disables it. A change invalidates the responses that contain the changed records.',
    expected: 'a whole number of megabytes from 0 to 100000',
    default: '64',
    schema: wholeNumber(0, 100_000),
  },
  ...tokenSettings,
  ...limitSettings,
  ...persistedSettings,
  ...agentSettings,
  CHANCERY_PUBLIC_URL: {
    description:
      'Base URL of the server for clients, used in linked data. Default: the host of the request; X-Forwarded-Host is never used.',
    expected: 'an http or https address that ends in /, such as https://knowledge.example/',
    default: '',
    schema: z
      .url({ protocol: /^https?$/ })
      .refine((url) => url.endsWith('/') && !/[?#@]/.test(url))
      .optional(),
  },
  HOST: {
    description:
      'The address to listen on: localhost for this machine only, 0.0.0.0 or :: for the network.',
    expected: 'a host name or an IP address',
    default: 'localhost',
    schema: z.string().regex(/^[\w.:-]+$/),
  },
  PORT: {
    description: 'The port to listen on; 0 selects a free one.',
    expected: 'a whole number from 0 to 65535',
    default: '4000',
    schema: wholeNumber(0, 65535),
  },
  CHANCERY_WORKERS: {
    description:
      'Number of processes that share the port; auto starts one per core. More than one requires DATABASE_URL.',
    expected: 'a whole number from 1 to 256, or auto',
    default: '1',
    schema: z.literal('auto').or(wholeNumber(1, 256)),
  },
  SHUTDOWN_SECONDS: {
    description: 'How long running requests may take to complete when the server stops.',
    expected: 'a whole number of seconds from 0 to 600',
    default: '10',
    schema: wholeNumber(0, 600),
  },
  LOG_LEVEL: {
    description: 'Minimum level of log lines, which are written as JSON to standard output.',
    expected: `one of ${logLevels.join(', ')}`,
    default: 'info',
    schema: z.enum(logLevels),
  },
  ...watchingSettings,
} as const satisfies Record<string, Setting>;

/** Settings whose values are not shown in errors. */
const secrets = new Set(['DATABASE_URL', 'CHANCERY_METRICS_TOKEN', 'CHANCERY_MCP_KEY']);

/** Invalid settings, each with the expected value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** @throws ConfigError with all invalid settings */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = [];
  const read = <Name extends keyof typeof settings>(name: Name) => {
    const { schema, expected, default: byDefault }: Setting = settings[name];
    const given = env[name]?.trim() || byDefault || undefined;
    const result = schema.safeParse(given);
    if (!result.success) {
      // The URL of the database may contain a password.
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
    federation: read('CHANCERY_FEDERATION'),
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
    bodyAccess: read('CHANCERY_BODY_ACCESS'),
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
    servesMcp: read('CHANCERY_MCP'),
    mcpHosts: read('CHANCERY_MCP_HOSTS'),
    mcpKey: read('CHANCERY_MCP_KEY'),
    shutdownSeconds: read('SHUTDOWN_SECONDS'),
    logLevel: read('LOG_LEVEL'),
    metrics: read('CHANCERY_METRICS'),
    metricsToken: read('CHANCERY_METRICS_TOKEN'),
  };
  if (config.persisted.only && config.persisted.file === undefined) {
    problems.push(
      'CHANCERY_PERSISTED_ONLY requires CHANCERY_PERSISTED_OPERATIONS, a file that lists the allowed operations',
    );
  }
  if (problems.length) throw new ConfigError(problems.join('\n'));
  return config;
}

// Private:

function isPostgresUrl(text: string): boolean {
  try {
    return /^postgres(ql)?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}
