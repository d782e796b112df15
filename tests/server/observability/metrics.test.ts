import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Counter, Registry } from 'prom-client';
import { metricsOfAll } from '../../../src/cli/workerMetrics.js';
import { serve, stop, type RunningServer } from '../../support/command.js';
import { describeOnEachServer } from '../../support/databases.js';
import { endpointOfProcess } from '../../support/endpoint.js';
import { metricsAt, type Metrics } from '../../support/metrics.js';
import { eventually } from '../../support/waiting.js';

const offices = (name: string) =>
  `query ${name} { organization(slug: "nato") { offices { nodes { place { name } } } } }`;

describe('GET /metrics', () => {
  const endpoint = endpointOfProcess({ CHANCERY_MAX_DEPTH: '6' });
  const read = () => metricsAt(endpoint.origin);

  it('counts requests by operation and outcome, and how long they took', async () => {
    for (let i = 0; i < 3; i++) await endpoint.execute(offices('Offices'));
    await endpoint.execute('{ __typename }');
    await endpoint.execute('query Offices { nothing }');
    await endpoint.execute('{');
    await endpoint.send('/graphql?query={__typename}');
    const metrics = await read();
    const requests = (operation: string, outcome: string) =>
      metrics.value('chancery_requests_total', { operation, outcome });
    expect(requests('Offices', 'ok')).toBe(3);
    expect(requests('Offices', 'GRAPHQL_VALIDATION_FAILED')).toBe(1);
    expect(requests('anonymous', 'ok')).toBe(2);
    expect(requests('unreadable', 'GRAPHQL_PARSE_FAILED')).toBe(1);
    const took = (name: string) => metrics.value(name, { operation: 'Offices' });
    expect(took('chancery_request_duration_seconds_count')).toBe(4);
    expect(took('chancery_request_duration_seconds_sum')).toBeGreaterThan(0);
  });

  it('counts statements, keys that were fetched together, and what the cache gave', async () => {
    const before = await read();
    const since = (after: Metrics, name: string) => after.value(name)! - before.value(name)!;
    await endpoint.execute(offices('Cached'));
    await endpoint.execute(offices('Cached'));
    const after = await read();
    expect(since(after, 'chancery_response_cache_hits_total')).toBe(1);
    expect(since(after, 'chancery_response_cache_misses_total')).toBe(1);
    expect(after.value('chancery_response_cache_answers')).toBeGreaterThan(0);
    expect(after.value('chancery_response_cache_bytes')).toBeGreaterThan(0);
    expect(since(after, 'chancery_batch_keys_count')).toBe(3);
    // The organization, the offices of one organization, and the places of all of them.
    expect(since(after, 'chancery_batch_keys_sum')).toBeGreaterThan(5);
    expect(since(after, 'chancery_sql_statements_total')).toBeGreaterThanOrEqual(3);
    expect(after.value('chancery_batches_running')).toBe(0);
    expect(after.value('chancery_requests_running')).toBe(0);
  });

  it('counts what met a limit, by the limit', async () => {
    await endpoint.execute(`query Deep ${'{ a '.repeat(9)}${'}'.repeat(9)}`);
    const metrics = await read();
    const code = 'QUERY_TOO_COMPLEX';
    expect(metrics.value('chancery_limits_hit_total', { code, limit: 'depth' })).toBe(1);
    expect(metrics.value('chancery_requests_total', { outcome: code })).toBe(1);
  });

  it('counts subscriptions while they are open, and clients that went away', async () => {
    const gone = new AbortController();
    const response = await fetch(`${endpoint.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription Watch { changed { cursor } }' }),
      signal: gone.signal,
    });
    expect(response.status).toBe(200);
    expect((await read()).value('chancery_subscriptions_open')).toBe(1);
    gone.abort();
    await eventually(async () => {
      const metrics = await read();
      expect(metrics.value('chancery_subscriptions_open')).toBe(0);
      expect(metrics.value('chancery_requests_total', { outcome: 'aborted' })).toBe(1);
    });
  });

  it('knows a hundred names, however many clients make up', async () => {
    for (let i = 0; i < 150; i++) await endpoint.execute(`query Name${i} { __typename }`);
    await endpoint.execute(`query ${'N'.repeat(200)} { __typename }`);
    const metrics = await read();
    expect(metrics.labels('chancery_requests_total', 'operation').size).toBeLessThanOrEqual(103);
    expect(metrics.value('chancery_requests_total', { operation: 'other' })).toBeGreaterThan(50);
  });

  it('reports memory, processor time and event loop delay of the process', async () => {
    const { names } = await read();
    expect([...names]).toEqual(
      expect.arrayContaining([
        'process_resident_memory_bytes',
        'process_cpu_seconds_total',
        'nodejs_eventloop_lag_p99_seconds',
        'nodejs_gc_duration_seconds_count',
        'chancery_info',
      ]),
    );
  });

  it('is what Prometheus reads', async () => {
    const { headers } = await endpoint.send('/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });
});

describe('GET /metrics with CHANCERY_METRICS_TOKEN', () => {
  const token = 'a-token-of-this-test';
  const endpoint = endpointOfProcess({ CHANCERY_METRICS_TOKEN: token });

  it.each([
    ['nothing', {}, 401],
    ['another token', { authorization: 'Bearer another-token-of-this' }, 401],
    ['a beginning of it', { authorization: 'Bearer a-token' }, 401],
    ['the token', { authorization: `Bearer ${token}` }, 200],
  ])('answers who shows %s with %3$s', async (_what, headers, status) => {
    const reply = await endpoint.send('/metrics', { headers });
    expect(reply.status).toBe(status);
    if (status === 401) expect(reply.code).toBe('UNAUTHENTICATED');
  });
});

describe('with CHANCERY_METRICS=off', () => {
  const endpoint = endpointOfProcess({ CHANCERY_METRICS: 'off' });

  it('there is nothing at /metrics', async () => {
    expect((await endpoint.send('/metrics')).status).toBe(404);
  });
});

describeOnEachServer('GET /metrics of several workers', ({ engine, newDatabase }) => {
  // How processes talk to each other does not depend on the version of PostgreSQL.
  describe.skipIf(engine === 'PostgreSQL 15')('adds up what all of them count', () => {
    let server: RunningServer;
    const workers: number[] = [];
    beforeAll(async () => {
      const url = await newDatabase();
      server = await serve({ DATABASE_URL: url, CHANCERY_WORKERS: '2', LOG_LEVEL: 'info' });
      server.process.stdout?.on('data', (chunk: Buffer) => {
        for (const [, pid] of chunk.toString().matchAll(/"pid":(\d+)[^\n]*"listening at/g)) {
          workers.push(Number(pid));
        }
      });
      return () => stop(server.process, 'SIGKILL');
    });
    const requests = async () =>
      (await metricsAt(server.origin)).value('chancery_requests_total', { outcome: 'ok' });

    it('whichever of them is scraped', async () => {
      // Connections are dealt out in turn, and each of these is one.
      for (let i = 0; i < 6; i++) await execute(server, '{ __typename }');
      for (let i = 0; i < 3; i++) expect(await requests()).toBe(6);
      const metrics = await metricsAt(server.origin);
      expect(metrics.value('chancery_workers')).toBe(2);
      expect(metrics.value('chancery_database_connections_max')).toBe(2 * 21);
      expect(metrics.value('chancery_transactions_running')).toBe(0);
      expect(metrics.value('chancery_transactions_waiting')).toBe(0);
      expect(metrics.value('chancery_worker_ends_total')).toBe(0);
      expect(metrics.value('chancery_info')).toBe(1);
    });

    it('and counts never fall when one of them dies', async () => {
      expect(await requests()).toBe(6);
      await eventually(() => expect(workers.length).toBe(2));
      process.kill(workers[0]!, 'SIGKILL');
      await eventually(() => expect(workers.length).toBe(3));
      await eventually(async () => {
        const metrics = await metricsAt(server.origin);
        expect(metrics.value('chancery_workers')).toBe(2);
        expect(metrics.value('chancery_worker_ends_total')).toBe(1);
      });
      await execute(server, '{ __typename }');
      expect(await requests()).toBe(7);
    });

    it('and the last values of one that does not answer', async () => {
      process.kill(workers.at(-1)!, 'SIGSTOP');
      // Connections are dealt out in turn, so that one of these comes to the other worker.
      const metrics = await Promise.any(
        [1, 2, 3, 4].map(() =>
          metricsAt(server.origin, {
            headers: { connection: 'close' },
            signal: AbortSignal.timeout(20_000),
          }),
        ),
      );
      process.kill(workers.at(-1)!, 'SIGCONT');
      expect(metrics.value('chancery_requests_total', { outcome: 'ok' })).toBe(7);
      expect(metrics.value('chancery_workers')).toBe(2);
      expect(metrics.labels('chancery_worker_silent', 'worker')).toEqual(
        new Set([String(workers.at(-1))]),
      );
      await eventually(async () =>
        expect((await metricsAt(server.origin)).value('chancery_worker_silent')).toBeUndefined(),
      );
    });
  });
});

describe('the metrics of a worker whose primary does not answer', () => {
  it('are its own, and say so', async () => {
    const send = vi.spyOn(process, 'send').mockReturnValue(true);
    onTestFinished(() => send.mockRestore());
    const registry = new Registry();
    new Counter({ name: 'told_total', help: 'Told', registers: [registry] }).inc(3);
    const text = await metricsOfAll(registry)();
    expect(text).toContain('told_total 3');
    expect(text).toContain('chancery_worker_silent{worker="primary"} 1');
  });
});

async function execute({ origin }: RunningServer, query: string): Promise<void> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ query }),
  });
  await response.text();
}
