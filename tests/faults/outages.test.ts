import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { run, stop } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { execute, send, type Reply } from '../support/endpoint.js';
import { freePort } from '../support/freePort.js';
import { describeWithOwnServer, editorsKey, opened, served, timed } from './support.js';
import { until } from '../support/waiting.js';

const query = '{ organization(slug: "nato") { name } }';
const answer = { data: { organization: { name: 'NATO' } } };

describeWithOwnServer('chancery serve', (own) => {
  it.each([
    ['shut down', () => own().shutDown()],
    ['killed', () => own().kill()],
  ])(
    'answers clearly while PostgreSQL is %s, and by itself again afterwards',
    async (_how, end) => {
      const { origin } = await served(own().url);
      const key = await editorsKey(own().url);
      for (const [, way] of ways(origin, key)) expect((await way()).status).toBe(200);
      await end();
      expect(
        await until(() => statusOf(origin, '/ready').then((status) => status === 503)),
      ).toBeLessThan(10_000);
      expect(await statusOf(origin, '/health')).toBe(200);
      for (const [way, send] of ways(origin, key)) {
        const [reply, took] = await timed(send());
        expect([way, reply.status, reply.code]).toEqual([way, 503, 'SERVICE_UNAVAILABLE']);
        expect(reply.headers.get('retry-after')).toBe('1');
        expect(reply.body).not.toHaveProperty('data');
        expect(reply.message).toMatch(/^The database is unavailable; try again/);
        // At once, not at the deadline.
        expect(took).toBeLessThan(5000);
      }
      await own().start();
      expect(
        await until(() => statusOf(origin, '/ready').then((status) => status === 200)),
      ).toBeLessThan(15_000);
      for (const [way, send] of ways(origin, key))
        expect([way, (await send()).status]).toEqual([way, 200]);
    },
  );

  it('caches no answer that changed while PostgreSQL restarted, and notifies subscribers of what follows', async () => {
    const { origin } = await served(own().url);
    const key = await editorsKey(own().url);
    const stream = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${key}`,
      },
      body: JSON.stringify({
        query: 'subscription { changed { action record { ... on Person { name } } } }',
      }),
    });
    const events = eventsOf(stream);
    for (let i = 0; i < 3; i++) expect((await execute(origin, query)).body).toEqual(answer);
    await own().kill();
    await own().start();
    const database = await opened(own().url);
    await database.db.execute(sql`update entity set name = 'NATO II' where slug = 'nato'`);
    onTestFinished(
      () => void database.db.execute(sql`update entity set name = 'NATO' where slug = 'nato'`),
    );
    await sleep(1000);
    for (let i = 0; i < 3; i++) {
      expect((await execute(origin, query)).body).toEqual({
        data: { organization: { name: 'NATO II' } },
      });
    }
    await execute(origin, create, { slug: 'after' }, { authorization: `Bearer ${key}` });
    expect(await events.next()).toMatchObject({
      value: { data: { changed: { action: 'CREATE', record: { name: 'after' } } } },
    });
    await database.db.execute(sql`update entity set name = 'NATO' where slug = 'nato'`);
  });

  it('answers each request by its deadline while PostgreSQL is frozen, and all when it goes on', async () => {
    const { origin } = await served(own().url, { CHANCERY_REQUEST_SECONDS: '2' });
    const key = await editorsKey(own().url);
    for (const [, send] of ways(origin, key)) await send();
    await own().freeze();
    const ready = statusOf(origin, '/ready');
    const replies = await Promise.all(
      ways(origin, key).map(async ([way, send]) => [way, await send()] as const),
    );
    expect(await ready).toBe(503);
    own().thaw();
    for (const [way, { status, code }] of replies) {
      expect([way, status, code]).toEqual([way, 504, 'TIMEOUT']);
    }
    await until(() => statusOf(origin, '/ready').then((status) => status === 200));
    for (const [way, send] of ways(origin, key))
      expect([way, (await send()).status]).toEqual([way, 200]);
  });

  it('is alive, but not ready, until PostgreSQL is there at start', async () => {
    await own().shutDown();
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    const starting = served(own().url, { PORT: String(port) });
    await until(() =>
      statusOf(origin, '/health').then(
        (status) => status === 200,
        () => false,
      ),
    );
    expect(await statusOf(origin, '/ready')).toBe(503);
    const reply = await execute(origin, query);
    expect(reply).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(reply.headers.get('retry-after')).toBe('1');
    await own().start();
    await starting;
    expect(await statusOf(origin, '/ready')).toBe(200);
    expect((await execute(origin, query)).body).toEqual(answer);
  });

  it('ends on a signal, though PostgreSQL is frozen', async () => {
    const { process: child, origin } = await served(own().url, {
      SHUTDOWN_SECONDS: '1',
      CHANCERY_CACHE_MB: '0',
    });
    await execute(origin, query);
    await own().freeze();
    const late = execute(origin, query).catch(() => undefined);
    const running = async (): Promise<boolean> =>
      /^chancery_requests_running [1-9]/m.test(await (await fetch(`${origin}/metrics`)).text());
    await until(running);
    const [code, took] = await timed(stop(child));
    own().thaw();
    await late;
    // The request that still ran was cut off.
    expect(code).toBe(1);
    expect(took).toBeLessThan(15_000);
  });
});

describeOnEachServer('a statement that takes too long', ({ newDatabase }) => {
  it('is cancelled in PostgreSQL as well when its request is aborted', async () => {
    const url = await newDatabase();
    const { origin } = await served(url, { CHANCERY_REQUEST_SECONDS: '1', CHANCERY_CACHE_MB: '0' });
    const key = await editorsKey(url);
    const database = await opened(url);
    await database.db.transaction(async (tx) => {
      await tx.execute(sql`lock table entity in access exclusive mode`);
      expect((await execute(origin, query)).status).toBe(504);
      const change = await execute(
        origin,
        create,
        { slug: 'late' },
        { authorization: `Bearer ${key}` },
      );
      expect(change).toMatchObject({ status: 504, code: 'TIMEOUT' });
      expect(change.message).toMatch(
        /may or may not have been applied\. Repeat it with the same idempotencyKey/,
      );
      const waiting = sql`select 1 as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await until(
        async () =>
          Array.from((await database.db.execute(waiting)) as Iterable<unknown>).length === 0,
      );
    });
    expect((await execute(origin, query)).body).toEqual(answer);
  });
});

it.each(['1', '2'])(
  'a database that is unreachable at start is reported in the end, by %s workers',
  async (workers) => {
    const port = await freePort();
    const { code, stderr, stdout } = await run(['serve'], {
      DATABASE_URL: `postgres://me@127.0.0.1:${await freePort()}/kb`,
      DATABASE_WAIT_SECONDS: '1',
      CHANCERY_WORKERS: workers,
      PORT: String(port),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^chancery: cannot use PostgreSQL at .*\/kb: .*ECONNREFUSED/);
    expect(stdout).toMatch(/"msg":"cannot reach PostgreSQL at .* yet/);
  },
);

// Private:

const create = `mutation ($slug: String!) { createPerson(input: { slug: $slug, name: $slug }) {
  __typename ... on PersonPayload { person { name } } } }`;

let number = 0;

/** Every transport, with and without credentials. */
function ways(origin: string, key: string): [string, () => Promise<Reply>][] {
  const authorization = `Bearer ${key}`;
  const other = `{ organization(slug: "nato") { name t${++number}: name } }`;
  const get = (path: string) => send(origin + path);
  return [
    ['a query', () => execute(origin, other)],
    ['a query of an editor', () => execute(origin, other, {}, { authorization })],
    ['GET', () => get(`/graphql?query=${encodeURIComponent(other)}`)],
    [
      'a query of the past',
      () =>
        execute(
          origin,
          `query @asKnownAt(time: "${new Date().toISOString()}") { organization(slug: "nato") { name } }`,
        ),
    ],
    [
      'a mutation',
      () => execute(origin, create, { slug: `person-${++number}` }, { authorization }),
    ],
    ['a record', () => get('/entity/nato')],
  ];
}

const statusOf = async (origin: string, path: string): Promise<number> =>
  (await fetch(origin + path)).status;

async function* eventsOf(response: Response): AsyncGenerator {
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data) yield JSON.parse(data);
    }
  }
}
