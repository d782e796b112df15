/** What the commands that serve clients have in common: options by the settings, and the log. */
import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config.js';
import type { ChanceryOptions } from '../options.js';
import { redact } from '../server/observability/redact.js';

/** The options of `createChancery` that do not depend on how clients are served. */
export const chanceryOptions = (
  config: Config,
  log: Logger,
): Omit<ChanceryOptions, 'database'> => ({
  introspection: config.introspection,
  federation: config.federation,
  limits: config.limits,
  sample: config.sample,
  bodyAccess: config.bodyAccess,
  cacheMegabytes: config.cacheMegabytes,
  tokens: config.tokens,
  persisted: config.persisted,
  mcp: { hosts: config.mcpHosts, origins: config.corsOrigins, publicUrl: config.publicUrl },
  log,
});

/** Logs lines of JSON, with errors redacted. */
export const createLogger = (
  { logLevel }: Config,
  destination: DestinationStream = pino.destination(process.stdout.fd),
): Logger =>
  pino(
    {
      level: logLevel,
      serializers: { err: (error: unknown) => pino.stdSerializers.err(redact(error)) },
    },
    destination,
  );
