/**
 * A pool for transactions, through node-postgres: postgres.js ends the process, or never settles,
 * when a connection dies inside a transaction (docs/decisions/14-faults.md).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { PgAsyncDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { statementLogger, type DatabaseOptions } from '../database.js';
import { isUnavailable, OutcomeUnknown } from '../errors.js';
import type { Address } from './address.js';

/** How long a transaction may wait for a connection. */
const connectTimeoutMs = 5000;

/** Attempts to begin a transaction, and the pause between them. */
const maxAttempts = 3;
const retryDelayMs = 50;

type Transact = PgAsyncDatabase<PgQueryResultHKT>['transaction'];

export interface TransactionOptions extends DatabaseOptions {
  /** How many transactions may run at a time. */
  poolSize: number;
  /** The limit of a statement, and of an idle transaction; 0: none. */
  statementTimeoutMs: number;
}

export class Transactions {
  /** How many transactions may run at a time. */
  readonly max: number;
  readonly #pool: pg.Pool;
  readonly #clients = new Set<pg.PoolClient>();
  readonly #db: PgAsyncDatabase<PgQueryResultHKT>;

  constructor(address: Address, { poolSize, statementTimeoutMs, ...rest }: TransactionOptions) {
    this.max = poolSize;
    this.#pool = new pg.Pool({
      ...address,
      max: poolSize,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      ...(statementTimeoutMs > 0 && {
        statement_timeout: statementTimeoutMs,
        idle_in_transaction_session_timeout: statementTimeoutMs,
      }),
    });
    // The loss of an idle connection needs no handling: the next transaction gets another.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => this.#clients.add(client));
    this.#pool.on('remove', (client) => this.#clients.delete(client));
    const logger = statementLogger(rest);
    this.#db = drizzle({ client: this.#pool, jit: true, ...(logger && { logger }) });
  }

  /**
   * As Drizzle's.
   *
   * @throws OutcomeUnknown when the connection was lost during COMMIT
   */
  run: Transact = async (work, config) => {
    let state: 'new' | 'begun' | 'done' = 'new';
    const attempt = () =>
      this.#db.transaction(async (tx) => {
        state = 'begun';
        const result = await work(tx);
        state = 'done';
        return result;
      }, config);
    for (let left = maxAttempts; ; left--) {
      try {
        return await attempt();
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        // TypeScript does not know that the callback has changed it.
        if ((state as string) === 'done') throw new OutcomeUnknown(error);
        // An idle connection may have died; nothing was sent on it yet.
        if ((state as string) !== 'new' || left === 1) throw error;
        await sleep(retryDelayMs);
      }
    }
  };

  /** Transactions with a connection. */
  get running(): number {
    return this.#pool.totalCount - this.#pool.idleCount;
  }

  /** Transactions waiting for a connection. */
  get waiting(): number {
    return this.#pool.waitingCount;
  }

  /** Waits for running transactions, but no longer than `seconds`. */
  async close(seconds: number): Promise<void> {
    const timer = setTimeout(() => {
      // A server that does not answer does not close its connections either.
      for (const client of this.#clients) client.connection.stream.destroy();
    }, seconds * 1000);
    await this.#pool.end();
    clearTimeout(timer);
  }
}
