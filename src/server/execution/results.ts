import type { ExecutionResult } from 'graphql';
import { overloaded } from '../errors/rejection.js';
import type { ResponseBudget, ResponseSize } from '../responses/budget.js';
import type { Body } from './serialize.js';

/** A result without errors as JSON; `size` holds the bytes of a large one until it is released. */
export interface SerializedResult {
  body: Body;
  size?: ResponseSize | undefined;
}

/** What a query gives: JSON, or a result with errors, on which the HTTP status depends. */
export type QueryResult = SerializedResult | { result: ExecutionResult };

/** What any other operation gives: a result whose bytes `size` counts, or a stream of results. */
export type OperationResult =
  { result: ExecutionResult; size: ResponseSize } | { stream: AsyncIterable<ExecutionResult> };

/** A body from a cache, whose bytes count against the budget while it is sent if it is large. */
export function cachedResult(
  body: Body,
  responses: ResponseBudget,
  client: string | undefined,
): QueryResult {
  if (typeof body === 'string') return { body };
  if (responses.isFullFor(client)) return { result: { errors: [overloaded()] } };
  const size = responses.open(client);
  size.settle(body.length);
  return { body, size };
}
