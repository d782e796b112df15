/**
 * Concurrency limiter: how many requests run, how many are queued, and how long either may take.
 * An overloaded server that queues everything answers no request in time; one that rejects some
 * immediately lets their clients retry, or use another server.
 */
import { AsyncResource } from 'node:async_hooks';
import { QueueEstimate } from './queueEstimate.js';
import type { ConcurrencyLimits } from './limits.js';
import { overloaded, rejection } from '../errors/rejection.js';

/** The weight, the client and the beginning of a request. */
export interface Share {
  weight?: number | undefined;
  client?: string | undefined;
  /** On the clock of `performance`; undefined for now. */
  since?: number | undefined;
}

/** Makes the signal that is aborted when work times out, for the few that use it. */
export type AbortSignalSource = () => AbortSignal;

export class ConcurrencyLimiter {
  readonly #limits: ConcurrencyLimits;
  /** The sum of the weights that run, and their number. */
  #weight = 0;
  #running = 0;
  /** The queue of each client, in the order of the clients' turns. */
  readonly #queues = new Map<string, Set<Queued>>();
  #waiting = 0;
  readonly #queueEstimate = new QueueEstimate();

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
  }

  /**
   * Does the work when its turn comes. Clients take turns, so that a client with many requests
   * delays only itself. Work whose weight exceeds the limit runs alone.
   *
   * @throws OVERLOADED immediately, if the queue is full or the turn would come too late; TIMEOUT
   *   when the time since its beginning is up. Work that has timed out no longer counts as running:
   *   it may never end, as with a database that does not answer. Its signal is aborted.
   */
  within<Result>(
    work: (abortSignal: AbortSignalSource) => Promise<Result>,
    { weight = 1, client = '', since = performance.now() }: Share = {},
  ): Promise<Result> {
    const { seconds } = this.#limits;
    const mustWait = this.#waiting > 0 || !this.#hasRoomFor(weight);
    if (mustWait && this.isFullFor(client, weight)) return Promise.reject(overloaded());
    return new Promise<Result>((resolve, reject) => {
      let isOver = false;
      let controller: AbortController | undefined;
      const abortSignal = (): AbortSignal => (controller ??= new AbortController()).signal;
      const end = (): void => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        // Work that is not in the queue any more was running.
        if (!this.#leaveQueue(client, queued)) {
          this.#weight -= weight;
          this.#running--;
        }
        this.#startNext();
      };
      const timer = setTimeout(
        () => {
          end();
          reject(timedOut(seconds));
          controller?.abort();
        },
        seconds * 1000 - (performance.now() - since),
      );
      const begin = (): void => {
        this.#weight += weight;
        this.#running++;
        startOf(work, abortSignal).then(resolve, reject).finally(end);
      };
      // Queued work is started by the end of other work, but runs in its own async context.
      const queued = { weight, begin: mustWait ? AsyncResource.bind(begin) : begin };
      if (mustWait) this.#enqueue(client, queued);
      else begin();
    });
  }

  /**
   * Whether a request of a client would be rejected. Clients take turns, so that a client with few
   * requests is admitted when another is not.
   */
  isFullFor(client = '', weight = 1): boolean {
    const { waiting, waitSeconds } = this.#limits;
    if (this.#waiting === 0 && this.#hasRoomFor(weight)) return false;
    if (this.#waiting >= waiting) return true;
    if (this.#waiting === 0) return false;
    const own = this.#queues.get(client)?.size ?? 0;
    const clients = this.#queues.size + (own ? 0 : 1);
    const turns = Math.min(this.#waiting + 1, (own + 1) * clients);
    return this.#queueEstimate.timeFor(turns) > 1000 * waitSeconds;
  }

  /** The number of running requests. */
  get running(): number {
    return this.#running;
  }

  /** The number of queued requests. */
  get waiting(): number {
    return this.#waiting;
  }

  // Private:

  #hasRoomFor(weight: number): boolean {
    return this.#weight === 0 || this.#weight + weight <= this.#limits.running;
  }

  #enqueue(client: string, one: Queued): void {
    const own = this.#queues.get(client);
    if (own) own.add(one);
    else this.#queues.set(client, new Set([one]));
    if (this.#waiting++ === 0) this.#queueEstimate.begin();
  }

  #leaveQueue(client: string, one: Queued): boolean {
    const own = this.#queues.get(client);
    if (!own?.delete(one)) return false;
    if (own.size === 0) this.#queues.delete(client);
    if (--this.#waiting === 0) this.#queueEstimate.end();
    return true;
  }

  #startNext(): void {
    for (;;) {
      const [turn] = this.#queues;
      if (!turn) return;
      const [client, own] = turn;
      const [next] = own;
      if (!next || !this.#hasRoomFor(next.weight)) return;
      this.#queueEstimate.turn();
      this.#leaveQueue(client, next);
      // The client moves to the end of the order.
      if (this.#queues.delete(client)) this.#queues.set(client, own);
      next.begin();
    }
  }
}

// Private:

/** An async function, so that work that throws synchronously rejects. */
async function startOf<Result>(
  work: (abortSignal: AbortSignalSource) => Promise<Result>,
  abortSignal: AbortSignalSource,
): Promise<Result> {
  return work(abortSignal);
}

interface Queued {
  weight: number;
  begin: () => void;
}

const timedOut = (seconds: number) =>
  rejection(
    'TIMEOUT',
    `The request took longer than ${seconds} s and was aborted. Request less, or try again later.`,
    { status: 504 },
  );
