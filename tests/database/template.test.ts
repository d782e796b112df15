import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { readRows } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open.js';
import { temporaryFolder } from '../support/temporary.js';

const entities = sql`select count(*)::int as count from entity`;

describe('a new data folder', () => {
  it('has its tables from the first start, as a copy of what the build prepared', async () => {
    const database = await openDatabase({ dataDir: await temporaryFolder() });
    expect(await database.isUpToDate()).toBe(true);
    expect(await readRows(database.db, entities)).toEqual([{ count: 0 }]);
    await database.close();
  });

  it('is complete where the process of an earlier start was killed while it copied', async () => {
    const folder = await temporaryFolder();
    const unfinished = join(folder, 'pgdata.new');
    await mkdir(unfinished);
    await writeFile(join(unfinished, 'PG_VERSION'), '1');
    const database = await openDatabase({ dataDir: folder });
    expect(await readRows(database.db, entities)).toEqual([{ count: 0 }]);
    await database.close();
    expect(existsSync(unfinished)).toBe(false);
  });
});
