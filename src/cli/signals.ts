import type { Logger } from 'pino';

/**
 * On SIGTERM or SIGINT calls `stop`, after which nothing should keep the process from ending;
 * on a second one calls `cutOff` and ends at once, with 1.
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
  };
  const onSignalOrFail = (signal: NodeJS.Signals): void => {
    onSignal(signal).catch((error: unknown) => {
      logger.fatal({ err: error }, 'could not stop in order');
      process.exit(1);
    });
  };
  process.on('SIGTERM', onSignalOrFail);
  process.on('SIGINT', onSignalOrFail);
}
