/**
 * Responses of Yoga: bounded in length, compressed where that is safe, with an ETag, and sent at
 * the pace of the client.
 */
import { GraphQLError, type ExecutionResult } from 'graphql';
import { isAsyncIterable, processRegularResult, type Plugin } from 'graphql-yoga';
import {
  type SerializedResult,
  inPieces,
  lengthOf,
  serialize,
  textOf,
  type Body,
} from '../execution/serialize.js';
import { isRejection } from '../errors/rejection.js';
import type { ResponseBudget, ResponseSize } from './budget.js';
import { etagOf, namedTag, taggedFor, vary } from '../http/etag.js';
import type { Authenticator } from '../auth/authenticator.js';
import type { RequestContext } from '../execution/requester.js';
import { deliveryStream } from './delivery.js';
import { compressed, encodingFor } from './compression.js';

/** A result that is JSON already, which Yoga calls `stringify` for. */
export const serializedAlready = (serialized: SerializedResult): ExecutionResult =>
  ({ stringify: () => textOf(serialized.body), [serializedResult]: serialized }) as ExecutionResult;

export const boundedResponses = (
  budget: ResponseBudget,
  authenticator: Pick<Authenticator, 'isIdentifiedByApp'>,
): Plugin<object, RequestContext> => {
  const serialized = new WeakMap<Request, SerializedResult>();
  return {
    async onResultProcess(payload) {
      const { request, serverContext, resultProcessor } = payload;
      const result = payload.result as Result;
      if (isAsyncIterable(result) || Array.isArray(result)) return;
      const size =
        result[serializedResult]?.size ??
        serverContext.size ??
        budget.open(serverContext.meter?.client);
      const { body, shown } = await bodyOf(
        result,
        size,
        serverContext.requestRecord?.operation?.type,
      );
      if (shown !== result) serverContext.requestRecord?.note(shown.errors);
      // Other processors, such as that of an event stream, take it as a text.
      const isRegular = (resultProcessor as unknown) === processRegularResult;
      if (isRegular) serialized.set(request, { body, size });
      if (typeof body !== 'string') {
        const release = releaseAtEnd(size, serverContext, request.signal);
        if (!isRegular) limitInTime(release, serverContext, budget);
      }
      const stringify = () => (isRegular && typeof body !== 'string' ? '' : textOf(body));
      payload.setResult({ ...shown, stringify } as ExecutionResult);
    },
    async onResponse({ request, response, fetchAPI, serverContext, ...hook }) {
      const found = serialized.get(request);
      if (!found) return;
      const { body, size } = found;
      const isKept = request.method === 'GET' && response.status === 200;
      const { proof, identity } = serverContext;
      // As for credentials, see `encodingFor`.
      const encoding = identity ? undefined : encodingFor((name) => request.headers.get(name));
      const headers = new fetchAPI.Headers(response.headers);
      if (isKept) {
        const tag = etagOf(body);
        // A client with credentials may see more than others.
        const isPrivate =
          request.headers.has('authorization') ||
          (proof !== undefined && authenticator.isIdentifiedByApp(proof));
        const reach = isPrivate ? 'private' : 'public';
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
      const sent = bytes ? inPieces(bytes) : (body as Exclude<Body, string>);
      headers.set('content-length', String(sent.length));
      // Only the compressed bytes are held from now on.
      if (bytes) size?.settle(bytes.length);
      serverContext.meter?.chargeBytes(lengthOf(body));
      const cutOff = () => serverContext.res?.destroy();
      const source = deliveryStream(sent, budget, size, cutOff);
      const { res } = serverContext;
      // The client may have left while the response was compressed.
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

/** The body of a result, or of the error that stands for one that is too large. */
export async function bodyOf(
  result: Result,
  size: ResponseSize,
  operation: 'query' | 'mutation' | 'subscription' | undefined,
): Promise<Serialized> {
  if (result[serializedResult]) return { body: result[serializedResult].body, shown: result };
  try {
    return { body: await serialize(result, size), shown: result };
  } catch (error) {
    size.release();
    if (!isRejection(error)) throw error;
    const shown =
      operation === 'mutation' && result.data ? changedButNotShown(error) : { errors: [error] };
    return { body: await serialize(shown, size), shown };
  }
}

// Private:

const serializedResult = Symbol('serialized result');

type Result = ExecutionResult & { [serializedResult]?: SerializedResult };

interface Serialized {
  body: Body;
  /** The result that the body holds. */
  shown: ExecutionResult;
}

/** The result of a mutation that is made, but whose result is too large. */
function changedButNotShown({
  message,
  extensions: { http: _, ...extensions },
}: GraphQLError): ExecutionResult {
  const error = new GraphQLError(
    `The change was applied, but its result cannot be returned: ${message}`,
    {
      extensions,
    },
  );
  return { data: null, errors: [error] };
}

interface Release {
  (): void;
  /** Called when the bytes are released. */
  unwatch?: () => void;
}

/** Releases the bytes also if the client leaves before any of them is sent. */
function releaseAtEnd(size: ResponseSize, { res }: RequestContext, signal: AbortSignal): Release {
  const release: Release = () => {
    size.release();
    release.unwatch?.();
  };
  if (res?.closed || signal.aborted) release();
  res?.once('close', release);
  signal.addEventListener('abort', release, { once: true });
  return release;
}

/** A result that is sent as one event has to be read within the time of one piece. */
function limitInTime(release: Release, { res }: RequestContext, budget: ResponseBudget): void {
  if (res?.closed) return;
  const since = performance.now();
  const cutOff = (): void => {
    release();
    res?.destroy();
  };
  release.unwatch = budget.watch({ since, idleSince: since, taken: 0, cutOff });
}
