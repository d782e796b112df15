/**
 * What the layers above know of the database. Whether it is a PostgreSQL server or the embedded
 * PGlite is decided once, in `open.ts`.
 */
import { sql, type Logger as StatementLogger, type SQL } from 'drizzle-orm';
import type { PgAsyncDatabase, PgAsyncTransaction, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** Runs Drizzle queries: the database itself or a transaction in it. */
export type Queryable = Pick<
  PgAsyncDatabase<PgQueryResultHKT>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute'
>;

export type Transaction = PgAsyncTransaction<PgQueryResultHKT>;

export interface Database {
  /** Runs Drizzle queries outside a transaction, on any free connection. */
  readonly db: PgAsyncDatabase<PgQueryResultHKT>;
  /** Product and address for messages: `PostgreSQL 18.1 at localhost:5432/chancery`, without a password. */
  readonly description: string;
  /** The pool of connections for transactions; undefined where there is one connection. */
  readonly transactions?: {
    /** How many transactions may run at a time. */
    readonly max: number;
    readonly running: number;
    readonly waiting: number;
  };
  /**
   * Whether all clients of the database share one session, so that a transaction keeps the others
   * waiting until it ends and should be short.
   */
  readonly sharesSession?: boolean;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /** Whether `migrate` has nothing to do. */
  isUpToDate(): Promise<boolean>;
  /** Brings the tables up to date; several processes may do so at once. Returns the migrations applied. */
  migrate(): Promise<string[]>;
  /** Runs long work, such as an import, on connections of its own without a statement timeout. */
  withoutTimeout<Result>(work: (database: Database) => Promise<Result>): Promise<Result>;
  /**
   * Listens on a channel (`LISTEN`). Notifications arrive in the order of the commits.
   *
   * @param onListening Called when listening begins, which may be after this resolves, and again
   *   after each reconnection: notifications in between were missed.
   * @returns a function that stops listening
   */
  listen(
    channel: string,
    onNotification: (payload: string) => void,
    onListening: () => void,
  ): Promise<() => Promise<void>>;
  /** Waits up to 5 s for running statements, then closes all connections. May be called twice. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Called with each SQL statement before it is sent. */
  onStatement?: ((sql: string) => void) | undefined;
}

/** The database cannot be used; the message is for the person who started the program. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

/** A logger for Drizzle that passes on the text of statements only, as parameters may be secret. */
export const statementLogger = ({ onStatement }: DatabaseOptions): StatementLogger | undefined =>
  onStatement && { logQuery: (sql) => onStatement(sql) };

/** The rows that a statement in SQL returns; PGlite and node-postgres wrap them, postgres.js does not. */
export async function readRows<Row extends object>(db: Queryable, query: SQL): Promise<Row[]> {
  const result: unknown = await db.execute(query);
  return (Array.isArray(result) ? result : (result as { rows: unknown }).rows) as Row[];
}

/** Sets a parameter of the session until the transaction ends (`SET LOCAL`). */
export const setLocal = async (tx: Queryable, name: string, value: string): Promise<void> =>
  void (await tx.execute(sql`select set_config(${name}, ${value}, true)`));
