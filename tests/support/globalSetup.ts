/** Before all tests: a build to run commands from, and the servers that this machine can run. */
import { execFileSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/database/open.js';
import { binariesOf, startPostgres, type PostgresServer } from './postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The addresses of running servers by version; undefined where there is none. */
    servers: { '18': string | undefined; '15': string | undefined };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  const [newest, oldest] = await Promise.all([start('18'), start('15')]);
  project.provide('servers', { '18': newest?.url, '15': oldest?.url });
  return async () => {
    await Promise.all([newest?.stop(), oldest?.stop()]);
  };
}

// Private:

async function start(version: '18' | '15'): Promise<PostgresServer | undefined> {
  const binaries = binariesOf(version);
  if (!binaries) {
    if (version === '18' && process.env['CI']) throw new Error('PostgreSQL 18 is missing');
    console.warn(`tests on PostgreSQL ${version} are skipped: this machine has no binaries of it`);
    return undefined;
  }
  const server = await startPostgres(binaries);
  await makeTemplate(server.url);
  return server;
}

/** Tests get copies of a database that was migrated once. */
async function makeTemplate(url: string): Promise<void> {
  const server = await openDatabase({ url });
  await server.db.execute('create database template_chancery');
  await server.close();
  const template = await openDatabase({ url: withDatabase(url, 'template_chancery') });
  await template.migrate();
  await template.close();
}

const withDatabase = (url: string, name: string) =>
  Object.assign(new URL(url), { pathname: `/${name}` }).href;
