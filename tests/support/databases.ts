import { randomBytes } from 'node:crypto';
import { afterAll, describe, inject } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { openDatabase, type DatabaseLocation } from '../../src/database/open.js';
import type { PostgresOptions } from '../../src/database/postgres.js';

export interface DatabaseContext {
  /** `PGlite`, `PostgreSQL 18` or `PostgreSQL 15`. */
  engine: string;
  /** An empty, migrated database; it is closed and dropped after the tests of this block. */
  open: (options?: PostgresOptions) => Promise<Database>;
}

/** Runs the same tests on the embedded database and on every server that this machine can run. */
export function describeOnEachDatabase(
  title: string,
  body: (context: DatabaseContext) => void,
): void {
  describe(`${title} (PGlite)`, () => {
    body({
      engine: 'PGlite',
      open: (options) => opened({ inMemory: true }, options),
    });
  });
  const servers = inject('servers');
  for (const version of ['18', '15'] as const) {
    const url = servers[version];
    describe.skipIf(!url)(`${title} (PostgreSQL ${version})`, () => {
      body({
        engine: `PostgreSQL ${version}`,
        open: async (options) => opened(await newDatabase(url ?? ''), options),
      });
    });
  }
}

/** Makes a migrated database on a server and drops it after the tests of this block. */
export async function newDatabase(serverUrl: string): Promise<{ url: string }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name} template template_chancery`);
  afterAll(() => onServer(serverUrl, `drop database ${name} with (force)`));
  return { url: Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href };
}

// Private:

async function opened(location: DatabaseLocation, options?: PostgresOptions): Promise<Database> {
  const database = await openDatabase(location, options);
  await database.migrate();
  afterAll(() => database.close());
  return database;
}

async function onServer(url: string, statement: string): Promise<void> {
  const server = await openDatabase({ url }, { poolSize: 1 });
  try {
    await server.db.execute(statement);
  } finally {
    await server.close();
  }
}
