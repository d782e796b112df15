/** What one request may ask for and take; docs/security.md has the reason of each. */

/** What a document may be, before anything of it runs. */
export interface DocumentLimits {
  /** Bytes of the query's text. */
  queryBytes: number;
  /** Words and signs in it, as GraphQL counts them. */
  tokens: number;
  /** Fields within fields, or values within values. */
  depth: number;
  rootFields: number;
  aliases: number;
  directives: number;
  fragments: number;
}

/** How many event streams may be open at a time. */
export interface StreamLimits {
  /** Of all clients. */
  streams: number;
  /** Of each. */
  clientStreams: number;
  /** How long a client may leave an event, or a part of an answer, unread. */
  slowSeconds: number;
}

/** What the server does at a time, and for how long. */
export interface ConcurrencyLimits {
  /** Requests that are worked on at the same time. */
  running: number;
  /** Requests beyond them that wait for their turn. */
  waiting: number;
  /** How long they may have to wait, as far as can be told when they come. */
  waitSeconds: number;
  /** How long a request may take in all, waiting included. */
  seconds: number;
}

/** What is large goes a way of its own, so that what is small need not wait behind it. */
export interface LargeLimits {
  /** A request whose cost is above this is large. */
  largeCost: number;
  /** The cost of all large requests that are worked on at the same time; one may have more. */
  largeRunning: number;
  /** Large requests that wait for their turn. */
  largeWaiting: number;
}

/** How many bytes answers may have. */
export interface ResponseLimits extends Pick<StreamLimits, 'slowSeconds'> {
  /** Of one answer. */
  responseBytes: number;
  /** Of all that are being made, or not yet taken by their clients. */
  responseBudgetBytes: number;
}

export interface Limits
  extends DocumentLimits, ConcurrencyLimits, LargeLimits, StreamLimits, ResponseLimits {
  /** How many values the variables may hold. */
  values: number;
  /** How many objects an answer may hold. */
  cost: number;
}

export const defaultLimits: Limits = {
  queryBytes: 32 * 1024,
  tokens: 2000,
  depth: 20,
  rootFields: 50,
  aliases: 100,
  directives: 100,
  fragments: 50,
  values: 100_000,
  cost: 50_000,
  running: 192,
  waiting: 1024,
  waitSeconds: 1,
  seconds: 10,
  largeCost: 500,
  largeRunning: 10_000,
  largeWaiting: 64,
  responseBytes: 8 * 1024 * 1024,
  responseBudgetBytes: 128 * 1024 * 1024,
  streams: 500,
  clientStreams: 20,
  slowSeconds: 30,
};
