/**
 * The endpoint inside an app, as a Fetch handler and as a handler of Node.js. Authentication, the
 * limit of bodies and metrics, which the HTTP host applies to its requests, apply here; the results
 * of plain queries are sent from here, and Yoga handles all other requests.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { RejectionWriter } from '../admission/rejectionWriter.js';
import type { AppIdentity } from '../auth/appIdentity.js';
import type { Authenticator } from '../auth/authenticator.js';
import { authenticate } from '../auth/identityPlugin.js';
import { replyTo } from '../errors/rejection.js';
import type { Executor } from '../execution/executor.js';
import type { RequestParams } from '../execution/persisted/persisted.js';
import type { RequestContext } from '../execution/requester.js';
import type { QueryResult } from '../execution/serialize.js';
import { codeOfStatus } from '../observability/hooks.js';
import type { Metrics } from '../observability/metrics.js';
import { RequestRecord, requestIdHeader, safeRequestId } from '../observability/requestRecord.js';
import { serializedAlready } from '../responses/boundedResponses.js';
import { minCompressed } from '../responses/compression.js';
import { bodyTooLarge, readBody, readNodeBody } from './bodies.js';
import { negotiateType } from './contentNegotiation.js';
import { fetchRequestOf, pathOf } from './fetchRequest.js';
import { Operations } from './operations.js';
import type { Yoga } from './yoga.js';

export interface EmbeddedOptions {
  yoga: Yoga;
  executor: Executor;
  authenticator: Authenticator;
  metrics: Metrics;
  /** The path of the endpoint. */
  endpoint: string;
}

export interface FetchOptions {
  /**
   * The user of the app that sent the request, as the app has found out already; null for an
   * anonymous client. It wins over `identify` and over the header `Authorization`.
   */
  identity?: AppIdentity | null | undefined;
}

/** Handlers of requests, bound so that they can be passed on. */
export class EmbeddedEndpoint {
  readonly #options: EmbeddedOptions;
  readonly #operations: Operations;

  constructor(options: EmbeddedOptions) {
    this.#options = options;
    this.#operations = new Operations({ ...options, rejectionWriter: new RejectionWriter() });
  }

  readonly fetch = async (request: Request, options?: FetchOptions): Promise<Response> => {
    const since = performance.now();
    const requestRecord = new RequestRecord(safeRequestId(request.headers.get(requestIdHeader)));
    // Some servers pass a context of their own as the second argument.
    const user = options?.identity;
    const proof = {
      authorization: request.headers.get('authorization'),
      ...{ request: () => request, user, requestId: requestRecord.id },
    };
    const response = await this.#respond(request, { requestRecord, proof });
    const end = (): void => {
      this.#count(requestRecord, response.status, since, request.signal.aborted);
    };
    if (requestRecord.isAwaited) requestRecord.atEnd(end);
    else {
      requestRecord.end();
      this.#count(requestRecord, response.status, since, false);
    }
    return response;
  };

  readonly handler = async (
    req: IncomingMessage & { body?: unknown },
    res: ServerResponse,
  ): Promise<void> => {
    const since = performance.now();
    const requestRecord = new RequestRecord(safeRequestId(req.headers[requestIdHeader]));
    res.once('close', () => {
      requestRecord.end();
      this.#count(requestRecord, res.statusCode, since, !res.writableFinished);
    });
    try {
      const { authorization } = req.headers;
      const request = (): Request => fetchRequestOf(req);
      const proof = { authorization, request, req, requestId: requestRecord.id };
      await this.#handle(req, res, { requestRecord, proof });
    } catch (error) {
      // The client has closed the connection.
      if (res.destroyed || res.closed) return;
      // A rejection that nothing handles would end the process of the app.
      const masked = this.#options.executor.maskError(error, requestRecord.id);
      requestRecord.note([masked]);
      if (res.headersSent) res.destroy();
      else write(res, 500, { errors: [masked.toJSON()] });
    }
  };

  // Private:

  async #respond(request: Request, context: RequestContext): Promise<Response> {
    const { yoga, executor, endpoint } = this.#options;
    const rejected = await this.#authenticate(context);
    if (rejected) {
      const { status, headers, body } = replyTo(rejected);
      return Response.json(body, { status, headers });
    }
    if (request.method !== 'POST') return yoga.fetch(request, context);
    const text = await readBody(request);
    if (text === undefined) return Response.json(tooLargeBody(context), { status: 413 });
    const passToYoga = (given: RequestContext = context): Promise<Response> =>
      Promise.resolve(yoga.fetch(withBody(request, text), given));
    const type = negotiateType(request.headers.get('accept') ?? undefined);
    const isQuick =
      type && isJson(request.headers.get('content-type')) && isAt(endpoint, request.url);
    const params = isQuick ? paramsIn(text) : undefined;
    const executed = params && (await executor.executeQuery(params, context));
    if (!executed) return passToYoga();
    if ('body' in executed && isSmall(executed)) {
      return new Response(executed.body, {
        headers: { 'content-type': `${type}; charset=utf-8` },
      });
    }
    const result = 'body' in executed ? serializedAlready(executed) : executed.result;
    return passToYoga({ ...context, result });
  }

  async #handle(
    req: IncomingMessage & { body?: unknown },
    res: ServerResponse,
    context: RequestContext,
  ): Promise<void> {
    const { yoga, endpoint } = this.#options;
    const rejected = await this.#authenticate(context);
    if (rejected) {
      const { status, headers, body } = replyTo(rejected);
      return write(res, status, body, headers);
    }
    if (req.method !== 'POST') return yoga(req, res, context);
    // Middleware of the app may have read it.
    const body: unknown = req.body === undefined ? await readNodeBody(req) : req.body;
    if (body === undefined) {
      return write(res, 413, tooLargeBody(context), { connection: 'close' });
    }
    const text = Buffer.isBuffer(body) ? body.toString() : body;
    const params =
      typeof text === 'string' ? isJson(req.headers['content-type']) && paramsIn(text) : text;
    if (!params || Array.isArray(params) || !isAt(endpoint, pathOf(req))) {
      return yoga(Object.assign(req, { body }), res, context);
    }
    return this.#operations.handle(req, res, params, context);
  }

  async #authenticate(context: RequestContext): Promise<GraphQLError | undefined> {
    const { authenticator, executor } = this.#options;
    if (context.proof && authenticator.isAnonymous(context.proof)) return undefined;
    const { concurrency } = executor.admission;
    const rejected = await authenticate(context, authenticator, concurrency);
    if (rejected) context.requestRecord?.note([rejected]);
    return rejected;
  }

  #count(requestRecord: RequestRecord, status: number, since: number, isAborted: boolean): void {
    const { metrics } = this.#options;
    if (status >= 400) requestRecord.code ??= codeOfStatus(status);
    metrics.request(requestRecord, (performance.now() - since) / 1000, isAborted);
    metrics.limit(requestRecord);
  }
}

// Private:

function write(
  res: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify(body));
}

function tooLargeBody({ requestRecord }: RequestContext) {
  if (requestRecord) requestRecord.code = 'BAD_REQUEST';
  return { errors: [{ message: bodyTooLarge, extensions: { code: 'BAD_REQUEST' } }] };
}

/** Whether a result is sent as it is; Yoga compresses larger ones, at the pace of the client. */
const isSmall = (executed: Extract<QueryResult, { body: unknown }>): executed is { body: string } =>
  typeof executed.body === 'string' && executed.body.length < minCompressed;

const isJson = (type: string | null | undefined): boolean =>
  type?.startsWith('application/json') ?? false;

/** The parameters of an operation; undefined if they cannot be read, which Yoga words. */
function paramsIn(text: string): RequestParams | undefined {
  try {
    const params: unknown = JSON.parse(text);
    const isObject = typeof params === 'object' && params !== null && !Array.isArray(params);
    return isObject ? params : undefined;
  } catch {
    return undefined;
  }
}

/** The same request, since its body has been read. */
const withBody = (request: Request, body: string): Request =>
  new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body,
    signal: request.signal,
  });

/** As in Yoga: the endpoint may be below the path of a router. */
function isAt(endpoint: string, url: string): boolean {
  const end = url.search(/[?#]/);
  const path = end < 0 ? url : url.slice(0, end);
  return path.endsWith(endpoint) || path.endsWith(`${endpoint}/`);
}
