/**
 * A pool for single statements, through postgres.js, which pipelines them.
 *
 * postgres.js does not recover reliably from a lost connection: a query that was about to be sent
 * may never settle, nor any later one on that connection, and while a server starts, it retries
 * silently and without a pause. So a client that has lost a connection gets no new statements. A
 * separate connection probes the database: once it answers, a fresh client takes over; until then
 * statements fail at once with the error of the probe.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';

/** The pause between two probes. */
const retryDelayMs = 200;

/** How long a replaced client may take to finish its running statements. */
const closeTimeoutSeconds = 5;

/** The part of a postgres.js client that Drizzle uses outside of transactions. */
type Client = Pick<postgres.Sql, 'unsafe' | 'options'>;

export class Readers {
  /** Delegates to the current client, for Drizzle. */
  readonly client: Client;
  readonly #connect: (onclose: () => void) => postgres.Sql;
  readonly #probe: () => Promise<unknown>;
  #current: postgres.Sql;
  /** The last or running probe; undefined while no connection was lost. */
  #checking: Promise<unknown> | undefined;
  readonly #closing = new Set<Promise<unknown>>();
  #isClosed = false;

  /**
   * @param connect creates a client that calls `onclose` whenever it loses a connection
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

  /** Waits for running statements, but no longer than `seconds`. */
  async close(seconds: number): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#closing, this.#current.end({ timeout: seconds })]);
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
    // Drizzle sets parsers and serializers on the options of the client that it was given.
    const { parsers, serializers } = this.client.options;
    Object.assign(this.#current.options.parsers, parsers);
    Object.assign(this.#current.options.serializers, serializers);
    const closed = old
      .end({ timeout: closeTimeoutSeconds })
      .finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
    void this.#check();
  }

  /** Probes until the database answers; meanwhile statements fail with the last probe's error. */
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

  /** A query in the form of postgres.js, sent once the probe has succeeded. */
  #later(checking: Promise<unknown>, query: Parameters<Client['unsafe']>) {
    const send = () => this.#current.unsafe(...query);
    return {
      values: () => checking.then(() => send().values()),
      then: (...handlers: Parameters<Promise<unknown>['then']>) =>
        checking.then(send).then(...handlers),
    };
  }
}
