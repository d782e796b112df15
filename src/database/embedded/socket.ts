/**
 * A Unix socket in the data folder that speaks PostgreSQL's protocol, for other processes of the
 * same user while one has the embedded database open. So every command of the command line works
 * beside a running server, with the same code as on a PostgreSQL server.
 *
 * docs/decisions/6-embedded-database.md says why it is not `@electric-sql/pglite-socket`.
 */
import { rm } from 'node:fs/promises';
import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { Session, type SessionOptions } from './session.js';

/** Named as PostgreSQL names its socket, so that `psql -h FOLDER` finds it. */
export const socketPath = (folder: string): string => join(folder, '.s.PGSQL.5432');

/** The limit of a socket's path on macOS; Linux allows a few bytes more. */
const maxPathBytes = 103;

/** Bounds how long a suspended command can block the database. */
const defaultIdleInTransactionTimeoutMs = 10_000;

/** How many clients may be connected; a command takes a handful. */
const maxConnections = 32;

export interface EmbeddedSocket {
  /** Rolls back open transactions and ends all connections. */
  close(): Promise<void>;
}

/**
 * Opens the socket, with mode 0600. The caller must hold the folder's lock, so that an existing
 * socket is a leftover of a process that has ended.
 *
 * @throws when the socket cannot be opened, with the reason
 */
export async function serveSocket(
  client: PGlite,
  folder: string,
  {
    idleInTransactionTimeoutMs = defaultIdleInTransactionTimeoutMs,
  }: { idleInTransactionTimeoutMs?: number | undefined } = {},
): Promise<EmbeddedSocket> {
  const path = socketPath(folder);
  if (Buffer.byteLength(path) > maxPathBytes) {
    throw new Error(
      `the path ${path} is longer than the ${maxPathBytes} bytes that a socket's may have; a shorter CHANCERY_DATA_DIR helps`,
    );
  }
  const options = { idleInTransactionTimeoutMs, parameters: await parametersOf(client) };
  const sessions = new Set<Session>();
  const server = createServer((socket: Socket) => {
    const session = new Session(socket, client, options);
    sessions.add(session);
    void session.ended.finally(() => sessions.delete(session));
  });
  server.maxConnections = maxConnections;
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    // The socket is created within the call; the mask closes the time until chmod.
    const mask = process.umask(0o177);
    server.once('error', reject).listen(path, resolve);
    process.umask(mask);
  });
  chmodSync(path, 0o600);
  // The socket must not keep the process alive.
  server.unref();
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const session of sessions) session.end('the server that has the database open stops');
      await Promise.all([...sessions].map(({ ended }) => ended));
      await closed;
    },
  };
}

// Private:

/** The ParameterStatus values that drivers use. */
async function parametersOf(client: PGlite): Promise<SessionOptions['parameters']> {
  const names = [
    'server_version',
    'server_encoding',
    'client_encoding',
    'DateStyle',
    'IntervalStyle',
    'TimeZone',
    'integer_datetimes',
    'standard_conforming_strings',
  ];
  const { rows } = await client.query<{ name: string; value: string }>(
    `select name, current_setting(name) as value from unnest($1::text[]) as name`,
    [names],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
