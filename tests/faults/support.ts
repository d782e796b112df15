import { beforeAll, describe, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/open.js';
import type { Database } from '../../src/database/database.js';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { serve, stop, type RunningServer } from '../support/command.js';
import { startPostgres, type PostgresServer } from '../support/postgres.js';
import { binariesOf } from '../support/postgresBinaries.js';

const binaries = binariesOf('18');

/** Tests with a PostgreSQL of their own, which they may kill, freeze and start again. */
export function describeWithOwnServer(title: string, body: (own: () => PostgresServer) => void) {
  describe.skipIf(!binaries)(title, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres(binaries ?? '');
      return () => server.stop();
    });
    body(() => server);
  });
}

/** An open database that is closed after the test. */
export async function opened(
  url: string,
  options: Parameters<typeof openDatabase>[1] = {},
): Promise<Database> {
  const database = await openDatabase({ url }, options);
  onTestFinished(() => database.close());
  return database;
}

/** A server on a database, ended after the test. */
export async function served(
  url: string,
  settings: Record<string, string> = {},
): Promise<RunningServer> {
  const server = await serve({ DATABASE_URL: url, CHANCERY_RATE_LIMIT: '0', ...settings });
  onTestFinished(() => void stop(server.process, 'SIGKILL'));
  return server;
}

/** The credentials of an editor. */
export async function editorsKey(url: string): Promise<string> {
  const database = await openDatabase({ url }, { poolSize: 1 });
  const { key } = await createApiKey(database, { name: 'editor', role: 'EDITOR' });
  await database.close();
  return key;
}

/** How long something takes, in milliseconds, and what came of it. */
export async function timed<Result>(work: Promise<Result>): Promise<[Result, number]> {
  const began = performance.now();
  const result = await work;
  return [result, performance.now() - began];
}
