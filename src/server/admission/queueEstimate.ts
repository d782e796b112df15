/**
 * How long it takes until those who wait have had their turn, told from how fast turns came of
 * late. What waits too long is answered too late for anybody, and the work for it is lost.
 */

/** How long turns are counted before their pace is told, in milliseconds. */
const window = 500;

/** How long a pace that was told is believed, in milliseconds. */
const memory = 5000;

export class QueueEstimate {
  /** Since when turns are counted, with somebody waiting all the time; undefined: nobody waits. */
  #since: number | undefined;
  #turns = 0;
  /** Milliseconds from turn to turn, and when that was found out. */
  #pace: { each: number; at: number } | undefined;

  /** Somebody begins to wait, where nobody did. */
  begin(): void {
    this.#since = performance.now();
    this.#turns = 0;
  }

  /** Nobody waits any more: what comes now says nothing of how much could. */
  end(): void {
    this.#measure();
    this.#since = undefined;
  }

  /** Somebody's turn has come. */
  turn(): void {
    this.#turns++;
  }

  /** Milliseconds until so many turns have come; 0 while that is not known. */
  timeFor(turns: number): number {
    const now = this.#measure();
    if (!this.#pace || now - this.#pace.at > memory) return 0;
    return turns * this.#pace.each;
  }

  // Private:

  #measure(): number {
    const now = performance.now();
    if (this.#since === undefined || now - this.#since < window) return now;
    // Where no turn came at all, the next is at least as far away.
    this.#pace = { each: (now - this.#since) / Math.max(1, this.#turns), at: now };
    this.#since = now;
    this.#turns = 0;
    return now;
  }
}
