/**
 * What the layers above know of the database. Whether it is a PostgreSQL server or the embedded
 * PGlite is decided once, in `open.ts`.
 */
import type { Logger as StatementLogger, SQL } from 'drizzle-orm';
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
  /** What answers, for people: `PostgreSQL 18.1 at localhost:5432/chancery`. Holds no password. */
  readonly description: string;
  /** How its connections for transactions are used; undefined where there is only one. */
  readonly transactions?: {
    /** How many may have one at a time. */
    readonly max: number;
    readonly running: number;
    readonly waiting: number;
  };
  /**
   * Whether there is one session for all who use the database, so that a transaction keeps the
   * others waiting until it ends: then it should be short.
   */
  readonly sharesSession?: boolean;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /** Whether `migrate` has nothing to do. */
  isUpToDate(): Promise<boolean>;
  /** Brings the tables up to date; several processes may do so at once. Returns the migrations applied. */
  migrate(): Promise<string[]>;
  /**
   * Does long work, such as an import, where statements may take any time, beside what everybody
   * else asks.
   */
  withoutTimeout<Result>(work: (database: Database) => Promise<Result>): Promise<Result>;
  /**
   * Hears what is notified in a channel, in the order of the commits, whoever notifies.
   *
   * @param opened Called when hearing begins, which may be later than this returns, and again
   *   whenever it begins anew after the connection was lost: what was notified in between was
   *   missed.
   * @returns a function that stops it
   */
  listen(
    channel: string,
    heard: (payload: string) => void,
    opened: () => void,
  ): Promise<() => Promise<void>>;
  /** Waits up to 5 s for running statements, then lets go of the database. May be called twice. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Called with each SQL statement before it is sent. */
  onStatement?: ((sql: string) => void) | undefined;
}

/** A database that cannot be used, in words for the person who started the program. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

/** Drizzle's logger, of which only the statement's text is passed on: values may be secret. */
export const statementLogger = ({ onStatement }: DatabaseOptions): StatementLogger | undefined =>
  onStatement && { logQuery: (sql) => onStatement(sql) };

/** The rows that a statement in SQL returns; PGlite and node-postgres wrap them, postgres.js does not. */
export async function readRows<Row extends object>(db: Queryable, query: SQL): Promise<Row[]> {
  const result: unknown = await db.execute(query);
  return (Array.isArray(result) ? result : (result as { rows: unknown }).rows) as Row[];
}
