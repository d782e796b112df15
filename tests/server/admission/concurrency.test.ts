import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConcurrencyLimiter } from '../../../src/server/admission/concurrency.js';
import { serve, stop, type RunningServer } from '../../support/command.js';
import { describeOnEachServer } from '../../support/databases.js';
import { execute } from '../../support/endpoint.js';
import { metricsAt } from '../../support/metrics.js';

const query = '{ organization(slug: "nato") { name } }';

describe('work that throws before it begins', () => {
  const limits = { running: 1, waiting: 5, waitSeconds: 5, seconds: 5 };
  const broken = () => {
    throw new Error('broken');
  };

  it('gives its turn back, at once or when it had to wait', async () => {
    const concurrency = new ConcurrencyLimiter(limits);
    await expect(concurrency.within(broken)).rejects.toThrow('broken');
    await expect.poll(() => concurrency.running).toBe(0);
    let finish = () => {};
    const first = concurrency.within(() => new Promise<void>((resolve) => (finish = resolve)));
    const second = concurrency.within(broken);
    const third = concurrency.within(() => Promise.resolve('done'));
    finish();
    await first;
    await expect(second).rejects.toThrow('broken');
    expect(await third).toBe('done');
    await expect.poll(() => [concurrency.running, concurrency.waiting]).toEqual([0, 0]);
  });
});

describeOnEachServer('a database that does not answer', ({ newDatabase }) => {
  let url: string;
  let server: RunningServer;
  beforeAll(async () => {
    url = await newDatabase();
    server = await serve({
      DATABASE_URL: url,
      CHANCERY_CACHE_MB: '0',
      CHANCERY_MAX_RUNNING: '2',
      CHANCERY_MAX_WAITING: '1',
      CHANCERY_REQUEST_SECONDS: '2',
      CHANCERY_CORS_ORIGINS: 'https://example.org',
      CHANCERY_TRUSTED_PROXIES: 'loopback',
    });
  });
  afterAll(() => stop(server.process, 'SIGKILL'));

  it('times out; requests above the limit are rejected at once; later ones are served', async () => {
    const silent = await lock(url);
    const pending = Array.from({ length: 4 }, () => execute(server.origin, query));
    const replies = await Promise.all(pending);
    const rejected = replies.filter(({ status }) => status === 503);
    expect(rejected).toMatchObject([{ code: 'OVERLOADED' }]);
    expect(rejected[0]?.headers.get('retry-after')).toBe('1');
    const late = replies.filter(({ status }) => status === 504);
    expect(late).toHaveLength(3);
    expect(rejected[0]?.milliseconds).toBeLessThan(
      Math.min(...late.map(({ milliseconds }) => milliseconds)),
    );
    for (const reply of late) {
      expect(reply.code).toBe('TIMEOUT');
      expect(reply.body).not.toHaveProperty('data');
      expect(reply.milliseconds).toBeGreaterThan(1900);
    }
    await silent.release();
    expect((await execute(server.origin, query)).body).toEqual({
      data: { organization: { name: 'NATO' } },
    });
  });

  it('turns away who comes beyond that with all that a reply has, and counts it', async () => {
    const silent = await lock(url);
    const turnedAway = async () => {
      const metrics = await metricsAt(server.origin);
      return metrics.value('chancery_requests_total', { outcome: 'OVERLOADED' }) ?? 0;
    };
    const waiting = async () => (await metricsAt(server.origin)).value('chancery_requests_waiting');
    const before = await turnedAway();
    const pending = Array.from({ length: 3 }, () => execute(server.origin, query));
    await expect.poll(waiting).toBe(1);
    const { status, code, headers } = await execute(server.origin, query, undefined, {
      origin: 'https://example.org',
      'x-request-id': 'my-id',
    });
    expect({ status, code }).toEqual({ status: 503, code: 'OVERLOADED' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'retry-after': '1',
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': 'my-id',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': 'https://example.org',
      vary: 'Origin',
    });
    expect((await execute(server.origin, query)).headers.get('x-request-id')).toMatch(
      /^[\da-f-]{36}$/,
    );
    expect(await turnedAway()).toBe(before + 2);
    await silent.release();
    const replies = await Promise.all(pending);
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
  });

  it.each([
    ['GET', `/graphql?query=${encodeURIComponent(query)}`, {}, 'entity'],
    ['a record', '/entity/nato', {}, 'entity'],
    [
      'a request with a key, which has to be looked up',
      '/graphql?query={__typename}',
      { authorization: `Bearer chk_${'x'.repeat(43)}` },
      'api_key',
    ],
  ])('times out at %s', async (_what, path, headers, table) => {
    const silent = await lock(url, table);
    const response = await fetch(server.origin + path, { headers });
    await silent.release();
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'TIMEOUT' } }] });
  });
});

describe('more than can be worked on', () => {
  it('waits for its turn, in the order in which it came', async () => {
    const concurrency = new ConcurrencyLimiter({
      running: 2,
      waiting: 10,
      waitSeconds: 60,
      seconds: 60,
    });
    const done: number[] = [];
    let most = 0;
    let running = 0;
    const work = async (i: number) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      done.push(i);
    };
    await Promise.all(Array.from({ length: 12 }, (_, i) => concurrency.within(() => work(i))));
    expect(most).toBe(2);
    expect(done).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it('waits for its own client first: clients take turns', async () => {
    const concurrency = new ConcurrencyLimiter({
      running: 1,
      waiting: 20,
      waitSeconds: 60,
      seconds: 60,
    });
    const done: string[] = [];
    const run = (client: string, i: number) =>
      concurrency.within(() => Promise.resolve(void done.push(`${client}${i}`)), { client });
    await Promise.all([...[1, 2, 3, 4].map((i) => run('a', i)), run('b', 1), run('c', 1)]);
    expect(done).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4']);
  });

  it('is counted by its weight; what weighs more than may run runs alone', async () => {
    const concurrency = new ConcurrencyLimiter({
      running: 10,
      waiting: 20,
      waitSeconds: 60,
      seconds: 60,
    });
    let running = 0;
    const seen: number[] = [];
    const run = (weight: number) =>
      concurrency.within(
        async () => {
          seen.push((running += weight));
          await new Promise((resolve) => setTimeout(resolve, 5));
          running -= weight;
        },
        { weight },
      );
    await Promise.all([4, 4, 50, 4, 6, 1].map(run));
    expect(seen).toEqual([4, 8, 50, 4, 10, 7]);
  });

  it('is rejected at once where the queue is full', async () => {
    const concurrency = new ConcurrencyLimiter({
      running: 1,
      waiting: 0,
      waitSeconds: 1,
      seconds: 0.05,
    });
    const endless = concurrency.within(() => new Promise(() => {}));
    await expect(concurrency.within(() => Promise.resolve())).rejects.toThrow('overloaded');
    await expect(endless).rejects.toThrow('0.05 s');
  });

  it('is rejected at once where its turn would come too late, but not for a client whose turn is near', async () => {
    const concurrency = new ConcurrencyLimiter({
      running: 1,
      waiting: 1000,
      waitSeconds: 1,
      seconds: 60,
    });
    const work = () => new Promise<void>((resolve) => setTimeout(resolve, 100));
    const pending = Array.from({ length: 40 }, () => concurrency.within(work, { client: 'a' }));
    expect(concurrency.isFullFor('a')).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    // Some thirty wait, each a tenth of a second behind the one before.
    expect(concurrency.isFullFor('a')).toBe(true);
    await expect(concurrency.within(work, { client: 'a' })).rejects.toThrow('overloaded');
    expect(concurrency.isFullFor('b')).toBe(false);
    const other = concurrency.within(() => Promise.resolve('ok'), { client: 'b' });
    await expect(other).resolves.toBe('ok');
    expect(concurrency.waiting).toBeGreaterThan(20);
    await Promise.all(pending);
  });

  it('gets the turn of what never ends', async () => {
    const concurrency = new ConcurrencyLimiter({
      running: 1,
      waiting: 1,
      waitSeconds: 1,
      seconds: 0.05,
    });
    const endless = concurrency.within(() => new Promise(() => {}));
    const next = concurrency.within(() => Promise.resolve('ok'));
    await expect(endless).rejects.toThrow('0.05 s');
    await expect(next).resolves.toBe('ok');
  });

  it('makes room when work fails', async () => {
    const concurrency = new ConcurrencyLimiter({
      running: 1,
      waiting: 0,
      waitSeconds: 1,
      seconds: 5,
    });
    await expect(concurrency.within(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(concurrency.within(() => Promise.resolve('ok'))).resolves.toBe('ok');
  });
});

/** Keeps every statement about a table waiting. */
async function lock(url: string, table = 'entity') {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let ended: Promise<unknown> | undefined;
  await new Promise<void>((resolve, reject) => {
    ended = sql
      .begin(async (transaction) => {
        await transaction`lock table ${transaction(table)} in access exclusive mode`;
        resolve();
        await released;
      })
      .catch(reject);
  });
  return {
    release: async () => {
      release();
      await ended;
      await sql.end();
    },
  };
}
