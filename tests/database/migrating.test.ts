import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { migrationsFolder } from '../../src/database/migrate.js';
import { PGlite } from '@electric-sql/pglite';
import { embeddedExtensions } from '../../src/database/embedded.js';
import { openDatabase } from '../../src/database/open.js';
import { startChild } from '../support/child.js';
import { describeOnEachDatabase, describeOnEachServer } from '../support/databases.js';
import { rowsOf } from './rows.js';

const migrations = (await readdir(migrationsFolder)).sort();

describeOnEachServer('migrating', ({ newDatabase }) => {
  it('succeeds for twelve servers at once, and applies each migration once', async () => {
    const url = await newDatabase();
    const databases = await Promise.all(
      Array.from({ length: 12 }, () => openDatabase({ url }, { poolSize: 1 })),
    );
    const applied = await Promise.all(databases.map((database) => database.migrate()));
    expect(applied.flat()).toEqual(migrations);
    expect(applied.filter(({ length }) => length > 0)).toHaveLength(1);
    await Promise.all(databases.map((database) => database.close()));
  });

  it('is done whole or not at all by a process that is killed', async () => {
    const url = await newDatabase();
    const database = await openDatabase({ url });
    for (const milliseconds of [0, 60, 120, 180]) {
      const child = startChild(migrating, url);
      expect(await child.nextLine()).toBe('migrating');
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await child.kill();
      const tables = await rowsOf(database, `select from pg_tables where tablename = 'entity'`);
      const checks = await rowsOf(
        database,
        `select from pg_proc where proname = 'revision_append_only'`,
      );
      expect(checks).toHaveLength(tables.length);
    }
    await database.migrate();
    expect(await database.migrate()).toEqual([]);
    expect(
      await rowsOf(database, 'select name from drizzle.__drizzle_migrations order by id'),
    ).toEqual(migrations.map((name) => ({ name })));
    await database.close();
  });
});

describeOnEachDatabase('migrating', ({ open }) => {
  it('changes nothing in a database that is up to date', async () => {
    const database = await open();
    expect(await Promise.all([database.migrate(), database.migrate()])).toEqual([[], []]);
  });

  it('leaves tables of other migrations as they are, and says how to bring them over', async () => {
    const database = await open();
    await rowsOf(
      database,
      `update drizzle.__drizzle_migrations set name = '20251123151247_functions' where id = 1`,
    );
    const advice =
      /development version.*export the records with that version.*docs\/operations\.md/;
    await expect(database.migrate()).rejects.toThrow(advice);
    await expect(database.isUpToDate()).rejects.toThrow(advice);
  });

  it('takes tables that a newer version has migrated as they are', async () => {
    const database = await open();
    await rowsOf(
      database,
      `insert into drizzle.__drizzle_migrations (hash, created_at, name) values ('', 0, '29991231000000_newer')`,
    );
    expect(await database.migrate()).toEqual([]);
  });
});

it('may be started twice at once in one process (PGlite)', async () => {
  // A database without tables, since a new one is a copy of a migrated template.
  const client = await PGlite.create({ extensions: embeddedExtensions });
  const database = await openDatabase({ inMemory: true, client });
  const applied = await Promise.all([database.migrate(), database.migrate()]);
  expect(applied.flat()).toEqual(migrations);
  await database.close();
});

const migrating = `
  import { openDatabase } from './dist/database/open.js';
  const database = await openDatabase({ url: process.argv[1] });
  console.log('migrating');
  await database.migrate();`;
