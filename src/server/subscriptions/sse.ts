/**
 * Subscriptions as server-sent events, each with its id, so that a client that loses the
 * connection can say where it was. Events are taken only as fast as the client reads them; who
 * does not read is cut off.
 */
import type { ServerResponse } from 'node:http';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { GraphContext } from '../../graph/context.js';
import { serialize, withoutHttp } from '../execution/serialize.js';
import { isRejection } from '../errors/rejection.js';
import type { ResponseBudget, ResponseSize } from '../responses/budget.js';
import type { Identify } from '../auth/identify.js';
import type { RequestContext } from '../http/yoga.js';

export interface EventStreamOptions {
  /** How long a client may leave an event unread. */
  slowSeconds: number;
  identify: Identify;
  /** What a client may see of an error. */
  maskError: (error: unknown) => GraphQLError;
  /** What events count against until they are taken. */
  responses: ResponseBudget;
}

export const eventStream = (
  options: EventStreamOptions,
): Plugin<object, RequestContext, GraphContext> => ({
  // A resolver has noted on the context which event the result tells.
  onSubscribe: ({ args }) => ({
    onSubscribeResult: () => ({
      onNext: ({ result, setResult }: NextResult) => {
        const { lastEventId } = args.contextValue as GraphContext;
        if (lastEventId === undefined) return;
        const told = result as ExecutionResult;
        setResult({ ...told, extensions: { ...told.extensions, eventId: lastEventId } });
      },
    }),
  }),
  onResultProcess(payload) {
    const { request, result, serverContext } = payload;
    const accepted = request.headers.get('accept') ?? '';
    if (!isAsyncIterable(result) || !accepted.includes('text/event-stream')) return;
    const { signal } = request;
    const authorization = request.headers.get('authorization');
    payload.setResultProcessor((results, { Response, ReadableStream }) => {
      const source = new EventSource(results as AsyncIterable<ExecutionResult>, {
        ...options,
        client: serverContext.meter?.client,
        mayGoOn: () => options.identify(authorization),
        cutOff: () => (serverContext as { res?: ServerResponse }).res?.destroy(),
      });
      if (signal.aborted) source.cancel();
      else signal.addEventListener('abort', () => source.cancel(), { once: true });
      return new Response(new ReadableStream<Uint8Array>(source), { headers });
    }, 'text/event-stream');
  },
});

// Private:

interface NextResult {
  result: unknown;
  setResult: (result: ExecutionResult) => void;
}

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  connection: 'keep-alive',
  // Proxies must not gather events before they pass them on.
  'x-accel-buffering': 'no',
};

/** A sign of life so often, in milliseconds: many proxies close what is silent for a minute. */
const heartbeatMs = 12_000;

/** How long the last words wait for a client to take them, in milliseconds. */
const lastEventTimeoutMs = 60_000;

interface SourceOptions extends Pick<
  EventStreamOptions,
  'slowSeconds' | 'maskError' | 'responses'
> {
  /** Whose budget its events count against. */
  client: string | undefined;
  /** Rejects when the client's credentials hold no more. */
  mayGoOn: () => Promise<unknown>;
  /** Ends the connection, delivered or not. */
  cutOff: () => void;
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** What a stream to one client takes its bytes from. */
class EventSource implements UnderlyingDefaultSource<Uint8Array> {
  readonly #results: AsyncIterator<ExecutionResult>;
  readonly #options: SourceOptions;
  readonly #timer: NodeJS.Timeout;
  #controller: Controller | undefined;
  /** Since when something waits for the client to take it. */
  #behindSince: number | undefined;
  #isOver = false;
  #size: ResponseSize | undefined;

  constructor(results: AsyncIterable<ExecutionResult>, options: SourceOptions) {
    this.#results = results[Symbol.asyncIterator]();
    this.#options = options;
    const interval = Math.min(heartbeatMs, options.slowSeconds * 500);
    this.#timer = setInterval(() => void this.#look(), interval).unref();
  }

  start(controller: Controller): void {
    this.#controller = controller;
    // Browsers take a stream to be open when its first bytes come.
    controller.enqueue(bytes(':\n\n'));
  }

  async pull(controller: Controller): Promise<void> {
    this.#behindSince = undefined;
    this.#size?.release();
    try {
      const next = await this.#results.next();
      if (this.#isOver) return;
      if (next.done) return this.#complete();
      await this.#report(controller, next.value);
      this.#behindSince = performance.now();
    } catch (error) {
      this.#fail(this.#options.maskError(error));
    }
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#size?.release();
    clearInterval(this.#timer);
    // It may wait for an event that never comes; the request's signal ends that.
    void this.#results.return?.().catch(() => {});
  }

  // Private:

  /** The event counts against the budget until the next is asked for. */
  async #report(controller: Controller, result: ExecutionResult): Promise<void> {
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
      const told = { errors: [error], ...(extensions && { extensions }) };
      controller.enqueue(bytes(eventOf(told)));
    }
  }

  async #look(): Promise<void> {
    if (this.#isOver) return;
    const { slowSeconds, mayGoOn } = this.#options;
    if (this.#behindSince === undefined) this.#controller?.enqueue(bytes(':\n\n'));
    else if (performance.now() - this.#behindSince > slowSeconds * 1000) {
      this.#fail(tooSlow());
      return;
    }
    try {
      await mayGoOn();
    } catch (error) {
      if (error instanceof GraphQLError) this.#fail(error);
    }
  }

  /** The last thing that a client is told; who does not take even that is cut off. */
  #fail(error: GraphQLError): void {
    if (this.#isOver) return;
    this.#controller?.enqueue(bytes(eventOf({ errors: [error] })));
    this.#complete();
    setTimeout(this.#options.cutOff, lastEventTimeoutMs).unref();
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

/** An event of a few errors. It has no status of its own, which errors have for replies. */
function eventOf(result: ExecutionResult): string {
  const errors = result.errors?.map(withoutHttp);
  return `${headOf(result)}${JSON.stringify({ ...result, errors })}\n\n`;
}

/** What an event begins with, before its data. */
function headOf({ extensions }: ExecutionResult): string {
  const id = extensions?.['eventId'];
  return `event: next\n${typeof id === 'string' ? `id: ${id}\n` : ''}data: `;
}

const tooSlow = () =>
  new GraphQLError('The events were not read; connect again, with the last one that you saw.', {
    extensions: { code: 'EVENTS_LOST' },
  });
