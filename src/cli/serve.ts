import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import { pino } from 'pino';
import { readConfig, settings, type Config } from '../config.js';
import { createChancery, type Chancery } from '../index.js';
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
  const { yoga, database } = chancery;
  const host = createHost({ yoga, endpoint, database, logger });
  stopOnSignal(() => host.close(), chancery, config, logger);
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
  return {
    hostname: hostname === '0.0.0.0' || hostname === '::' ? 'localhost' : hostname,
    port: address?.port ?? port,
  };
}

/** On SIGTERM or SIGINT: takes no more requests, answers those that run, lets go of the database. */
function stopOnSignal(
  stopListening: () => Promise<void>,
  chancery: Chancery,
  { shutdownSeconds }: Config,
  logger: pino.Logger,
): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.error({ shutdownSeconds }, 'requests still ran at the end of the time allowed');
      process.exit(1);
    }, shutdownSeconds * 1000).unref();
    await stopListening();
    await chancery.close();
    logger.info('stopped');
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}

function settingsHelp(): string {
  return Object.entries(settings)
    .map(
      ([name, { description, expected, default: byDefault }]) =>
        `  ${name}\n    ${description}\n    Must be ${expected}. Default: ${byDefault || 'none'}.`,
    )
    .join('\n');
}
