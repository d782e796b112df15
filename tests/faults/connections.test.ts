import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { readRows, type Database, type Queryable } from '../../src/database/database.js';
import {
  constraintOf,
  isBusy,
  isOutOfTime,
  isUnavailable,
  OutcomeUnknown,
  sqlState,
} from '../../src/database/errors.js';
import { openDatabase } from '../../src/database/open.js';
import { describeOnEachServer } from '../support/databases.js';
import { describeWithOwnServer, opened, timed } from './support.js';
import { until } from '../support/waiting.js';

describeOnEachServer('a connection that dies', ({ newDatabase }) => {
  it.each([
    [
      'between two statements',
      async (tx: Queryable) => {
        await sleep(200);
        await tx.execute(sql`select 1`);
      },
    ],
    ['under a statement', (tx: Queryable) => tx.execute(sql`select pg_sleep(5)`)],
  ])('fails its transaction, %s, and no other', async (_when, work) => {
    const url = await newDatabase();
    const database = await opened(url);
    const other = await opened(url);
    const dying = database.db.transaction(async (tx) => {
      const pid = await backendOf(tx);
      setTimeout(() => void terminate(other, pid), 50);
      await work(tx);
    });
    const error = await dying.catch((thrown: unknown) => thrown);
    expect(error).toSatisfy(isUnavailable);
    expect(error).not.toBeInstanceOf(OutcomeUnknown);
    expect(await database.db.transaction(backendOf)).toBeGreaterThan(0);
  });

  it('fails the statements that run on it; the next is answered', async () => {
    const url = await newDatabase();
    const database = await opened(url, { poolSize: 1 });
    const other = await opened(url);
    const pid = await backendOf(database.db);
    const running = database.db.execute(sql`select pg_sleep(5)`).catch((thrown: unknown) => thrown);
    await sleep(100);
    await terminate(other, pid);
    expect(await running).toSatisfy(isUnavailable);
    expect(await backendOf(database.db)).not.toBe(pid);
  });

  it('makes no difference to a transaction that begins later', async () => {
    const url = await newDatabase();
    const database = await opened(url);
    const pid = await database.db.transaction(backendOf);
    await terminate(database, pid);
    expect(await database.db.transaction(backendOf)).not.toBe(pid);
  });

  it('reports an unknown outcome when it dies while committing', async () => {
    const url = await newDatabase();
    const database = await opened(url);
    await database.db.execute(sql`create table slow (id int)`);
    // Committing takes as long as this check, which is made then.
    await database.db.execute(sql`create function wait() returns trigger language plpgsql as
      $$ begin perform pg_sleep(5); return null; end $$`);
    await database.db.execute(sql`create constraint trigger wait after insert on slow
      deferrable initially deferred for each row execute function wait()`);
    let pid = 0;
    const committing = database.db
      .transaction(async (tx) => {
        pid = await backendOf(tx);
        await tx.execute(sql`insert into slow values (1)`);
      })
      .catch((thrown: unknown) => thrown);
    const isCommitting = async (): Promise<boolean> => {
      const found = await readRows(
        database.db,
        sql`select 1 as n from pg_stat_activity where pid = ${pid}::int and query = 'commit' and state = 'active'`,
      );
      return found.length > 0;
    };
    await until(isCommitting);
    await terminate(database, pid);
    expect(await committing).toBeInstanceOf(OutcomeUnknown);
  });

  it('is heard from again after it listened', async () => {
    const url = await newDatabase();
    const database = await opened(url);
    const received: string[] = [];
    let opening = 0;
    await database.listen(
      'news',
      (payload) => received.push(payload),
      () => opening++,
    );
    await database.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%'`,
    );
    await until(() => Promise.resolve(opening === 2));
    await database.db.execute(sql`select pg_notify('news', 'hello')`);
    await until(() => Promise.resolve(received.length > 0));
    expect(received).toEqual(['hello']);
  });
});

describeOnEachServer('what takes too long', ({ newDatabase }) => {
  it('is stopped by PostgreSQL, in and outside of transactions, but not when it is long work', async () => {
    const database = await opened(await newDatabase(), { statementSeconds: 0.3 });
    const slow = (db: Queryable, seconds = 1) => db.execute(sql`select pg_sleep(${seconds})`);
    for (const attempt of [
      () => slow(database.db, 20),
      () => database.db.transaction((tx) => slow(tx, 20)),
    ]) {
      const [error, took] = await timed(attempt().catch((thrown: unknown) => thrown));
      expect(error).toSatisfy(isOutOfTime);
      expect(took).toBeLessThan(10_000);
    }
    await database.withoutTimeout(({ db }) => slow(db));
    await database.withoutTimeout(({ db }) => db.transaction((tx) => slow(tx)));
  });

  it('does not keep others waiting for a connection without end', async () => {
    const database = await opened(await newDatabase(), { poolSize: 2 });
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const holders = [1, 2].map(() => database.db.transaction(() => released));
    const [error, took] = await timed(
      database.db.transaction(backendOf).catch((thrown: unknown) => thrown),
    );
    expect(error).toSatisfy(isBusy);
    expect(took).toBeLessThan(12_000);
    expect(await backendOf(database.db)).toBeGreaterThan(0);
    release();
    await Promise.all(holders);
  });

  it('is closed when the database is closed', async () => {
    const database = await openDatabase({ url: await newDatabase() });
    const running = [
      database.db.execute(sql`select pg_sleep(60)`),
      database.db.transaction((tx) => tx.execute(sql`select pg_sleep(60)`)),
    ].map((work) => work.catch((thrown: unknown) => thrown));
    await sleep(200);
    const [, took] = await timed(database.close());
    expect(took).toBeLessThan(12_000);
    for (const error of await Promise.all(running)) expect(error).toSatisfy(isUnavailable);
  });
});

describeOnEachServer('values', ({ newDatabase }) => {
  // Arrays of dates and of numerics are the exception, and nulls in arrays: cast them to text[].
  it('are read alike in and outside of transactions', async () => {
    const { db } = await opened(await newDatabase());
    await db.execute(sql`create type mood as enum ('GOOD', 'BAD')`);
    const query = sql`select 1::int2 as i2, 2::int4 as i4, 9007199254740993::int8 as i8, 1.50::numeric as n,
      0.5::float8 as f, true as b, 'x' as t, 'y'::varchar as v, null::text as nothing,
      '2023-05-03'::date as d, '2023-05-03 10:20:30.123456'::timestamp as ts,
      '2023-05-03 10:20:30.123456+02'::timestamptz as tz, '10:20'::time as tm, '1 day 2 h'::interval as iv,
      '{"a": [1, null, "x"]}'::json as j, '[1, {"b": 2}]'::jsonb as jb, '"text"'::jsonb as js,
      '\\x00ff'::bytea as bytes, gen_random_uuid() = gen_random_uuid() as same,
      '018f0000-0000-7000-8000-000000000000'::uuid as u,
      array['a', 'b,c'] as ta, array[1, 2] as ia, array[1, 2]::int8[] as i8a, '{}'::text[] as ea,
      array['018f0000-0000-7000-8000-000000000000'::uuid] as ua, array[true, false] as ba,
      array[1.5]::text[] as na, array[0.5]::float8[] as fa, 'GOOD'::mood as m,
      array['GOOD', 'BAD']::mood[] as ma, array['2023-05-03'::date]::text[] as da,
      array['2023-05-03 10:20:30+00'::timestamptz]::text[] as tza, int4range(1, 5) as r, daterange('2023-01-01', null) as dr,
      to_tsvector('simple', 'a b') as tsv, 'x'::name as nm, 5::oid as o, '7'::xid8 as xid, row(1, 'a') as rec`;
    const outside = await readRows(db, query);
    const inside = await db.transaction((tx) => readRows(tx, query));
    expect(inside).toEqual(outside);
  });

  it('are written alike in and outside of transactions', async () => {
    const { db } = await opened(await newDatabase());
    const query = sql`select ${'x'}::text as t, ${5}::int as i, ${'5'}::int8 as i8, ${true}::bool as b, ${null}::text as n,
      ${new Date('2023-05-03T10:20:30.123Z')}::timestamptz as tz, ${'2023-05-03'}::date as d,
      ${sql.param(['a', 'b,"c'])}::text[] as ta, ${sql.param([1, 2])}::int[] as ia,
      ${JSON.stringify({ a: [1] })}::text::jsonb as j, ${Buffer.from([0, 255])}::bytea as bytes`;
    const outside = await readRows(db, query);
    const inside = await db.transaction((tx) => readRows(tx, query));
    expect(inside).toEqual(outside);
  });

  it('that break rules are rejected with the same message', async () => {
    const { db } = await opened(await newDatabase());
    await db.execute(sql`create table few (id int constraint few_key primary key check (id < 9))`);
    await db.execute(sql`insert into few values (1)`);
    for (const statement of [sql`insert into few values (1)`, sql`insert into few values (10)`]) {
      const outside = await db.execute(statement).catch((thrown: unknown) => thrown);
      const inside = await db
        .transaction((tx) => tx.execute(statement))
        .catch((thrown: unknown) => thrown);
      expect(sqlState(inside)).toMatch(/^23/);
      expect(sqlState(inside)).toBe(sqlState(outside));
      expect(constraintOf(inside)).toBe(constraintOf(outside));
    }
  });
});

describeWithOwnServer('a PostgreSQL that is killed', (own) => {
  it('fails what runs, in and outside of transactions, with clear errors, and serves again', async () => {
    const database = await opened(own().url);
    await database.db.execute(sql`create table counted (id int primary key)`);
    for (let round = 0; round < 3; round++) {
      const errors: unknown[] = [];
      let isOver = false;
      const keepOn = async (work: () => Promise<unknown>) => {
        while (!isOver) {
          await work().catch((thrown: unknown) => errors.push(thrown));
          await sleep(1);
        }
      };
      const count = sql`select count(*) from counted`;
      const running = [
        ...Array.from({ length: 20 }, () => keepOn(() => database.db.execute(count))),
        ...Array.from({ length: 5 }, () =>
          keepOn(() =>
            database.db.transaction(async (tx) => {
              await tx.execute(sql`select 1`);
              await tx.execute(count);
            }),
          ),
        ),
      ];
      await sleep(300);
      await (round % 2 ? own().shutDown() : own().kill());
      await sleep(300);
      expect(await database.ping().catch((thrown: unknown) => thrown)).toSatisfy(isUnavailable);
      await own().start();
      expect(
        await until(() =>
          database.ping().then(
            () => true,
            () => false,
          ),
        ),
      ).toBeLessThan(15_000);
      isOver = true;
      // None of them is left without an answer.
      await Promise.all(running);
      expect(errors.length).toBeGreaterThan(0);
      expect(errors.filter((error) => !isUnavailable(error))).toEqual([]);
    }
  });
});

// Private:

async function backendOf(db: Queryable): Promise<number> {
  const [row] = await readRows<{ pid: number }>(db, sql`select pg_backend_pid() as pid`);
  return row?.pid ?? 0;
}

const terminate = async ({ db }: Database, pid: number): Promise<unknown> =>
  db.execute(sql`select pg_terminate_backend(${pid}::int)`);
