/**
 * Rate limiter: each client has a token bucket of points that refills evenly within a minute, and
 * from which each request takes its cost. A full bucket may be spent in one burst.
 */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { RateState } from '../../graph/context.js';
import { identityOf, type Identity } from '../../knowledge/auth/identity.js';
import { rejection } from '../errors/rejection.js';

const windowMs = 60_000;

/** The objects of a query's cost for one point. */
const objectsPerPoint = 100;

/** The bytes of a response for one point, if it has more bytes than its objects should. */
const bytesPerPoint = 25_000;

/** The clients whose buckets are kept; all others have a full one. */
const maxClients = 50_000;

/** How often in a row a client may ignore `Retry-After`, as one with parallel requests does. */
const maxIgnoredRejections = 20;

/** The valid credentials that are cached, and for how long. */
const maxCredentials = 10_000;
const credentialsTtlMs = 600_000;

/** A response in which the points are reported. */
export type HeaderWriter = Pick<ServerResponse, 'setHeader'> | { setHeader(): void };

/** In place of the response of what has none: a message of a WebSocket, a call over standard input. */
export const noHeaders: HeaderWriter = { setHeader: () => {} };

interface Bucket {
  points: number;
  /** When it had that many. */
  at: number;
  /** When the client may retry, and how often in a row it retried before. */
  retryAt: number;
  tooEarly: number;
}

export class RateLimiter {
  /** Points a minute. */
  readonly limit: number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: maxClients });
  /** The identities of valid credentials, by the hash of the credentials. */
  readonly #owners = new LRUCache<string, string>({ max: maxCredentials, ttl: credentialsTtlMs });

  constructor(pointsPerMinute: number) {
    this.limit = pointsPerMinute;
  }

  /**
   * Opens the meter of a request, which reports the remaining points in the response.
   *
   * An authenticated client has a bucket of its own, from any address. Since credentials are
   * verified later, and verifying is work, credentials that were not valid lately are first
   * charged to the address: invented keys give no additional points.
   */
  open(client: string, response: HeaderWriter, credentials?: string): Meter {
    const owner = credentials === undefined ? undefined : this.#owners.get(hashOf(credentials));
    return new Meter(this, { client: owner ?? client, address: client, credentials, response });
  }

  /** Caches the identity of credentials, or drops it if they are not valid. */
  learn(credentials: string, owner: string | undefined): void {
    if (owner === undefined) this.#owners.delete(hashOf(credentials));
    else this.#owners.set(hashOf(credentials), owner);
  }

  bucketOf(client: string): Bucket {
    let bucket = this.#buckets.get(client);
    if (!bucket) {
      bucket = { points: this.limit, at: performance.now(), retryAt: 0, tooEarly: 0 };
      this.#buckets.set(client, bucket);
    }
    return bucket;
  }

  /** Adds the points that a bucket has gained until now. */
  refill(bucket: Bucket): void {
    const now = performance.now();
    const gained = ((now - bucket.at) * this.limit) / windowMs;
    bucket.points = Math.min(this.limit, bucket.points + gained);
    bucket.at = now;
  }

  /** Seconds until a bucket has so many points. */
  secondsUntil(bucket: Bucket, points: number): number {
    return Math.max(0, ((points - bucket.points) * windowMs) / this.limit / 1000);
  }
}

// Private:

const hashOf = (credentials: string): string =>
  createHash('sha256').update(credentials).digest('base64');

interface Opening {
  client: string;
  address: string;
  credentials: string | undefined;
  response: HeaderWriter;
}

/** Charges one request to the bucket of its client. */
export class Meter {
  readonly #rateLimiter: RateLimiter;
  readonly #address: string;
  readonly #credentials: string | undefined;
  readonly #response: HeaderWriter;
  #client: string;
  #bucket: Bucket;
  #taken = 0;
  /** The cost of the query's text, besides that of its selections. */
  #text = 0;
  #hasOperation = false;

  constructor(rateLimiter: RateLimiter, { client, address, credentials, response }: Opening) {
    this.#rateLimiter = rateLimiter;
    this.#address = address;
    this.#credentials = credentials;
    this.#response = response;
    this.#client = client;
    this.#bucket = rateLimiter.bucketOf(client);
  }

  /** The client that is charged. */
  get client(): string {
    return this.#client;
  }

  /** Whether the client ignores `Retry-After`. */
  get ignoresRetryAfter(): boolean {
    return this.#bucket.tooEarly > maxIgnoredRejections;
  }

  /** Charges the request to the identity of its credentials, or to the address if they are not valid. */
  identified(identity: Identity | undefined): GraphQLError | undefined {
    if (this.#credentials === undefined) return undefined;
    const owner = identity && identityOf(identity);
    this.#rateLimiter.learn(this.#credentials, owner);
    return this.#moveTo(owner ?? this.#address);
  }

  /** Begins one more operation of the request, which pays its whole cost besides what was charged. */
  beginOperation(): void {
    if (this.#hasOperation) this.#taken = this.#text = 0;
    this.#hasOperation = true;
  }

  /** Charges a query, less what the request was charged before; or rejects it. */
  charge(cost: number): GraphQLError | undefined {
    return this.take(pointsOf(cost + this.#text) - this.#taken);
  }

  /** Charges the parsing of a text, which `charge` adds to the cost. */
  chargeText(cost: number): GraphQLError | undefined {
    this.#text = cost;
    return this.charge(0);
  }

  /** Charges an event, as soon as there are enough points. */
  async wait(cost: number, signal: AbortSignal | undefined): Promise<void> {
    const points = Math.min(pointsOf(cost), this.#rateLimiter.limit);
    while (!signal?.aborted) {
      this.#rateLimiter.refill(this.#bucket);
      if (points <= this.#bucket.points) {
        this.#bucket.points -= points;
        return;
      }
      const seconds = this.#rateLimiter.secondsUntil(this.#bucket, points);
      // The wait ends early if the client leaves.
      await sleep(1000 * seconds + 1, undefined, { ...(signal && { signal }) }).catch(() => {});
    }
  }

  /** Charges points, or rejects the request and charges none if there are too few. */
  take(points: number): GraphQLError | undefined {
    const { limit } = this.#rateLimiter;
    this.#rateLimiter.refill(this.#bucket);
    // A request that costs more than a full bucket takes a full one, or it could never run.
    const charged = Math.min(points, limit);
    const isEnough = charged <= this.#bucket.points;
    if (isEnough) {
      this.#bucket.points -= charged;
      this.#taken += charged;
    }
    this.#report();
    return isEnough ? undefined : this.#rejection(charged);
  }

  /**
   * Charges the bytes of a response, if it has more than its objects should. The response is
   * complete: with too few points, the bucket goes below zero.
   */
  chargeBytes(bytes: number): void {
    const points = Math.ceil(bytes / bytesPerPoint) - this.#taken;
    if (points <= 0) return;
    this.#rateLimiter.refill(this.#bucket);
    this.#bucket.points -= points;
    this.#taken += points;
    this.#report();
  }

  /** For the field `rateLimit`. */
  get state(): RateState {
    this.#rateLimiter.refill(this.#bucket);
    const { limit } = this.#rateLimiter;
    return {
      limit,
      cost: this.#taken,
      remaining: Math.max(0, Math.floor(this.#bucket.points)),
      resetAt: new Date(Date.now() + this.#rateLimiter.secondsUntil(this.#bucket, limit) * 1000),
    };
  }

  // Private:

  /** Returns the points that were charged, and charges them to another client. */
  #moveTo(client: string): GraphQLError | undefined {
    if (client === this.#client) return undefined;
    const taken = this.#taken;
    this.#rateLimiter.refill(this.#bucket);
    this.#bucket.points = Math.min(this.#rateLimiter.limit, this.#bucket.points + taken);
    this.#client = client;
    this.#bucket = this.#rateLimiter.bucketOf(client);
    this.#taken = 0;
    return this.take(taken);
  }

  /** Writes the header fields of the IETF's draft: the policy, and the points that remain. */
  #report(): void {
    const { limit } = this.#rateLimiter;
    const remaining = Math.max(0, Math.floor(this.#bucket.points));
    const secondsUntilFull = Math.ceil(this.#rateLimiter.secondsUntil(this.#bucket, limit));
    this.#response.setHeader('RateLimit-Policy', `"points";q=${limit};w=${windowMs / 1000}`);
    this.#response.setHeader('RateLimit', `"points";r=${remaining};t=${secondsUntilFull}`);
  }

  #rejection(points: number): GraphQLError {
    const bucket = this.#bucket;
    // A retry also costs what this request was charged.
    const cost = Math.min(points + this.#taken, this.#rateLimiter.limit);
    const seconds = Math.max(1, Math.ceil(this.#rateLimiter.secondsUntil(bucket, cost)));
    const now = performance.now();
    bucket.tooEarly = now < bucket.retryAt ? bucket.tooEarly + 1 : 0;
    bucket.retryAt = now + 1000 * seconds;
    return rejection(
      'RATE_LIMITED',
      `This needs ${cost} of the ${this.#rateLimiter.limit} points that a client has a minute; there are enough in ${seconds} s.`,
      {
        status: 429,
        headers: { 'Retry-After': String(seconds) },
        details: { cost, limit: this.#rateLimiter.limit, retryAfter: seconds },
      },
    );
  }
}

// Private:

const pointsOf = (cost: number): number => Math.max(1, Math.ceil(cost / objectsPerPoint));
