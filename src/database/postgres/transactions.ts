/**
 * Connections for transactions, through node-postgres: postgres.js ends the process, or never
 * answers again, when a connection dies inside one (docs/decisions/14-faults.md).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { PgAsyncDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { statementLogger, type DatabaseOptions } from '../database.js';
import { isUnavailable, OutcomeUnknown } from '../errors.js';
import type { Address } from './address.js';

/** How long it may take until a connection is free or made, in milliseconds. */
const connectTimeoutMs = 5000;

/** How often a transaction that could not begin is tried, and the pause before the next, in milliseconds. */
const maxAttempts = 3;
const retryDelayMs = 50;

type Transact = PgAsyncDatabase<PgQueryResultHKT>['transaction'];

export interface TransactionOptions extends DatabaseOptions {
  /** How many may run at a time. */
  poolSize: number;
  /** How long a statement may take, and a transaction be idle, in milliseconds; 0: any time. */
  statementTimeout: number;
}

export class Transactions {
  /** How many may run at a time. */
  readonly max: number;
  readonly #pool: pg.Pool;
  readonly #clients = new Set<pg.PoolClient>();
  readonly #db: PgAsyncDatabase<PgQueryResultHKT>;

  constructor(address: Address, { poolSize, statementTimeout, ...rest }: TransactionOptions) {
    this.max = poolSize;
    this.#pool = new pg.Pool({
      ...address,
      max: poolSize,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      ...(statementTimeout > 0 && {
        statement_timeout: statementTimeout,
        idle_in_transaction_session_timeout: statementTimeout,
      }),
    });
    // One that is lost while nobody uses it is no news: the next transaction gets another.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => this.#clients.add(client));
    this.#pool.on('remove', (client) => this.#clients.delete(client));
    const logger = statementLogger(rest);
    this.#db = drizzle({ client: this.#pool, jit: true, ...(logger && { logger }) });
  }

  /**
   * As Drizzle's.
   *
   * @throws OutcomeUnknown when the connection was lost while it was asked to commit
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
        // TypeScript does not see that callbacks have run.
        if ((state as string) === 'done') throw new OutcomeUnknown(error);
        // A connection may have died while nobody looked. Nothing was asked for on it yet.
        if ((state as string) !== 'new' || left === 1) throw error;
        await sleep(retryDelayMs);
      }
    }
  };

  /** How many have a connection. */
  get running(): number {
    return this.#pool.totalCount - this.#pool.idleCount;
  }

  /** How many wait for one. */
  get waiting(): number {
    return this.#pool.waitingCount;
  }

  /** Waits for those that run, but no longer than that, in seconds. */
  async close(seconds: number): Promise<void> {
    const timer = setTimeout(() => {
      // A server that does not answer does not say good-bye either.
      for (const client of this.#clients) client.connection.stream.destroy();
    }, seconds * 1000);
    await this.#pool.end();
    clearTimeout(timer);
  }
}
