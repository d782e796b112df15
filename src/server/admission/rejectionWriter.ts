/** Writes rejections with little work, since an overloaded server writes many. */
import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Meter } from './rateLimiter.js';
import { replyTo } from '../errors/rejection.js';

/** The delay of a rejection to a client that ignores `Retry-After`. */
const delayMs = 1000;

/** The number of delayed rejections; beyond it they are sent immediately. */
const maxDelayed = 1000;

export class RejectionWriter {
  #delayed = 0;

  /**
   * Rejects a request. A client that repeats it before the time of `Retry-After` receives the
   * rejection later: otherwise the server would do little else than reject it.
   */
  reject(
    response: ServerResponse,
    error: GraphQLError,
    { meter, type = 'application/json' }: { meter?: Meter | undefined; type?: string } = {},
  ): void {
    if (!meter?.ignoresRetryAfter || this.#delayed >= maxDelayed)
      return write(response, error, type);
    this.#delayed++;
    const timer = setTimeout(() => write(response, error, type), delayMs);
    response.once('close', () => {
      this.#delayed--;
      clearTimeout(timer);
    });
  }
}

// Private:

function write(response: ServerResponse, error: GraphQLError, type: string): void {
  const { status, headers, body } = replyTo(error);
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
