/**
 * How many requests are worked on at a time, how many wait, and how long either may take. A
 * server that takes on more than it can do answers nobody in time; one that says so at once
 * leaves clients free to come again, or to ask another.
 */
import { AsyncResource } from 'node:async_hooks';
import type { LoadLimits } from './limits.js';
import { overloaded, refusal } from './refusal.js';

export class Load {
  readonly #limits: LoadLimits;
  #running = 0;
  /** Those who wait, in the order in which they came. */
  readonly #waiting = new Set<() => void>();

  constructor(limits: LoadLimits) {
    this.#limits = limits;
  }

  /**
   * Does the work when its turn comes.
   *
   * @param since When the request began, where that is not now, on the clock of `performance`.
   * @throws OVERLOADED at once, where too many wait already; TIMEOUT when the time is up, which
   *   is counted from then. What then still runs no longer counts as running: it may never end,
   *   as with a database that does not answer, and the next requests must get their turn.
   */
  within<Result>(work: () => Promise<Result>, since = performance.now()): Promise<Result> {
    const { running, waiting, seconds } = this.#limits;
    const isFull = this.#running >= running;
    if (isFull && this.#waiting.size >= waiting) return Promise.reject(overloaded());
    return new Promise<Result>((resolve, reject) => {
      let isOver = false;
      const end = (): void => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        // Who never had his turn leaves the queue; who had it lets the next one in.
        if (!this.#waiting.delete(turn)) this.#leave();
      };
      const timer = setTimeout(
        () => {
          end();
          reject(timedOut(seconds));
        },
        seconds * 1000 - (performance.now() - since),
      );
      const begin = (): void => {
        this.#running++;
        work().then(resolve, reject).finally(end);
      };
      // Who waits is let in by somebody else's end, but runs in a context of his own.
      const turn = isFull ? AsyncResource.bind(begin) : begin;
      if (isFull) this.#waiting.add(turn);
      else turn();
    });
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  // Private:

  #leave(): void {
    this.#running--;
    const [next] = this.#waiting;
    if (!next) return;
    this.#waiting.delete(next);
    next();
  }
}

// Private:

const timedOut = (seconds: number) =>
  refusal(
    'TIMEOUT',
    `The request took longer than ${seconds} s and was given up. Ask for less, or again later.`,
    { status: 504 },
  );
