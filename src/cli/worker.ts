/** The program of each worker process, started by `Workers`. */
import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { readConfig } from '../config.js';
import { fail } from './fail.js';
import { createLogger } from './options.js';
import { createServer, type Server } from './serve.js';
import { stopOnCrash } from './signals.js';
import { metricsOfAll } from './workerMetrics.js';
import { stopMessage } from './workers.js';

try {
  const config = readConfig(process.env);
  const logger = createLogger(config);
  // The primary has applied migrations and the sample.
  const preparation = { migrate: false, sample: false };
  const server = await createServer(config, logger, preparation, metricsOfAll);
  stopOnMessage(server, logger);
  stopOnCrash(logger, () => server.stop());
  await server.listen();
} catch (error) {
  fail(error);
  disconnectFromPrimary();
}

// Private:

/**
 * Stops when the primary sends a message. Signals mean the same, since a terminal and systemd send
 * them to every process; a second signal is handled by the primary.
 */
function stopOnMessage(server: Server, logger: Logger): void {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    logger.info('stopping');
    await server.stop();
    logger.info('stopped');
    process.exit();
  };
  const stopOnce = (): void => {
    stopped ??= stop().catch((error: unknown) => {
      logger.fatal({ err: error }, 'graceful shutdown failed');
      process.exit(1);
    });
  };
  process.on('message', (message) => {
    if (message === stopMessage) stopOnce();
  });
  process.on('SIGTERM', stopOnce);
  process.on('SIGINT', stopOnce);
}

/** The channel to the primary would keep this process running. */
function disconnectFromPrimary(): void {
  cluster.worker?.disconnect();
}
