/**
 * Subscriptions as server-sent events, each with its id, so that a client that loses the
 * connection can say where it was. Events are taken only as fast as the client reads them.
 */
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { GraphContext } from '../graph/builder.js';
import type { Handover } from './yoga.js';

export const eventStream = (): Plugin<object, Handover, GraphContext> => ({
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
    const { request, result } = payload;
    const accepted = request.headers.get('accept') ?? '';
    if (!isAsyncIterable(result) || !accepted.includes('text/event-stream')) return;
    payload.setResultProcessor(
      (results, { Response, ReadableStream, TextEncoder }) =>
        new Response(
          streamOf(results as AsyncIterable<ExecutionResult>, ReadableStream, new TextEncoder()),
          { headers },
        ),
      'text/event-stream',
    );
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
const heartbeat = 12_000;

function streamOf(
  results: AsyncIterable<ExecutionResult>,
  Stream: typeof ReadableStream,
  encoder: TextEncoder,
): ReadableStream<Uint8Array> {
  const iterator = results[Symbol.asyncIterator]();
  let beats: NodeJS.Timeout | undefined;
  return new Stream<Uint8Array>({
    start(controller) {
      const beat = (): void => controller.enqueue(encoder.encode(':\n\n'));
      beat();
      beats = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) beat();
      }, heartbeat);
      beats.unref();
    },
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) {
        clearInterval(beats);
        controller.enqueue(encoder.encode('event: complete\ndata:\n\n'));
        controller.close();
      } else controller.enqueue(encoder.encode(eventOf(next.value)));
    },
    async cancel() {
      clearInterval(beats);
      await iterator.return?.();
    },
  });
}

function eventOf(result: ExecutionResult): string {
  const id = result.extensions?.['eventId'];
  const line = typeof id === 'string' ? `id: ${id}\n` : '';
  return `event: next\n${line}data: ${JSON.stringify(result)}\n\n`;
}
