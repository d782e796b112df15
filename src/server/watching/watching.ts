/** What the host does to be watched: request ids, a line in the log, metrics, traces. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusal } from '../limits/refusal.js';
import { Account } from './account.js';
import type { Metrics } from './metrics.js';
import type { RequestTrace, Tracing } from './tracing.js';

declare module 'fastify' {
  interface FastifyRequest {
    account: Account;
    trace: RequestTrace | undefined;
  }
}

export interface WatchingOptions {
  /** The path whose requests are counted by their operations. */
  endpoint: string;
  metrics: Metrics | undefined;
  tracing: Tracing | undefined;
}

export function addWatching(
  host: FastifyInstance,
  { endpoint, metrics, tracing }: WatchingOptions,
): void {
  host.decorateRequest('account', undefined as unknown as Account);
  host.decorateRequest('trace', undefined);
  host.addHook('onRequest', (request, reply, done) => {
    request.account = new Account(request.id);
    reply.raw.setHeader('X-Request-Id', request.id);
    const route = routeOf(request);
    if (tracing && !unwatched.has(route)) request.trace = tracing.request(request.raw, route);
    // Fastify's own hook is silent about clients that went away.
    reply.raw.once('close', () => end(request, reply));
    done();
  });
  const isTold = tellsEach(host);
  const end = (request: FastifyRequest, reply: FastifyReply): void => {
    const { account, trace } = request;
    const { statusCode: status, elapsedTime } = reply;
    const isAborted = !reply.raw.writableFinished;
    account.end();
    if (status >= 400) account.code ??= codes[status] ?? 'BAD_REQUEST';
    const path = routeOf(request);
    if (path === endpoint) metrics?.request(account, elapsedTime / 1000, isAborted);
    metrics?.limit(account);
    trace?.end(account, status);
    if (!isTold) return;
    request.log.debug(
      {
        method: request.method,
        path,
        status,
        ms: Math.round(elapsedTime),
        operation: account.operation?.name?.slice(0, 100),
        code: account.code,
        ...(isAborted && { aborted: true }),
        ...(trace && { traceId: trace.id }),
      },
      'request',
    );
  };
}

/** Whether the log tells of each request. */
export const tellsEach = ({ log }: FastifyInstance): boolean =>
  ['trace', 'debug'].includes(log.level);

export interface ExpositionOptions {
  read: () => Promise<string>;
  /** What must be shown to read them; undefined: nothing. */
  token: string | undefined;
}

/** How long metrics are given again, in milliseconds, so that asking for them is never a load. */
const freshness = 200;

/** The metrics, for Prometheus, at `/metrics`. */
export function addMetrics(host: FastifyInstance, { read, token }: ExpositionOptions): void {
  let last: { at: number; text: Promise<string> } | undefined;
  host.get('/metrics', async (request, reply) => {
    if (token !== undefined && !shows(request, token)) throw unauthorized();
    if (!last || performance.now() - last.at > freshness) {
      last = { at: performance.now(), text: read() };
    }
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await last.text);
  });
}

// Private:

/** What is asked all day by machines, about nothing else. */
const unwatched = new Set(['/health', '/ready', '/metrics']);

/** What a status means where no error has told. */
const codes: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  429: 'RATE_LIMITED',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'OVERLOADED',
  504: 'TIMEOUT',
};

/** An address may hold what is for nobody's eyes, so only what it leads to is told. */
const routeOf = ({ routeOptions }: FastifyRequest): string => routeOptions.url ?? 'nowhere';

function shows({ headers }: FastifyRequest, token: string): boolean {
  const shown = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return shown.length === wanted.length && timingSafeEqual(shown, wanted);
}

const unauthorized = () =>
  refusal('UNAUTHENTICATED', 'Metrics are given to who shows the token CHANCERY_METRICS_TOKEN.', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
