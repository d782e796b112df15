/**
 * Which test file belongs to which suite:
 *
 * - `npm test`, before every commit: all files but those listed here, on PGlite and PostgreSQL 18.
 * - `npm run test:ci`, after it in the CI: the files listed here, on every database, and on
 *   PostgreSQL 15 those files of `npm test` that repeat their tests on each database.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The databases that `describeOnEachDatabase` knows. */
export type Engine = 'PGlite' | 'PostgreSQL 18' | 'PostgreSQL 15';

/** Files and folders whose subject takes long: many processes, much data, other programs. */
const ci: readonly string[] = [
  // Databases and servers that fail, freeze or are killed, and processes that share one.
  'tests/faults',
  'tests/curation/chaos',
  'tests/curation/faults.test.ts',
  'tests/database/durability.test.ts',
  'tests/database/dataFolder.test.ts',
  'tests/database/embeddedSocket.test.ts',
  'tests/server/workers.test.ts',
  'tests/server/servePostgres.test.ts',
  // Random requests, hostile requests, many requests.
  'tests/server/fuzz.test.ts',
  'tests/server/soak.test.ts',
  // Every field of every type, in every list, export and state of the past.
  'tests/access/walk.test.ts',
  'tests/erasure/everyRecordType.test.ts',
  // Clients that read slowly, walks through every relation, edits by the hundred, tens of commands.
  'tests/server/streams.test.ts',
  'tests/relay/walks.test.ts',
  'tests/curation/audit.test.ts',
  'tests/curation/largeChanges.test.ts',
  'tests/exchange/stream/commands.test.ts',
  'tests/access/commands.test.ts',
  'tests/curation/guide.test.ts',
  'tests/erasure/command.test.ts',
  // Servers that are started anew for each setting, with a collector or a scraper beside them.
  'tests/server/observability/tracingSettings.test.ts',
  'tests/server/observability/metrics.test.ts',
  'tests/server/observability/manual.test.ts',
  // Plans of statements on 100,000 records.
  'tests/database/plans.test.ts',
  // The public data sets, where they are.
  'tests/examples/datasets.test.ts',
  // An app in a process of its own.
  'tests/examples/readme.test.ts',
  // The composition of a supergraph, with another library.
  'tests/federation/gateway.test.ts',
  // Programs beside Chancery: a browser, agents, proxies, a pooler, a service manager, pg_dump, npm.
  'tests/server/graphiql.test.ts',
  'tests/mcp/inspector.test.ts',
  'tests/mcp/stdio.test.ts',
  'tests/operations',
  'tests/server/pgbouncer.test.ts',
  'tests/database/backup.test.ts',
  'tests/release',
  'tests/licences.test.ts',
  // Clients with their compilers.
  'tests/clients',
];

const belongsToCi = (file: string): boolean =>
  ci.some((entry) => file === entry || file.startsWith(`${entry}/`));

const files = readdirSync('tests', { recursive: true, encoding: 'utf8' })
  .map((file) => join('tests', file).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.ts'))
  .sort();

for (const entry of ci) {
  if (!files.some((file) => file === entry || file.startsWith(`${entry}/`))) {
    throw new Error(`tests/suites.ts lists ${entry}, which does not exist`);
  }
}

/** What `npm test` runs. */
export const fastFiles = files.filter((file) => !belongsToCi(file));

export const ciFiles = files.filter(belongsToCi);

export const filesOnEachDatabase = fastFiles.filter((file) =>
  /\bdescribeOnEach(Database|Server)\(/.test(readFileSync(file, 'utf8')),
);
