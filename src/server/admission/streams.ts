/** Limits the number of open event streams, each of which does work at every change, and of sockets. */
import type { StreamLimits } from './limits.js';
import { rejection } from '../errors/rejection.js';

export class Streams {
  readonly #limits: StreamLimits;
  readonly #kind: string;
  #open = 0;
  readonly #byClient = new Map<string, number>();

  /** @param kind What is counted, in the plural, for messages. */
  constructor(limits: StreamLimits, kind = 'event streams') {
    this.#limits = limits;
    this.#kind = kind;
  }

  /** The number of open streams. */
  get open(): number {
    return this.#open;
  }

  /**
   * Counts a stream of a client; undefined if clients are not distinguished.
   *
   * @returns the function that ends it, which may be called twice
   * @throws OVERLOADED if there are too many streams, RATE_LIMITED if the client has too many
   */
  begin(client: string | undefined): () => void {
    const { streams, clientStreams } = this.#limits;
    if (this.#open >= streams) throw tooMany(this.#kind);
    const own = client === undefined ? 0 : (this.#byClient.get(client) ?? 0);
    if (own >= clientStreams) throw tooManyOfOne(this.#kind, clientStreams);
    this.#open++;
    if (client !== undefined) this.#byClient.set(client, own + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#open--;
      if (client !== undefined) this.#uncount(client);
    };
  }

  // Private:

  #uncount(client: string): void {
    const left = (this.#byClient.get(client) ?? 1) - 1;
    if (left > 0) this.#byClient.set(client, left);
    else this.#byClient.delete(client);
  }
}

// Private:

const tooMany = (kind: string) =>
  rejection('OVERLOADED', `Too many ${kind} are open; try again later.`, {
    status: 503,
    headers: { 'Retry-After': '5' },
  });

const tooManyOfOne = (kind: string, limit: number) =>
  rejection(
    'RATE_LIMITED',
    `A client may have ${limit} open ${kind}; close one, or combine subscriptions.`,
    { status: 429, headers: { 'Retry-After': '5' }, details: { limit } },
  );
