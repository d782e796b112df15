import type { ResponseBudget } from '../responses/budget.js';
import { overloaded } from '../errors/rejection.js';
import type { ExecutorResult } from './executor.js';
import type { Body } from './serialize.js';

/** An answer that was made before, of which a large one is held once more while it is sent. */
export function heldAgain(
  body: Body,
  responses: ResponseBudget,
  client: string | undefined,
): ExecutorResult {
  if (typeof body === 'string') return { body };
  if (responses.isFullFor(client)) return { result: { errors: [overloaded()] } };
  const size = responses.open(client);
  size.settle(body.length);
  return { body, size };
}
