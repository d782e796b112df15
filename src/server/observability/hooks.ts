/** Observability hooks of the host: request ids, the request log, metrics, traces. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { rejection } from '../errors/rejection.js';
import { RequestRecord } from './requestRecord.js';
import type { Metrics } from './metrics.js';
import type { RequestTrace, Tracing } from './tracing.js';

declare module 'fastify' {
  interface FastifyRequest {
    requestRecord: RequestRecord;
    trace: RequestTrace | undefined;
  }
}

export interface ObservabilityOptions {
  /** The paths whose requests are counted by operation. */
  counted: ReadonlySet<string>;
  metrics: Metrics | undefined;
  tracing: Tracing | undefined;
}

export function addObservability(
  host: FastifyInstance,
  { counted, metrics, tracing }: ObservabilityOptions,
): void {
  host.decorateRequest('requestRecord', undefined as unknown as RequestRecord);
  host.decorateRequest('trace', undefined);
  host.addHook('onRequest', (request, reply, done) => {
    request.requestRecord = new RequestRecord(request.id);
    reply.raw.setHeader('X-Request-Id', request.id);
    const route = routeOf(request);
    if (tracing && !untraced.has(route)) request.trace = tracing.request(request.raw, route);
    // Fastify's hook `onResponse` does not report clients that closed the connection.
    reply.raw.once('close', () => end(request, reply));
    done();
  });
  const logsRequests = logsEachRequest(host.log);
  const end = (request: FastifyRequest, reply: FastifyReply): void => {
    const { requestRecord, trace } = request;
    const { statusCode: status, elapsedTime } = reply;
    const isAborted = !reply.raw.writableFinished;
    requestRecord.end();
    if (status >= 400) requestRecord.code ??= codeOfStatus(status);
    const path = routeOf(request);
    if (counted.has(path)) metrics?.request(requestRecord, elapsedTime / 1000, isAborted);
    metrics?.limit(requestRecord);
    trace?.end(requestRecord, status);
    if (!logsRequests) return;
    request.log.debug(
      {
        method: request.method,
        path,
        status,
        ms: Math.round(elapsedTime),
        operation: requestRecord.operation?.name?.slice(0, 100),
        code: requestRecord.code,
        ...(isAborted && { aborted: true }),
        ...(trace && { traceId: trace.id }),
      },
      'request',
    );
  };
}

/** Logs operations that are executed over a WebSocket; metrics count them themselves. */
export const observeOperations =
  (host: FastifyInstance, { endpoint }: { endpoint: string }) =>
  (requestRecord: RequestRecord, ms: number, isAborted: boolean): void => {
    const { id: requestId, operation, code } = requestRecord;
    host.log.debug(
      {
        ...{ requestId, method: 'WebSocket', path: endpoint, ms: Math.round(ms) },
        operation: operation?.name?.slice(0, 100),
        code,
        ...(isAborted && { aborted: true }),
      },
      'request',
    );
  };

/** The code of a response without an error code, by its status. */
export const codeOfStatus = (status: number): string => codes[status] ?? 'BAD_REQUEST';

/** Whether each request is logged. */
export const logsEachRequest = ({ level }: FastifyBaseLogger): boolean =>
  ['trace', 'debug'].includes(level);

export interface ExpositionOptions {
  read: () => Promise<string>;
  /** The bearer token that is required to read them; undefined: none is required. */
  token: string | undefined;
}

/** How long the text is cached, which limits the load of scrapes. */
const maxAgeMs = 200;

/** The metrics, for Prometheus, at `/metrics`. */
export function addMetrics(host: FastifyInstance, { read, token }: ExpositionOptions): void {
  let last: { at: number; text: Promise<string> } | undefined;
  host.get('/metrics', async (request, reply) => {
    if (token !== undefined && !hasToken(request, token)) throw unauthorized();
    if (!last || performance.now() - last.at > maxAgeMs) {
      last = { at: performance.now(), text: read() };
    }
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await last.text);
  });
}

// Private:

/** Probes and scrapes, which are frequent and not worth logging. */
const untraced = new Set(['/health', '/ready', '/metrics']);

const codes: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  429: 'RATE_LIMITED',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'OVERLOADED',
  504: 'TIMEOUT',
};

/** Only the route is reported, since a URL may contain secrets. */
const routeOf = ({ routeOptions }: FastifyRequest): string => routeOptions.url ?? 'nowhere';

function hasToken({ headers }: FastifyRequest, token: string): boolean {
  const actual = Buffer.from(headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

const unauthorized = () =>
  rejection('UNAUTHENTICATED', 'Reading metrics requires the token CHANCERY_METRICS_TOKEN.', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
