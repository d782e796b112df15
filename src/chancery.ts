/**
 * Chancery as a library: a Fetch handler, a Node.js handler, the schema, and the knowledge base, on
 * a database given by its location or already open.
 *
 *     import { createChancery } from 'chancery';
 *     const chancery = await createChancery({ database: { dataDir: './knowledge' } });
 *     app.use('/graphql', (c) => chancery.fetch(c.req.raw));
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import type { Database } from './database/database.js';
import { openDatabase, type DatabaseLocation } from './database/open.js';
import {
  importDossier,
  type DossierSource,
  type ImportOptions,
  type ImportSummary,
} from './knowledge/exchange/dossier/import.js';
import { fillWithSample } from './knowledge/exchange/dossier/sample.js';
import { importRecords } from './knowledge/exchange/stream/import.js';
import type {
  StreamImportOptions,
  StreamSummary,
} from './knowledge/exchange/stream/importOptions.js';
import type { ParsedRecord } from './knowledge/exchange/stream/parsedRecord.js';
import type { Knowledge } from './knowledge/knowledge.js';
import { checkOptions, type ChanceryOptions } from './options.js';
import {
  composeServer,
  prepareServer,
  type Connections,
  type ServerParts,
} from './server/composition.js';
import type { CreateContext } from './server/execution/appRequest.js';
import type { Executor } from './server/execution/executor.js';
import type { FetchOptions } from './server/http/embedded.js';
import type { Yoga } from './server/http/yoga.js';
import type { Mcp } from './server/mcp/mcp.js';
import type { Metrics } from './server/observability/metrics.js';
import type { WebSockets } from './server/sockets/webSockets.js';

export interface Chancery {
  readonly schema: GraphQLSchema;
  /** The endpoint, for Node's `http` and as a plugin host. */
  readonly yoga: Yoga;
  /** Executes operations, for hosts that do the HTTP themselves. */
  readonly executor: Executor;
  /** The metrics, for a host that exposes them to Prometheus: `metrics.registry.metrics()`. */
  readonly metrics: Metrics;
  /** The endpoint as a Fetch handler, for Hono, Bun, Deno and all others with `Request` and `Response`. */
  readonly fetch: (request: Request, options?: FetchOptions) => Promise<Response>;
  /**
   * The endpoint as a handler of Node.js, for Express, NestJS, Fastify and `http.createServer`. The
   * body may have been parsed already (`req.body`). Never rejects.
   */
  readonly handler: (
    req: IncomingMessage & { body?: unknown },
    res: ServerResponse,
  ) => Promise<void>;
  /** The tools for agents (Model Context Protocol): `mcp.fetch` is streamable HTTP as a Fetch handler. */
  readonly mcp: Mcp;
  /**
   * The endpoint over WebSocket (`graphql-transport-ws`), for Node's `http`:
   *
   *     server.on('upgrade', chancery.upgrade);
   */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** The same, for hosts that limit clients. */
  readonly sockets: WebSockets;
  /** The context of a request that another server executes on `schema`; see docs/extending.md. */
  readonly createContext: CreateContext;
  /** The knowledge base without GraphQL, as anonymous clients may read it. */
  readonly knowledge: Knowledge;
  readonly database: Database;
  /** Imports a dossier, whole or not at all. */
  importDossier(source: DossierSource, options?: ImportOptions): Promise<ImportSummary>;
  /**
   * Imports records in the form of the stream (docs/stream.md), batch by batch, in any number and
   * order. Rejected records are reported by their number, from 1, as the line.
   */
  importRecords(
    records: AsyncIterable<object> | Iterable<object>,
    options?: StreamImportOptions,
  ): Promise<StreamSummary>;
  /** Ends all event streams and WebSockets; none can be opened any more. */
  endStreams(): Promise<void>;
  /** Closes the database, after up to 5 s for running statements. May be called twice. */
  close(): Promise<void>;
}

/**
 * @throws OptionError if an option is unknown or wrong
 * @throws DatabaseError if the database cannot be used, worded for the person who named it
 */
export async function createChancery(options: ChanceryOptions): Promise<Chancery> {
  checkOptions(options);
  const parts = await prepareServer(options);
  const connections = await connect(options, parts);
  const closeConnections = async (): Promise<void> => {
    for (const database of connections.opened) await database.close();
  };
  try {
    return await assemble(parts, connections, options, closeConnections);
  } catch (error) {
    await closeConnections();
    throw error;
  }
}

// Private:

const defaultPoolSize = 10;

const largePoolSize = (poolSize: number): number => Math.ceil(poolSize / 4);

interface OpenConnections extends Connections {
  /** Those that were opened here, and are closed with Chancery. */
  opened: readonly Database[];
}

/** Opens the database, and its second pool if it is a server, and prepares the tables. */
async function connect(
  options: ChanceryOptions,
  { metrics, tracing, limits }: ServerParts,
): Promise<OpenConnections> {
  const { database: source } = options;
  if (isOpen(source)) {
    await prepareTables(source, options);
    return { database: source, largePool: source, max: undefined, opened: [] };
  }
  const open = (poolSize: number): Promise<Database> =>
    openDatabase(source, {
      statementSeconds: limits.seconds,
      shared: true,
      ...options,
      poolSize,
      onStatement: (sql) => {
        metrics.statement();
        tracing?.statement(sql);
        options.onStatement?.(sql);
      },
    });
  const poolSize = options.poolSize ?? defaultPoolSize;
  const opened = [await open(poolSize)] as [Database, ...Database[]];
  const [database] = opened;
  try {
    await prepareTables(database, options);
    if (!('url' in source)) return { database, largePool: database, max: undefined, opened };
    // On one connection, statements of small requests would wait for those of large ones.
    const largePool = await open(largePoolSize(poolSize));
    opened.push(largePool);
    return { database, largePool, max: maxConnections(poolSize, opened), opened };
  } catch (error) {
    for (const each of opened) await each.close();
    throw error;
  }
}

const isOpen = (database: DatabaseLocation | Database): database is Database => 'db' in database;

async function prepareTables(
  database: Database,
  { migrate = true, sample = false, bodyAccess }: ChanceryOptions,
): Promise<void> {
  if (migrate) await database.migrate();
  if (sample) await database.withoutTimeout((each) => fillWithSample(each, bodyAccess));
}

/** The connections for reading, for transactions, and the one that listens for changes. */
const maxConnections = (poolSize: number, pools: readonly Database[]): number =>
  pools.reduce(
    (sum, { transactions }) => sum + (transactions?.max ?? 0),
    poolSize + largePoolSize(poolSize) + 1,
  );

async function assemble(
  parts: ServerParts,
  connections: Connections,
  options: ChanceryOptions,
  closeConnections: () => Promise<void>,
): Promise<Chancery> {
  const { database } = connections;
  const { bodyAccess } = options;
  const server = await composeServer(parts, connections, options);
  const { executor, yoga, embedded, mcp, sockets, knowledge, createContext } = server;
  // The caller's next query must read what was imported.
  const imported = async <Summary>(
    work: (database: Database) => Promise<Summary>,
  ): Promise<Summary> => {
    const summary = await database.withoutTimeout(work);
    await server.settled();
    return summary;
  };
  return {
    schema: parts.schema,
    metrics: parts.metrics,
    ...{ yoga, executor, mcp, sockets, knowledge, createContext, database },
    fetch: embedded.fetch,
    handler: embedded.handler,
    upgrade: (request, socket, head) => void sockets.upgrade(request, socket, head),
    importDossier: (source, importOptions) =>
      imported((database) => importDossier(database, source, { bodyAccess, ...importOptions })),
    importRecords: (records, importOptions) =>
      imported((database) =>
        importRecords(database, numbered(records), { bodyAccess, ...importOptions }),
      ),
    endStreams: () => server.endStreams(),
    close: async () => {
      await server.close();
      await closeConnections();
    },
  };
}

async function* numbered(
  records: AsyncIterable<object> | Iterable<object>,
): AsyncGenerator<ParsedRecord[]> {
  let line = 0;
  for await (const data of records) yield [{ origin: { file: 'records', line: ++line }, data }];
}
