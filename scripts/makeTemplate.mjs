// Writes dist/pgdata.tar.gz, a data folder of the embedded database in which initdb and all migrations have run,
// unless the one that is there comes from the same PGlite and the same migrations.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { embeddedExtensions } from '../dist/database/embedded.js';
import { migrationsFolder } from '../dist/database/migrate.js';

const file = 'dist/pgdata.tar.gz';
const sourcesFile = 'dist/.pgdata-sources';

const hash = createHash('sha256');
for (const source of [
  'node_modules/@electric-sql/pglite/package.json',
  ...readdirSync('drizzle')
    .sort()
    .map((name) => `drizzle/${name}/migration.sql`),
]) {
  hash.update(source).update(readFileSync(source));
}
const sources = hash.digest('hex');
const made = existsSync(sourcesFile) && existsSync(file) ? readFileSync(sourcesFile, 'utf8') : '';

if (made !== sources) {
  rmSync(file, { force: true });
  const client = await PGlite.create({ extensions: embeddedExtensions });
  await migrate(drizzle({ client }), { migrationsFolder });
  const dump = await client.dumpDataDir('none');
  await client.close();
  writeFileSync(file, gzipSync(new Uint8Array(await dump.arrayBuffer()), { level: 9 }));
  writeFileSync(sourcesFile, sources);
}
