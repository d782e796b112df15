import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { readConfig, settings, type Config } from '../config.js';
import { createChancery, publicView, type Chancery } from '../index.js';
import { createHost } from '../server/host.js';
import { UsageError } from './fail.js';

const endpoint = '/graphql';

export const serveCommand = new Command('serve')
  .description('answer GraphQL over HTTP, after bringing the tables up to date')
  .addHelpText('after', `\nSettings, from the environment or a file .env:\n\n${settingsHelp()}`)
  .action(() => serve(readConfig(process.env)));

async function serve(config: Config): Promise<void> {
  const logger = pino({ level: config.logLevel });
  const chancery = await createChancery({
    database: config.database,
    poolSize: config.poolSize,
    waitSeconds: config.waitSeconds,
    onRetry: (message) => logger.warn(message),
    endpoint,
    graphiql: config.graphiql,
    sample: config.sample,
    log: logger,
  });
  const { yoga, operations, knowledge, database } = chancery;
  const context = { knowledge, view: publicView };
  const host = createHost({ yoga, operations, context, endpoint, database, logger });
  stopOnSignal(host, chancery, config, logger);
  const { hostname, port } = await listen(host, config).catch(async (error: unknown) => {
    await chancery.close();
    throw error;
  });
  const origin = `http://${hostname}:${port}`;
  process.stderr.write(
    `Chancery answers at ${origin}${endpoint} from the ${database.description}.${
      config.graphiql ? ` Open ${origin}${endpoint} in a browser to explore.` : ''
    }\n`,
  );
}

// Private:

async function listen(
  host: ReturnType<typeof createHost>,
  { host: hostname, port }: Config,
): Promise<{ hostname: string; port: number }> {
  try {
    await host.listen({
      host: hostname,
      port,
      listenTextResolver: (address) => `listening at ${address}`,
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new UsageError(
        `port ${port} of ${hostname} is taken by another program; stop that one, or choose another port with PORT`,
      );
    }
    throw new UsageError(`cannot listen at ${hostname}:${port} (${code ?? String(error)})`);
  }
  const address = host.addresses()[0] as AddressInfo | undefined;
  const everywhere = hostname === '0.0.0.0' || hostname === '::';
  const name = hostname.includes(':') ? `[${hostname}]` : hostname;
  return {
    hostname: everywhere ? 'localhost' : name,
    port: address?.port ?? port,
  };
}

/**
 * On SIGTERM or SIGINT: takes no more requests, answers those that run, lets go of the
 * database. Requests that take too long are cut off; a second signal cuts off all at once.
 */
function stopOnSignal(
  host: FastifyInstance,
  chancery: Chancery,
  { shutdownSeconds }: Config,
  logger: pino.Logger,
): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    const timer = setTimeout(() => {
      logger.error({ shutdownSeconds }, 'requests that still ran were cut off');
      process.exitCode = 1;
      host.server.closeAllConnections();
    }, shutdownSeconds * 1000);
    await host.close();
    clearTimeout(timer);
    await chancery.close();
    logger.info('stopped');
  };
  const stopOrFail = (signal: NodeJS.Signals): void => {
    stop(signal).catch((error: unknown) => {
      logger.fatal({ err: error }, 'could not stop in order');
      process.exit(1);
    });
  };
  process.on('SIGTERM', stopOrFail);
  process.on('SIGINT', stopOrFail);
}

function settingsHelp(): string {
  return Object.entries(settings)
    .map(
      ([name, { description, expected, default: byDefault }]) =>
        `  ${name}\n    ${description}\n    Must be ${expected}. Default: ${byDefault || 'none'}.`,
    )
    .join('\n');
}
