import { lookup } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { readConfig, settings, type Config } from '../config.js';
import { createChancery, type Chancery } from '../chancery.js';
import { createHost, type Host } from '../server/http/host.js';
import { StartupServer } from '../server/lifecycle/startupServer.js';
import { startTracing } from '../server/observability/openTelemetry.js';
import { UsageError } from './fail.js';
import { chanceryOptions, createLogger } from './options.js';
import { stopOnCrash, stopOnSignal } from './signals.js';
import { numberOfWorkers, Workers } from './workers.js';

const endpoint = '/graphql';

/** The length of the queue of connections not accepted yet; clients beyond it retry after seconds. */
const backlog = 4096;

export const serveCommand = new Command('serve')
  .description('serve GraphQL over HTTP, after bringing the tables up to date')
  .option('--workers <n>', 'number of processes, or auto; overrides CHANCERY_WORKERS')
  .option(
    '--persisted <file>',
    'file of persisted operations; overrides CHANCERY_PERSISTED_OPERATIONS',
  )
  .option('--persisted-only', 'run only persisted operations; overrides CHANCERY_PERSISTED_ONLY')
  .addHelpText('after', `\nSettings, from the environment or a file .env:\n\n${settingsHelp()}`)
  .action(async ({ workers, persisted, persistedOnly }: Options) => {
    // Workers inherit these settings through the environment.
    Object.assign(process.env, {
      ...(workers !== undefined && { CHANCERY_WORKERS: workers }),
      ...(persisted !== undefined && { CHANCERY_PERSISTED_OPERATIONS: persisted }),
      ...(persistedOnly && { CHANCERY_PERSISTED_ONLY: 'on' }),
    });
    await serve(readConfig(process.env));
  });

interface Options {
  workers?: string;
  persisted?: string;
  persistedOnly?: boolean;
}

/** The HTTP server of this process. */
export interface Server {
  /** The database, as shown to users. */
  description: string;
  /** @returns the port, which the system may have chosen */
  listen(): Promise<number>;
  /**
   * Stops accepting requests, completes running ones, and closes the database. Requests that take
   * too long are aborted, and `exitCode` is 1.
   */
  stop(): Promise<void>;
}

/** What to prepare before the database is used. Default: according to the settings. */
export interface Preparation {
  migrate?: boolean;
  sample?: boolean;
  /** Listens while the database does not respond. */
  startupServer?: StartupServer;
}

/** Returns a reader of the metrics of this process, or of all processes, given its registry. */
export type ReadMetrics = (registry: Registry) => () => Promise<string>;

/** Opens and prepares the database, and creates the server. */
export async function createServer(
  config: Config,
  logger: Logger,
  preparation?: Preparation,
  readMetrics: ReadMetrics = (registry) => () => registry.metrics(),
): Promise<Server> {
  const stopTracing = await startTracing(process.env, (message) => logger.warn(message));
  const chancery = await open(config, logger, {
    ...preparation,
    traced: stopTracing !== undefined,
  }).catch(async (error: unknown) => {
    await stopTracing?.();
    throw error;
  });
  const { yoga, executor, mcp, sockets, database, metrics } = chancery;
  if (config.metrics) metrics.watchProcess();
  const host = createHost({
    ...config,
    yoga,
    executor,
    mcp: config.servesMcp ? mcp : undefined,
    sockets,
    endpoint,
    database,
    logger,
    metrics,
    exposition: config.metrics
      ? { read: readMetrics(metrics.registry), token: config.metricsToken }
      : undefined,
  });
  // Event streams would keep their connections open until the timeout.
  host.addHook('preClose', () => chancery.endStreams());
  return {
    description: database.description,
    listen: () =>
      listen(host, config).catch(async (error: unknown) => {
        await chancery.close();
        await stopTracing?.();
        throw error;
      }),
    stop: async () => {
      await stop(host, chancery, config, logger);
      await stopTracing?.();
    },
  };
}

// Private:

async function serve(config: Config): Promise<void> {
  const workers = numberOfWorkers(config);
  const logger = createLogger(config);
  if (workers === 1) await serveAlone(config, logger);
  else await serveWithWorkers(workers, config, logger);
}

async function serveAlone(config: Config, logger: Logger): Promise<void> {
  const startupServer = new StartupServer(config);
  const server = await createServer(config, logger, { startupServer });
  stopOnSignal(logger, () => server.stop());
  stopOnCrash(logger, () => server.stop());
  const port = await server.listen();
  printAddress(config, port, `from the ${server.description}`);
}

async function serveWithWorkers(count: number, config: Config, logger: Logger): Promise<void> {
  // Migrations are applied here, once, before the workers start.
  const chancery = await open(config, logger, { startupServer: new StartupServer(config) });
  const { description } = chancery.database;
  await chancery.close();
  const workers = new Workers(count, config, logger);
  stopOnSignal(
    logger,
    () => workers.stop(),
    () => workers.kill(),
  );
  const port = await workers.start();
  if (port !== undefined)
    printAddress(config, port, `with ${count} workers from the ${description}`);
}

async function open(
  config: Config,
  logger: Logger,
  { startupServer, ...preparation }: Preparation & { traced?: boolean } = {},
): Promise<Chancery> {
  try {
    return await createChancery({
      database: config.database,
      poolSize: config.poolSize,
      waitSeconds: config.waitSeconds,
      onRetry: (message) => {
        logger.warn(message);
        startupServer?.open();
      },
      endpoint,
      graphiql: config.graphiql,
      ...chanceryOptions(config, logger),
      onNotShared: (reason) => logger.warn(reason),
      ...preparation,
    });
  } finally {
    await startupServer?.close();
  }
}

function printAddress({ host, graphiql }: Config, port: number, how: string): void {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = host.includes(':') ? `[${host}]` : host;
  const url = `http://${everywhere ? 'localhost' : name}:${port}${endpoint}`;
  const hint = graphiql ? ` Open ${url} in a browser to explore.` : '';
  process.stderr.write(`Chancery answers at ${url} ${how}.${hint}\n`);
}

async function listen(host: Host, { host: hostname, port }: Config): Promise<number> {
  try {
    await host.listen({
      host: hostname,
      port,
      backlog,
      listenTextResolver: (address) => `listening at ${address}`,
    });
    if (hostname === 'localhost') await listenAtOthers(host, hostname);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new UsageError(
        `port ${port} of ${hostname} is in use by another program; stop it, or set PORT to another port`,
      );
    }
    throw new UsageError(`cannot listen on ${hostname}:${port} (${code ?? String(error)})`);
  }
  const address = host.addresses()[0] as AddressInfo | undefined;
  return address?.port ?? port;
}

/**
 * Listens at the other addresses of `localhost`, which may have one of IPv4 and one of IPv6. Those
 * that are taken, or not there, are skipped. Fastify does the same for servers that it creates.
 */
async function listenAtOthers({ server, log }: Host, hostname: string): Promise<void> {
  const { address: own } = server.address() as AddressInfo;
  for (const { address } of await lookup(hostname, { all: true }).catch(() => [])) {
    if (address === own) continue;
    await server.listenAlsoAt(address, { backlog }).then(
      () => log.info(`listening at ${address}`),
      () => undefined,
    );
  }
}

async function stop(
  host: Host,
  chancery: Chancery,
  { shutdownSeconds }: Config,
  logger: Logger,
): Promise<void> {
  const timer = setTimeout(() => {
    logger.error({ shutdownSeconds }, 'requests were aborted at shutdown');
    process.exitCode = 1;
    host.server.closeAllConnections();
  }, shutdownSeconds * 1000);
  await host.close();
  clearTimeout(timer);
  await chancery.close();
}

function settingsHelp(): string {
  return Object.entries(settings)
    .map(
      ([name, { description, expected, default: byDefault }]) =>
        `  ${name}\n    ${description}\n    Must be ${expected}. Default: ${byDefault || 'none'}.`,
    )
    .join('\n');
}
