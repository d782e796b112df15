/**
 * Before all tests: a build to run commands from, the servers of the selected suites that this
 * machine can run, and migrated databases that each test gets a copy of.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';
import { embeddedExtensions } from '../../src/database/embedded.js';
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
    /** An embedded database with the sample in it, as PGlite's `dumpDataDir` writes it. */
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
    build().then(() => makeSample(folder)),
  ]);
  project.provide('servers', { '18': newest?.url, '15': oldest?.url });
  project.provide('sampleTemplate', join(folder, 'sample.tar'));
  project.provide('sampleFolder', join(folder, 'sample'));
  return async () => {
    await Promise.all([newest?.stop(), oldest?.stop()]);
  };
}

// Private:

const execute = promisify(execFile);

async function build(): Promise<void> {
  try {
    await execute(process.execPath, ['scripts/build.mjs']);
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`the build fails:\n${stdout}${stderr}`, { cause: error });
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

/** The folder is what `chancery serve` leaves; the file beside it holds the same for databases in memory. */
async function makeSample(folder: string): Promise<void> {
  const dataDir = join(folder, 'sample');
  const database = await openDatabase({ dataDir });
  await fillWithSample(database);
  await database.close();
  const client = await PGlite.create(join(dataDir, 'pgdata'), { extensions: embeddedExtensions });
  const dump = await client.dumpDataDir('none');
  await writeFile(join(folder, 'sample.tar'), Buffer.from(await dump.arrayBuffer()));
  await client.close();
}
