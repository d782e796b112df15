/** The HTTP host of the GraphQL endpoint. Fastify reads, limits and parses the body. */
import fastify from 'fastify';
import {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { GraphQLError } from 'graphql';
import type { Database } from '../../database/database.js';
import type { Executor } from '../execution/executor.js';
import { addGracefulShutdown, GracefulServer } from '../lifecycle/gracefulServer.js';
import { addHealth } from '../lifecycle/health.js';
import { addLinkedData } from './linkedData.js';
import { addMcp, mcpPath } from './mcp.js';
import { addressReader, clientAt } from '../admission/clientAddress.js';
import {
  addRateLimit,
  isHost,
  malformedHost,
  type RateLimitOptions,
} from '../admission/rateLimitHook.js';
import { noHeaders, RateLimiter } from '../admission/rateLimiter.js';
import { rejectEarly } from '../admission/earlyRejection.js';
import { handleInTurn } from '../responses/pipelining.js';
import { maxRequestBytes } from '../admission/limits.js';
import { bodyTooLarge } from './bodies.js';
import { Operations } from './operations.js';
import { RejectionWriter } from '../admission/rejectionWriter.js';
import { isRejection, replyTo } from '../errors/rejection.js';
import { addResponseHeaders, ResponseHeaders } from './headers.js';
import { databaseRejection } from '../errors/databaseErrors.js';
import { requestIdOf } from '../observability/requestRecord.js';
import type { Metrics } from '../observability/metrics.js';
import {
  addMetrics,
  addObservability,
  observeOperations,
  logsEachRequest,
  type ExpositionOptions,
} from '../observability/hooks.js';
import type { Mcp } from '../mcp/mcp.js';
import type { WebSockets } from '../sockets/webSockets.js';
import type { Yoga } from './yoga.js';

export interface HostOptions {
  yoga: Yoga;
  executor: Executor;
  /** The tools for agents, served at `/mcp`. Default: none. */
  mcp?: Mcp | undefined;
  sockets: WebSockets;
  endpoint: string;
  database: Database;
  logger: FastifyBaseLogger;
  /** The points per minute of each client; 0 disables the limit. Default 0. */
  pointsPerMinute?: number | undefined;
  /** Names the client of a request, for that count. Default: its address. */
  clientOf?: RateLimitOptions['clientOf'];
  /** Proxies, by address or network, whose `X-Forwarded-For` is trusted. */
  trustedProxies?: readonly string[] | undefined;
  /** Origins whose pages may read responses (CORS). Default: none. */
  corsOrigins?: readonly string[] | undefined;
  /** The base of URLs in linked data. Default: the host of the request. */
  publicUrl?: string | undefined;
  /** How long a client may take to send a request. */
  receiveSeconds?: number | undefined;
  metrics?: Metrics | undefined;
  /** Without it there is no `/metrics`. */
  exposition?: ExpositionOptions | undefined;
}

/** The host of the endpoint, on a server that closes gracefully. */
export interface Host extends FastifyInstance {
  server: GracefulServer;
}

export function createHost({
  yoga,
  executor,
  mcp,
  sockets,
  endpoint,
  database,
  logger,
  pointsPerMinute = 0,
  clientOf,
  trustedProxies = [],
  corsOrigins = [],
  publicUrl,
  receiveSeconds = 15,
  metrics,
  exposition,
}: HostOptions): Host {
  const responseHeaders = new ResponseHeaders(corsOrigins);
  const { tracing } = executor;
  const { concurrency, responses } = executor.admission;
  const addressOf = addressReader(trustedProxies);
  const publicOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  const rateLimiter = pointsPerMinute > 0 ? new RateLimiter(pointsPerMinute) : undefined;
  const server = createServer(receiveSeconds);
  const host = fastify<GracefulServer>({
    serverFactory: (handler) => {
      // If each request is logged, or named by the app, none may be rejected before.
      const handle =
        clientOf || logsEachRequest(logger)
          ? handler
          : rejectEarly(handler, {
              ...{ endpoint, load: concurrency, responses, responseHeaders },
              clientOf: pointsPerMinute > 0 ? (request) => clientAt(addressOf(request)) : () => '',
              isDraining: () => server.isDraining,
              count: () => metrics?.rejectedEarly(),
            });
      return server.on('request', handleInTurn(handle));
    },
    loggerInstance: logger,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    genReqId: requestIdOf,
    bodyLimit: maxRequestBytes,
    // A URL that Fastify cannot route is reported in the form of all other errors.
    frameworkErrors: ({ message }, { headers }, reply: FastifyReply) => {
      responseHeaders.write(reply.raw, headers.origin);
      void reply.code(400).send({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    },
    // Requests over connections that are open while the server closes are handled.
    return503OnClosing: false,
    trustProxy: trustedProxies.length ? [...trustedProxies] : false,
  }) as unknown as Host;
  addObservability(host, { counted: new Set([endpoint, mcpPath]), metrics, tracing });
  addGracefulShutdown(host, server);
  addResponseHeaders(host, responseHeaders);
  const rejectionWriter = new RejectionWriter();
  addRateLimit(host, {
    endpoint,
    load: concurrency,
    responses,
    rejectionWriter,
    rateLimiter,
    clientOf,
  });
  // Pages of other sites can send text without a CORS preflight; queries are sent as JSON.
  host.removeContentTypeParser('text/plain');
  host.route({
    url: endpoint,
    method: ['GET', 'POST', 'OPTIONS'],
    handler: (request, reply) => {
      if (request.method === 'POST' && !isOperation(request.body)) {
        return reply
          .code(400)
          .send({ errors: [{ message: bodyRule, extensions: { code: 'BAD_REQUEST' } }] });
      }
      if (request.trace) request.trace.within(() => handle(request, reply));
      else handle(request, reply);
      return undefined;
    },
  });
  const operations = new Operations({ yoga, executor, rejectionWriter });
  const handle = (request: FastifyRequest, reply: FastifyReply): void => {
    const { raw, body, meter, requestRecord } = request;
    const handled = operations.handle(raw, reply.raw, body, { meter, requestRecord });
    reply.hijack();
    handled.catch((error: unknown) => {
      request.log.error({ err: error }, 'a response could not be written');
      // The client would wait: its connection is not closed otherwise.
      raw.socket.destroy();
    });
  };
  server.onWebSocket((request, socket, head) => {
    const { headers } = request;
    const ip = addressOf(request);
    const client = clientOf ? clientOf({ headers, ip }) : clientAt(ip);
    void sockets.upgrade(request, socket, head, {
      openMeter:
        rateLimiter &&
        ((credentials) => rateLimiter.open(client, noHeaders, clientOf ? undefined : credentials)),
      allowOrigin: (origin) => responseHeaders.grants(origin) || origin === publicOrigin,
      rejected: isHost(headers.host) ? undefined : malformedHost(),
      onOperation: observeOperations(host, { endpoint }),
    });
  });
  host.get('/', (_request, reply) => reply.redirect(endpoint));
  addLinkedData(host, database, { concurrency, responses, publicUrl });
  if (mcp) addMcp(host, mcp, { publicUrl });
  addHealth(host, server, database);
  if (exposition) addMetrics(host, exposition);
  host.setErrorHandler<FastifyError | GraphQLError>((error, request, reply) => {
    const rejected = isRejection(error) ? error : databaseRejection(error);
    if (rejected) {
      request.requestRecord.note([rejected]);
      const { status, headers, body } = replyTo(rejected);
      return reply.code(status).headers(headers).send(body);
    }
    const status = ('statusCode' in error && error.statusCode) || 500;
    if (status >= 500) request.log.error({ err: error }, 'unexpected error');
    const [code, message] =
      status >= 500
        ? ['INTERNAL_SERVER_ERROR', 'An internal error occurred.']
        : ['BAD_REQUEST', status === 413 ? bodyTooLarge : error.message];
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
  });
  host.setNotFoundHandler((request, reply) => {
    const wrongMethod = request.url.split('?')[0] === endpoint;
    if (wrongMethod) reply.header('allow', 'GET, POST, OPTIONS');
    const [status, code, message] = wrongMethod
      ? [405, 'METHOD_NOT_ALLOWED', `${endpoint} takes GET and POST, not ${request.method}.`]
      : [404, 'NOT_FOUND', `Not found; the GraphQL endpoint is ${endpoint}.`];
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
  });
  return host;
}

// Private:

/** With a server that is handed in, Fastify sets no timeouts. */
function createServer(receiveSeconds: number): GracefulServer {
  const server = new GracefulServer({
    keepAliveTimeout: 72_000,
    requestTimeout: receiveSeconds * 1000,
    headersTimeout: receiveSeconds * 1000,
    // How often Node.js checks these timeouts; its default is every 30 s.
    connectionsCheckingInterval: 1000,
  });
  server.setTimeout(60_000);
  return server;
}

const bodyRule =
  'The body must be a JSON object with a query, such as {"query": "{ __typename }"}.';

const isOperation = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Object.keys(body).length > 0;
