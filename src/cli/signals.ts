import type { Logger } from 'pino';

/**
 * On SIGTERM or SIGINT calls `stop` and exits with `process.exitCode`; on a second one calls
 * `cutOff` and exits immediately with 1.
 */
export function stopOnSignal(
  logger: Logger,
  stop: () => Promise<void>,
  cutOff: () => void = () => {},
): void {
  let stopping = false;
  const onSignal = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) {
      cutOff();
      process.exit(1);
    }
    stopping = true;
    logger.info({ signal }, 'stopping');
    await stop();
    logger.info('stopped');
    // Connections to a database that does not respond would keep the process running.
    process.exit();
  };
  const onSignalOrFail = (signal: NodeJS.Signals): void => {
    onSignal(signal).catch((error: unknown) => {
      logger.fatal({ err: error }, 'graceful shutdown failed');
      process.exit(1);
    });
  };
  process.on('SIGTERM', onSignalOrFail);
  process.on('SIGINT', onSignalOrFail);
  onParentExit(() => {
    if (!stopping) onSignalOrFail('SIGTERM');
  });
}

/**
 * Stops after an uncaught exception, since the state of the process is unknown: it completes
 * running requests and exits with 1, for its supervisor to restart it.
 */
export function stopOnCrash(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception; stopping');
    process.exitCode = 1;
    if (stopping) return;
    stopping = true;
    stop().then(
      () => process.exit(1),
      () => process.exit(1),
    );
  });
}

// Private:

/** How often the parent process is checked. */
const parentCheckMs = 500;

/**
 * Stops a server started by npm when its parent process ends: npm, npx and their shell end at
 * SIGTERM without forwarding it.
 */
function onParentExit(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, parentCheckMs);
  timer.unref();
}
