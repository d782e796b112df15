/**
 * The embedded database: PGlite, which is PostgreSQL compiled to WebAssembly, in a folder of
 * its own or in memory.
 *
 * One process at a time opens it: a second one would overwrite the first one's pages without either
 * noticing, so the folder is locked. Others go through a socket of the first. What was acknowledged survives the death of the
 * process; PGlite does not call fsync, so a power cut may lose the last moments.
 */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { DatabaseError, statementLogger, type Database, type DatabaseOptions } from './database.js';
import { serveSocket, type EmbeddedSocket } from './embedded/socket.js';
import { lockFolder, type FolderLock } from './embedded/folderLock.js';
import { isUpToDate, migrationsFolder, newMigrations } from './migrate.js';

/** The extensions of PostgreSQL that the migrations ask for. */
export const embeddedExtensions = { btree_gist, pg_trgm };

/** How long closing may take, in milliseconds. */
const closeTimeoutMs = 5000;

export interface EmbeddedOptions extends DatabaseOptions {
  /** What a new database starts with: what PGlite's `dumpDataDir` made of another. */
  template?: Blob | undefined;
  /** Lets other processes of the same user use the database through a Unix socket in its folder. */
  shared?: boolean | undefined;
  /** Called with the reason where that is not possible. */
  onNotShared?: ((reason: string) => void) | undefined;
}

/**
 * Opens the database in `folder`, which is made when missing; without one it is in memory and
 * gone when closed.
 *
 * @throws DatabaseError when the folder cannot be written or another process holds it; the
 *   message says which.
 */
export async function openEmbedded(
  folder: string | undefined,
  options: EmbeddedOptions = {},
): Promise<Database> {
  const lock = folder === undefined ? undefined : await takeFolder(resolve(folder));
  const dataDir = folder === undefined ? 'memory://' : resolve(folder, 'pgdata');
  const client = await start(dataDir, options).catch(async (error: unknown) => {
    await lock?.release();
    throw new DatabaseError(
      `cannot open the embedded database in ${folder ?? 'memory'}: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const socket =
    folder !== undefined && options.shared
      ? await openSocket(client, resolve(folder), options)
      : undefined;
  const logger = statementLogger(options);
  const db = drizzle({ client, jit: true, ...(logger && { logger }) });
  let closed: Promise<void> | undefined;
  let migrated: Promise<unknown> = Promise.resolve();
  const database: Database = {
    db,
    description: `embedded PostgreSQL in ${folder ?? 'memory'}`,
    ping: async () => {
      // Where a transaction that never ends holds it, PGlite itself answers nothing any more.
      if (closed) throw new Error('PGlite is closed');
      await client.query('select 1');
    },
    isUpToDate: () => isUpToDate(db),
    migrate: () => {
      // One after the other: Drizzle looks for what is missing before its transaction begins.
      const result = migrated.then(async () =>
        (await isUpToDate(db)) ? [] : newMigrations(db, () => migrate(db, { migrationsFolder })),
      );
      migrated = result.catch(() => {});
      return result;
    },
    listen: async (channel, heard, opened) => {
      const stop = await client.listen(channel, heard);
      opened();
      return () => stop();
    },
    withoutTimeout: (work) => work(database),
    sharesSession: options.shared ?? false,
    close: () => (closed ??= closeWithin(client, socket, lock)),
  };
  return database;
}

const start = (dataDir: string, { template }: EmbeddedOptions) =>
  PGlite.create({
    dataDir,
    extensions: embeddedExtensions,
    ...(template && { loadDataDir: template }),
  });

/**
 * Closing waits for transactions, and one may never end. The folder then stays locked for as
 * long as this process lives: it still holds the database's pages.
 */
async function closeWithin(
  client: PGlite,
  socket: EmbeddedSocket | undefined,
  lock: FolderLock | undefined,
): Promise<void> {
  const released = Promise.resolve(socket?.close())
    .then(() => client.close())
    .finally(() => lock?.release());
  await Promise.race([released, sleep(closeTimeoutMs, undefined, { ref: false })]);
}

/** What has the database open works without a socket too, only alone. */
async function openSocket(
  client: PGlite,
  folder: string,
  { onNotShared }: EmbeddedOptions,
): Promise<EmbeddedSocket | undefined> {
  try {
    return await serveSocket(client, folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onNotShared?.(`commands cannot run beside this process: ${reason}`);
    return undefined;
  }
}

async function takeFolder(folder: string): Promise<FolderLock> {
  try {
    await mkdir(folder, { recursive: true });
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new DatabaseError(`cannot write to the data folder ${folder} (${code})`);
  }
}
