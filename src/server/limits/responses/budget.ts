/**
 * The bytes of answers: how many one may have, and how many all of this process that are being
 * made, or were made and not yet taken by their clients, may have together.
 */
import type { GraphQLError } from 'graphql';
import type { ResponseLimits } from '../limits.js';
import { overloaded, refusal } from '../refusal.js';

/** An answer on its way that keeps its bytes held until its client takes them. */
export interface Outstanding {
  /** When its client began to take it, on the clock of `performance`. */
  readonly since: number;
  /** Since when its client has taken nothing. */
  readonly idleSince: number;
  /** How many bytes its client has taken. */
  readonly taken: number;
  /** Ends the connection: nothing more of it is sent. */
  cutOff(): void;
}

/** How long a client may take nothing while others are turned away for lack of room. */
const idleMsUnderPressure = 3000;

/**
 * How much a client has to take in a second while others are turned away. One that takes a little
 * now and then would keep the room used up for minutes.
 */
const minBytesPerSecondUnderPressure = 256 * 1024;

const sweepIntervalMs = 1000;

export class ResponseBudget {
  readonly maxResponseBytes: number;
  readonly #maxBytes: number;
  readonly #slowMs: number;
  #held = 0;
  /** When room was last asked for in vain. */
  #scarceAt = Number.NEGATIVE_INFINITY;
  readonly #outstanding = new Set<Outstanding>();
  #sweep: NodeJS.Timeout | undefined;

  constructor({ responseBytes, responseBudgetBytes, slowSeconds }: ResponseLimits) {
    this.maxResponseBytes = responseBytes;
    this.#maxBytes = responseBudgetBytes;
    this.#slowMs = slowSeconds * 1000;
  }

  /** The bytes of all answers that run or are not yet taken. */
  get held(): number {
    return this.#held;
  }

  /** Whether there is no room for another answer now. */
  get isFull(): boolean {
    if (this.#held < this.#maxBytes) return false;
    this.#noteScarcity();
    return true;
  }

  /** Begins to count for an answer. */
  open(): ResponseSize {
    return new ResponseSize(this);
  }

  /**
   * Holds bytes, where there is room for them. An answer that is larger than all may be is held
   * when there is no other.
   */
  take(bytes: number): boolean {
    if (this.#held > 0 && this.#held + bytes > this.#maxBytes) {
      this.#noteScarcity();
      return false;
    }
    this.#held += bytes;
    return true;
  }

  /** Holds bytes that are there already. */
  hold(bytes: number): void {
    this.#held += bytes;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }

  /** Watches over an answer, until the returned function is called. */
  watch(answer: Outstanding): () => void {
    this.#outstanding.add(answer);
    this.#sweep ??= setInterval(() => this.#cutOffIdle(), sweepIntervalMs).unref();
    return () => {
      this.#outstanding.delete(answer);
      if (this.#outstanding.size) return;
      clearInterval(this.#sweep);
      this.#sweep = undefined;
    };
  }

  // Private:

  #noteScarcity(): void {
    this.#scarceAt = performance.now();
  }

  #cutOffIdle(): void {
    const now = performance.now();
    const isScarce = now - this.#scarceAt < 2 * sweepIntervalMs;
    const patience = isScarce ? Math.min(idleMsUnderPressure, this.#slowMs) : this.#slowMs;
    for (const answer of [...this.#outstanding]) {
      const isIdle = now - answer.idleSince > patience;
      if (isIdle || (isScarce && isSlow(answer, now, patience))) answer.cutOff();
    }
  }
}

/** The bytes of one answer, from the first text that is read for it until it is taken. */
export class ResponseSize {
  readonly #budget: ResponseBudget;
  /** What the texts take that were read for it. */
  #counted = 0;
  #held = 0;
  #isReleased = false;
  #isSettled = false;
  /** Why the answer is not made, where it is not. */
  excess: GraphQLError | undefined;

  constructor(budget: ResponseBudget) {
    this.#budget = budget;
  }

  /** Whether the answer is made, and large. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  get max(): number {
    return this.#budget.maxResponseBytes;
  }

  /**
   * Counts a text that will be part of the answer, before it is read.
   *
   * @throws RESPONSE_TOO_LARGE, OVERLOADED; then nothing more is to be read for the answer
   */
  count(bytes: number): void {
    if (this.excess) throw this.excess;
    this.#counted += bytes;
    if (this.#counted > this.max) throw (this.excess = tooLarge(this.max));
    this.reserve(bytes);
  }

  /** Holds bytes that the answer takes beside what was counted. @throws OVERLOADED */
  reserve(bytes: number): void {
    if (this.#isReleased) return;
    if (!this.#budget.take(bytes)) throw (this.excess = overloaded());
    this.#held += bytes;
  }

  /** The answer is made: it takes so many bytes, and what was read for it none any more. */
  settle(bytes: number): void {
    if (this.#isReleased) return;
    this.#budget.hold(bytes - this.#held);
    this.#held = bytes;
    this.#isSettled = true;
  }

  /** Bytes were taken by the client. */
  giveBack(bytes: number): void {
    const given = Math.min(bytes, this.#held);
    this.#budget.giveBack(given);
    this.#held -= given;
  }

  /** The answer is sent, or never will be. May be called twice. */
  release(): void {
    this.#isReleased = true;
    this.giveBack(this.#held);
  }
}

function isSlow({ since, taken }: Outstanding, now: number, patience: number): boolean {
  const ms = now - since;
  return ms > patience && taken < (minBytesPerSecondUnderPressure * ms) / 1000;
}

export const tooLarge = (limit: number): GraphQLError =>
  refusal(
    'RESPONSE_TOO_LARGE',
    `The answer would have more than ${limit} bytes. Ask for smaller pages with first, for fewer long texts such as body, or in several requests.`,
    { status: 400, details: { limit } },
  );
