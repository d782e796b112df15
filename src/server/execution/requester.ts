import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { Identity } from '../../knowledge/auth/identity.js';
import type { Meter } from '../admission/rateLimiter.js';
import type { Proof } from '../auth/authenticator.js';
import type { RequestRecord } from '../observability/requestRecord.js';
import type { ResponseSize } from '../responses/budget.js';

/** The client of a request, as execution sees it: identity, rate limit and record. */
export interface Requester {
  /** The user that the credentials prove; undefined for an anonymous client. */
  identity?: Identity | undefined;
  /** Counts the points of the request; undefined without a rate limit. */
  meter?: Meter | undefined;
  /** When the request began, on the clock of `performance`; undefined for now. */
  since?: number | undefined;
  /** What logs, metrics and traces report about the request. */
  requestRecord?: RequestRecord | undefined;
}

/** What only mutations and subscriptions need to know about a request besides. */
export interface RequestDetails {
  /** Whether the request must not change anything, as a GET request must not. */
  isReadOnly: boolean;
  /** Aborted when the client closes the connection. */
  signal: AbortSignal;
  /** The last event that a reconnecting client has received (`Last-Event-ID`). */
  lastEventId: string | undefined;
  /** The response of Node.js; undefined behind a Fetch handler. */
  response: ServerResponse | undefined;
}

/** The context of a request in Yoga, begun by the HTTP host, or by the handlers of an embedding app. */
export interface RequestContext extends Requester {
  /** What the identity was determined from; undefined before authentication. */
  proof?: Proof | undefined;
  /** The result, if the host has already executed the request. */
  result?: ExecutionResult | undefined;
  /** The bytes of the response, from the execution on. */
  size?: ResponseSize | undefined;
  /** The response of Node.js that Yoga writes to; undefined behind a Fetch handler. */
  res?: ServerResponse | undefined;
  /** The request of Node.js; undefined behind a Fetch handler. */
  req?: IncomingMessage | undefined;
}
