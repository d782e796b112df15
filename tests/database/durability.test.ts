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
