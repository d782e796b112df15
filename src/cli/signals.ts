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
    // Connections to a database that does not answer would keep the process from ending.
    process.exit();
  };
  const onSignalOrFail = (signal: NodeJS.Signals): void => {
    onSignal(signal).catch((error: unknown) => {
      logger.fatal({ err: error }, 'could not stop in order');
      process.exit(1);
    });
  };
  process.on('SIGTERM', onSignalOrFail);
  process.on('SIGINT', onSignalOrFail);
  onLauncherGone(() => {
    if (!stopping) onSignalOrFail('SIGTERM');
  });
}

/**
 * Stops after an uncaught exception, since the state of the process is not known: it completes
 * running requests and exits with 1, for its supervisor to restart it.
 */
export function stopOnCrash(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'an error that nobody caught; stopping');
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
const launcherCheckMs = 500;

/**
 * npm, npx and the shell between them and this process end at SIGTERM without passing it on, and
 * would leave the server running. Where npm has started it, it stops when its parent is gone.
 */
function onLauncherGone(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, launcherCheckMs);
  timer.unref();
}
