import { Counter, Registry } from 'prom-client';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FetchOptions } from 'chancery';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { inMemory } from '../support/inMemory.js';

describe('the metrics and the log of an app', () => {
  const registry = new Registry();
  const lines: string[] = [];
  let chancery: Chancery;
  beforeAll(async () => {
    new Counter({ name: 'app_visits_total', help: 'Visits', registers: [registry] }).inc();
    chancery = await createChancery({
      ...{ database: await inMemory(), sample: true, registry },
      log: pino({ level: 'error' }, { write: (line: string) => lines.push(line) }),
      identify: () => {
        throw new Error('no sessions');
      },
    });
  });
  afterAll(() => chancery.close());

  const send = (
    query: string,
    init: RequestInit = {},
    options: FetchOptions = { identity: null },
  ) =>
    chancery.fetch(
      new Request('http://app.example/graphql', {
        method: 'POST',
        body: JSON.stringify({ query }),
        ...init,
        headers: { 'content-type': 'application/json', ...(init.headers as object) },
      }),
      options,
    );
  const sample = async (line: string): Promise<number> => {
    const found = (await registry.metrics())
      .split('\n')
      .find((each) => each.startsWith(`${line} `));
    return Number(found?.split(' ').at(-1) ?? 0);
  };
  const requests = (operation: string, outcome: string): Promise<number> =>
    sample(`chancery_requests_total{operation="${operation}",outcome="${outcome}"}`);

  it('has the samples of requests beside those of the app', async () => {
    await send('query Named { organization(slug: "nato") { name } }');
    expect(await requests('Named', 'ok')).toBe(1);
    expect(await sample('chancery_request_duration_seconds_count{operation="Named"}')).toBe(1);
    await send('query Named { organization(slug: "nato") { nothing } }');
    expect(await requests('Named', 'GRAPHQL_VALIDATION_FAILED')).toBe(1);
    await send('no query at all {');
    expect(await requests('unreadable', 'GRAPHQL_PARSE_FAILED')).toBe(1);
    const deep = `query Named ${'{ a '.repeat(30)}${'}'.repeat(30)}`;
    await send(deep);
    expect(await sample('chancery_limits_hit_total{code="QUERY_TOO_COMPLEX",limit="depth"}')).toBe(
      1,
    );
    expect(await sample('app_visits_total')).toBe(1);
  });

  it('counts streams while they are open, and once at their end', async () => {
    const controller = new AbortController();
    const response = await send('subscription Watch { changed { action } }', {
      headers: { accept: 'text/event-stream' },
      signal: controller.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await sample('chancery_subscriptions_open')).toBe(1);
    expect(await requests('other', 'aborted')).toBe(0);
    controller.abort();
    await response.body?.cancel();
    await expect.poll(() => sample('chancery_subscriptions_open')).toBe(0);
    expect(await requests('other', 'aborted')).toBe(1);
    const other = await send('subscription Watch { changed { action } }', {
      headers: { accept: 'application/json' },
    });
    expect(other.status).toBe(406);
    expect(await sample('chancery_subscriptions_open')).toBe(0);
  });

  it('logs errors with the id of the request', async () => {
    const response = await send('{ __typename }', { headers: { 'x-request-id': 'request-7' } }, {});
    expect(response.status).toBe(503);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ requestId: 'request-7', errorId: expect.any(String) as string }),
    ]);
    expect(await requests('unreadable', 'SERVICE_UNAVAILABLE')).toBe(1);
  });

  it('rejects the registry of another instance, and leaves it as it was when it closes', async () => {
    const { database } = chancery;
    await expect(createChancery({ database, registry })).rejects.toThrow(
      /^registry has a metric chancery_\w+ already; give each instance/,
    );
    const own = new Registry();
    const other = await createChancery({ database, registry: own });
    expect(await own.metrics()).toContain('chancery_info');
    await other.close();
    expect(own.getMetricsAsArray()).toEqual([]);
    const next = await createChancery({ database, registry: own });
    await next.close();
  });
});
