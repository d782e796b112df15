/** Has work take turns: so much of it runs at a time, the rest waits in the order in which it came. */
export class Semaphore {
  readonly #most: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#most) this.#running++;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      // Its turn goes to the next, so that what comes meanwhile does not get ahead.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
