/**
 * Exports traces as the standard environment variables of OpenTelemetry configure. The SDK is an
 * optional dependency, loaded only if needed.
 */
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { version } from '../../version.js';

type Env = Record<string, string | undefined>;

/** Tracing is configured, but not possible. */
export class TracingError extends Error {
  override name = 'TracingError';
}

/** How long stopping may wait for the export of the last spans, in milliseconds. */
const shutdownTimeoutMs = 3000;

/**
 * Starts the export of traces, if configured.
 *
 * @param warn Called with errors of the export, which have no other effect.
 * @returns a function that stops it; undefined if tracing is not configured
 * @throws TracingError if tracing is configured, but not possible
 */
export async function startTracing(
  env: Env,
  warn: (message: string) => void,
): Promise<(() => Promise<void>) | undefined> {
  if (!isConfigured(env)) return undefined;
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

const isConfigured = (env: Env): boolean =>
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
    `${name} must be http/json, but is ${JSON.stringify(protocol)}: traces are sent over HTTP, by default to port 4318`,
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
      'OTEL_EXPORTER_OTLP_ENDPOINT is set, but packages for tracing are missing; install them with: npm install @opentelemetry/sdk-trace-node@2 @opentelemetry/exporter-trace-otlp-http@0.223 @opentelemetry/resources@2',
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
