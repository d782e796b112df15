import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.js';
import { readRows } from '../../src/database/database.js';
import { run, serve, stop } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { execute } from '../support/endpoint.js';
import { editorAt, editorsKey } from './served.js';

describeOnEachServer('writing under bad conditions', ({ newDatabase }) => {
  it('a server that is killed in the middle of a batch leaves nothing of it', async () => {
    const url = await newDatabase();
    const env = { DATABASE_URL: url, CHANCERY_SAMPLE: 'off', CHANCERY_REQUEST_SECONDS: '60' };
    const key = await editorsKey(env);
    const server = await serve(env);
    const database = await openDatabase({ url }, { poolSize: 2 });
    try {
      // Another transaction creates the place that the batch creates last: the batch waits for it.
      let release = (): void => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      let hold = (): void => {};
      const holding = new Promise<void>((resolve) => (hold = resolve));
      const other = database.db.transaction(async (tx) => {
        await tx.execute(
          sql`insert into entity (id, type, slug, name, sort_name)
            values ('01890000-0000-7000-8000-000000000000', 'PLACE', 'late', 'Late', 'late')`,
        );
        hold();
        await held;
        tx.rollback();
      });
      await holding;
      const batch = batchOf(
        ...Array.from({ length: 20 }, (_, i) => `{ createPerson: { slug: "p-${i}", name: "P" } }`),
        '{ createPlace: { slug: "late", name: "Late", kind: CITY } }',
      );
      const answer = execute(server.origin, batch, {}, { authorization: `Bearer ${key}` });
      answer.catch(() => {});
      await waitsForALock(database);
      await stop(server.process, 'SIGKILL');
      await expect(answer).rejects.toThrow();
      release();
      await other.catch(() => {});
      const again = await serve(env);
      try {
        const { body } = await execute(again.origin, '{ people { totalCount } }');
        expect(body).toEqual({ data: { people: { totalCount: 0 } } });
        const repeated = await execute(again.origin, batch, {}, { authorization: `Bearer ${key}` });
        expect(repeated.body).toEqual({ data: { batch: { __typename: 'BatchPayload' } } });
      } finally {
        await stop(again.process, 'SIGKILL');
      }
      expect(await run(['audit'], env)).toMatchObject({ code: 0 });
    } finally {
      await stop(server.process, 'SIGKILL');
      await database.close();
    }
  });

  it('rejects a body of 5 MB and serves the next request', async () => {
    const env = { DATABASE_URL: await newDatabase(), CHANCERY_SAMPLE: 'off' };
    const key = await editorsKey(env);
    const server = await serve(env);
    try {
      const editor = editorAt(server.origin, key);
      const create = `mutation ($body: String) { createArticle(input: { title: "Long", body: $body }) {
        ... on ArticlePayload { article { slug body } } } }`;
      expect(await editor.execute(create, { body: 'x'.repeat(5_000_000) })).toMatchObject({
        status: 413,
        code: 'BAD_REQUEST',
      });
      const most = 'x'.repeat(1_000_000);
      expect((await editor.execute(create, { body: most })).body).toEqual({
        data: { createArticle: { article: { slug: 'long', body: most } } },
      });
    } finally {
      await stop(server.process, 'SIGKILL');
    }
  });
});

// Private:

const batchOf = (...operations: string[]): string =>
  `mutation { batch(idempotencyKey: "once", operations: [${operations.join('\n')}]) { __typename } }`;

async function waitsForALock(database: Awaited<ReturnType<typeof openDatabase>>): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    const waiting = await readRows(
      database.db,
      sql`select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (waiting.length > 0) return;
    await sleep(20);
  }
  throw new Error('no transaction waits');
}
