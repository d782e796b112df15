/**
 * The bytes of answers: how many one may have, and how many all of this process that are being
 * made, or were made and not yet taken by their clients, may have together.
 */
import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { ResponseLimits } from '../admission/limits.js';
import { overloaded, rejection } from '../errors/rejection.js';

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

/** How much of all one client may hold: the others always have the rest. */
const maxShareOfClient = 0.5;

export class ResponseBudget {
  readonly maxResponseBytes: number;
  readonly #maxBytes: number;
  readonly #maxClientBytes: number;
  /** What each client holds that holds anything. */
  readonly #heldBy = new Map<string, number>();
  readonly #slowMs: number;
  #held = 0;
  /** When room was last asked for in vain. */
  #scarceAt = Number.NEGATIVE_INFINITY;
  readonly #outstanding = new Set<Outstanding>();
  #sweep: NodeJS.Timeout | undefined;

  constructor({ responseBytes, responseBudgetBytes, slowSeconds }: ResponseLimits) {
    this.maxResponseBytes = responseBytes;
    this.#maxBytes = responseBudgetBytes;
    this.#maxClientBytes = responseBudgetBytes * maxShareOfClient;
    this.#slowMs = slowSeconds * 1000;
  }

  /** The bytes of all answers that run or are not yet taken. */
  get held(): number {
    return this.#held;
  }

  /** Whether so much is held that a client may have to be turned away. */
  get isScarce(): boolean {
    return this.#held >= this.#maxClientBytes;
  }

  /**
   * Whether there is no room for another answer to this client now.
   *
   * @param client As rates tell clients apart; undefined where nobody does.
   */
  isFullFor(client: string | undefined): boolean {
    const isFull = this.#held >= this.#maxBytes;
    if (isFull) this.#noteScarcity();
    return isFull || this.#heldFor(client) >= this.#maxClientBytes;
  }

  /** Begins to count for an answer to a client. */
  open(client?: string): ResponseSize {
    return new ResponseSize(this, client);
  }

  /**
   * Holds bytes, where there is room for them. An answer that is larger than all may be, or all of
   * a client, is held when there is no other.
   */
  take(bytes: number, client?: string): boolean {
    const own = this.#heldFor(client);
    if (this.#held > 0 && this.#held + bytes > this.#maxBytes) {
      this.#noteScarcity();
      return false;
    }
    // What one client lacks is no reason to hurry others.
    if (own > 0 && own + bytes > this.#maxClientBytes) return false;
    this.hold(bytes, client);
    return true;
  }

  /** Holds bytes that are there already. */
  hold(bytes: number, client?: string): void {
    this.#held += bytes;
    if (client === undefined) return;
    const own = this.#heldFor(client) + bytes;
    if (own > 0) this.#heldBy.set(client, own);
    else this.#heldBy.delete(client);
  }

  giveBack(bytes: number, client?: string): void {
    this.hold(-bytes, client);
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

  #heldFor(client: string | undefined): number {
    return client === undefined ? 0 : (this.#heldBy.get(client) ?? 0);
  }

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
  readonly #client: string | undefined;
  /** What the texts take that were read for it. */
  #counted = 0;
  #held = 0;
  #isReleased = false;
  #isSettled = false;
  /** Why the answer is not made, where it is not. */
  excess: GraphQLError | undefined;

  constructor(budget: ResponseBudget, client?: string) {
    this.#budget = budget;
    this.#client = client;
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
    if (!this.#budget.take(bytes, this.#client)) throw (this.excess = overloaded());
    this.#held += bytes;
  }

  /** The answer is made: it takes so many bytes, and what was read for it none any more. */
  settle(bytes: number): void {
    if (this.#isReleased) return;
    this.#budget.hold(bytes - this.#held, this.#client);
    this.#held = bytes;
    this.#isSettled = true;
  }

  /** Bytes were taken by the client. */
  returnBytes(bytes: number): void {
    const given = Math.min(bytes, this.#held);
    this.#budget.giveBack(given, this.#client);
    this.#held -= given;
  }

  /** The answer is sent, or never will be. May be called twice. */
  release(): void {
    this.#isReleased = true;
    this.returnBytes(this.#held);
  }

  /** Releases it when the way to the client closes, or now where it is closed already. */
  releaseAtEndOf(response: Pick<ServerResponse, 'closed' | 'once'>): void {
    if (response.closed) this.release();
    else response.once('close', () => this.release());
  }
}

function isSlow({ since, taken }: Outstanding, now: number, patience: number): boolean {
  const ms = now - since;
  return ms > patience && taken < (minBytesPerSecondUnderPressure * ms) / 1000;
}

export const tooLarge = (limit: number): GraphQLError =>
  rejection(
    'RESPONSE_TOO_LARGE',
    `The answer would have more than ${limit} bytes. Ask for smaller pages with first, for fewer long texts such as body, or in several requests.`,
    { status: 400, details: { limit } },
  );
