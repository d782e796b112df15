/** What is told of a request once it is over: to the log, to metrics and to traces. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';

export interface OperationName {
  type: 'query' | 'mutation' | 'subscription';
  /** undefined where the client gave it none. */
  name: string | undefined;
}

/** Never more than this: neither values nor texts of the client, but for the names it gave. */
export class RequestRecord {
  /** What the request is told by in logs, answers and the database. */
  readonly id: string;
  /** What is asked; undefined where it could not be read. */
  operation: OperationName | undefined;
  /** The code of the first error, if there was one. */
  code: string | undefined;
  /** The limit that the request met, where it met one that has a name. */
  limit: string | undefined;
  #isOver = false;
  #atEnd: (() => void) | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** Has this called when the request ends: at once where its client has already left. */
  atEnd(call: () => void): void {
    if (this.#isOver) call();
    else this.#atEnd = call;
  }

  /** The request is over. */
  end(): void {
    this.#isOver = true;
    this.#atEnd?.();
  }

  /** Notes how it went. Whoever notes an error first knows best. */
  note(errors: readonly GraphQLError[] | undefined): void {
    const [error] = errors ?? [];
    if (!error || this.code !== undefined) return;
    const { code, exceeded } = error.extensions;
    this.code = typeof code === 'string' ? code : otherError;
    if (typeof exceeded === 'string') this.limit = exceeded;
  }
}

/** The code of an error that has none, such as those of validation. */
const otherError = 'ERROR';

/** The id that the caller gave the request, where it is fit to be written into logs, or a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && fit.test(given) ? given : randomUUID();
}

export const requestIdHeader = 'x-request-id';

// Private:

/** No blanks, quotes or control characters, and not so much that it floods a log. */
const fit = /^[\w.:/+=@~-]{1,128}$/;
