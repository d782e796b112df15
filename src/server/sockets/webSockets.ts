/**
 * GraphQL over WebSocket at the path of the endpoint, by the protocol `graphql-transport-ws`: which
 * upgrades are accepted. `socket.ts` handles the messages of a socket.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLSchema, parse, type ExecutionArgs, type GraphQLError } from 'graphql';
import {
  GRAPHQL_TRANSPORT_WS_PROTOCOL as subprotocol,
  handleProtocols,
  makeServer,
} from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { shortened } from '../../knowledge/values/english.js';
import { maxRequestBytes } from '../admission/limits.js';
import type { Meter } from '../admission/rateLimiter.js';
import type { Authenticator, Proof } from '../auth/authenticator.js';
import { databaseRejection } from '../errors/databaseErrors.js';
import { isRejection, rejection } from '../errors/rejection.js';
import { withoutHttp } from '../execution/serialize.js';
import type { Executor } from '../execution/executor.js';
import { fetchRequestOf } from '../http/fetchRequest.js';
import type { Metrics } from '../observability/metrics.js';
import type { RequestRecord } from '../observability/requestRecord.js';
import type { Operation } from './operation.js';
import { rejectUpgrade } from './rejectUpgrade.js';
import { Socket, type Protocol } from './socket.js';

export interface WebSocketsOptions {
  executor: Executor;
  authenticator: Authenticator;
  /** The path at which clients connect. */
  endpoint: string;
  /** Whether introspection is allowed, and errors suggest names. */
  introspection: boolean;
  /** How long a client may leave a message unread. */
  slowSeconds: number;
  metrics: Metrics;
}

/** What the host of the endpoint knows about the client of an upgrade. */
export interface UpgradeOptions {
  /** Opens the meter of a request by its credentials. Default: no rate limit. */
  openMeter?: ((credentials: string | undefined) => Meter) | undefined;
  /** Whether pages of another origin may connect. Default: none. */
  allowOrigin?: ((origin: string) => boolean) | undefined;
  /** The rejection of a request that the host does not take. */
  rejected?: GraphQLError | undefined;
  /** Called at the end of each operation. */
  onOperation?: ((record: RequestRecord, ms: number, isAborted: boolean) => void) | undefined;
}

export class WebSockets {
  readonly #options: WebSocketsOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxRequestBytes,
    perMessageDeflate: false,
    autoPong: false,
    handleProtocols,
  });
  readonly #protocol = makeProtocol();
  readonly #open = new Set<Socket>();
  #isClosed = false;
  #allClosed: (() => void) | undefined;

  constructor(options: WebSocketsOptions) {
    this.#options = options;
  }

  /** The number of open sockets. */
  get open(): number {
    return this.#open.size;
  }

  /** Accepts an upgrade, for `server.on('upgrade', …)`, or rejects it with a response of HTTP. */
  async upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    options: UpgradeOptions = {},
  ): Promise<void> {
    socket.on('error', ignore);
    const { authenticator, executor } = this.#options;
    const { authorization } = request.headers;
    let end: (() => void) | undefined;
    try {
      const meter = options.openMeter?.(authorization);
      const rejected = options.rejected ?? this.#rejectionOf(request, options) ?? meter?.take(1);
      if (rejected) throw rejected;
      end = executor.admission.sockets.begin(meter?.client);
      socket.once('close', end);
      const proofOf = (credentials: string | undefined): Proof => ({
        ...{ authorization: credentials, req: request },
        request: () => fetchRequestOf(request, credentials),
      });
      // The credentials of an app's user may come with `connection_init`.
      if (authorization !== undefined) {
        const proof = proofOf(authorization);
        await executor.admission.concurrency.within(() => authenticator.identityOf(proof));
      }
      socket.off('error', ignore);
      this.#server.handleUpgrade(request, socket, head, (webSocket) => {
        this.#serve(
          new Socket(webSocket, this.#protocol, {
            ...{ executor, authenticator, proofOf, authorization, openMeter: options.openMeter },
            suggestions: this.#options.introspection,
            slowSeconds: this.#options.slowSeconds,
            end: (record, ms, isAborted) => {
              this.#options.metrics.request(record, ms / 1000, isAborted);
              this.#options.metrics.limit(record);
              options.onOperation?.(record, ms, isAborted);
            },
          }),
          socket,
        );
      });
    } catch (error) {
      end?.();
      rejectUpgrade(
        socket,
        isRejection(error) ? error : (databaseRejection(error) ?? executor.maskError(error)),
      );
    }
  }

  /** Closes all sockets, each as soon as no operation is running over it, and accepts none. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const socket of this.#open) socket.end();
    if (this.#open.size) await new Promise<void>((resolve) => (this.#allClosed = resolve));
  }

  // Private:

  #serve(socket: Socket, connection: Duplex): void {
    this.#open.add(socket);
    connection.once('close', () => {
      this.#open.delete(socket);
      if (this.#open.size === 0) this.#allClosed?.();
    });
    if (this.#isClosed) socket.end();
  }

  #rejectionOf(
    { method, url = '', headers }: IncomingMessage,
    { allowOrigin = () => false }: UpgradeOptions,
  ): GraphQLError | undefined {
    const { endpoint } = this.#options;
    if (url.split('?')[0] !== endpoint) return notFound(endpoint);
    if (this.#isClosed) return shuttingDown();
    if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') return noWebSocket();
    const { origin, host } = headers;
    // Browsers let pages of every site connect, and send cookies with it.
    if (origin !== undefined && !isSameOrigin(origin, host) && !allowOrigin(origin)) {
      return foreignOrigin(origin);
    }
    const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
    return offered?.includes(subprotocol) ? undefined : otherProtocol();
  }
}

// Private:

const ignore = (): void => {};

/** The hooks of the protocol, each of which is handled by the socket. */
const makeProtocol = (): Protocol =>
  makeServer<Record<string, unknown>, Socket>({
    onConnect: (context) => context.extra.connect(context),
    onSubscribe: async ({ extra }, id, { query, ...rest }) => {
      // The protocol requires a text, which is empty if the operation has an id instead.
      const operation = await extra.subscribe(id, { ...rest, ...(query !== '' && { query }) });
      return 'deliver' in operation ? { ...executed, contextValue: operation } : operation;
    },
    execute: ({ contextValue }) => (contextValue as Operation).deliver(),
    onError: (_context, _id, _payload, errors) => errors.map(withoutHttp),
  });

/** The protocol requires an operation that it could execute; it is executed already. */
const executed = {
  schema: new GraphQLSchema({}),
  document: parse('{ executed }'),
} satisfies ExecutionArgs;

const isSameOrigin = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();

const notFound = (endpoint: string): GraphQLError =>
  rejection('NOT_FOUND', `Not found; the GraphQL endpoint is ${endpoint}.`, { status: 404 });

const shuttingDown = (): GraphQLError =>
  rejection('SERVICE_UNAVAILABLE', 'The server is shutting down; connect again.', {
    status: 503,
    headers: { 'Retry-After': '1' },
  });

const noWebSocket = (): GraphQLError =>
  rejection('BAD_REQUEST', 'The endpoint upgrades GET requests to WebSocket only.', {
    status: 400,
  });

const otherProtocol = (): GraphQLError =>
  rejection(
    'BAD_REQUEST',
    `The subprotocol (Sec-WebSocket-Protocol) must be ${subprotocol}, that of the library graphql-ws.`,
    { status: 400, headers: { 'Sec-WebSocket-Protocol': subprotocol } },
  );

const foreignOrigin = (origin: string): GraphQLError =>
  rejection(
    'FORBIDDEN',
    `Pages of ${shortened(origin, 200)} may not connect to this server: CHANCERY_CORS_ORIGINS does not list that origin.`,
    { status: 403 },
  );
