/**
 * The embedded database: PGlite, which is PostgreSQL compiled to WebAssembly, in a folder of
 * its own or in memory.
 *
 * One process at a time: a second one would overwrite the first one's pages without either
 * noticing, so the folder is locked. What was acknowledged survives the death of the
 * process; PGlite does not call fsync, so a power cut may lose the last moments.
 */
import { access, constants, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { DatabaseError, statementLogger, type Database, type DatabaseOptions } from './database.js';
import { lockFolder, type FolderLock } from './folderLock.js';
import { migrationsFolder, newMigrations } from './migrate.js';

/**
 * Opens the database in `folder`, which is made when missing; without one it is in memory and
 * gone when closed.
 *
 * @throws DatabaseError when the folder cannot be written or another process holds it; the
 *   message says which.
 */
export async function openEmbedded(
  folder: string | undefined,
  options: DatabaseOptions = {},
): Promise<Database> {
  const lock = folder === undefined ? undefined : await takeFolder(resolve(folder));
  const client = await start(folder === undefined ? 'memory://' : resolve(folder, 'pgdata')).catch(
    async (error: unknown) => {
      await lock?.release();
      throw new DatabaseError(
        `cannot open the embedded database in ${folder ?? 'memory'}: ${error instanceof Error ? error.message : String(error)}`,
      );
    },
  );
  const logger = statementLogger(options);
  const db = drizzle({ client, ...(logger && { logger }) });
  let closed: Promise<void> | undefined;
  return {
    db,
    description: `embedded PostgreSQL in ${folder ?? 'memory'}`,
    ping: async () => void (await client.query('select 1')),
    migrate: () => newMigrations(db, () => migrate(db, { migrationsFolder })),
    close: () => (closed ??= client.close().finally(() => lock?.release())),
  };
}

const start = (dataDir: string) => PGlite.create({ dataDir, extensions: { btree_gist } });

async function takeFolder(folder: string): Promise<FolderLock> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new DatabaseError(`cannot write to the data folder ${folder} (${code})`);
  }
  return lockFolder(folder);
}
