import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type Chancery } from '../../../src/chancery.js';
import { run } from '../../support/command.js';
import {
  attribute,
  startCollector,
  type Collector,
  type ReceivedSpan,
} from '../../support/collector.js';
import { endpointOfProcess } from '../../support/endpoint.js';
import { temporaryFolder } from '../../support/temporary.js';
import { inMemory } from '../../support/inMemory.js';
import { eventually } from '../../support/waiting.js';

const settings: Record<string, string> = {
  OTEL_SERVICE_NAME: 'knowledge',
  OTEL_BSP_SCHEDULE_DELAY: '50',
  CHANCERY_CACHE_MB: '0',
};
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector();
  settings['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
});
afterAll(() => collector.close());

/** The spans of a trace, once that of the request, which ends last, has arrived. */
const spansOf = (trace: string): Promise<ReceivedSpan[]> =>
  eventually(() => {
    const spans = collector.spans.filter(({ traceId }) => traceId === trace);
    expect(spans.some(({ name }) => name.endsWith('/graphql'))).toBe(true);
    return spans;
  });

let number = 0;
/** A caller's own span, the parent of a request's span. */
function caller() {
  const trace = (++number).toString(16).padStart(32, 'a');
  return { trace, headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } };
}

describe('with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  const endpoint = endpointOfProcess(settings);
  const query =
    'query Offices { organization(slug: "nato") { offices { nodes { place { name } } } } }';

  it('a request has a span within the span of its caller, with spans of its work', async () => {
    const { trace, headers } = caller();
    const reply = await endpoint.execute(query, {}, { ...headers, 'x-request-id': 'request-1' });
    expect(reply.status).toBe(200);
    const spans = await spansOf(trace);
    const [request] = spans.filter(({ name }) => name === 'POST /graphql');
    expect(request).toMatchObject({
      parentSpanId: '00f067aa0ba902b7',
      kind: 2,
      service: 'knowledge',
    });
    expect(attribute(request!, 'http.response.status_code')).toBe(200);
    expect(attribute(request!, 'chancery.request_id')).toBe('request-1');
    const [operation] = spans.filter(({ name }) => name === 'query Offices');
    expect(operation?.parentSpanId).toBe(request?.spanId);
    const batches = spans.filter(({ name }) => name.startsWith('batch'));
    expect(batches.length).toBe(3);
    for (const batch of batches) {
      expect(batch.parentSpanId).toBe(operation?.spanId);
      expect(batch.kind).toBe(3);
      expect(attribute(batch.events![0]!, 'db.query.text')).toMatch(/^(select|with) /);
      expect(times(batch).start).toBeGreaterThanOrEqual(times(operation!).start);
      expect(times(batch).end).toBeLessThanOrEqual(times(operation!).end);
    }
    // Each batch selects by what the one before it has returned. A span starts at a whole
    // millisecond of the clock and ends by a finer one, so only milliseconds can be compared.
    const inOrder = batches.sort((a, b) => times(a).start - times(b).start);
    for (const [i, batch] of inOrder.slice(1).entries()) {
      const previousEnd = Math.floor(times(inOrder[i]!).end / 1000) * 1000;
      expect(times(batch).start).toBeGreaterThanOrEqual(previousEnd);
    }
  });

  it('records errors by their codes, and no text or value that a client sent', async () => {
    const { trace, headers } = caller();
    const secret = 'sesame-open-4711';
    await endpoint.execute(
      `query Find($slug: String!) { organization(slug: $slug) { ${secret.replaceAll('-', '_')} } }`,
      { slug: secret },
      headers,
    );
    const request = (await spansOf(trace)).find(({ name }) => name === 'POST /graphql');
    expect(attribute(request!, 'chancery.error_code')).toBe('GRAPHQL_VALIDATION_FAILED');
    const second = caller();
    await endpoint.send(`/graphql?query={place(slug:"${secret}"){name}}`, second);
    await spansOf(second.trace);
    expect(collector.text()).not.toMatch(/sesame/);
  });

  it('leaves sampling to the caller', async () => {
    const { trace, headers } = caller();
    const not = headers.traceparent.replace(/01$/, '00');
    await endpoint.execute('{ __typename }', {}, { traceparent: not });
    const later = caller();
    await endpoint.execute('{ __typename }', {}, later.headers);
    await spansOf(later.trace);
    expect(collector.spans.filter(({ traceId }) => traceId === trace)).toEqual([]);
  });
});

describe('an app with an OpenTelemetry of its own', () => {
  const exporter = new InMemorySpanExporter();
  let chancery: Chancery;
  beforeAll(async () => {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
    chancery = await createChancery({
      database: await inMemory(),
      sample: true,
      traced: true,
      cacheMegabytes: 0,
    });
  });
  afterAll(() => chancery.close());

  it('sees what is fetched for several requests in one of them, with links to the others', async () => {
    const execute = (): Promise<Response> =>
      chancery.fetch(
        new Request('http://test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: 'query Nato { organization(slug: "nato") { name } }' }),
        }),
      );
    await Promise.all(Array.from({ length: 8 }, execute));
    const spans = exporter.getFinishedSpans();
    const operations = spans.filter(({ name }) => name === 'query Nato');
    expect(operations.length).toBe(8);
    const [batch, ...others] = spans.filter(({ name }) => name.startsWith('batch'));
    expect(others).toEqual([]);
    const served = [
      batch?.parentSpanContext,
      ...(batch?.links ?? []).map(({ context }) => context),
    ];
    expect(new Set(served.map((context) => context?.spanId))).toEqual(
      new Set(operations.map((operation) => operation.spanContext().spanId)),
    );
  });
});

describe('tracing that cannot be', () => {
  it('is said before anything begins', async () => {
    const { code, stderr } = await run(['serve'], {
      CHANCERY_DATA_DIR: await temporaryFolder(),
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    });
    expect(stderr).toContain(
      'chancery: OTEL_EXPORTER_OTLP_PROTOCOL must be http/json, but is "grpc"',
    );
    expect(code).toBe(2);
  });
});

const times = ({ startTimeUnixNano, endTimeUnixNano }: ReceivedSpan) => ({
  start: Number(BigInt(startTimeUnixNano) / 1000n),
  end: Number(BigInt(endTimeUnixNano) / 1000n),
});
