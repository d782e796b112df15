import { randomBytes } from 'node:crypto';
import { afterAll, describe, inject, onTestFinished, TestRunner } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { openDatabase, type DatabaseLocation } from '../../src/database/open.js';
import type { PostgresOptions } from '../../src/database/postgres.js';
import { inMemory } from './inMemory.js';

export interface DatabaseContext {
  /** `PGlite`, `PostgreSQL 18` or `PostgreSQL 15`. */
  engine: string;
  /** An empty, migrated database; it is closed after the test that opens it, or else after this block's. */
  open: (options?: PostgresOptions) => Promise<Database>;
}

export interface ServerContext {
  engine: string;
  /** The address of a new database without tables; it is dropped as `open` closes one. */
  newDatabase: () => Promise<string>;
}

/** Runs the same tests on the databases of this suite: the embedded one, and servers that this machine can run. */
export function describeOnEachDatabase(
  title: string,
  body: (context: DatabaseContext) => void,
): void {
  describe.runIf(inject('engines').includes('PGlite'))(`${title} (PGlite)`, () => {
    const later = afterTheTests();
    const open = async (options?: PostgresOptions) => opened(await inMemory(), later, options);
    body({ engine: 'PGlite', open });
  });
  onEachServer(title, (server, engine) => {
    const later = afterTheTests();
    const open = async (options?: PostgresOptions) =>
      opened({ url: await newDatabase(server, later, 'template_chancery') }, later, options);
    body({ engine, open });
  });
}

/** Runs the same tests on the PostgreSQL servers of this suite that this machine can run. */
export function describeOnEachServer(title: string, body: (context: ServerContext) => void): void {
  onEachServer(title, (server, engine) => {
    const later = afterTheTests();
    body({ engine, newDatabase: () => newDatabase(server, later) });
  });
}

// Private:

type Later = (task: () => Promise<unknown>) => void;

/** Tasks that a test adds are run after it, those that a hook adds after this block's tests, the last first. */
function afterTheTests(): Later {
  const tasks: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const task of tasks.splice(0).reverse()) await task();
  });
  return (task) => {
    if (isInTest()) onTestFinished(async () => void (await task()));
    else tasks.push(task);
  };
}

/** Whether a test or a hook of each test runs. */
const isInTest = (): boolean => TestRunner.getCurrentTest() !== undefined;

function onEachServer(title: string, body: (server: string, engine: string) => void): void {
  const servers = inject('servers');
  for (const version of ['18', '15'] as const) {
    const server = servers[version];
    const engine = `PostgreSQL ${version}` as const;
    if (!inject('engines').includes(engine)) continue;
    const reason = server ? '' : ', which this machine cannot run';
    describe.skipIf(!server)(`${title} (${engine}${reason})`, () => body(server ?? '', engine));
  }
}

async function opened(
  location: DatabaseLocation,
  later: Later,
  options?: PostgresOptions,
): Promise<Database> {
  const database = await openDatabase(location, options);
  later(async () => {
    await database.close();
    // Files share a process, which keeps their variables: an embedded database takes 100 MB and more.
    for (const name of Object.keys(database)) Reflect.deleteProperty(database, name);
  });
  await database.migrate();
  return database;
}

async function newDatabase(server: string, later: Later, template = 'template1'): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name} template ${template}`);
  later(() => onServer(server, `drop database ${name} with (force)`));
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}

async function onServer(url: string, statement: string): Promise<void> {
  const server = await openDatabase({ url }, { poolSize: 1 });
  try {
    await server.db.execute(statement);
  } finally {
    await server.close();
  }
}
