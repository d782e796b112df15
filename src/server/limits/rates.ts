/**
 * How much each client may ask for in a minute: a bucket of points that fills at an even pace,
 * and from which each request takes what it costs. Who was silent for a minute may spend a
 * minute's points at once.
 */
import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { RateState } from '../../graph/rateLimit.js';
import { refusal } from './refusal.js';

const window = 60_000;

/** A point for as many objects of a query's cost as this. */
const objectsPerPoint = 100;

/** Clients remembered; whoever is forgotten starts with a full bucket. */
const mostClients = 50_000;

interface Bucket {
  points: number;
  /** When it held that many. */
  at: number;
}

export class Rates {
  /** Points a minute. */
  readonly limit: number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: mostClients });

  constructor(pointsPerMinute: number) {
    this.limit = pointsPerMinute;
  }

  /** Begins a request of a client, which takes a point, and tells in the reply what is left. */
  open(client: string, response: ServerResponse): Meter {
    return new Meter(this, this.#bucketOf(client), response);
  }

  /** Brings a bucket up to this moment. */
  refill(bucket: Bucket): void {
    const now = performance.now();
    const gained = ((now - bucket.at) * this.limit) / window;
    bucket.points = Math.min(this.limit, bucket.points + gained);
    bucket.at = now;
  }

  /** Seconds until a bucket holds so many points. */
  secondsUntil(bucket: Bucket, points: number): number {
    return Math.max(0, ((points - bucket.points) * window) / this.limit / 1000);
  }

  // Private:

  #bucketOf(client: string): Bucket {
    let bucket = this.#buckets.get(client);
    if (!bucket) {
      bucket = { points: this.limit, at: performance.now() };
      this.#buckets.set(client, bucket);
    }
    return bucket;
  }
}

/** What one request takes from its client's bucket. */
export class Meter {
  readonly #rates: Rates;
  readonly #bucket: Bucket;
  readonly #response: ServerResponse;
  #taken = 0;

  constructor(rates: Rates, bucket: Bucket, response: ServerResponse) {
    this.#rates = rates;
    this.#bucket = bucket;
    this.#response = response;
  }

  /** Takes the points of a query, those taken at the door included; or says why not. */
  charge(cost: number): GraphQLError | undefined {
    return this.take(Math.max(1, Math.ceil(cost / objectsPerPoint)) - this.#taken);
  }

  /** Takes points, or none where there are too few. */
  take(points: number): GraphQLError | undefined {
    const { limit } = this.#rates;
    this.#rates.refill(this.#bucket);
    // What costs more than any bucket holds takes a full one, or it could never be asked.
    const wanted = Math.min(points, limit);
    const enough = wanted <= this.#bucket.points;
    if (enough) {
      this.#bucket.points -= wanted;
      this.#taken += wanted;
    }
    this.#tell();
    return enough ? undefined : this.#refusal(wanted);
  }

  /** For the field `rateLimit`. */
  get state(): RateState {
    this.#rates.refill(this.#bucket);
    const { limit } = this.#rates;
    return {
      limit,
      cost: this.#taken,
      remaining: Math.floor(this.#bucket.points),
      resetAt: new Date(Date.now() + this.#rates.secondsUntil(this.#bucket, limit) * 1000),
    };
  }

  // Private:

  /** The header fields of the IETF's draft: the policy, and what is left of it. */
  #tell(): void {
    const { limit } = this.#rates;
    const left = Math.floor(this.#bucket.points);
    const full = Math.ceil(this.#rates.secondsUntil(this.#bucket, limit));
    this.#response.setHeader('RateLimit-Policy', `"points";q=${limit};w=${window / 1000}`);
    this.#response.setHeader('RateLimit', `"points";r=${left};t=${full}`);
  }

  #refusal(wanted: number): GraphQLError {
    const seconds = Math.max(1, Math.ceil(this.#rates.secondsUntil(this.#bucket, wanted)));
    return refusal(
      'RATE_LIMITED',
      `This needs ${wanted} of the ${this.#rates.limit} points that a client has a minute; there are enough in ${seconds} s.`,
      {
        status: 429,
        headers: { 'Retry-After': String(seconds) },
        details: { cost: wanted, limit: this.#rates.limit, retryAfter: seconds },
      },
    );
  }
}
