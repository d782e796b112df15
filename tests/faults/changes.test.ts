/** Changes whose connection is lost, or that get none: outcome and response. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { describeOnEachServer } from '../support/databases.js';
import { execute } from '../support/endpoint.js';
import { metricsAt } from '../support/metrics.js';
import { editorsKey, opened, served } from './support.js';
import { until } from '../support/waiting.js';

const creating = `mutation ($name: String!, $key: String) {
  createPerson(input: { name: $name }, idempotencyKey: $key) { ... on PersonPayload { changeId person { id } } } }`;

describeOnEachServer(
  'a change whose connection is lost while it is committed',
  ({ newDatabase }) => {
    it.each([
      ['was not made', 'backend'],
      ['was made', 'network'],
    ])('has an unknown outcome, and is made once when sent again: it %s', async (_, what) => {
      const url = await newDatabase();
      const network = await startNetwork(url);
      const { origin } = await served(network.url);
      const authorization = `Bearer ${await editorsKey(url)}`;
      const database = await opened(url);
      await slowCommits(database);
      const change = () =>
        execute(origin, creating, { name: 'Slow Ann', key: 'once' }, { authorization });
      const pending = change();
      await until(() => isCommitting(database));
      if (what === 'network') network.cut();
      else await database.db.execute(sql`select pg_terminate_backend(pid) from ${committing}`);
      expect(await pending).toMatchObject({
        status: 503,
        code: 'SERVICE_UNAVAILABLE',
        message: expect.stringMatching(
          /may or may not have been applied\. Repeat it with the same idempotencyKey, which applies it once/,
        ) as unknown,
      });
      // PostgreSQL finishes the commit, though the response is lost.
      await until(async () => !(await isCommitting(database)));
      expect(await people(database)).toBe(what === 'network' ? 1 : 0);
      let again = await change();
      await until(async () => (again = await change()).status === 200);
      expect(again.body.errors).toBeUndefined();
      expect((await change()).body).toEqual(again.body);
      expect(await people(database)).toBe(1);
    });
  },
);

describeOnEachServer('changes for which there is no connection', ({ engine, newDatabase }) => {
  // Who waits for whom does not depend on the version of PostgreSQL.
  it.skipIf(engine === 'PostgreSQL 15')(
    'are rejected after a while with OVERLOADED, and those that have one are counted in /metrics',
    async () => {
      const url = await newDatabase();
      const { origin } = await served(url, {
        DATABASE_POOL_SIZE: '4',
        CHANCERY_REQUEST_SECONDS: '60',
      });
      const authorization = `Bearer ${await editorsKey(url)}`;
      const database = await opened(url);
      const { pending, rejected } = await database.db.transaction(async (tx) => {
        await tx.execute(sql`lock table person in access exclusive mode`);
        const pending = [1, 2, 3].map((i) =>
          execute(origin, creating, { name: `Person ${i}` }, { authorization }),
        );
        const metric = async (name: string) => (await metricsAt(origin)).value(name);
        await until(async () => (await metric('chancery_transactions_waiting')) === 1);
        expect(await metric('chancery_transactions_running')).toBe(2);
        // Reading has connections of its own.
        expect((await execute(origin, '{ place(slug: "tokyo") { name } }')).status).toBe(200);
        const rejected = await Promise.race(pending);
        expect(await metric('chancery_transactions_waiting')).toBe(0);
        return { pending, rejected };
      });
      expect(rejected).toMatchObject({ status: 503, code: 'OVERLOADED' });
      expect(rejected.headers.get('retry-after')).toBe('1');
      const statuses = (await Promise.all(pending)).map(({ status }) => status);
      expect(statuses.sort()).toEqual([200, 200, 503]);
    },
  );
});

// Private:

/** Committing a person whose name begins with Slow takes a second and a half. */
async function slowCommits({ db }: Database): Promise<void> {
  await db.execute(sql`create function wait() returns trigger language plpgsql as
    $$ begin if new.name like 'Slow%' then perform pg_sleep(1.5); end if; return null; end $$`);
  await db.execute(sql`create constraint trigger wait after insert on entity
    deferrable initially deferred for each row execute function wait()`);
}

const committing = sql`pg_stat_activity
  where datname = current_database() and query = 'commit' and state = 'active'`;

const isCommitting = async ({ db }: Database): Promise<boolean> =>
  (await readRows(db, sql`select 1 as found from ${committing}`)).length > 0;

async function people({ db }: Database): Promise<number> {
  const named = sql`select 1 as found from entity where name = 'Slow Ann'`;
  return (await readRows(db, named)).length;
}

/** What lies between a server and its database, until it is cut: connections end at both sides. */
async function startNetwork(url: string): Promise<{ url: string; cut: () => void }> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const between = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}));
  }).listen(0, '127.0.0.1');
  await once(between, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    between.close();
    cut();
  });
  const own = String((between.address() as AddressInfo).port);
  return { url: Object.assign(new URL(url), { port: own }).href, cut };
}
