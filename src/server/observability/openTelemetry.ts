/**
 * Sends traces where the standard environment variables of OpenTelemetry say. Its SDK, which
 * is large, is loaded only then, and installed only by those who want it.
 */
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { version } from '../../version.js';

type Env = Record<string, string | undefined>;

/** What keeps traces from being sent, in words for people. */
export class TracingError extends Error {
  override name = 'TracingError';
}

/** How long stopping may wait for the last spans to be taken, in milliseconds. */
const shutdownTimeoutMs = 3000;

/**
 * Begins to send, where the environment asks for it.
 *
 * @param warn Told what goes wrong with sending, which harms nothing else.
 * @returns what ends it; undefined where nothing is to be sent
 * @throws TracingError where it is asked for but cannot be done
 */
export async function startTracing(
  env: Env,
  warn: (message: string) => void,
): Promise<(() => Promise<void>) | undefined> {
  if (!isWanted(env)) return undefined;
  rejectOtherProtocols(env);
  const { sdk, exporter, resources } = await loaded();
  diag.setLogger(warningsTo(warn), DiagLogLevel.WARN);
  const resource = resources
    .defaultResource()
    .merge(
      resources.resourceFromAttributes({ 'service.name': 'chancery', 'service.version': version }),
    )
    .merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const provider = new sdk.NodeTracerProvider({
    resource,
    spanProcessors: [new sdk.BatchSpanProcessor(new exporter.OTLPTraceExporter())],
  });
  provider.register();
  return () => Promise.race([provider.shutdown(), later(shutdownTimeoutMs)]).catch(() => {});
}

// Private:

const isWanted = (env: Env): boolean =>
  Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) &&
  env['OTEL_SDK_DISABLED']?.toLowerCase() !== 'true' &&
  env['OTEL_TRACES_EXPORTER'] !== 'none';

function rejectOtherProtocols(env: Env): void {
  const name = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL']
    ? 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'
    : 'OTEL_EXPORTER_OTLP_PROTOCOL';
  const protocol = env[name];
  if (!protocol || protocol.startsWith('http/')) return;
  throw new TracingError(
    `${name} must be http/json, but is ${JSON.stringify(protocol)}: traces are sent over HTTP, to the port that collectors have for it, by default 4318`,
  );
}

async function loaded() {
  try {
    const [sdk, exporter, resources] = await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
    return { sdk, exporter, resources };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new TracingError(
      'OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, for which packages are missing; install them with: npm install @opentelemetry/sdk-trace-node@2 @opentelemetry/exporter-trace-otlp-http@0.223 @opentelemetry/resources@2',
    );
  }
}

function warningsTo(warn: (message: string) => void) {
  const report = (message: string): void => warn(`traces: ${message}`);
  const nothing = (): void => {};
  return { error: report, warn: report, info: nothing, debug: nothing, verbose: nothing };
}

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
