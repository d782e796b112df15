/**
 * The HTTP host around the GraphQL endpoint. Fastify reads, limits and parses the body; plain
 * queries are answered here, all else is handed on to Yoga.
 */
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Database } from '../../database/database.js';
import { negotiateType } from './contentNegotiation.js';
import type { ExecutorResult, Executor } from '../execution/executor.js';
import { addDraining } from '../lifecycle/draining.js';
import { addHealth } from '../lifecycle/health.js';
import { addLinkedData } from './linkedData.js';
import { addressReader, clientAt } from '../admission/clientAddress.js';
import { addRateLimit, type RateLimitOptions } from '../admission/rateLimitHook.js';
import { addEarlyRejection } from '../admission/earlyRejection.js';
import { addPipelining } from '../responses/pipelining.js';
import { RejectionWriter } from '../admission/rejectionWriter.js';
import { dependsOnType, isRejection, replyTo } from '../errors/rejection.js';
import { addResponseHeaders, ResponseHeaders } from './headers.js';
import { databaseRejection } from '../errors/databaseErrors.js';
import { send } from '../responses/send.js';
import type { RequestParams } from '../execution/persisted/persisted.js';
import { requestIdOf } from '../observability/requestRecord.js';
import type { Metrics } from '../observability/metrics.js';
import {
  addMetrics,
  addObservability,
  logsEachRequest,
  type ExpositionOptions,
} from '../observability/hooks.js';
import type { RequestContext, Yoga } from './yoga.js';

export interface HostOptions {
  yoga: Yoga;
  executor: Executor;
  endpoint: string;
  database: Database;
  logger: FastifyBaseLogger;
  /** The points that each client has a minute; 0, as by default: any number. */
  pointsPerMinute?: number | undefined;
  /** Who asks, for that count; by default the address. */
  clientOf?: RateLimitOptions['clientOf'];
  /** Proxies, by address or network, that are believed what they say of their clients. */
  trustedProxies?: readonly string[] | undefined;
  /** Whose pages may read answers; by default none but ours. */
  corsOrigins?: readonly string[] | undefined;
  /** What addresses in linked data begin with. Default: the host that a request names. */
  publicUrl?: string | undefined;
  /** How long a client may take to send a request. */
  receiveSeconds?: number | undefined;
  /** What counts requests. */
  metrics?: Metrics | undefined;
  /** How `/metrics` is answered; without it, not at all. */
  exposition?: ExpositionOptions | undefined;
}

/** A query that anybody wrote fits many times over. */
const maxBodyBytes = 1024 * 1024;
const tooLarge = 'A request may have 1 MB. Ask for less, or in several requests.';

export function createHost({
  yoga,
  executor,
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
}: HostOptions): FastifyInstance {
  const responseHeaders = new ResponseHeaders(corsOrigins);
  const host = fastify({
    loggerInstance: logger,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    genReqId: requestIdOf,
    bodyLimit: maxBodyBytes,
    // What cannot be read as a path is told as all other mistakes are.
    frameworkErrors: ({ message }, { headers }, reply: FastifyReply) => {
      responseHeaders.write(reply.raw, headers.origin);
      void reply.code(400).send({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    },
    forceCloseConnections: 'idle',
    // What comes over an open connection while it closes is answered like all the rest.
    return503OnClosing: false,
    trustProxy: trustedProxies.length ? [...trustedProxies] : false,
    requestTimeout: receiveSeconds * 1000,
    connectionTimeout: 60_000,
    // Node looks for clients that take too long at these intervals, by default twice a minute.
    http: { headersTimeout: receiveSeconds * 1000, connectionsCheckingInterval: 1000 },
  });
  const { tracing } = executor;
  addObservability(host, { endpoint, metrics, tracing });
  addDraining(host);
  addResponseHeaders(host, responseHeaders);
  const rejectionWriter = new RejectionWriter();
  const { concurrency, responses } = executor.admission;
  addRateLimit(host, {
    endpoint,
    load: concurrency,
    responses,
    rejectionWriter,
    pointsPerMinute,
    clientOf,
  });
  // Where the log tells of each request, or the app looks at each, none is kept from it.
  if (!clientOf && !logsEachRequest(host)) {
    const addressOf = addressReader(trustedProxies);
    addEarlyRejection(host, {
      ...{ endpoint, load: concurrency, responses, responseHeaders },
      clientOf: pointsPerMinute > 0 ? (request) => clientAt(addressOf(request)) : () => '',
      count: () => metrics?.rejectedEarly(),
    });
  }
  addPipelining(host.server);
  // Any page can send text without asking first; queries come as JSON.
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
      if (request.trace) request.trace.within(() => answer(request, reply));
      else answer(request, reply);
      return undefined;
    },
  });
  const answer = (request: FastifyRequest, reply: FastifyReply): void => {
    const { raw, body, meter, requestRecord } = request;
    const fail = (error: unknown): void => {
      request.log.error({ err: error }, 'an answer could not be written');
      // Whoever waits for the answer waits in vain. That the request is read does not end its connection.
      raw.socket.destroy();
    };
    // The body that Fastify has parsed travels on the request itself, where Yoga looks for it.
    const handOn = (requestContext: RequestContext): Promise<void> =>
      Promise.resolve(yoga(Object.assign(raw, { body }), reply.raw, requestContext));
    // Who shows credentials is looked up first, on Yoga's way.
    const isPlain = raw.method === 'POST' && raw.headers.authorization === undefined;
    const type = isPlain ? negotiateType(raw.headers.accept) : undefined;
    const given = type && executor.answer(body as RequestParams, { meter, requestRecord });
    reply.hijack();
    if (!type || !given) {
      handOn({ meter, requestRecord }).catch(fail);
      return;
    }
    // A query without mistakes is answered here: Yoga's way through the Fetch API takes as
    // long as all the rest of a small query. So are refusals: a server that has too much to do
    // must not have much to do for saying so.
    const give = (found: ExecutorResult): Promise<void> | undefined => {
      if ('body' in found) {
        meter?.chargeBytes(found.body.length);
        return send(raw, reply.raw, type, found, responses);
      }
      const rejected = rejectionIn(found.result);
      if (!rejected) return handOn({ ...found, requestRecord });
      requestRecord.note([rejected]);
      rejectionWriter.reject(reply.raw, rejected, { meter, type });
      return undefined;
    };
    const giving = given instanceof Promise ? given.then(give) : inPromise(() => give(given));
    giving.catch(fail);
  };
  host.get('/', (_request, reply) => reply.redirect(endpoint));
  addLinkedData(host, database, { concurrency, responses, publicUrl });
  addHealth(host, database);
  if (exposition) addMetrics(host, exposition);
  closeIdleConnections(host);
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
        ? ['INTERNAL_SERVER_ERROR', 'Something went wrong on the server.']
        : ['BAD_REQUEST', status === 413 ? tooLarge : error.message];
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
  });
  host.setNotFoundHandler((request, reply) => {
    const wrongMethod = request.url.split('?')[0] === endpoint;
    if (wrongMethod) reply.header('allow', 'GET, POST, OPTIONS');
    const [status, code, message] = wrongMethod
      ? [405, 'METHOD_NOT_ALLOWED', `${endpoint} takes GET and POST, not ${request.method}.`]
      : [404, 'NOT_FOUND', `There is nothing here; the GraphQL endpoint is ${endpoint}.`];
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
  });
  return host;
}

// Private:

/**
 * The refusal that a result is as a whole; what was refused on the way has a path. Where the
 * status depends on the media type, Yoga knows which.
 */
function rejectionIn({ data, errors = [] }: ExecutionResult): GraphQLError | undefined {
  const [error] = errors;
  const isWhole = data == null && errors.length === 1 && error?.path === undefined;
  return isWhole && isRejection(error) && !dependsOnType(error) ? error : undefined;
}

const bodyRule =
  'The body must be a JSON object with a query, such as {"query": "{ __typename }"}.';

/**
 * Clients keep connections open for their next request. While the server closes, each is let
 * go as soon as nothing runs on it; otherwise closing would wait for the clients.
 */
function closeIdleConnections(host: FastifyInstance): void {
  host.addHook('preClose', (done) => {
    const timer = setInterval(() => host.server.closeIdleConnections(), 50);
    host.server.once('close', () => clearInterval(timer));
    done();
  });
}

const inPromise = <Result>(work: () => Result) =>
  new Promise<Awaited<Result>>((resolve) => resolve(work() as Awaited<Result>));

const isOperation = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Object.keys(body).length > 0;
