/** The limits of requests; docs/security.md gives the reasons. */

/** The bytes of a request: of its body, of a message of a WebSocket, of a call by an agent. */
export const maxRequestBytes = 1024 * 1024;

/** The limits of a document, before it is executed. */
export interface DocumentLimits {
  /** The bytes of the query's text. */
  queryBytes: number;
  /** The number of its tokens. */
  tokens: number;
  /** The depth of nested fields, and of nested values. */
  depth: number;
  rootFields: number;
  aliases: number;
  directives: number;
  fragments: number;
}

/** The number of open event streams. */
export interface StreamLimits {
  /** Of all clients. */
  streams: number;
  /** Of each. */
  clientStreams: number;
  /** How long a client may leave an event, or a part of a response, unread. */
  slowSeconds: number;
}

/** The number of running and queued requests, and their time. */
export interface ConcurrencyLimits {
  /** Requests that run at the same time. */
  running: number;
  /** Requests beyond them that are queued. */
  waiting: number;
  /** How long a request may be queued, as estimated when it arrives. */
  waitSeconds: number;
  /** How long a request may take in all, in the queue and running. */
  seconds: number;
}

/** Large requests have a queue of their own, so that they do not delay small ones. */
export interface LargeLimits {
  /** A request whose cost is above this is large. */
  largeCost: number;
  /** The cost of all large requests that run at the same time; a single one may cost more. */
  largeRunning: number;
  /** Large requests that are queued. */
  largeWaiting: number;
}

/** The bytes of responses. */
export interface ResponseLimits extends Pick<StreamLimits, 'slowSeconds'> {
  /** Of one response. */
  responseBytes: number;
  /** Of all that are being made, or that their clients have not read yet. */
  responseBudgetBytes: number;
}

export interface Limits
  extends DocumentLimits, ConcurrencyLimits, LargeLimits, StreamLimits, ResponseLimits {
  /** The values in the variables of a request. */
  values: number;
  /** The number of objects in a response. */
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
