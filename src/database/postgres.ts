/** A PostgreSQL server, 15 or newer, through postgres.js. */
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { DatabaseError, statementLogger, type Database, type DatabaseOptions } from './database.js';
import { isUpToDate, migrationLock, migrationsFolder, newMigrations } from './migrate.js';

const oldestVersion = 15;

/** What any server is granted to answer, in milliseconds, however short the wait. */
const shortestWait = 3000;

export interface PostgresOptions extends DatabaseOptions {
  /** Connections in the pool. Default 10. */
  poolSize?: number | undefined;
  /** How long to wait for a server that does not answer yet, in seconds. Default 30. */
  waitSeconds?: number | undefined;
  /** Told of each attempt to connect that failed and will be repeated. */
  onRetry?: ((message: string) => void) | undefined;
}

/**
 * @param url `postgres://user:password@host:port/database`
 * @throws DatabaseError when the server refuses us, is too old, or stays out of reach for
 *   `waitSeconds`; the message names host and port, never the password.
 */
export async function connectPostgres(
  url: string,
  options: PostgresOptions = {},
): Promise<Database> {
  const settings = { onnotice: () => {}, connect_timeout: 10 };
  const client = postgres(url, { ...settings, max: options.poolSize ?? 10 });
  const address = addressOf(client);
  const version = await serverVersion(client, address, options);
  const logger = statementLogger(options);
  const db = drizzle({ client, jit: true, ...(logger && { logger }) });
  let closed: Promise<void> | undefined;
  return {
    db,
    description: `PostgreSQL ${version} at ${address}`,
    ping: async () => void (await client`select 1`),
    isUpToDate: () => isUpToDate(db),
    migrate: async () => {
      if (await isUpToDate(db)) return [];
      // The lock is a transaction's, so that it also works through PgBouncer and cannot outlive us.
      const migrator = postgres(url, { ...settings, max: 2 });
      try {
        return await migrator.begin(async (lock) => {
          await lock`select pg_advisory_xact_lock(${migrationLock})`;
          const migrating = drizzle({ client: migrator });
          return newMigrations(migrating, () => migrate(migrating, { migrationsFolder }));
        });
      } finally {
        await migrator.end({ timeout: 5 });
      }
    },
    listen: async (channel, heard, opened) => {
      const listening = await client.listen(channel, heard, opened);
      return () => listening.unlisten();
    },
    close: () => (closed ??= client.end({ timeout: 5 })),
  };
}

function addressOf({ options }: postgres.Sql): string {
  const hosts = options.host.map((host, i) =>
    host.includes(':') ? `[${host}]:${options.port[i]}` : `${host}:${options.port[i]}`,
  );
  return `${hosts.join(',')}/${options.database}`;
}

async function serverVersion(
  client: postgres.Sql,
  address: string,
  { waitSeconds = 30, onRetry }: PostgresOptions,
): Promise<string> {
  const deadline = Date.now() + waitSeconds * 1000;
  for (;;) {
    try {
      const [row] = await Promise.race([
        client<[{ version: string }]>`select current_setting('server_version') as version`,
        silence(Math.max(shortestWait, deadline - Date.now())),
      ]);
      if (Number.parseInt(row.version) >= oldestVersion) return row.version.split(' ')[0] ?? '';
      throw new DatabaseError(
        `PostgreSQL at ${address} is version ${row.version}; Chancery needs ${oldestVersion} or newer`,
      );
    } catch (error) {
      const reason = reasonOf(error);
      if (error instanceof DatabaseError || !mayPass(error) || Date.now() >= deadline) {
        await client.end({ timeout: 1 });
        if (error instanceof DatabaseError) throw error;
        throw new DatabaseError(`cannot use PostgreSQL at ${address}: ${reason}`);
      }
      onRetry?.(`cannot reach PostgreSQL at ${address} yet: ${reason}`);
      await sleep(Math.min(1000, Math.max(0, deadline - Date.now())));
    }
  }
}

/** Some take connections but never answer, as does a server that is frozen. */
async function silence(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false });
  throw new Error('no answer');
}

/** A server that is starting or out of reach may come; a refusal of our name or password stays. */
function mayPass(error: unknown): boolean {
  const code = codeOf(error);
  return !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57P') || code.startsWith('53');
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error && 'code' in error ? String(error.code) : '';

const reasonOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return message || codeOf(error);
};
