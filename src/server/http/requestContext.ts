import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { Requester } from '../execution/requester.js';
import type { ResponseSize } from '../responses/budget.js';

/** The context of a request in Yoga, begun by the HTTP host. */
export interface RequestContext extends Requester {
  /** The result, if the host has already executed the request. */
  result?: ExecutionResult | undefined;
  /** The bytes of the response, from the execution on. */
  size?: ResponseSize | undefined;
  /** The response of Node.js that Yoga writes to; undefined behind a Fetch handler. */
  res?: ServerResponse | undefined;
}
