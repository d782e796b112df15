import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { serve, stop } from '../../support/command.js';
import { attribute, startCollector, type Collector } from '../../support/collector.js';
import { execute } from '../../support/endpoint.js';
import { temporaryFolder } from '../../support/temporary.js';
import { eventually } from '../../support/waiting.js';

/** Reports, at a signal, whether the SDK of OpenTelemetry is loaded. */
const probe = `
  import { createRequire } from 'node:module';
  const { cache } = createRequire(import.meta.url);
  process.on('SIGUSR2', () => {
    const loaded = Object.keys(cache).some((file) => /opentelemetry.(sdk-trace|exporter)/.test(file));
    console.log(JSON.stringify({ msg: 'loaded', loaded }));
  });`;

const query = 'query Tokyo { place(slug: "tokyo") { name } }';

async function traced(environment: (collector: Collector) => Record<string, string>) {
  const collector = await startCollector();
  onTestFinished(() => collector.close());
  const folder = await temporaryFolder();
  const file = join(folder, 'probe.mjs');
  await writeFile(file, probe);
  const { origin, process: child } = await serve({
    CHANCERY_DATA_DIR: join(folder, 'knowledge'),
    NODE_OPTIONS: `--import=${pathToFileURL(file).href}`,
    LOG_LEVEL: 'debug',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    ...environment(collector),
  });
  onTestFinished(() => void stop(child, 'SIGKILL'));
  const lines: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) =>
    lines.push(JSON.parse(line) as Record<string, unknown>),
  );
  const line = (found: (line: Record<string, unknown>) => boolean) =>
    eventually(() => {
      const [first] = lines.filter(found);
      expect(first).toBeDefined();
      return first!;
    });
  return {
    collector,
    line,
    execute: (headers: Record<string, string> = {}) => execute(origin, query, {}, headers),
    isLoaded: async () => {
      child.kill('SIGUSR2');
      return (await line(({ msg }) => msg === 'loaded'))['loaded'];
    },
  };
}

it('traces go where and as the standard variables say; what the cache gives has no operation', async () => {
  const server = await traced(({ url }) => ({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/a/path/of/its/own`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=sesame',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  }));
  const { spans } = server.collector;
  // None in a hundred, where the caller has not said that this one is traced.
  for (let i = 0; i < 10; i++) await server.execute();
  const trace = 'a'.repeat(32);
  const traceparent = `00-${trace}-00f067aa0ba902b7-01`;
  await server.execute({ traceparent, 'x-request-id': 'traced' });
  await eventually(() => expect(spans.length).toBeGreaterThan(0));
  // The response was cached, so that it needed no work.
  expect(spans.map(({ name, traceId }) => [name, traceId])).toEqual([['POST /graphql', trace]]);
  const [span] = spans;
  expect(span?.path).toBe('/a/path/of/its/own');
  expect(span?.headers['x-key']).toBe('sesame');
  expect(span?.headers['content-type']).toBe('application/json');
  expect(attribute(span!.resource, 'deployment.environment.name')).toBe('test');
  expect(attribute(span!.resource, 'service.name')).toBe('chancery');
  const line = await server.line(({ requestId }) => requestId === 'traced');
  expect(line).toMatchObject({ msg: 'request', traceId: trace });
  expect(await server.isLoaded()).toBe(true);
});

it.each([
  ['without an address', () => ({})],
  [
    'with OTEL_SDK_DISABLED',
    ({ url }: Collector) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'true' }),
  ],
])('nothing is traced, nor loaded for it, %s', async (_how, environment) => {
  const server = await traced(environment);
  await server.execute({ 'x-request-id': 'mine' });
  const line = await server.line(({ requestId }) => requestId === 'mine');
  expect(line).not.toHaveProperty('traceId');
  expect(await server.isLoaded()).toBe(false);
  await sleep(200);
  expect(server.collector.spans).toEqual([]);
});
