/**
 * A PostgreSQL server, 15 or newer. postgres.js reads and listens, node-postgres runs
 * transactions; see docs/decisions/14-faults.md.
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

/** After a failed attempt to connect, postgres.js waits so long, in seconds, before the next. */
const backoff = () => 0.1;

/** What statements that run may take when the database is let go of, in seconds. */
const closeTimeoutSeconds = 5;

export interface PostgresOptions extends DatabaseOptions {
  /** Connections for reading; half as many more, 2 at least, are made for transactions when needed. Default 10. */
  poolSize?: number | undefined;
  /** The path of a Unix socket to connect to, in place of the URL's host and port. */
  socket?: string | undefined;
  /** How long to wait for a server that does not answer yet, in seconds. Default 30. */
  waitSeconds?: number | undefined;
  /** How long a statement may take, in seconds, before PostgreSQL gives it up. Default: any time. */
  statementSeconds?: number | undefined;
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
  const { poolSize = 10, statementSeconds = 0, socket } = options;
  const statementTimeout = Math.round(statementSeconds * 1000);
  const settings = {
    onnotice: () => {},
    connect_timeout: 10,
    backoff,
    ...(socket !== undefined && { path: socket }),
  };
  const timeout = statementTimeout > 0 ? { statement_timeout: statementTimeout } : {};
  // Our statements take milliseconds, less than it takes to compile them, which large tables lead to.
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
    statementTimeout,
  });
  const listener = new Listener((telling) =>
    postgres(url, { ...settings, ...telling, max: 1, max_lifetime: null, fetch_types: false }),
  );
  const logger = statementLogger(options);
  // Of a postgres.js client, Drizzle uses no more than this outside of transactions.
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
    withoutTimeout: async (work) => {
      const patient = await connectPostgres(url, { ...options, poolSize: 2, statementSeconds: 0 });
      try {
        return await work(patient);
      } finally {
        await patient.close();
      }
    },
    listen: (channel, heard, opened) => listener.listen(channel, heard, opened),
    close: () =>
      (closed ??= Promise.all([
        readers.close(closeTimeoutSeconds),
        transactions.close(closeTimeoutSeconds),
        listener.close(),
      ]).then(() => {})),
  };
}

// Private:

/** Host, port and database, for people. */
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
      if (!mayPass(error) || performance.now() >= deadline) {
        throw new DatabaseError(`cannot use PostgreSQL at ${name}: ${reasonOf(error)}`);
      }
      onRetry?.(`cannot reach PostgreSQL at ${name} yet: ${reasonOf(error)}`);
      await sleep(Math.min(1000, Math.max(0, deadline - performance.now())));
    }
  }
}

/** A server that is starting or out of reach may come; a refusal of our name or password stays. */
const mayPass = (error: unknown): boolean => sqlState(error) === undefined || isUnavailable(error);

function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  // Some take connections but never answer, as does a server that is frozen.
  return message === 'timeout expired' ? 'no answer' : message || (code ?? String(error));
}
