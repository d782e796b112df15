/**
 * The embedded database: PGlite, which is PostgreSQL compiled to WebAssembly, in a folder or in
 * memory.
 *
 * The folder is locked, as two processes would overwrite each other's pages; other processes
 * connect through a socket of the first. Acknowledged writes survive the death of the process;
 * PGlite does not call fsync, so a power cut may lose the last moments.
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
import { copyTemplate, readTemplate } from './embedded/template.js';
import { isUpToDate, migrationsFolder, newMigrations } from './migrate.js';

/** The extensions that the migrations create. */
export const embeddedExtensions = { btree_gist, pg_trgm };

const closeTimeoutMs = 5000;

export interface EmbeddedOptions extends DatabaseOptions {
  /** An open PGlite with the extensions, in place of a new one; it is closed with the database. */
  client?: PGlite | undefined;
  /** Opens a Unix socket in the folder for other processes of the same user. */
  shared?: boolean | undefined;
  /** Called with the reason when the socket cannot be opened. */
  onNotShared?: ((reason: string) => void) | undefined;
}

/**
 * Opens the database in `folder`, which is created when missing; without a folder it is in memory.
 *
 * @throws DatabaseError when the folder cannot be written or another process holds it; the
 *   message says which.
 */
export async function openEmbedded(
  folder: string | undefined,
  options: EmbeddedOptions = {},
): Promise<Database> {
  const lock = folder === undefined ? undefined : await takeFolder(resolve(folder));
  const opening =
    folder === undefined ? openMemory(options) : openFolder(resolve(folder, 'pgdata'));
  const client = await opening.catch(async (error: unknown) => {
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
      // Closing gives up on a transaction that never ends; PGlite itself would wait for it for ever.
      if (closed) throw new Error('PGlite is closed');
      await client.query('select 1');
    },
    isUpToDate: () => isUpToDate(db),
    migrate: () => {
      // One after the other: Drizzle compares the migrations before its transaction begins.
      const result = migrated.then(async () =>
        (await isUpToDate(db)) ? [] : newMigrations(db, () => migrate(db, { migrationsFolder })),
      );
      migrated = result.catch(() => {});
      return result;
    },
    listen: async (channel, onNotification, onListening) => {
      const stop = await client.listen(channel, onNotification);
      onListening();
      return () => stop();
    },
    withoutTimeout: (work) => work(database),
    sharesSession: options.shared ?? false,
    close: () => (closed ??= closeWithin(client, socket, lock)),
  };
  return database;
}

async function openMemory({ client }: EmbeddedOptions): Promise<PGlite> {
  if (client) return client;
  const template = await readTemplate();
  return PGlite.create({
    extensions: embeddedExtensions,
    ...(template && { loadDataDir: template }),
  });
}

async function openFolder(dataDir: string): Promise<PGlite> {
  await copyTemplate(dataDir);
  return PGlite.create({ dataDir, extensions: embeddedExtensions });
}

/**
 * Closing waits for transactions, but no longer than `closeTimeoutMs`. After that the folder stays
 * locked until the process ends, which still holds the database's pages.
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

/** Opens the socket; a server without one still works, but commands cannot run beside it. */
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
