/**
 * Subscriptions as server-sent events, each with its id, so that a client can reconnect with
 * `Last-Event-ID`. Events are read only as fast as the client takes them; a client that does not
 * read is disconnected.
 */
import { GraphQLError, type ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { serialize, withoutHttp } from '../execution/serialize.js';
import { isRejection } from '../errors/rejection.js';
import type { ResponseBudget, ResponseSize } from '../responses/budget.js';
import type { Authenticator } from '../auth/authenticator.js';
import type { RequestContext } from '../execution/requester.js';
import { heartbeatMs, lastEventTimeoutMs, tooSlow } from './slowClients.js';

export interface EventStreamOptions {
  /** How long a client may leave an event unread. */
  slowSeconds: number;
  /** Verifies from time to time that a client still is who it was. */
  authenticator: Pick<Authenticator, 'verify'>;
  maskError: (error: unknown) => GraphQLError;
  /** What events count against until the client reads them. */
  responses: ResponseBudget;
}

export const eventStream = (options: EventStreamOptions): Plugin<object, RequestContext> => ({
  onResultProcess(payload) {
    const { request, result, serverContext } = payload;
    if (!isAsyncIterable(result)) return;
    const { proof, identity, requestRecord } = serverContext;
    if (!acceptsEvents(request.headers.get('accept'))) {
      payload.setResultProcessor((results, { Response }) => {
        endOf(results);
        requestRecord?.end();
        return new Response(null, { status: 406, headers: { accept: 'text/event-stream' } });
      }, '*/*');
      return;
    }
    const { signal } = request;
    payload.setResultProcessor((results, { Response, ReadableStream }) => {
      const source = new EventSource(results as AsyncIterable<ExecutionResult>, {
        ...options,
        client: serverContext.meter?.client,
        checkCredentials: async () => proof && options.authenticator.verify(proof, identity),
        disconnect: () => serverContext.res?.destroy(),
        ended: () => requestRecord?.end(),
      });
      if (signal.aborted) source.cancel();
      else signal.addEventListener('abort', () => source.cancel(), { once: true });
      return new Response(new ReadableStream<Uint8Array>(source), { headers });
    }, 'text/event-stream');
  },
});

// Private:

const acceptsEvents = (accept: string | null): boolean =>
  !accept || /text\/(event-stream|\*)|\*\/\*/.test(accept.toLowerCase());

/** Ends the subscription of a client that accepts no events. */
function endOf(results: unknown): void {
  const iterator = (results as AsyncIterable<ExecutionResult>)[Symbol.asyncIterator]();
  void iterator.return?.().catch(() => {});
}

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  connection: 'keep-alive',
  // Proxies must not buffer events.
  'x-accel-buffering': 'no',
};

interface SourceOptions extends Pick<
  EventStreamOptions,
  'slowSeconds' | 'maskError' | 'responses'
> {
  /** The client whose share of the budget the events count against. */
  client: string | undefined;
  /** Rejects when the client's credentials are no longer valid. */
  checkCredentials: () => Promise<unknown>;
  /** Closes the connection, whether all events were sent or not. */
  disconnect: () => void;
  /** Called when the stream is over. */
  ended: () => void;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** The source of a stream to one client. */
class EventSource implements UnderlyingDefaultSource<Uint8Array> {
  readonly #results: AsyncIterator<ExecutionResult>;
  readonly #options: SourceOptions;
  readonly #timer: NodeJS.Timeout;
  #controller: Controller | undefined;
  /** Since when an event has been unread. */
  #unreadSince: number | undefined;
  #isOver = false;
  #size: ResponseSize | undefined;

  constructor(results: AsyncIterable<ExecutionResult>, options: SourceOptions) {
    this.#results = results[Symbol.asyncIterator]();
    this.#options = options;
    const interval = Math.min(heartbeatMs, options.slowSeconds * 500);
    this.#timer = setInterval(() => void this.#check(), interval).unref();
  }

  start(controller: Controller): void {
    this.#controller = controller;
    // Browsers report a stream as open when they receive its first bytes.
    controller.enqueue(bytes(':\n\n'));
  }

  async pull(controller: Controller): Promise<void> {
    this.#unreadSince = undefined;
    this.#size?.release();
    try {
      const next = await this.#results.next();
      if (this.#isOver) return;
      if (next.done) return this.#complete();
      await this.#send(controller, next.value);
      this.#unreadSince = performance.now();
    } catch (error) {
      this.#fail(this.#options.maskError(error));
    }
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#size?.release();
    clearInterval(this.#timer);
    this.#options.ended();
    // It may be waiting for an event; the signal of the request ends that.
    void this.#results.return?.().catch(() => {});
  }

  // Private:

  /** Counts the event against the budget until the client reads the next. */
  async #send(controller: Controller, result: ExecutionResult): Promise<void> {
    const size = (this.#size = this.#options.responses.open(this.#options.client));
    try {
      const body = await serialize(result, size);
      if (this.#isOver) return size.release();
      const pieces = typeof body === 'string' ? [bytes(body)] : body.pieces;
      for (const piece of [bytes(headOf(result)), ...pieces, bytes('\n\n')]) {
        controller.enqueue(piece);
      }
    } catch (error) {
      size.release();
      if (!isRejection(error)) throw error;
      const { extensions } = result;
      const rejected = { errors: [error], ...(extensions && { extensions }) };
      controller.enqueue(bytes(eventOf(rejected)));
    }
  }

  async #check(): Promise<void> {
    if (this.#isOver) return;
    const { slowSeconds, checkCredentials } = this.#options;
    if (this.#unreadSince === undefined) this.#controller?.enqueue(bytes(':\n\n'));
    else if (performance.now() - this.#unreadSince > slowSeconds * 1000) {
      this.#fail(tooSlow());
      return;
    }
    try {
      await checkCredentials();
    } catch (error) {
      if (error instanceof GraphQLError) this.#fail(error);
    }
  }

  /** Sends the last event, and disconnects a client that does not read it. */
  #fail(error: GraphQLError): void {
    if (this.#isOver) return;
    this.#controller?.enqueue(bytes(eventOf({ errors: [error] })));
    this.#complete();
    setTimeout(this.#options.disconnect, lastEventTimeoutMs).unref();
  }

  #complete(): void {
    if (this.#isOver) return;
    this.#controller?.enqueue(bytes('event: complete\ndata:\n\n'));
    this.#controller?.close();
    this.cancel();
  }
}

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);

/** An event of a few errors, without the HTTP status that they have for replies. */
function eventOf(result: ExecutionResult): string {
  const errors = result.errors?.map(withoutHttp);
  return `${headOf(result)}${JSON.stringify({ ...result, errors })}\n\n`;
}

/** The lines of an event before its data. */
function headOf({ extensions }: ExecutionResult): string {
  const id = extensions?.['eventId'];
  return `event: next\n${typeof id === 'string' ? `id: ${id}\n` : ''}data: `;
}
