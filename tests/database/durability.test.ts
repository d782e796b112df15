import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.js';
import { startChild } from '../support/child.js';
import { temporaryFolder } from '../support/temporary.js';
import { rowsOf } from './rows.js';

it('keeps what it acknowledged, however often its process is killed', async () => {
  const dataDir = await temporaryFolder();
  const acknowledged: string[] = [];
  for (const untilKilled of [1, 7, 50, 200]) {
    const writer = startChild(writing, dataDir);
    for (let i = 0; i < untilKilled; i++) acknowledged.push((await writer.nextLine()) ?? 'ended');
    acknowledged.push(...(await writer.kill()));
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(258);

  const database = await openDatabase({ dataDir });
  const kept = await rowsOf(database, 'select slug from article');
  await database.close();
  const slugs = new Set(kept.map(({ slug }) => slug));
  expect(acknowledged.filter((slug) => !slugs.has(slug))).toEqual([]);
});

it('never has the system write through to the disk, so that power loss may cost what it acknowledged', async () => {
  const child = startChild(counting, await temporaryFolder());
  expect(await child.nextLine()).toBe('0 calls');
  await child.kill();
});

/** All that it does to files goes through Node. */
const counting = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  let calls = 0;
  for (const name of ['fsync', 'fsyncSync', 'fdatasync', 'fdatasyncSync']) {
    const call = fs[name];
    fs[name] = (...given) => { calls++; return call(...given); };
  }
  syncBuiltinESMExports();
  const { openDatabase } = await import('./dist/database/open.js');
  const { db, migrate } = await openDatabase({ dataDir: process.argv[1] });
  await migrate();
  await db.execute('checkpoint');
  console.log(calls + ' calls');
  process.stdin.resume();`;

const writing = `
  import { randomUUID } from 'node:crypto';
  import { writeSync } from 'node:fs';
  import { sql } from 'drizzle-orm';
  import { openDatabase } from './dist/database/open.js';
  const { db, migrate } = await openDatabase({ dataDir: process.argv[1] });
  await migrate();
  for (;;) {
    const id = randomUUID();
    await db.execute(sql\`insert into article (id, slug, title, sort_title) values (\${id}, \${id}, 'T', 't')\`);
    writeSync(1, id + '\\n');
  }`;
