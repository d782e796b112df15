/**
 * How much is worked on at a time, how many wait, and how long either may take. A server that
 * takes on more than it can do answers nobody in time; one that says so at once leaves clients
 * free to come again, or to ask another.
 */
import { AsyncResource } from 'node:async_hooks';
import { QueueEstimate } from './queueEstimate.js';
import type { ConcurrencyLimits } from './limits.js';
import { overloaded, rejection } from '../errors/rejection.js';

/** How much of what may run at a time a request takes, whose it is and when it began. */
export interface Share {
  weight?: number | undefined;
  client?: string | undefined;
  /** When it began, where that is not now, on the clock of `performance`. */
  since?: number | undefined;
}

/** What tells work that it was given up; made for the few that want to know. */
export type AbortSignalSource = () => AbortSignal;

export class ConcurrencyLimiter {
  readonly #limits: ConcurrencyLimits;
  /** The weights of what runs, and how many that are. */
  #weight = 0;
  #running = 0;
  /** Those who wait: of each client in the order in which they came, and the clients in turn. */
  readonly #queues = new Map<string, Set<Waiting>>();
  #waiting = 0;
  readonly #queueEstimate = new QueueEstimate();

  constructor(limits: ConcurrencyLimits) {
    this.#limits = limits;
  }

  /**
   * Does the work when its turn comes. Clients take turns, so that who asks a lot waits for
   * himself. What weighs more than may run at a time runs alone.
   *
   * @throws OVERLOADED at once, where too many wait already, or its turn would come too late; TIMEOUT when the time is up, which
   *   is counted from its beginning. What then still runs no longer counts as running: it may
   *   never end, as with a database that does not answer, and the next requests must get their
   *   turn. The work can learn by a signal that it was given up.
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
        // Who never had his turn leaves the queue; who had it makes room for the next.
        if (!this.#leaveQueue(client, waitingOne)) {
          this.#weight -= weight;
          this.#running--;
        }
        this.#letIn();
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
      // Who waits is let in by somebody else's end, but runs in a context of his own.
      const waitingOne = { weight, begin: mustWait ? AsyncResource.bind(begin) : begin };
      if (mustWait) this.#enqueue(client, waitingOne);
      else begin();
    });
  }

  /**
   * Whether a client would have to wait, and need not begin to. Clients take turns, so one that
   * asks little is let in where another has to stop.
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

  /** How many are worked on. */
  get running(): number {
    return this.#running;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting;
  }

  // Private:

  #hasRoomFor(weight: number): boolean {
    return this.#weight === 0 || this.#weight + weight <= this.#limits.running;
  }

  #enqueue(client: string, one: Waiting): void {
    const own = this.#queues.get(client);
    if (own) own.add(one);
    else this.#queues.set(client, new Set([one]));
    if (this.#waiting++ === 0) this.#queueEstimate.begin();
  }

  #leaveQueue(client: string, one: Waiting): boolean {
    const own = this.#queues.get(client);
    if (!own?.delete(one)) return false;
    if (own.size === 0) this.#queues.delete(client);
    if (--this.#waiting === 0) this.#queueEstimate.end();
    return true;
  }

  #letIn(): void {
    for (;;) {
      const [turn] = this.#queues;
      if (!turn) return;
      const [client, own] = turn;
      const [next] = own;
      if (!next || !this.#hasRoomFor(next.weight)) return;
      this.#queueEstimate.turn();
      this.#leaveQueue(client, next);
      // The next turn is another client's.
      if (this.#queues.delete(client)) this.#queues.set(client, own);
      next.begin();
    }
  }
}

// Private:

/** What throws before it has begun has its turn like all else, and gives it back. */
async function startOf<Result>(
  work: (abortSignal: AbortSignalSource) => Promise<Result>,
  givenUp: AbortSignalSource,
): Promise<Result> {
  return work(givenUp);
}

interface Waiting {
  weight: number;
  begin: () => void;
}

const timedOut = (seconds: number) =>
  rejection(
    'TIMEOUT',
    `The request took longer than ${seconds} s and was given up. Ask for less, or again later.`,
    { status: 504 },
  );
