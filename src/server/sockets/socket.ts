/**
 * A WebSocket of one client. The library graphql-ws keeps the protocol; here are the limits: how
 * many messages are handled at a time, their points, credentials that end, clients that are gone.
 */
import type { Context, Server } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import type { GraphQLError } from 'graphql';
import type { Identity } from '../../knowledge/auth/identity.js';
import type { Meter } from '../admission/rateLimiter.js';
import { isSame, type Authenticator, type Proof } from '../auth/authenticator.js';
import { unauthenticated } from '../auth/identify.js';
import { databaseRejection } from '../errors/databaseErrors.js';
import { isRejection, replyTo } from '../errors/rejection.js';
import type { RequestParams } from '../execution/persisted/persisted.js';
import { heartbeatMs, lastEventTimeoutMs } from '../subscriptions/slowClients.js';
import { closeCodes, fitting } from './closing.js';
import { Operation, type OperationOptions } from './operation.js';
import { Outbox } from './outbox.js';
import {
  closeTimeoutMs,
  maxIdLength,
  maxOtherMessages,
  maxRunning,
  maxUnsentBytes,
} from './socketLimits.js';

export interface SocketOptions extends Pick<OperationOptions, 'executor' | 'suggestions' | 'end'> {
  authenticator: Authenticator;
  /** What the identity is determined from, by the credentials. */
  proofOf: (credentials: string | undefined) => Proof;
  /** The header `Authorization` of the upgrade. */
  authorization: string | undefined;
  /** Opens the meter of a message by the client's credentials; undefined without a rate limit. */
  openMeter: ((credentials: string | undefined) => Meter) | undefined;
  /** How long a client may leave a message unread. */
  slowSeconds: number;
}

export type ConnectionContext = Context<Record<string, unknown>, Socket>;

export type Protocol = Server<Socket>;

export class Socket {
  readonly #socket: WebSocket;
  readonly #options: SocketOptions;
  readonly #outbox: Outbox;
  readonly #operations = new Set<Operation>();
  readonly #heartbeat: NodeJS.Timeout;
  /** Messages that were received while too many were handled. */
  readonly #inbox: string[] = [];
  #onMessage: (message: string) => Promise<void> = () => Promise.resolve();
  /** The messages that are handled, event streams included. */
  #handling = 0;
  #streams = 0;
  #credentials: string | undefined;
  /** As whom the client connected; undefined before that. */
  #identity: { identity: Identity | undefined } | undefined;
  /** The client of the rate limit. */
  #client: string | undefined;
  #otherMessages = 0;
  #isPingUnanswered = false;
  #isEnding = false;
  #isCutOff = false;

  constructor(socket: WebSocket, protocol: Protocol, options: SocketOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#credentials = options.authorization;
    const { responses } = options.executor.admission;
    this.#outbox = new Outbox(socket, {
      responses,
      client: () => this.#client,
      cutOff: () => this.#cutOff(),
    });
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (message) => this.#send(message),
        close: (code = closeCodes.internalError, reason = '') => this.#close(code, reason),
        onMessage: (handle) => {
          this.#onMessage = handle;
        },
      },
      this,
    );
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('ping', (data) => this.#pong(data));
    socket.on('pong', () => {
      this.#isPingUnanswered = false;
    });
    // The library closes the socket of a client that violates WebSocket.
    socket.on('error', () => {});
    const interval = Math.min(heartbeatMs, options.slowSeconds * 500);
    this.#heartbeat = setInterval(() => void this.#beat(), interval).unref();
    socket.once('close', (code, reason) => {
      clearInterval(this.#heartbeat);
      this.#inbox.length = 0;
      for (const operation of this.#operations) operation.abort();
      void closed(code, reason.toString());
    });
  }

  /** Authenticates the client, by the payload of `connection_init` or the header of the upgrade. */
  async connect(context: ConnectionContext): Promise<boolean> {
    const { authorization, Authorization = authorization } = context.connectionParams ?? {};
    // It would be kept as long as the socket.
    delete (context as { connectionParams?: unknown }).connectionParams;
    if (Authorization !== undefined && typeof Authorization !== 'string') {
      this.#close(closeCodes.badRequest, 'authorization must be a text, "Bearer" and a key');
      return false;
    }
    this.#credentials = Authorization ?? this.#credentials;
    if (this.#isAnonymous()) return true;
    try {
      const { concurrency } = this.#options.executor.admission;
      const identity = await concurrency.within(() => this.#authenticate());
      this.#identity = { identity };
      this.#openMeter()?.identified(identity);
      return true;
    } catch (error) {
      const rejected = isRejection(error) ? error : databaseRejection(error);
      if (!rejected) throw error;
      this.#close(closeCodes.tryAgainLater, rejected.message);
      return false;
    }
  }

  /** Executes an operation. Returns what sends its results, or the errors instead of them. */
  async subscribe(id: string, params: RequestParams): Promise<readonly GraphQLError[] | Operation> {
    // The operation itself, and its completion by the client.
    this.#otherMessages -= 2;
    if (id.length > maxIdLength) {
      this.#close(closeCodes.badRequest, `An id may have up to ${maxIdLength} characters`);
      return [];
    }
    const { executor, suggestions, end } = this.#options;
    const meter = this.#openMeter();
    this.#client = meter?.client;
    const operation = new Operation({
      ...{ id, executor, suggestions, meter, outbox: this.#outbox },
      isClosing: () => this.#isEnding,
      authenticate: this.#isAnonymous() ? undefined : () => this.#authenticate(),
      end: (record, ms, isAborted) => {
        this.#operations.delete(operation);
        if (operation.isStream) this.#streams--;
        end(record, ms, isAborted);
      },
    });
    this.#operations.add(operation);
    const errors = await operation.execute(params);
    if (meter?.ignoresRetryAfter) this.#rejectFlood();
    if (errors) return errors;
    if (operation.isStream) {
      this.#streams++;
      this.#handleNext();
    }
    return operation;
  }

  /** Closes the socket as soon as no operation is running; event streams end at once. */
  end(): void {
    this.#isEnding = true;
    this.#inbox.length = 0;
    if (this.#isCutOff) this.#socket.terminate();
    else this.#closeIfIdle();
  }

  // Private:

  get #running(): number {
    return this.#handling - this.#streams;
  }

  #openMeter(): Meter | undefined {
    return this.#options.openMeter?.(this.#credentials);
  }

  #isAnonymous(): boolean {
    const { authenticator, proofOf } = this.#options;
    return authenticator.isAnonymous(proofOf(this.#credentials));
  }

  async #authenticate(): Promise<Identity | undefined> {
    try {
      const { authenticator, proofOf } = this.#options;
      const identity = await authenticator.identityOf(proofOf(this.#credentials));
      const before = this.#identity;
      if (before && !isSame(before.identity, identity)) {
        throw unauthenticated('the user of the socket has changed');
      }
      return identity;
    } catch (error) {
      if (isRejection(error) && replyTo(error).status === 401) {
        this.#openMeter()?.identified(undefined);
        this.#close(closeCodes.unauthenticated, error.message);
      }
      throw error;
    }
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#isEnding) return;
    if (isBinary) return this.#close(closeCodes.unsupportedData, 'Messages must be text');
    // One message is one buffer, which is the default of the library.
    const message = (data as Buffer).toString();
    if (this.#inbox.length === 0 && !this.#isBusy()) return this.#handle(message);
    this.#inbox.push(message);
    this.#socket.pause();
  }

  #isBusy(): boolean {
    return this.#running >= maxRunning || this.#outbox.bytes > maxUnsentBytes;
  }

  #handleNext(): void {
    while (this.#inbox.length && !this.#isBusy()) this.#handle(this.#inbox.shift() ?? '');
    if (this.#inbox.length === 0 && this.#socket.isPaused) this.#socket.resume();
    this.#closeIfIdle();
  }

  #handle(message: string): void {
    this.#handling++;
    this.#otherMessages++;
    this.#onMessage(message)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#handling--;
        if (this.#otherMessages > maxOtherMessages) this.#rejectFlood();
        this.#handleNext();
      });
  }

  #fail(error: unknown): void {
    if (error instanceof Error && /^Unexpected message of type/.test(error.message)) {
      return this.#close(closeCodes.badRequest, 'Only servers send messages of this type');
    }
    const { message } = this.#options.executor.maskError(error);
    this.#close(closeCodes.internalError, message);
  }

  async #send(message: string): Promise<void> {
    await this.#outbox.send(message);
    if (this.#inbox.length) this.#handleNext();
  }

  /** A client that takes no answers gets none. */
  #pong(data: Buffer): void {
    if (++this.#otherMessages > maxOtherMessages) return this.#rejectFlood();
    if (this.#socket.bufferedAmount < maxUnsentBytes) this.#socket.pong(data);
  }

  #rejectFlood(): void {
    this.#inbox.length = 0;
    this.#close(closeCodes.tooManyMessages, 'Too many messages; try again later');
  }

  #close(code: number, reason: string): void {
    this.#isEnding = true;
    this.#socket.close(code, fitting(reason));
    setTimeout(() => this.#socket.terminate(), closeTimeoutMs).unref();
  }

  #closeIfIdle(): void {
    if (this.#isCutOff) {
      // What its event streams still send is their error.
      if (this.#handling === 0)
        this.#close(closeCodes.tryAgainLater, 'Messages were not read in time');
    } else if (this.#isEnding && this.#running === 0) {
      this.#close(closeCodes.goingAway, 'The server is shutting down');
    }
  }

  async #beat(): Promise<void> {
    this.#otherMessages = 0;
    if (this.#isPingUnanswered) return this.#socket.terminate();
    // A ping would wait behind unread messages, and its answer is not read while the socket pauses.
    if (this.#outbox.isEmpty && !this.#socket.isPaused) {
      this.#isPingUnanswered = true;
      this.#socket.ping();
    }
    if (this.#isAnonymous()) return;
    // Errors of the database are no reason to end the socket.
    await this.#authenticate().catch(() => {});
  }

  /** The client takes its messages too slowly: its event streams end with an error. */
  #cutOff(): void {
    if (this.#isEnding) {
      // There is no time for a last event, or no room.
      if (!this.#isCutOff || this.#options.executor.admission.responses.isScarce)
        this.#socket.terminate();
      return;
    }
    this.#isCutOff = true;
    this.#isEnding = true;
    this.#inbox.length = 0;
    for (const operation of this.#operations) operation.endAsSlow();
    setTimeout(() => this.#socket.terminate(), lastEventTimeoutMs).unref();
  }
}
