/**
 * Estimates the waiting time of a queue from the recent pace of its turns. A request that would
 * wait too long is not worth executing.
 */

/** How long turns are counted before their pace is known. */
const windowMs = 500;

/** How long a measured pace is used. */
const maxAgeMs = 5000;

export class QueueEstimate {
  /** Since when turns are counted; undefined while the queue is empty. */
  #since: number | undefined;
  #turns = 0;
  /** The time from turn to turn, and when it was measured. */
  #pace: { turnMs: number; at: number } | undefined;

  /** The queue is no longer empty. */
  begin(): void {
    this.#since = performance.now();
    this.#turns = 0;
  }

  /** The queue is empty: turns from now on do not show the pace of a full server. */
  end(): void {
    this.#measure();
    this.#since = undefined;
  }

  /** A queued request has started. */
  turn(): void {
    this.#turns++;
  }

  /** Milliseconds until so many turns have passed; 0 while the pace is not known. */
  timeFor(turns: number): number {
    const now = this.#measure();
    if (!this.#pace || now - this.#pace.at > maxAgeMs) return 0;
    return turns * this.#pace.turnMs;
  }

  // Private:

  #measure(): number {
    const now = performance.now();
    if (this.#since === undefined || now - this.#since < windowMs) return now;
    // If there was no turn at all, the next is at least as far away.
    this.#pace = { turnMs: (now - this.#since) / Math.max(1, this.#turns), at: now };
    this.#since = now;
    this.#turns = 0;
    return now;
  }
}
