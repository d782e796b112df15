/**
 * What a request meets before it is read any further: its host is a host, it would not wait in
 * vain, its client has points left. Whether the process lives may be asked without limit.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientAt } from './clientAddress.js';
import { RateLimiter, type Meter } from './rateLimiter.js';
import type { ConcurrencyLimiter } from './concurrency.js';
import type { ResponseBudget } from '../responses/budget.js';
import { overloaded, rejection } from '../errors/rejection.js';
import type { RejectionWriter } from './rejectionWriter.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What counts the points that the request takes; undefined where nobody counts. */
    meter: Meter | undefined;
  }
}

export interface RateLimitOptions {
  /** The path whose requests have to wait for their turn. */
  endpoint: string;
  load: Pick<ConcurrencyLimiter, 'isFullFor'>;
  responses: Pick<ResponseBudget, 'isFullFor'>;
  rejectionWriter: RejectionWriter;
  /** The points that each client has a minute; 0: any number. */
  pointsPerMinute: number;
  /**
   * Who asks; by default whom the credentials prove, else the address, as trusted proxies tell it.
   */
  clientOf?: ((request: FastifyRequest) => string) | undefined;
}

export function addRateLimit(
  host: FastifyInstance,
  { endpoint, load, responses, rejectionWriter, pointsPerMinute, clientOf }: RateLimitOptions,
): void {
  const rateLimiter = pointsPerMinute > 0 ? new RateLimiter(pointsPerMinute) : undefined;
  const meterOf = (request: FastifyRequest, reply: FastifyReply): Meter | undefined =>
    clientOf
      ? rateLimiter?.open(clientOf(request), reply.raw)
      : rateLimiter?.open(clientAt(request.ip), reply.raw, request.headers.authorization);
  host.decorateRequest('meter', undefined);
  host.addHook('onRequest', (request, reply, done) => {
    if (!isHost(request.headers.host) || !isHost(request.host)) return done(malformedHost());
    const path = request.routeOptions.url ?? '';
    if (alwaysOpen.has(path)) return done();
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

/** Made once, since it is all that is said where most has to be said. */
const full = overloaded();

const alwaysOpen = new Set(['/health', '/ready', '/metrics']);

/** The page of GraphiQL is some megabytes large, and is read from memory only. */
const pagePoints = 20;

const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && (headers.accept?.includes('text/html') ?? false);

/** A name or an address, with or without a port; HTTP/1.0 does without. */
const isHost = (host: string | undefined): boolean =>
  !host || /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(host);

const malformedHost = () =>
  rejection('BAD_REQUEST', 'The header Host must be a host name or an address.', { status: 400 });
