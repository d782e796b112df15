/**
 * Answers on Yoga's way: of a bounded length, compressed where that is safe, with a tag by which
 * they are known again, and handed out at the pace of their clients.
 */
import type { ServerResponse } from 'node:http';
import { GraphQLError, type ExecutionResult } from 'graphql';
import { isAsyncIterable, processRegularResult, type Plugin } from 'graphql-yoga';
import type { SerializedResult } from '../execution/executor.js';
import { inPieces, lengthOf, serialize, textOf, type Body } from '../execution/serialize.js';
import { isRejection } from '../errors/rejection.js';
import type { ResponseBudget, ResponseSize } from './budget.js';
import { etagOf, namedTag, taggedFor, vary } from '../http/etag.js';
import type { RequestContext } from '../http/yoga.js';
import { deliveryStream } from './delivery.js';
import { compressed, encodingFor } from './compression.js';

/** A result that is JSON already; Yoga asks it to turn itself into text. */
export const readyMade = (made: SerializedResult): ExecutionResult =>
  ({ stringify: () => textOf(made.body), [ready]: made }) as ExecutionResult;

export const boundedResponses = (budget: ResponseBudget): Plugin<object, RequestContext> => {
  const made = new WeakMap<Request, SerializedResult>();
  return {
    async onResultProcess(payload) {
      const { request, serverContext, resultProcessor } = payload;
      const result = payload.result as Result;
      if (isAsyncIterable(result) || Array.isArray(result)) return;
      const size =
        result[ready]?.size ?? serverContext.size ?? budget.open(serverContext.meter?.client);
      const { body, shown } = await bodyOf(
        result,
        size,
        serverContext.requestRecord?.operation?.type,
      );
      if (shown !== result) serverContext.requestRecord?.note(shown.errors);
      // Other ways to send it, such as an event stream, take it as a text.
      const isRegular = (resultProcessor as unknown) === processRegularResult;
      if (isRegular) made.set(request, { body, size });
      if (typeof body !== 'string') {
        const release = releaseAtEnd(size, serverContext, request.signal);
        if (!isRegular) limitInTime(release, serverContext, budget);
      }
      const stringify = () => (isRegular && typeof body !== 'string' ? '' : textOf(body));
      payload.setResult({ ...shown, stringify } as ExecutionResult);
    },
    async onResponse({ request, response, fetchAPI, serverContext, ...hook }) {
      const answer = made.get(request);
      if (!answer) return;
      const { body, size } = answer;
      const isKept = request.method === 'GET' && response.status === 200;
      const encoding = encodingFor((name) => request.headers.get(name));
      const headers = new fetchAPI.Headers(response.headers);
      if (isKept) {
        const tag = etagOf(body);
        // Who sends credentials may see more than others.
        const reach = request.headers.has('authorization') ? 'private' : 'public';
        headers.set('cache-control', `${reach}, no-cache`);
        headers.set('vary', `${vary}, Accept-Encoding`);
        const named = namedTag(tag, request.headers.get('if-none-match'));
        headers.set('etag', named ?? tag);
        if (named !== undefined) {
          size?.release();
          headers.delete('content-type');
          hook.setResponse(new fetchAPI.Response(null, { status: 304, headers }));
          return;
        }
      }
      const bytes = await compressed(body, encoding);
      if (!bytes && typeof body === 'string') {
        if (isKept) hook.setResponse(new fetchAPI.Response(body, { status: 200, headers }));
        return;
      }
      if (bytes && encoding) {
        headers.set('content-encoding', encoding);
        if (isKept) headers.set('etag', taggedFor(headers.get('etag') ?? '', encoding));
        else headers.append('vary', 'Origin, Accept-Encoding');
      }
      const given = bytes ? inPieces(bytes) : (body as Exclude<Body, string>);
      headers.set('content-length', String(given.length));
      // What was compressed is not held any more.
      if (bytes) size?.settle(bytes.length);
      serverContext.meter?.chargeBytes(lengthOf(body));
      const cutOff = () => (serverContext as { res?: ServerResponse }).res?.destroy();
      const source = deliveryStream(given, budget, size, cutOff);
      const { res } = serverContext as { res?: ServerResponse };
      // It may have been compressed for somebody who has left.
      if (res?.closed || request.signal.aborted) source.end();
      else res?.once('close', source.end);
      hook.setResponse(
        new fetchAPI.Response(
          new fetchAPI.ReadableStream<Uint8Array>(source, { highWaterMark: 0 }),
          {
            status: response.status,
            headers,
          },
        ),
      );
    },
  };
};

// Private:

const ready = Symbol('an answer that is JSON already');

type Result = ExecutionResult & { [ready]?: SerializedResult };

interface Made {
  body: Body;
  /** The result that the body tells. */
  shown: ExecutionResult;
}

async function bodyOf(
  result: Result,
  size: ResponseSize,
  operation: 'query' | 'mutation' | 'subscription' | undefined,
): Promise<Made> {
  if (result[ready]) return { body: result[ready].body, shown: result };
  try {
    return { body: await serialize(result, size), shown: result };
  } catch (error) {
    size.release();
    if (!isRejection(error)) throw error;
    const shown = operation === 'mutation' && result.data ? unshown(error) : { errors: [error] };
    return { body: await serialize(shown, size), shown };
  }
}

/** What a mutation has done is done, though its answer is not told. */
function unshown({
  message,
  extensions: { http: _, ...extensions },
}: GraphQLError): ExecutionResult {
  const error = new GraphQLError(`The change was made, but cannot be shown: ${message}`, {
    extensions,
  });
  return { data: null, errors: [error] };
}

interface Release {
  (): void;
  /** Called when the bytes are released. */
  unwatch?: () => void;
}

/** Also where the client leaves before any of it is sent. */
function releaseAtEnd(
  size: ResponseSize,
  { res }: RequestContext & { res?: ServerResponse },
  signal: AbortSignal,
): Release {
  const release: Release = () => {
    size.release();
    release.unwatch?.();
  };
  if (res?.closed || signal.aborted) release();
  res?.once('close', release);
  signal.addEventListener('abort', release, { once: true });
  return release;
}

/** What is sent in another way, as one event, has to be taken whole within the time of a piece. */
function limitInTime(
  release: Release,
  { res }: RequestContext & { res?: ServerResponse },
  budget: ResponseBudget,
): void {
  if (res?.closed) return;
  const since = performance.now();
  const cutOff = (): void => {
    release();
    res?.destroy();
  };
  release.unwatch = budget.watch({ since, idleSince: since, taken: 0, cutOff });
}
