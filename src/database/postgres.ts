/**
 * Connections to a PostgreSQL server, 15 or newer. Single statements and LISTEN use postgres.js,
 * transactions use node-postgres; README.md says why.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { DatabaseError, statementLogger, type Database, type DatabaseOptions } from './database.js';
import { isUnavailable, sqlState } from './errors.js';
import { isUpToDate, migrationLock, migrationsFolder, newMigrations } from './migrate.js';
import { addressOf, fetchVersion, type Address } from './postgres/address.js';
import { Listener } from './postgres/listening.js';
import { Readers } from './postgres/reading.js';
import { Transactions } from './postgres/transactions.js';

const oldestVersion = 15;

/** The pause of postgres.js between two attempts to connect. */
const backoffSeconds = () => 0.1;

const closeTimeoutSeconds = 5;

export interface PostgresOptions extends DatabaseOptions {
  /** Connections for single statements; half as many, at least 2, are added for transactions. Default 10. */
  poolSize?: number | undefined;
  /** The path of a Unix socket to connect to, in place of the URL's host and port. */
  socket?: string | undefined;
  /** How long to wait for a server that is not available yet. Default 30. */
  waitSeconds?: number | undefined;
  /** PostgreSQL's `statement_timeout`. Default: none. */
  statementSeconds?: number | undefined;
  /** Called after each failed attempt to connect that will be repeated. */
  onRetry?: ((message: string) => void) | undefined;
}

/**
 * @param url `postgres://user:password@host:port/database`
 * @throws DatabaseError when the server rejects the credentials, is too old, or cannot be reached
 *   for `waitSeconds`; the message names host and port, never the password.
 */
export async function connectPostgres(
  url: string,
  options: PostgresOptions = {},
): Promise<Database> {
  const { poolSize = 10, statementSeconds = 0, socket } = options;
  const statementTimeoutMs = Math.round(statementSeconds * 1000);
  const settings = {
    onnotice: () => {},
    connect_timeout: 10,
    backoff: backoffSeconds,
    ...(socket !== undefined && { path: socket }),
  };
  const timeout = statementTimeoutMs > 0 ? { statement_timeout: statementTimeoutMs } : {};
  // Off, as compiling a statement on large tables takes longer than running it.
  const connection = { ...timeout, jit: 'off' };
  const parsed = postgres(url, settings);
  const name = nameOf(parsed);
  const address = { ...addressOf(parsed), ...timeout };
  const version = await serverVersion(address, name, options);
  const readers = new Readers(
    (onclose) => postgres(url, { ...settings, connection, max: poolSize, onclose }),
    () => fetchVersion(address),
  );
  const transactions = new Transactions(address, {
    ...options,
    poolSize: Math.max(2, Math.ceil(poolSize / 2)),
    statementTimeoutMs,
  });
  const listener = new Listener((handlers) =>
    postgres(url, { ...settings, ...handlers, max: 1, max_lifetime: null, fetch_types: false }),
  );
  const logger = statementLogger(options);
  // Drizzle uses only these members of a postgres.js client outside of transactions.
  const client = readers.client as postgres.Sql;
  const db = drizzle({ client, jit: true, ...(logger && { logger }) });
  db.transaction = transactions.run as typeof db.transaction;
  let closed: Promise<void> | undefined;
  return {
    db,
    description: `PostgreSQL ${version} at ${name}`,
    transactions,
    ping: async () => void (await client.unsafe('select 1')),
    isUpToDate: () => isUpToDate(db),
    migrate: async () => {
      if (await isUpToDate(db)) return [];
      // A lock of a transaction works through PgBouncer and ends with the connection.
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
    withoutTimeout: async (work) => {
      const unlimited = await connectPostgres(url, {
        ...options,
        poolSize: 2,
        statementSeconds: 0,
      });
      try {
        return await work(unlimited);
      } finally {
        await unlimited.close();
      }
    },
    listen: (channel, onNotification, onListening) =>
      listener.listen(channel, onNotification, onListening),
    close: () =>
      (closed ??= Promise.all([
        readers.close(closeTimeoutSeconds),
        transactions.close(closeTimeoutSeconds),
        listener.close(),
      ]).then(() => {})),
  };
}

// Private:

/** Host, port and database, for messages. */
function nameOf({ options }: postgres.Sql): string {
  const hosts = options.host.map((host, i) =>
    host.includes(':') ? `[${host}]:${options.port[i]}` : `${host}:${options.port[i]}`,
  );
  return `${hosts.join(',')}/${options.database}`;
}

async function serverVersion(
  address: Address,
  name: string,
  { waitSeconds = 30, onRetry }: PostgresOptions,
): Promise<string> {
  const deadline = performance.now() + waitSeconds * 1000;
  for (;;) {
    try {
      const version = await fetchVersion(address);
      if (Number.parseInt(version) >= oldestVersion) return version.split(' ')[0] ?? '';
      throw new DatabaseError(
        `PostgreSQL at ${name} is version ${version}; Chancery needs ${oldestVersion} or newer`,
      );
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      if (!isTemporary(error) || performance.now() >= deadline) {
        throw new DatabaseError(`cannot use PostgreSQL at ${name}: ${reasonOf(error)}`);
      }
      onRetry?.(`cannot reach PostgreSQL at ${name} yet: ${reasonOf(error)}`);
      await sleep(Math.min(1000, Math.max(0, deadline - performance.now())));
    }
  }
}

/** A server may start or become reachable; rejected credentials stay rejected. */
const isTemporary = (error: unknown): boolean =>
  sqlState(error) === undefined || isUnavailable(error);

function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  // A frozen server accepts connections but never answers.
  return message === 'timeout expired' ? 'no answer' : message || (code ?? String(error));
}
