import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { DatabaseError, type Database } from './database.js';
import type { EmbeddedOptions } from './embedded.js';
import { connectPostgres, type PostgresOptions } from './postgres.js';

/** Options of both kinds of database; those of the other kind are ignored. */
export type OpenOptions = PostgresOptions & Omit<EmbeddedOptions, 'client'>;

/** A PostgreSQL server, a folder with an embedded database, or an embedded database in memory. */
export type DatabaseLocation =
  { url: string } | { dataDir: string } | { inMemory: true; client?: PGlite };

/** @throws DatabaseError when the database cannot be used. */
export async function openDatabase(
  location: DatabaseLocation,
  options: OpenOptions = {},
): Promise<Database> {
  if ('url' in location) return connectPostgres(location.url, options);
  // Imported only when needed: PGlite takes time and memory to load.
  const { openEmbedded } = await import('./embedded.js');
  if ('dataDir' in location) return openEmbedded(location.dataDir, options);
  return openEmbedded(undefined, { ...options, client: location.client });
}

/**
 * As `openDatabase`, but connects to the socket of another process of this machine that has the
 * embedded database open.
 */
export async function openBeside(
  location: DatabaseLocation,
  options: OpenOptions = {},
): Promise<Database> {
  if (!('dataDir' in location)) return openDatabase(location, options);
  const { FolderInUse } = await import('./embedded/folderLock.js');
  const { socketPath } = await import('./embedded/socket.js');
  const socket = socketPath(resolve(location.dataDir));
  try {
    return await openDatabase(location, options);
  } catch (error) {
    if (error instanceof FolderInUse && existsSync(socket)) {
      return connectEmbedded(location.dataDir, socket, options);
    }
    throw error;
  }
}

// Private:

const maxWaitSeconds = 20;

async function connectEmbedded(
  folder: string,
  socket: string,
  options: OpenOptions,
): Promise<Database> {
  const url = 'postgres://chancery@localhost/chancery';
  const waitSeconds = Math.min(options.waitSeconds ?? maxWaitSeconds, maxWaitSeconds);
  const server = await connectPostgres(url, { ...options, socket, waitSeconds });
  const database: Database = {
    ...server,
    description: `embedded PostgreSQL in ${folder}, through the server that has it open`,
    sharesSession: true,
    migrate: async () => {
      if (await server.isUpToDate()) return [];
      throw new DatabaseError(
        `the tables in ${folder} are of another version, and a server has them open; stop it and start it with this version`,
      );
    },
    withoutTimeout: (work) => work(database),
  };
  return database;
}
