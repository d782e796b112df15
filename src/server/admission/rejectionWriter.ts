/**
 * Refusals, written with as little work as can be: a server that has too much to do must not
 * have much to do for saying so.
 */
import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Meter } from './rateLimiter.js';
import { replyTo } from '../errors/rejection.js';

/** How late those are told who come again at once whatever they are told, in milliseconds. */
const delay = 1000;

/** How many are kept waiting for that; all others are told at once. */
const maxHeld = 1000;

export class RejectionWriter {
  #held = 0;

  /**
   * Tells a client that it is refused. One that asks again and again before the time that it was
   * told waits for that a little: otherwise refusing it would be all that the server does.
   */
  reject(
    response: ServerResponse,
    error: GraphQLError,
    { meter, type = 'application/json' }: { meter?: Meter | undefined; type?: string } = {},
  ): void {
    if (!meter?.isImpatient || this.#held >= maxHeld) return write(response, error, type);
    this.#held++;
    const timer = setTimeout(() => write(response, error, type), delay);
    response.once('close', () => {
      this.#held--;
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
