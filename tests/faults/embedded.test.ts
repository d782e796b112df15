import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it, onTestFinished } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { isDiskFull, isUnavailable } from '../../src/database/errors.js';
import { openDatabase } from '../../src/database/open.js';
import { run, serve, stop } from '../support/command.js';
import { execute } from '../support/endpoint.js';
import { temporaryFolder } from '../support/temporary.js';
import { timed } from './support.js';

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

it.skipIf(!mayMount)(
  'a full disk rejects writes, serves reads, and accepts writes when there is room',
  async ({ skip }) => {
    const folder = await smallDisk();
    if (!folder) return skip('a disk cannot be mounted here');
    const dataDir = join(folder, 'knowledge');
    const database = await openDatabase({ dataDir });
    onTestFinished(() => database.close());
    await database.db.execute(sql`create table kept (text text)`);
    await write(database);
    writeUntilFull(folder);
    for (let i = 0; i < 3; i++) {
      await expect(write(database)).rejects.toSatisfy(isDiskFull);
      expect(await count(database)).toBe(20);
    }
    rmSync(join(folder, 'rest'));
    await write(database);
    expect(await count(database)).toBe(40);
    await database.close();
    const again = await openDatabase({ dataDir });
    onTestFinished(() => again.close());
    expect(await count(again)).toBe(40);
  },
);

it.skipIf(!mayMount)(
  'a server with a full disk rejects changes with 503, answers queries, and accepts changes when there is room',
  async ({ skip }) => {
    const folder = await smallDisk();
    if (!folder) return skip('a disk cannot be mounted here');
    const settings = { CHANCERY_DATA_DIR: join(folder, 'knowledge'), CHANCERY_CACHE_MB: '0' };
    const made = await run(['keys', 'create', '--role', 'editor', '--name', 'Ann'], settings);
    const server = await serve(settings);
    onTestFinished(() => void stop(server.process, 'SIGKILL'));
    const authorization = `Bearer ${made.stdout.trim()}`;
    const body = 'x'.repeat(500_000);
    const change = (i: number) => {
      const mutation = `mutation ($body: String) { createArticle(input: { title: "Long ${i}", body: $body }) { __typename } }`;
      return execute(server.origin, mutation, { body: `${i} ${body}` }, { authorization });
    };
    expect((await change(0)).body).toEqual({
      data: { createArticle: { __typename: 'ArticlePayload' } },
    });
    writeUntilFull(folder);
    let reply = await change(1);
    for (let i = 2; reply.status === 200 && i < 20; i++) reply = await change(i);
    expect(reply).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(reply.message).toMatch(/^The disk of the database is full/);
    const { body: answer } = await execute(server.origin, '{ place(slug: "tokyo") { name } }');
    expect(answer).toEqual({ data: { place: { name: 'Tokyo' } } });
    rmSync(join(folder, 'rest'));
    expect((await change(30)).body).toEqual({
      data: { createArticle: { __typename: 'ArticlePayload' } },
    });
  },
);

it('the embedded database keeps everything else waiting while it works, as docs/faults.md says', async () => {
  const database = await openDatabase({ inMemory: true });
  onTestFinished(() => database.close());
  const order: string[] = [];
  const query = database.db.execute(sql`select count(*) from generate_series(1, 3000000)`);
  // It begins within the next turns of the event loop.
  const turns = (async () => {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    await sleep(20);
    order.push('something else');
  })();
  await query;
  order.push('the query');
  await turns;
  expect(order).toEqual(['the query', 'something else']);
});

it('the embedded database lets go of itself in time though a transaction never ends', async () => {
  const database = await openDatabase({ inMemory: true });
  let began = (): void => {};
  const beginning = new Promise<void>((resolve) => (began = resolve));
  database.db
    .transaction(async (tx) => {
      await tx.execute(sql`select 1`);
      began();
      await new Promise(() => {});
    })
    .catch(() => {});
  await beginning;
  const [, took] = await timed(database.close());
  expect(took).toBeLessThan(15_000);
  await expect(database.ping()).rejects.toSatisfy(isUnavailable);
});

// Private:

/** A folder with room for 120 MB; undefined where we may not mount one. */
async function smallDisk(): Promise<string | undefined> {
  const folder = join(await temporaryFolder(), 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

const writeUntilFull = (folder: string): void =>
  expect(() => {
    for (;;) appendFileSync(join(folder, 'rest'), Buffer.alloc(1024 * 1024));
  }).toThrow('ENOSPC');

const write = ({ db }: Database): Promise<unknown> =>
  db.transaction((tx) =>
    tx.execute(sql`insert into kept select string_agg(md5(random()::text), '')
      from generate_series(1, 3000) a, generate_series(1, 20) b group by b`),
  );

async function count({ db }: Database): Promise<number> {
  const [row] = await readRows<{ count: number }>(db, sql`select count(*)::int as count from kept`);
  return row?.count ?? 0;
}
