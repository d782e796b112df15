/**
 * Connections for single statements, through postgres.js, which sends many of them over one
 * connection without waiting for answers.
 *
 * What postgres.js does when it loses a connection is not to be relied on: a query that was
 * about to be sent may never settle, nor any later one on that connection, and while a server
 * starts, it tries again without a pause and without telling. So a client that has lost a
 * connection takes nothing new. Another connection finds out how the database is: if it
 * answers, a fresh client takes over; until then whoever asks is told at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';

/** How soon it is looked again whether the database is back, in milliseconds. */
const retryDelayMs = 200;

/** What a client that is replaced may take to answer what it was asked, in seconds. */
const closeTimeoutSeconds = 5;

/** The part of a postgres.js client that Drizzle uses outside of transactions. */
type Client = Pick<postgres.Sql, 'unsafe' | 'options'>;

export class Readers {
  /** Stands for the client of the moment, for Drizzle. */
  readonly client: Client;
  readonly #connect: (onclose: () => void) => postgres.Sql;
  readonly #probe: () => Promise<unknown>;
  #current: postgres.Sql;
  /** Settles when it is known how the database is; none while no connection was lost. */
  #checking: Promise<unknown> | undefined;
  readonly #leaving = new Set<Promise<unknown>>();
  #isClosed = false;

  /**
   * @param connect makes a client, which has to call `onclose` whenever it loses a connection
   * @param probe rejects when the database cannot be used now
   */
  constructor(connect: (onclose: () => void) => postgres.Sql, probe: () => Promise<unknown>) {
    this.#connect = connect;
    this.#probe = probe;
    this.#current = this.#start();
    const unsafe = (...query: Parameters<Client['unsafe']>) =>
      this.#checking ? this.#later(this.#checking, query) : this.#current.unsafe(...query);
    this.client = { options: this.#current.options, unsafe: unsafe as Client['unsafe'] };
  }

  /** Waits for what runs, but no longer than that. */
  async close(seconds: number): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#leaving, this.#current.end({ timeout: seconds })]);
  }

  // Private:

  #start(): postgres.Sql {
    const client = this.#connect(() => {
      if (client === this.#current && !this.#isClosed) this.#replace();
    });
    return client;
  }

  #replace(): void {
    const old = this.#current;
    this.#current = this.#start();
    // Drizzle sets how values are read and written on the options of the client it knows.
    const { parsers, serializers } = this.client.options;
    Object.assign(this.#current.options.parsers, parsers);
    Object.assign(this.#current.options.serializers, serializers);
    const left = old
      .end({ timeout: closeTimeoutSeconds })
      .finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
    void this.#check();
  }

  /** Looks until the database is back; how the last look failed is what everybody is told. */
  async #check(): Promise<void> {
    let checking = (this.#checking = this.#probe());
    while (!this.#isClosed) {
      try {
        await checking;
        this.#checking = undefined;
        return;
      } catch {
        this.#checking = checking;
        await sleep(retryDelayMs, undefined, { ref: false });
        checking = this.#probe();
      }
    }
  }

  /** As a query of postgres.js, which is sent when the database is found to answer. */
  #later(checking: Promise<unknown>, query: Parameters<Client['unsafe']>) {
    const ask = () => this.#current.unsafe(...query);
    return {
      values: () => checking.then(() => ask().values()),
      then: (...handlers: Parameters<Promise<unknown>['then']>) =>
        checking.then(ask).then(...handlers),
    };
  }
}
