/**
 * The budget of response bytes: how many one response may have, and how many all responses of
 * this process that are being made, or that their clients have not read yet, may have together.
 */
import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { ResponseLimits } from '../admission/limits.js';
import { overloaded, rejection } from '../errors/rejection.js';

/** A response whose bytes count against the budget until its client reads them. */
export interface Outstanding {
  /** When its client began to read it, on the clock of `performance`. */
  readonly since: number;
  /** Since when its client has read nothing. */
  readonly idleSince: number;
  /** The bytes that its client has read. */
  readonly taken: number;
  /** Closes the connection. */
  cutOff(): void;
}

/** How long a client may read nothing while other requests are rejected for lack of room. */
const idleMsUnderPressure = 3000;

/**
 * How fast a client has to read while other requests are rejected. One that reads a little now and
 * then would keep the room for minutes.
 */
const minBytesPerSecondUnderPressure = 256 * 1024;

const sweepIntervalMs = 1000;

/** The share of the budget for one client. */
const maxShareOfClient = 0.5;

export class ResponseBudget {
  readonly maxResponseBytes: number;
  readonly #maxBytes: number;
  readonly #maxClientBytes: number;
  /** The bytes held for each client. */
  readonly #heldBy = new Map<string, number>();
  readonly #slowMs: number;
  #held = 0;
  /** When there was last too little room. */
  #scarceAt = Number.NEGATIVE_INFINITY;
  readonly #outstanding = new Set<Outstanding>();
  #sweep: NodeJS.Timeout | undefined;

  constructor({ responseBytes, responseBudgetBytes, slowSeconds }: ResponseLimits) {
    this.maxResponseBytes = responseBytes;
    this.#maxBytes = responseBudgetBytes;
    this.#maxClientBytes = responseBudgetBytes * maxShareOfClient;
    this.#slowMs = slowSeconds * 1000;
  }

  /** The bytes of all responses that are being made or not read yet. */
  get held(): number {
    return this.#held;
  }

  /** Whether so much is held that requests of a client may have to be rejected. */
  get isScarce(): boolean {
    return this.#held >= this.#maxClientBytes;
  }

  /**
   * Whether there is no room for another response to this client.
   *
   * @param client The client of the rate limit; undefined without one.
   */
  isFullFor(client: string | undefined): boolean {
    const isFull = this.#held >= this.#maxBytes;
    if (isFull) this.#noteScarcity();
    return isFull || this.#heldFor(client) >= this.#maxClientBytes;
  }

  /** Begins to count a response to a client. */
  open(client?: string): ResponseSize {
    return new ResponseSize(this, client);
  }

  /**
   * Holds bytes, if there is room for them. A response larger than the whole budget, or than the
   * client's share, is held when there is no other.
   */
  take(bytes: number, client?: string): boolean {
    const own = this.#heldFor(client);
    if (this.#held > 0 && this.#held + bytes > this.#maxBytes) {
      this.#noteScarcity();
      return false;
    }
    // A client that exceeds its share does not hurry others.
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

  /** Cuts off the client of a response that is read too slowly, until the returned function is called. */
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
    const maxIdleMs = isScarce ? Math.min(idleMsUnderPressure, this.#slowMs) : this.#slowMs;
    for (const answer of [...this.#outstanding]) {
      const isIdle = now - answer.idleSince > maxIdleMs;
      if (isIdle || (isScarce && isSlow(answer, now, maxIdleMs))) answer.cutOff();
    }
  }
}

/** The bytes of one response, from the first text that is read for it until its client has read it. */
export class ResponseSize {
  readonly #budget: ResponseBudget;
  readonly #client: string | undefined;
  /** The bytes of the texts that were read for it. */
  #counted = 0;
  #held = 0;
  #isReleased = false;
  #isSettled = false;
  /** The rejection of the response, if it became too large. */
  excess: GraphQLError | undefined;

  constructor(budget: ResponseBudget, client?: string) {
    this.#budget = budget;
    this.#client = client;
  }

  /** Whether the response is complete, and large. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  get max(): number {
    return this.#budget.maxResponseBytes;
  }

  /**
   * Counts a text that will be part of the response, before it is read.
   *
   * @throws RESPONSE_TOO_LARGE, OVERLOADED; then nothing more is to be read for the response
   */
  count(bytes: number): void {
    if (this.excess) throw this.excess;
    this.#counted += bytes;
    if (this.#counted > this.max) throw (this.excess = tooLarge(this.max));
    this.reserve(bytes);
  }

  /** Holds bytes besides those that were counted. @throws OVERLOADED */
  reserve(bytes: number): void {
    if (this.#isReleased) return;
    if (!this.#budget.take(bytes, this.#client)) throw (this.excess = overloaded());
    this.#held += bytes;
  }

  /** The response is complete: its bytes replace those that were counted. */
  settle(bytes: number): void {
    if (this.#isReleased) return;
    this.#budget.hold(bytes - this.#held, this.#client);
    this.#held = bytes;
    this.#isSettled = true;
  }

  /** The client has read bytes. */
  returnBytes(bytes: number): void {
    const returned = Math.min(bytes, this.#held);
    this.#budget.giveBack(returned, this.#client);
    this.#held -= returned;
  }

  /** The response is sent, or never will be. May be called twice. */
  release(): void {
    this.#isReleased = true;
    this.returnBytes(this.#held);
  }

  /** Releases it when the connection closes, or now if it is closed already. */
  releaseAtEndOf(response: Pick<ServerResponse, 'closed' | 'once'>): void {
    if (response.closed) this.release();
    else response.once('close', () => this.release());
  }
}

function isSlow({ since, taken }: Outstanding, now: number, maxIdleMs: number): boolean {
  const ms = now - since;
  return ms > maxIdleMs && taken < (minBytesPerSecondUnderPressure * ms) / 1000;
}

export const tooLarge = (limit: number): GraphQLError =>
  rejection(
    'RESPONSE_TOO_LARGE',
    `The response would have more than ${limit} bytes. Request smaller pages with first, fewer long texts such as body, or split the query into several requests.`,
    { status: 400, details: { limit } },
  );
