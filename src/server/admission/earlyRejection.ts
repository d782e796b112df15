/**
 * More than the server can do is turned away before the host has made a request of it: there,
 * saying no to a flood would take most of the time that is left for answering.
 */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ResponseHeaders } from '../http/headers.js';
import { requestIdOf } from '../observability/requestRecord.js';
import type { ConcurrencyLimiter } from './concurrency.js';
import type { ResponseBudget } from '../responses/budget.js';
import { overloaded, replyTo } from '../errors/rejection.js';

export interface EarlyRejectionOptions {
  /** Who has to pass it: who posts there without credentials, which have to be looked up first. */
  endpoint: string;
  load: Pick<ConcurrencyLimiter, 'isFullFor' | 'waiting'>;
  responses: Pick<ResponseBudget, 'isScarce' | 'isFullFor'>;
  clientOf: (request: IncomingMessage) => string;
  responseHeaders: ResponseHeaders;
  /** Told of each that is turned away. */
  count: () => void;
}

/** Has requests pass a gate before the host gets them. */
export function addEarlyRejection(
  host: FastifyInstance,
  { endpoint, load, responses, clientOf, responseHeaders, count }: EarlyRejectionOptions,
): void {
  const { server } = host;
  // Who is on a connection that is about to close has to be told that as well.
  const isTurnedAway = (request: IncomingMessage): boolean =>
    (load.waiting > 0 || responses.isScarce) &&
    !host.isDraining &&
    request.method === 'POST' &&
    request.url === endpoint &&
    request.headers.authorization === undefined &&
    isFullFor(clientOf(request));
  const isFullFor = (client: string): boolean =>
    load.isFullFor(client) || responses.isFullFor(client || undefined);
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (!isTurnedAway(request)) {
      for (const listener of listeners) Reflect.apply(listener, server, [request, response]);
      return;
    }
    const { origin } = request.headers;
    response.writeHead(status, [
      ...responseHeaders.headersFor(origin),
      ...rejectionHeaders,
      'X-Request-Id',
      requestIdOf(request),
    ]);
    response.end(text);
    count();
  });
}

// Private:

/** Made once: it is all that is said where most has to be said. */
const { status, headers, body } = replyTo(overloaded());
const text = JSON.stringify(body);
const rejectionHeaders = Object.entries({
  ...headers,
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': String(Buffer.byteLength(text)),
}).flat();
