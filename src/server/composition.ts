/** The parts of a server, put together: what `createChancery` opens on a database. */
import type { GraphQLSchema } from 'graphql';
import { Changes } from '../database/changes.js';
import type { Database } from '../database/database.js';
import { extendSchema } from '../graph/extension/extend.js';
import { withFederation } from '../graph/federation/federation.js';
import { createSchema } from '../graph/schema.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { BatchWatcher } from '../knowledge/reading/batcher.js';
import { Admission } from './admission/admission.js';
import { defaultLimits, type Limits } from './admission/limits.js';
import { Authenticator } from './auth/authenticator.js';
import { identifyBy, type VerifyCredentials } from './auth/identify.js';
import { tokenVerifier } from './auth/tokens.js';
import { errorMask, type ErrorLog } from './errors/mask.js';
import { contextCreator } from './execution/appContexts.js';
import type { CreateContext } from './execution/appRequest.js';
import { CompiledQueries } from './execution/compiledQueries.js';
import { Contexts } from './execution/contexts.js';
import { Executor } from './execution/executor.js';
import { checkManifest, namesIn, readManifest } from './execution/persisted/manifest.js';
import { Persisted, type PersistedSettings } from './execution/persisted/persisted.js';
import { ResponseCache } from './execution/responseCache.js';
import { Validation } from './execution/validation.js';
import { EmbeddedEndpoint } from './http/embedded.js';
import { createEndpoint, type Yoga } from './http/yoga.js';
import { createMcp, type Mcp } from './mcp/mcp.js';
import { exposeIn } from './observability/exposure.js';
import { Metrics } from './observability/metrics.js';
import type { ServerOptions } from './options.js';
import { Tracing } from './observability/tracing.js';
import { WebSockets } from './sockets/webSockets.js';

/** The parts that need no database, so that their errors are found first. */
export interface ServerParts {
  schema: GraphQLSchema;
  limits: Limits;
  admission: Admission;
  metrics: Metrics;
  persisted: Persisted;
  tracing: Tracing | undefined;
}

/**
 * @throws ExtensionError if the extension of the schema is not valid; ManifestError if the persisted
 *   operations do not suit the schema or the limits
 */
export async function prepareServer(options: ServerOptions): Promise<ServerParts> {
  const schema = await schemaOf(options);
  const limits = { ...defaultLimits, ...options.limits };
  const admission = new Admission(schema, limits);
  const metrics = new Metrics();
  const persisted = await openPersisted(schema, admission, options.persisted ?? {}, metrics);
  const tracing = options.traced ? new Tracing() : undefined;
  return { schema, limits, admission, metrics, persisted, tracing };
}

/** The connections for reading. */
export interface Connections {
  database: Database;
  /** The same database through a pool of its own, for large requests; or the same object. */
  largePool: Database;
  /** How many connections both have at most; undefined if the database has only one. */
  max: number | undefined;
}

export interface ComposedServer {
  createContext: CreateContext;
  executor: Executor;
  yoga: Yoga;
  /** MCP, for agents. */
  mcp: Mcp;
  sockets: WebSockets;
  /** The handlers for an app that embeds it. */
  embedded: EmbeddedEndpoint;
  knowledge: Knowledge;
  /** Waits until the cache has dropped the responses that an earlier change made stale. */
  settled(): Promise<void>;
  /** Ends event streams and WebSockets. */
  endStreams(): Promise<void>;
  /** Ends streams and the cache's connection; the databases stay open. */
  close(): Promise<void>;
}

export async function composeServer(
  { schema, limits, admission, metrics, persisted, tracing }: ServerParts,
  { database, largePool, max }: Connections,
  options: ServerOptions,
): Promise<ComposedServer> {
  const { cache, changes } = await openCache(database, options.cacheMegabytes ?? 64);
  try {
    const introspection = options.introspection ?? true;
    const validation = new Validation(schema, { introspection });
    const watcher = batchWatcher(metrics, tracing);
    const contexts = new Contexts(database, changes, {
      ...{ largePool, watcher },
      bodyAccess: options.bodyAccess,
    });
    const executor = new Executor({
      operations: new CompiledQueries(schema, admission.documents, validation),
      maskError: errorMask(options.log ?? consoleLog),
      ...{ contexts, admission, persisted, cache, metrics, tracing },
    });
    const pools = largePool === database ? [database] : [database, largePool];
    metrics.watch({
      ...{ admission, cache, events: contexts.events, registered: persisted, connections: max },
      transactions: pools.flatMap((pool) => pool.transactions ?? []),
    });
    const withdraw = options.registry && exposeIn(options.registry, metrics.registry);
    const endpoint = options.endpoint ?? '/graphql';
    const authenticator = new Authenticator({
      identify: identifyBy(database, otherVerifier(options)),
      identifyUser: options.identify,
      maskError: executor.maskError,
    });
    const shared = {
      ...{ executor, authenticator, endpoint },
      introspection,
      slowSeconds: limits.slowSeconds,
    };
    const yoga = createEndpoint({ ...shared, graphiql: options.graphiql ?? true });
    const sockets = new WebSockets({ ...shared, metrics });
    const endStreams = async (): Promise<void> => {
      await Promise.all([sockets.close(), contexts.events.close()]);
    };
    return {
      executor,
      yoga,
      mcp: createMcp({ executor, schema, introspection, authenticator, ...options.mcp }),
      embedded: new EmbeddedEndpoint({ yoga, executor, authenticator, metrics, endpoint }),
      sockets,
      knowledge: contexts.knowledge,
      createContext: contextCreator(contexts, schema),
      settled: async () => changes?.settled(),
      endStreams,
      close: async () => {
        withdraw?.();
        await endStreams();
        await changes?.stop();
        await yoga.dispose();
      },
    };
  } catch (error) {
    await changes?.stop();
    throw error;
  }
}

// Private:

async function schemaOf({
  extend,
  federation = false,
  introspection = true,
}: ServerOptions): Promise<GraphQLSchema> {
  const schema = createSchema();
  const extended = extend ? await extendSchema(schema, extend) : schema;
  return federation ? withFederation(extended, { introspection }) : extended;
}

/** Verifies credentials that are not API keys, and that the app does not know. */
function otherVerifier({ identify, tokens }: ServerOptions): VerifyCredentials | undefined {
  if (tokens) return tokenVerifier(tokens);
  return identify && (() => Promise.resolve({ rejected: 'the credentials are unknown' }));
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
        loaded: (batch) => tracing.keyRequested(batch),
        fetched: (batch, shape, keys, fetch) =>
          metrics.fetched(batch, shape, keys, () => tracing.fetched(batch, shape, keys, fetch)),
      }
    : metrics;

async function openCache(database: Database, megabytes: number) {
  if (megabytes === 0) return {};
  const changes = new Changes(database, (words) => cache.drop(words));
  const cache = new ResponseCache(megabytes * 1024 * 1024, changes);
  try {
    await changes.start();
  } catch (error) {
    // It listens, and sends heartbeats, before it is ready.
    await changes.stop();
    throw error;
  }
  return { cache, changes };
}

const consoleLog: ErrorLog = {
  error: (details, message) => console.error(message, details),
};
