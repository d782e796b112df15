/**
 * Before all tests: a build to run commands from, the servers of the selected suites that this
 * machine can run, and migrated databases that each test gets a copy of.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import type { TestProject } from 'vitest/node';
import { embeddedExtensions } from '../../src/database/embedded.js';
import { migrationsFolder } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open.js';
import { startPostgres, type PostgresServer } from './postgres.js';
import { binariesOf, type PostgresVersion } from './postgresBinaries.js';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import type { Engine } from '../suites.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The databases that tests are repeated on. */
    engines: Engine[];
    /** The addresses of running servers by version; undefined where there is none. */
    servers: Record<PostgresVersion, string | undefined>;
    /** The file that holds a migrated embedded database. */
    embeddedTemplate: string;
    /** The file that holds one with the sample in it. */
    sampleTemplate: string;
    /** A folder as the embedded database leaves it, filled with the sample. */
    sampleFolder: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-tests-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const engines = project.vitest.projects.flatMap(({ config }) => config.provide.engines ?? []);
  const [newest, oldest] = await Promise.all([
    engines.includes('PostgreSQL 18') ? start('18') : undefined,
    engines.includes('PostgreSQL 15') ? start('15') : undefined,
    makeEmbedded(folder),
    build(),
  ]);
  project.provide('servers', { '18': newest?.url, '15': oldest?.url });
  project.provide('embeddedTemplate', join(folder, 'embedded.tar'));
  project.provide('sampleTemplate', join(folder, 'sample.tar'));
  project.provide('sampleFolder', join(folder, 'sample'));
  return async () => {
    await Promise.all([newest?.stop(), oldest?.stop()]);
  };
}

// Private:

const execute = promisify(execFile);

async function build(): Promise<void> {
  const compiler = 'node_modules/typescript/bin/tsc';
  try {
    await execute(process.execPath, [compiler, '-p', 'tsconfig.build.json']);
  } catch (error) {
    throw new Error(`the build fails:\n${(error as { stdout: string }).stdout}`, { cause: error });
  }
}

async function start(version: PostgresVersion): Promise<PostgresServer | undefined> {
  try {
    const binaries = binariesOf(version);
    if (!binaries) throw new Error('this machine has no binaries of it');
    const server = await startPostgres(binaries);
    await makeTemplate(server.url);
    return server;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (version === '18' && process.env['CI'] && process.platform === 'linux') throw error;
    console.warn(`Tests on PostgreSQL ${version} are skipped: ${reason}`);
    return undefined;
  }
}

async function makeTemplate(url: string): Promise<void> {
  const server = await openDatabase({ url });
  await server.db.execute('create database template_chancery');
  await server.close();
  const template = await openDatabase({
    url: Object.assign(new URL(url), { pathname: '/template_chancery' }).href,
  });
  await template.migrate();
  await template.close();
}

/** Starting from a copy takes a fifth of the time that a new embedded database takes. */
async function makeEmbedded(folder: string): Promise<void> {
  const dataDir = join(folder, 'sample');
  await mkdir(dataDir);
  const open = () => PGlite.create(join(dataDir, 'pgdata'), { extensions: embeddedExtensions });
  const empty = await open();
  await migrate(drizzle({ client: empty }), { migrationsFolder });
  await dump(empty, join(folder, 'embedded.tar'));
  const database = await openDatabase({ dataDir });
  await fillWithSample(database);
  await database.close();
  await dump(await open(), join(folder, 'sample.tar'));
}

async function dump(client: PGlite, file: string): Promise<void> {
  const data = await client.dumpDataDir('none');
  await writeFile(file, Buffer.from(await data.arrayBuffer()));
  await client.close();
}
