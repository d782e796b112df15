/** One of several workers: the program that `Workers` starts in processes of its own. */
import cluster from 'node:cluster';
import { pino } from 'pino';
import { readConfig } from '../config.js';
import { fail } from './fail.js';
import { createServer, type Server } from './serve.js';
import { stopMessage } from './workers.js';

try {
  const config = readConfig(process.env);
  const logger = pino({ level: config.logLevel });
  // The primary has brought the tables up to date and filled in the sample.
  const server = await createServer(config, logger, { migrate: false, sample: false });
  stopWhenTold(server, logger);
  await server.listen();
} catch (error) {
  fail(error);
  letGoOfPrimary();
}

// Private:

/**
 * The primary tells a worker to stop. Signals may come as well, since a terminal and systemd
 * send them to every process; they mean the same, and a second one is for the primary.
 */
function stopWhenTold(server: Server, logger: pino.Logger): void {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    logger.info('stopping');
    await server.stop();
    letGoOfPrimary();
    logger.info('stopped');
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
function letGoOfPrimary(): void {
  cluster.worker?.disconnect();
}
