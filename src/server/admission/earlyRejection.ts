/**
 * Rejects what exceeds the server's capacity before Fastify handles it: routing, hooks and reply of
 * a rejected request would take most of the time that is left for the others.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { ResponseHeaders } from '../http/headers.js';
import { requestIdOf } from '../observability/requestRecord.js';
import type { ConcurrencyLimiter } from './concurrency.js';
import type { ResponseBudget } from '../responses/budget.js';
import { overloaded, replyTo } from '../errors/rejection.js';

export interface EarlyRejectionOptions {
  /** Requests to it are rejected, unless they have credentials, which have to be looked up first. */
  endpoint: string;
  load: Pick<ConcurrencyLimiter, 'isFullFor' | 'waiting'>;
  responses: Pick<ResponseBudget, 'isScarce' | 'isFullFor'>;
  clientOf: (request: IncomingMessage) => string;
  responseHeaders: ResponseHeaders;
  /** Whether rejections have to close their connections, which is left to the host. */
  isDraining: () => boolean;
  /** Counts each rejection. */
  count: () => void;
}

/** Rejects requests that the server is too busy for; the others are handled by the host. */
export function rejectEarly(
  handle: RequestListener,
  {
    endpoint,
    load,
    responses,
    clientOf,
    responseHeaders,
    isDraining,
    count,
  }: EarlyRejectionOptions,
): RequestListener {
  const isRejected = (request: IncomingMessage): boolean =>
    (load.waiting > 0 || responses.isScarce) &&
    !isDraining() &&
    request.method === 'POST' &&
    request.url === endpoint &&
    request.headers.authorization === undefined &&
    isFullFor(clientOf(request));
  const isFullFor = (client: string): boolean =>
    load.isFullFor(client) || responses.isFullFor(client || undefined);
  return (request, response) => {
    if (!isRejected(request)) return handle(request, response);
    const { origin } = request.headers;
    response.writeHead(status, [
      ...responseHeaders.headersFor(origin),
      ...rejectionHeaders,
      'X-Request-Id',
      requestIdOf(request),
    ]);
    response.end(text);
    count();
  };
}

// Private:

/** Made once, since an overloaded server sends many. */
const { status, headers, body } = replyTo(overloaded());
const text = JSON.stringify(body);
const rejectionHeaders = Object.entries({
  ...headers,
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': String(Buffer.byteLength(text)),
}).flat();
