/** A worker: the program that `Workers` starts in each process. */
import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { readConfig } from '../config.js';
import { fail } from './fail.js';
import { createLogger, createServer, type Server } from './serve.js';
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
 * The primary tells a worker to stop. Signals may come as well, since a terminal and systemd
 * send them to every process; they mean the same, and a second one is for the primary.
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
      logger.fatal({ err: error }, 'could not stop in order');
      process.exit(1);
    });
  };
  process.on('message', (message) => {
    if (message === stopMessage) stopOnce();
  });
  process.on('SIGTERM', stopOnce);
  process.on('SIGINT', stopOnce);
}

/** The channel to the primary would keep this process from ending. */
function disconnectFromPrimary(): void {
  cluster.worker?.disconnect();
}
