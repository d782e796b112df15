/**
 * Chancery inside an app of your own: a Fetch handler, a Node handler, the schema and the
 * knowledge behind it, on a database that you name.
 *
 *     import { createChancery } from 'chancery';
 *     const chancery = await createChancery({ database: { dataDir: './knowledge' } });
 *     app.use('/graphql', (c) => chancery.fetch(c.req.raw));
 */
import type { GraphQLSchema } from 'graphql';
import { Changes } from './database/changes.js';
import type { Database } from './database/database.js';
import { openDatabase, type DatabaseLocation, type OpenOptions } from './database/open.js';
import { createSchema } from './graph/schema.js';
import {
  importDossier,
  type DossierSource,
  type ImportOptions,
  type ImportSummary,
} from './knowledge/exchange/dossier/import.js';
import type { Knowledge } from './knowledge/knowledge.js';
import type { BatchWatcher } from './knowledge/reading/batcher.js';
import { fillWithSample } from './knowledge/exchange/dossier/sample.js';
import {
  importRecords,
  type StreamImportOptions,
  type StreamSummary,
} from './knowledge/exchange/stream/import.js';
import type { ParsedRecord } from './knowledge/exchange/stream/parsedRecord.js';
import { errorMask, type ErrorLog } from './server/errors/mask.js';
import { Executor } from './server/execution/executor.js';
import { Contexts } from './server/execution/contexts.js';
import {
  identifiedByApp,
  identifyBy,
  type AppIdentify,
  type AppIdentity,
} from './server/auth/identify.js';
import { tokensOf, type TokenOptions, type Tokens } from './server/auth/tokens.js';
import { Admission } from './server/admission/admission.js';
import { defaultLimits, type Limits } from './server/admission/limits.js';
import { CompiledQueries } from './server/execution/compiledQueries.js';
import { Validation } from './server/execution/validation.js';
import { checkManifest, namesIn, readManifest } from './server/execution/persisted/manifest.js';
import { Persisted, type PersistedSettings } from './server/execution/persisted/persisted.js';
import { ResponseCache } from './server/execution/responseCache.js';
import { Metrics } from './server/observability/metrics.js';
import { Tracing } from './server/observability/tracing.js';
import { createEndpoint, type Yoga } from './server/http/yoga.js';

export { publicView, type View } from './knowledge/reading/view.js';
export { DatabaseError } from './database/database.js';
export { DossierError, type DossierIssue } from './knowledge/exchange/dossier/issues.js';
export { ManifestError } from './server/execution/persisted/manifest.js';
export { StreamError } from './knowledge/exchange/stream/import.js';
export type {
  RejectedRecord as Refusal,
  Warning,
} from './knowledge/exchange/stream/parsedRecord.js';
export type {
  AppIdentify,
  AppIdentity,
  Database,
  DatabaseLocation,
  DossierSource,
  ErrorLog,
  ImportSummary,
  Knowledge,
  Limits,
  Metrics,
  PersistedSettings,
  StreamImportOptions,
  StreamSummary,
  TokenOptions,
};

export interface ChanceryOptions extends Omit<OpenOptions, 'socket'> {
  /** `{ url: 'postgres://…' }`, `{ dataDir: './knowledge' }` or `{ inMemory: true }`. */
  database: DatabaseLocation;
  /** The path at which the endpoint answers. Default `/graphql`. */
  endpoint?: string | undefined;
  /** Whether browsers get GraphiQL at the endpoint. Default true. */
  graphiql?: boolean | undefined;
  /** Whether clients may ask for the schema. Default true. */
  introspection?: boolean | undefined;
  /** Whether to bring the tables up to date first. Default true. */
  migrate?: boolean | undefined;
  /** Whether to fill an empty knowledge base with the sample. Default false. */
  sample?: boolean | undefined;
  /** How many megabytes of answers are kept until something in them changes; 0: none. Default 64. */
  cacheMegabytes?: number | undefined;
  /** Whose tokens (JWT) are taken beside API keys. Default: nobody's. */
  tokens?: TokenOptions | undefined;
  /**
   * Whom credentials stand for that are neither an API key nor a token (`Authorization: Bearer …`).
   * With `tokens` it is asked first, and tokens are looked at where it knows of nobody.
   */
  identify?: AppIdentify | undefined;
  /** What a request may ask for and take, where it is to differ from docs/security.md. */
  limits?: Partial<Limits> | undefined;
  /** Queries that are named instead of sent; see docs/security.md. Default: only APQ. */
  persisted?: Partial<PersistedSettings> | undefined;
  /**
   * Whether spans are made, for the OpenTelemetry SDK that the process has set up. Default false.
   */
  traced?: boolean | undefined;
  /** Where unexpected errors are told. Default: the console. */
  log?: ErrorLog | undefined;
}

export interface Chancery {
  readonly schema: GraphQLSchema;
  /** The endpoint, for Node's `http` and as a plugin host. */
  readonly yoga: Yoga;
  /** Answers plain queries, for hosts that do the HTTP themselves. */
  readonly executor: Executor;
  /** What is counted, for a host that gives it to Prometheus: `metrics.registry.metrics()`. */
  readonly metrics: Metrics;
  /** The endpoint as a Fetch handler, for Hono, Bun, Deno and whatever speaks `Request` and `Response`. */
  fetch(request: Request): Promise<Response>;
  /** What the knowledge base can be asked without GraphQL. */
  readonly knowledge: Knowledge;
  readonly database: Database;
  /** Reads a dossier in, whole or not at all. */
  importDossier(source: DossierSource, options?: ImportOptions): Promise<ImportSummary>;
  /**
   * Reads records in the form of the stream (docs/stream.md), batch by batch, in any number and
   * order. In what is refused they are told by their number, from 1, as the line.
   */
  importRecords(
    records: AsyncIterable<object> | Iterable<object>,
    options?: StreamImportOptions,
  ): Promise<StreamSummary>;
  /** Ends all streams of events, and those that are asked for from now on. */
  endStreams(): Promise<void>;
  /** Lets go of the database, after up to 5 s for statements that run. May be called twice. */
  close(): Promise<void>;
}

/** @throws DatabaseError when the database cannot be used, in words for people */
export async function createChancery(options: ChanceryOptions): Promise<Chancery> {
  const parts = await prepare(options);
  const { metrics, tracing } = parts;
  const open = (poolSize = usualPoolSize) =>
    openDatabase(options.database, {
      statementSeconds: parts.limits.seconds,
      shared: true,
      ...options,
      poolSize,
      onStatement: (sql) => {
        metrics.statement();
        tracing?.statement(sql);
        options.onStatement?.(sql);
      },
    });
  const database = await open(options.poolSize);
  try {
    if (options.migrate ?? true) await database.migrate();
    if (options.sample ?? false) await database.withoutTimeout(fillWithSample);
    return await assemble({ database, open, ...parts }, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

// Private:

const usualPoolSize = 10;

const largePoolSize = (poolSize: number): number => Math.ceil(poolSize / 4);

/** All there are at most: for reading, for transactions, and one on which it is heard what changes. */
const connectionsOf = (poolSize: number, transactions: readonly { max: number }[]): number =>
  transactions.reduce((sum, { max }) => sum + max, poolSize + largePoolSize(poolSize) + 1);

/** What needs no database, so that what is wrong with it is told first. */
async function prepare({ persisted, traced, ...options }: ChanceryOptions) {
  const schema = createSchema();
  const limits = { ...defaultLimits, ...options.limits };
  const admission = new Admission(schema, limits);
  const metrics = new Metrics();
  return {
    schema,
    limits,
    admission,
    metrics,
    persisted: await openPersisted(schema, admission, persisted ?? {}, metrics),
    tracing: traced ? new Tracing() : undefined,
  };
}

interface Parts extends Awaited<ReturnType<typeof prepare>> {
  database: Database;
  /** Opens the same database anew. */
  open(poolSize: number): Promise<Database>;
}

async function assemble(parts: Parts, options: ChanceryOptions): Promise<Chancery> {
  const opened: (() => Promise<void> | undefined)[] = [];
  try {
    return await assembleAll(parts, options, (close) => void opened.push(close));
  } catch (error) {
    for (const close of opened.reverse()) await close();
    throw error;
  }
}

/** @param onOpened Given what closes each thing that was opened, where a later one fails. */
async function assembleAll(
  parts: Parts,
  options: ChanceryOptions,
  onOpened: (close: () => Promise<void> | undefined) => void,
): Promise<Chancery> {
  const { database, schema, limits, admission, metrics, persisted, tracing } = parts;
  const poolSize = 'url' in options.database ? (options.poolSize ?? usualPoolSize) : undefined;
  const log = options.log ?? consoleLog;
  const { cache, changes } = await openCache(database, options.cacheMegabytes ?? 64, onOpened);
  const validation = new Validation(schema, { introspection: options.introspection ?? true });
  const operations = new CompiledQueries(schema, admission.documents, errorMask(log), validation);
  // Large requests have connections of their own, a few: statements wait for each other on a
  // connection, and small ones must not wait for large ones. The embedded database has only one.
  const largePool = poolSize ? await parts.open(largePoolSize(poolSize)) : database;
  if (largePool !== database) onOpened(() => largePool.close());
  const watcher = batchWatcher(metrics, tracing);
  const contexts = new Contexts(database, changes, { largePool, watcher });
  const { knowledge } = contexts;
  const executor = new Executor(operations, contexts, cache, admission, persisted, tracing);
  const transactions = [database, largePool].flatMap((each) => each.transactions ?? []);
  metrics.watch({
    admission,
    cache,
    events: contexts.events,
    registered: persisted,
    connections: poolSize && connectionsOf(poolSize, transactions),
    transactions,
  });
  const yoga = createEndpoint({
    schema,
    contexts,
    identify: identifyBy(database, othersOf(options)),
    executor,
    endpoint: options.endpoint ?? '/graphql',
    graphiql: options.graphiql ?? true,
    introspection: options.introspection ?? true,
    slowSeconds: limits.slowSeconds,
    log,
    metrics,
  });
  return {
    schema,
    yoga,
    executor,
    metrics,
    fetch: async (request) => yoga.fetch(request, {}),
    knowledge,
    database,
    importDossier: async (source, importOptions) => {
      const summary = await database.withoutTimeout((patient) =>
        importDossier(patient, source, importOptions),
      );
      // Who is told that it is done must not be given an answer from before.
      await changes?.settled();
      return summary;
    },
    importRecords: async (records, importOptions) => {
      const summary = await database.withoutTimeout((patient) =>
        importRecords(patient, numbered(records), importOptions),
      );
      await changes?.settled();
      return summary;
    },
    endStreams: () => contexts.events.close(),
    close: async () => {
      await contexts.events.close();
      await changes?.stop();
      await yoga.dispose();
      await Promise.all([largePool.close(), database.close()]);
    },
  };
}

function othersOf({ identify, tokens }: ChanceryOptions): Tokens | undefined {
  const byApp = identify && identifiedByApp(identify);
  const byToken = tokens && tokensOf(tokens);
  if (!byApp || !byToken) return byApp ?? byToken;
  return async (credentials) => {
    const found = await byApp(credentials);
    return 'refused' in found ? byToken(credentials) : found;
  };
}

async function* numbered(
  records: AsyncIterable<object> | Iterable<object>,
): AsyncGenerator<ParsedRecord[]> {
  let line = 0;
  for await (const data of records) yield [{ origin: { file: 'records', line: ++line }, data }];
}

async function openPersisted(
  schema: GraphQLSchema,
  { documents }: Admission,
  { file, only = false, automatic = !only }: Partial<PersistedSettings>,
  metrics: Metrics,
): Promise<Persisted> {
  const manifest = file === undefined ? undefined : await readManifest(file);
  if (manifest) {
    checkManifest(manifest, schema, documents);
    metrics.reserve(namesIn(manifest));
  }
  return new Persisted(documents, { manifest, only, automatic });
}

const batchWatcher = (metrics: Metrics, tracing: Tracing | undefined): BatchWatcher =>
  tracing
    ? {
        asked: (batch) => tracing.asked(batch),
        fetched: (batch, shape, keys, fetch) =>
          metrics.fetched(batch, shape, keys, () => tracing.fetched(batch, shape, keys, fetch)),
      }
    : metrics;

async function openCache(
  database: Database,
  megabytes: number,
  onOpened: (close: () => Promise<void> | undefined) => void,
) {
  if (megabytes === 0) return {};
  const changes = new Changes(database, (words) => cache.drop(words));
  const cache = new ResponseCache(megabytes * 1024 * 1024, changes);
  // It listens before it is ready, and beats from then on.
  onOpened(() => changes.stop());
  await changes.start();
  return { cache, changes };
}

const consoleLog: ErrorLog = {
  error: (details, message) => console.error(message, details),
};
