import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { opened, served } from '../../faults/support.js';
import { describeOnEachServer } from '../../support/databases.js';
import { execute, endpointOfProcess } from '../../support/endpoint.js';
import { metricsAt } from '../../support/metrics.js';
import { eventually, until } from '../../support/waiting.js';

describe('GET /metrics', () => {
  const settings: Record<string, string> = { CHANCERY_RATE_LIMIT: '1000' };
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    const file = join(folder, 'operations.json');
    await writeFile(file, JSON.stringify({ late: listed, watch }));
    settings['CHANCERY_PERSISTED_OPERATIONS'] = file;
    return () => rm(folder, { recursive: true, force: true });
  });
  const endpoint = endpointOfProcess(settings);
  const read = () => metricsAt(endpoint.origin);
  const text = async () => (await fetch(`${endpoint.origin}/metrics`)).text();

  it('takes no points, and gives again for a moment what was read', async () => {
    for (let i = 0; i < 50; i++) await text();
    const { body } = await endpoint.execute('{ rateLimit { remaining } }');
    // One point is this query's own; none or one of it has come back.
    const { remaining } = body.data?.['rateLimit'] as { remaining: number };
    expect(remaining).toBeGreaterThanOrEqual(999);
    // The processor time that was taken differs each time it is looked at.
    await until(async () => (await text()) === (await text()));
    const last = await text();
    await eventually(async () => expect(await text()).not.toBe(last));
  });

  it('does not count subscriptions in the duration of requests', async () => {
    const gone = new AbortController();
    const response = await fetch(
      `${endpoint.origin}/graphql?${new URLSearchParams({ query: watch })}`,
      { headers: { accept: 'text/event-stream' }, signal: gone.signal },
    );
    expect(response.status).toBe(200);
    gone.abort();
    const operation = 'Watch';
    await eventually(async () => {
      const metrics = await read();
      expect(metrics.value('chancery_requests_total', { operation })).toBe(1);
      expect(
        metrics.value('chancery_request_duration_seconds_count', { operation }),
      ).toBeUndefined();
    });
  });

  it('measures the duration of a request from its head', async () => {
    const body = JSON.stringify({ query: 'query Slow { __typename }' });
    const clientRequest = request(`${endpoint.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        expect: '100-continue',
      },
    });
    clientRequest.flushHeaders();
    await once(clientRequest, 'continue');
    await sleep(300);
    clientRequest.end(body);
    const [response] = (await once(clientRequest, 'response')) as [NodeJS.ReadableStream];
    response.resume();
    await once(response, 'end');
    const took = (await read()).value('chancery_request_duration_seconds_sum', {
      operation: 'Slow',
    });
    expect(took).toBeGreaterThan(0.25);
  });

  it('reports how many queries are registered', async () => {
    const query = '{ place(slug: "tokyo") { name } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    await endpoint.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, extensions }),
    });
    expect((await read()).value('chancery_registered_queries')).toBe(1);
  });

  it('remembers the first hundred names that worked, no nonsense, and all that are listed', async () => {
    for (let i = 0; i < 120; i++) await endpoint.execute(`query Wrong${i} { nothing }`);
    for (let i = 0; i < 120; i++) await endpoint.execute(`query Right${i} { __typename }`);
    await endpoint.execute(listed);
    const metrics = await read();
    const names = metrics.labels('chancery_requests_total', 'operation');
    const recorded = [...names].filter((name) => /^(Right|Wrong)/.test(name));
    expect(recorded).toEqual(recorded.map((_, i) => `Right${i}`));
    expect(recorded.length).toBeGreaterThan(90);
    expect(names.size).toBeLessThanOrEqual(102);
    expect(names).toContain('Late');
    const unknown = { operation: 'other', outcome: 'GRAPHQL_VALIDATION_FAILED' };
    expect(metrics.value('chancery_requests_total', unknown)).toBe(120);
  });

  it('counts requests for which there were no points', async () => {
    const large =
      '{ organizations(first: 100) { nodes { offices(first: 100) { nodes { id } } } } }';
    const replies = [];
    for (let i = 0; i < 12; i++) replies.push(await endpoint.execute(large));
    const rejected = replies.filter(({ status }) => status === 429).length;
    expect(rejected).toBeGreaterThan(0);
    const metrics = await read();
    const code = 'RATE_LIMITED';
    expect(metrics.value('chancery_limits_hit_total', { code })).toBe(rejected);
    expect(metrics.value('chancery_requests_total', { outcome: code })).toBe(rejected);
  });
});

describeOnEachServer('GET /metrics of a server that waits', ({ engine, newDatabase }) => {
  // What is counted does not depend on the version of PostgreSQL.
  it.skipIf(engine === 'PostgreSQL 15')('reports running and waiting requests', async () => {
    const url = await newDatabase();
    const { origin } = await served(url, {
      CHANCERY_CACHE_MB: '0',
      CHANCERY_MAX_RUNNING: '2',
      CHANCERY_MAX_WAITING: '1',
      CHANCERY_REQUEST_SECONDS: '10',
    });
    const query = '{ organization(slug: "nato") { name } }';
    await execute(origin, query);
    const database = await opened(url);
    const replies = await database.db.transaction(async (tx) => {
      await tx.execute(sql`lock table entity in access exclusive mode`);
      const pending = Promise.all([1, 2, 3, 4].map(() => execute(origin, query)));
      await eventually(async () => {
        const metrics = await metricsAt(origin);
        expect(metrics.value('chancery_requests_running')).toBe(2);
        expect(metrics.value('chancery_requests_waiting')).toBe(1);
        expect(metrics.value('chancery_batches_running')).toBeGreaterThan(0);
      });
      return pending;
    });
    const statuses = replies.map(({ status }) => status);
    expect(statuses.sort()).toEqual([503, 504, 504, 504]);
    await eventually(async () => {
      const metrics = await metricsAt(origin);
      const hit = (code: string) => metrics.value('chancery_limits_hit_total', { code });
      expect([hit('OVERLOADED'), hit('TIMEOUT')]).toEqual([1, 3]);
      for (const name of ['requests_running', 'requests_waiting', 'batches_running']) {
        expect(metrics.value(`chancery_${name}`), name).toBe(0);
      }
    });
  });
});

// Private:

const listed = 'query Late { __typename }';

const watch = 'subscription Watch { changed { cursor } }';
