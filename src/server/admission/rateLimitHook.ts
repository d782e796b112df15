/**
 * The checks before the body of a request is read: the header `Host`, room in the queue, and the
 * points of the client. Health checks and metrics are not limited.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientAt } from './clientAddress.js';
import type { Meter, RateLimiter } from './rateLimiter.js';
import type { ConcurrencyLimiter } from './concurrency.js';
import type { ResponseBudget } from '../responses/budget.js';
import { overloaded, rejection } from '../errors/rejection.js';
import type { RejectionWriter } from './rejectionWriter.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Counts the points of the request; undefined without a rate limit. */
    meter: Meter | undefined;
  }
}

export interface RateLimitOptions {
  /** The path whose requests are queued. */
  endpoint: string;
  load: Pick<ConcurrencyLimiter, 'isFullFor'>;
  responses: Pick<ResponseBudget, 'isFullFor'>;
  rejectionWriter: RejectionWriter;
  /** undefined: clients have any number of points. */
  rateLimiter: RateLimiter | undefined;
  /** Names the client. Default: by its credentials, else by its address behind trusted proxies. */
  clientOf?: ((request: Pick<FastifyRequest, 'headers' | 'ip'>) => string) | undefined;
}

export function addRateLimit(
  host: FastifyInstance,
  { endpoint, load, responses, rejectionWriter, rateLimiter, clientOf }: RateLimitOptions,
): void {
  const meterOf = (request: FastifyRequest, reply: FastifyReply): Meter | undefined =>
    clientOf
      ? rateLimiter?.open(clientOf(request), reply.raw)
      : rateLimiter?.open(clientAt(request.ip), reply.raw, request.headers.authorization);
  host.decorateRequest('meter', undefined);
  host.addHook('onRequest', (request, reply, done) => {
    if (!isHost(request.headers.host) || !isHost(request.host)) return done(malformedHost());
    const path = request.routeOptions.url ?? '';
    if (unlimitedPaths.has(path)) return done();
    const meter = (request.meter = meterOf(request, reply));
    const rejected =
      path === endpoint && (load.isFullFor(meter?.client) || responses.isFullFor(meter?.client))
        ? full
        : meter?.take(wantsPage(request) ? pagePoints : 1);
    if (!rejected) return done();
    request.requestRecord.note([rejected]);
    reply.hijack();
    rejectionWriter.reject(reply.raw, rejected, { meter });
  });
}

// Private:

/** Made once, since an overloaded server sends many. */
const full = overloaded();

const unlimitedPaths = new Set(['/health', '/ready', '/metrics']);

/** The page of GraphiQL has some megabytes, which are in memory. */
const pagePoints = 20;

const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && (headers.accept?.includes('text/html') ?? false);

/** A name or an address, with or without a port; HTTP/1.0 does without. */
export const isHost = (host: string | undefined): boolean =>
  !host || /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(host);

export const malformedHost = () =>
  rejection('BAD_REQUEST', 'The header Host must be a host name or an address.', { status: 400 });
