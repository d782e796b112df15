/** Subscriptions within the limits: so many streams at a time, and each event is worth points. */
import {
  createSourceEventStream,
  execute,
  getOperationAST,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
} from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { GraphContext } from '../../graph/context.js';
import type { Admission } from '../admission/admission.js';
import { costOf } from '../admission/complexity/cost.js';
import { isRejection } from '../errors/rejection.js';
import type { RequestContext } from '../http/yoga.js';

export const limitedStreams = (
  admission: Admission,
): Plugin<object, RequestContext, GraphContext & RequestContext> => ({
  onSubscribe: ({ setSubscribeFn }) => setSubscribeFn((args) => subscribe(admission, args)),
});

// Private:

type Results = AsyncIterator<ExecutionResult> & AsyncIterable<ExecutionResult>;

async function subscribe(
  admission: Admission,
  args: ExecutionArgs,
): Promise<Results | ExecutionResult> {
  const context = args.contextValue as GraphContext & RequestContext;
  const { meter, signal } = context;
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
  // Who left while the stream was made holds no place, though the signal was given before.
  if (signal?.aborted) end();
  const cost = costOfEvent(args);
  const report = async (event: unknown): Promise<ExecutionResult> => {
    await meter?.wait(cost, signal);
    const size = (context.response = admission.responses.open(meter?.client));
    const work = async () => execute({ ...args, rootValue: event });
    try {
      return await admission.run(work, { cost, client: meter?.client });
    } finally {
      size.release();
    }
  };
  return resultsOf(events[Symbol.asyncIterator](), report, end);
}

/**
 * What is told of each event, one after the other. When the server cannot tell one in time, the
 * stream ends with that: the client goes on behind the last event that it was told.
 */
function resultsOf(
  events: AsyncIterator<unknown>,
  tell: (event: unknown) => Promise<ExecutionResult>,
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
        const value = await tell(event.value);
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

function costOfEvent({ schema, document, operationName, variableValues }: ExecutionArgs): number {
  const operation = getOperationAST(document, operationName);
  return operation ? costOf(schema, document, operation)(variableValues ?? {}) : 0;
}
