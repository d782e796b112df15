/** Subscriptions within the limits: the number of streams, and the points of each event. */
import {
  createSourceEventStream,
  execute,
  getOperationAST,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
} from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { GraphContext } from '../../graph/context.js';
import type { Admission } from '../admission/admission.js';
import { costOf } from '../admission/complexity/cost.js';
import type { MaskError } from '../errors/mask.js';
import { isRejection } from '../errors/rejection.js';
import type { Requester } from '../execution/requester.js';

/** Opens a stream of results, or gives the errors for which there is none. */
export async function subscribe(
  args: ExecutionArgs,
  { meter }: Requester,
  admission: Admission,
  maskError: MaskError,
): Promise<Results | ExecutionResult> {
  const context = args.contextValue as GraphContext;
  const { signal } = context;
  let end: () => void;
  try {
    end = admission.streams.begin(meter?.client);
  } catch (error) {
    if (isRejection(error)) return { errors: [error] };
    throw error;
  }
  signal?.addEventListener('abort', end, { once: true });
  let events;
  try {
    events = await createSourceEventStream(args);
  } catch (error) {
    end();
    throw error;
  }
  if (!isAsyncIterable(events)) {
    end();
    return events;
  }
  // A client may have left before the listener above was added.
  if (signal?.aborted) end();
  const cost = costOfEvent(args);
  const resultOf = async (event: unknown): Promise<ExecutionResult> => {
    await meter?.wait(cost, signal);
    const size = (context.response = admission.responses.open(meter?.client));
    const work = async () => execute({ ...args, rootValue: event });
    try {
      const result = await admission.run(work, { cost, client: meter?.client });
      return withEventId(masked(result, context, maskError), context);
    } finally {
      size.release();
    }
  };
  return resultsOf(events[Symbol.asyncIterator](), resultOf, end);
}

// Private:

type Results = AsyncIterator<ExecutionResult> & AsyncIterable<ExecutionResult>;

/**
 * The results of events, one after the other. If one is rejected, the stream ends with it: the
 * client reconnects with the last event that it has received.
 */
function resultsOf(
  events: AsyncIterator<unknown>,
  resultOf: (event: unknown) => Promise<ExecutionResult>,
  end: () => void,
): Results {
  let isOver = false;
  const close = async (): Promise<IteratorReturnResult<undefined>> => {
    isOver = true;
    end();
    await events.return?.();
    return { done: true, value: undefined };
  };
  return {
    next: async () => {
      if (isOver) return { done: true, value: undefined };
      try {
        const event = await events.next();
        if (event.done) return await close();
        const value = await resultOf(event.value);
        if (value.errors?.some((error: GraphQLError) => isRejection(error))) await close();
        return { done: false, value };
      } catch (error) {
        await close();
        throw error;
      }
    },
    return: close,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const masked = (
  result: ExecutionResult,
  { requestId }: GraphContext,
  maskError: MaskError,
): ExecutionResult =>
  result.errors
    ? { ...result, errors: result.errors.map((error) => maskError(error, requestId)) }
    : result;

/** A resolver has noted in the context which event the result is of. */
const withEventId = (result: ExecutionResult, { lastEventId }: GraphContext): ExecutionResult =>
  lastEventId === undefined
    ? result
    : { ...result, extensions: { ...result.extensions, eventId: lastEventId } };

function costOfEvent({ schema, document, operationName, variableValues }: ExecutionArgs): number {
  const operation = getOperationAST(document, operationName);
  return operation ? costOf(schema, document, operation)(variableValues ?? {}) : 0;
}
