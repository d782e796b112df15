import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readRows } from '../../src/database/database.js';
import { opened } from '../faults/support.js';
import { post, run, serve, stop, type RunningServer } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { openEvents } from '../support/events.js';
import { blockIn } from '../support/manual.js';
import { metricsAt } from '../support/metrics.js';
import { hasPgBouncer, startPgBouncer, type PgBouncer } from '../support/pgbouncer.js';

describe.skipIf(!hasPgBouncer)('behind PgBouncer in transaction mode', () => {
  describeOnEachServer('chancery serve', ({ newDatabase }) => {
    let direct: string;
    let pooler: PgBouncer;
    let servers: RunningServer[];
    beforeAll(async () => {
      direct = await newDatabase();
      // Fewer connections than the servers make, so that these share them.
      pooler = await startPgBouncer(direct, (shown) =>
        shown.replace('default_pool_size = 20', 'default_pool_size = 5'),
      );
      servers = await Promise.all([1, 2].map(() => serve({ DATABASE_URL: pooler.url })));
    });
    afterAll(async () => {
      await Promise.all(servers.map(({ process }) => stop(process, 'SIGKILL')));
      await pooler.stop();
    });
    const first = () => servers[0]?.origin ?? '';
    const second = () => servers[1]?.origin ?? '';

    it('brings the tables up to date and answers, with prepared statements', async () => {
      const query = `query ($slug: String!) { organization(slug: $slug) { offices { totalCount nodes { name place { name } } } } }`;
      for (let round = 0; round < 5; round++) {
        const pending = Array.from({ length: 20 }, (_, i) =>
          post(i % 2 ? first() : second(), query, { slug: i % 3 ? 'nato' : `none-${i}` }),
        );
        for (const { status, body } of await Promise.all(pending)) {
          expect({ status, errors: body['errors'] }).toEqual({ status: 200, errors: undefined });
        }
      }
    });

    it('writes, and no server answers from before', async () => {
      const query = '{ organization(slug: "club") { name } }';
      for (const name of ['Club', 'Circle']) {
        const dossier = `organizations: [{ slug: club, name: ${name}, kind: OTHER }]`;
        const imported = await run(['import', '-'], { DATABASE_URL: pooler.url }, dossier);
        expect(imported.code).toBe(0);
        for (let i = 0; i < 10; i++) {
          for (const origin of [first(), second()]) {
            const { body } = await post(origin, query);
            expect(body).toEqual({ data: { organization: { name } } });
          }
        }
      }
    });

    it('leaves the response cache unused, and sends subscribers nothing', async () => {
      const events = await openEvents(first(), 'subscription { changed { recordType } }');
      expect(events.status).toBe(200);
      let received = 0;
      void events.receive(1).then(
        () => received++,
        () => {},
      );
      const hits = async () =>
        (await metricsAt(first())).value('chancery_response_cache_hits_total');
      const before = await hits();
      const dossier = 'people: [{ slug: told, name: Told }]';
      const imported = await run(['import', '-'], { DATABASE_URL: pooler.url }, dossier);
      expect(imported.code).toBe(0);
      for (let i = 0; i < 10; i++) await post(first(), '{ person(slug: "told") { name } }');
      expect(await hits()).toBe(before);
      await sleep(1000);
      expect(received).toBe(0);
      events.close();
    });

    it('takes mutations by key, each whole or not at all', async () => {
      const key = await run(['keys', 'create', '--role', 'editor', '--name', 'Ann'], {
        DATABASE_URL: pooler.url,
      });
      const query =
        'mutation ($name: String!) { createPerson(input: { name: $name }) { ... on PersonPayload { revision } } }';
      const made = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          const response = await fetch(`${i % 2 ? first() : second()}/graphql`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              authorization: `Bearer ${key.stdout.trim()}`,
            },
            body: JSON.stringify({ query, variables: { name: `Person ${i}` } }),
          });
          return (await response.json()) as unknown;
        }),
      );
      for (const each of made) expect(each).toEqual({ data: { createPerson: { revision: 1 } } });
      const audited = await run(['audit'], { DATABASE_URL: direct });
      expect(audited.stdout).toBe('');
      expect(audited.code).toBe(0);
    });
  });

  describeOnEachServer('what PgBouncer does not pass on', ({ engine, newDatabase }) => {
    // It does not depend on the version of PostgreSQL.
    it.skipIf(engine === 'PostgreSQL 15')('has to be ignored, or it lets nobody in', async () => {
      const pooler = await startPgBouncer(await newDatabase(), (shown) =>
        shown.replace(/^ignore_startup_parameters.*$/m, ''),
      );
      onTestFinished(() => pooler.stop());
      const { code, stderr } = await run(['serve'], {
        DATABASE_URL: pooler.url,
        DATABASE_WAIT_SECONDS: '1',
        PORT: '0',
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(/unsupported startup parameter/);
    });

    it('holds where it is given to the role', async () => {
      const server = await newDatabase();
      const own = await opened(server);
      const role = `chancery_${randomBytes(4).toString('hex')}`;
      await own.db.execute(sql.raw(`create role ${role} login superuser`));
      const shown = await blockIn(
        'docs/operations.md',
        'alter role chancery set statement_timeout',
      );
      for (const line of shown.trim().split('\n')) {
        await own.db.execute(sql.raw(line.replace('chancery', role)));
      }
      const url = Object.assign(new URL(server), { username: role }).href;
      const pooler = await startPgBouncer(url);
      onTestFinished(async () => {
        await pooler.stop();
        await own.db.execute(sql.raw(`drop role ${role}`));
      });
      const { db } = await opened(pooler.url, { statementSeconds: 3 });
      const settings = sql`select current_setting('statement_timeout') as timeout, current_setting('jit') as jit`;
      expect(await readRows(db, settings)).toEqual([{ timeout: '10s', jit: 'off' }]);
      expect(await db.transaction((tx) => readRows(tx, settings))).toEqual([
        { timeout: '10s', jit: 'off' },
      ]);
    });
  });
});
