/**
 * How much each client may ask for in a minute: a bucket of points that fills at an even pace,
 * and from which each request takes what it costs. Who was silent for a minute may spend a
 * minute's points at once.
 */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { RateState } from '../../graph/context.js';
import { identityOf, type Identity } from '../../knowledge/auth/identity.js';
import { rejection } from '../errors/rejection.js';

const window = 60_000;

/** A point for as many objects of a query's cost as this. */
const objectsPerPoint = 100;

/** What the objects of a point take in an answer, in bytes: beyond that, bytes cost points. */
const bytesPerPoint = 25_000;

/** Clients remembered; whoever is forgotten starts with a full bucket. */
const maxClients = 50_000;

/** How often a client may ask too early, as those do that ask for several things at once. */
const maxIgnoredRejections = 20;

/** Credentials remembered that were found genuine, and for how long, in milliseconds. */
const maxCredentials = 10_000;
const memory = 600_000;

interface Bucket {
  points: number;
  /** When it held that many. */
  at: number;
  /** When its client was told to come again, and how often it came before that in a row. */
  comeAgainAt: number;
  tooEarly: number;
}

export class RateLimiter {
  /** Points a minute. */
  readonly limit: number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: maxClients });
  /** Whose the credentials are, by their hashes. */
  readonly #owners = new LRUCache<string, string>({ max: maxCredentials, ttl: memory });

  constructor(pointsPerMinute: number) {
    this.limit = pointsPerMinute;
  }

  /**
   * Begins a request, and tells in the reply what is left.
   *
   * Who proves who they are has points of their own, wherever they ask from. But whether
   * credentials are genuine is found out later, and looking is work: so those that were not
   * found genuine lately are at first at the expense of their address. Inventing keys gets
   * nobody more points.
   */
  open(client: string, response: ServerResponse, credentials?: string): Meter {
    const owner = credentials === undefined ? undefined : this.#owners.get(hashOf(credentials));
    return new Meter(this, { client: owner ?? client, address: client, credentials, response });
  }

  /** Remembers whose credentials are, or that they are nobody's. */
  learn(credentials: string, owner: string | undefined): void {
    if (owner === undefined) this.#owners.delete(hashOf(credentials));
    else this.#owners.set(hashOf(credentials), owner);
  }

  bucketOf(client: string): Bucket {
    let bucket = this.#buckets.get(client);
    if (!bucket) {
      bucket = { points: this.limit, at: performance.now(), comeAgainAt: 0, tooEarly: 0 };
      this.#buckets.set(client, bucket);
    }
    return bucket;
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
}

// Private:

const hashOf = (credentials: string): string =>
  createHash('sha256').update(credentials).digest('base64');

interface Opening {
  client: string;
  address: string;
  credentials: string | undefined;
  response: ServerResponse;
}

/** What one request takes from its client's bucket. */
export class Meter {
  readonly #rateLimiter: RateLimiter;
  readonly #address: string;
  readonly #credentials: string | undefined;
  readonly #response: ServerResponse;
  #client: string;
  #bucket: Bucket;
  #taken = 0;
  /** What the text of the query costs, beside what it asks for. */
  #text = 0;

  constructor(rateLimiter: RateLimiter, { client, address, credentials, response }: Opening) {
    this.#rateLimiter = rateLimiter;
    this.#address = address;
    this.#credentials = credentials;
    this.#response = response;
    this.#client = client;
    this.#bucket = rateLimiter.bucketOf(client);
  }

  /** For whom it counts. */
  get client(): string {
    return this.#client;
  }

  /** Whether its client asks again and again before the time that it was told. */
  get isImpatient(): boolean {
    return this.#bucket.tooEarly > maxIgnoredRejections;
  }

  /** The request's credentials are somebody's, for whom it is counted; or nobody's. */
  identified(identity: Identity | undefined): GraphQLError | undefined {
    if (this.#credentials === undefined) return undefined;
    const owner = identity && identityOf(identity);
    this.#rateLimiter.learn(this.#credentials, owner);
    return this.#moveTo(owner ?? this.#address);
  }

  /** Takes the points of a query, those taken at the door included; or says why not. */
  charge(cost: number): GraphQLError | undefined {
    return this.take(pointsOf(cost + this.#text) - this.#taken);
  }

  /** The same of a text that has to be read first, which costs beside what it asks for. */
  chargeText(cost: number): GraphQLError | undefined {
    this.#text = cost;
    return this.charge(0);
  }

  /** Takes the points of an event that is told, as soon as there are enough. */
  async wait(cost: number, signal: AbortSignal | undefined): Promise<void> {
    const points = Math.min(pointsOf(cost), this.#rateLimiter.limit);
    while (!signal?.aborted) {
      this.#rateLimiter.refill(this.#bucket);
      if (points <= this.#bucket.points) {
        this.#bucket.points -= points;
        return;
      }
      const seconds = this.#rateLimiter.secondsUntil(this.#bucket, points);
      // Whoever has gone in the meantime is told nothing, however long this takes.
      await sleep(1000 * seconds + 1, undefined, { ...(signal && { signal }) }).catch(() => {});
    }
  }

  /** Takes points, or none where there are too few. */
  take(points: number): GraphQLError | undefined {
    const { limit } = this.#rateLimiter;
    this.#rateLimiter.refill(this.#bucket);
    // What costs more than any bucket holds takes a full one, or it could never be asked.
    const wanted = Math.min(points, limit);
    const enough = wanted <= this.#bucket.points;
    if (enough) {
      this.#bucket.points -= wanted;
      this.#taken += wanted;
    }
    this.#report();
    return enough ? undefined : this.#refusal(wanted);
  }

  /**
   * Takes points for the bytes of an answer, where it has more than its objects should. The answer
   * is made: where there are too few points, its client waits longer for the next.
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

  /** Gives back what was taken, and takes it from another client. */
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

  /** The header fields of the IETF's draft: the policy, and what is left of it. */
  #report(): void {
    const { limit } = this.#rateLimiter;
    const left = Math.max(0, Math.floor(this.#bucket.points));
    const full = Math.ceil(this.#rateLimiter.secondsUntil(this.#bucket, limit));
    this.#response.setHeader('RateLimit-Policy', `"points";q=${limit};w=${window / 1000}`);
    this.#response.setHeader('RateLimit', `"points";r=${left};t=${full}`);
  }

  #refusal(wanted: number): GraphQLError {
    const bucket = this.#bucket;
    // Whoever comes again needs as well what was taken this time.
    const cost = Math.min(wanted + this.#taken, this.#rateLimiter.limit);
    const seconds = Math.max(1, Math.ceil(this.#rateLimiter.secondsUntil(bucket, cost)));
    const now = performance.now();
    bucket.tooEarly = now < bucket.comeAgainAt ? bucket.tooEarly + 1 : 0;
    bucket.comeAgainAt = now + 1000 * seconds;
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
