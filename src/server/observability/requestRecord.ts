/** The record of a request, for the log, metrics and traces. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';

export interface OperationName {
  type: 'query' | 'mutation' | 'subscription';
  /** undefined for an anonymous operation. */
  name: string | undefined;
}

/** Holds no values or texts of the client, except the name of its operation. */
export class RequestRecord {
  /** The request id, in logs, responses and the database. */
  readonly id: string;
  /** undefined if the document could not be parsed. */
  operation: OperationName | undefined;
  /** The code of the first error, if there was one. */
  code: string | undefined;
  /** The name of the limit that the request exceeded. */
  limit: string | undefined;
  #isOver = false;
  #atEnd: (() => void)[] | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** Calls back when the request ends; immediately if it has ended. */
  atEnd(call: () => void): void {
    if (this.#isOver) call();
    else (this.#atEnd ??= []).push(call);
  }

  /** Whether something happens at the end of the request, as for an open stream. */
  get isAwaited(): boolean {
    return !this.#isOver && this.#atEnd !== undefined;
  }

  /** The request is over. May be called again. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const call of this.#atEnd ?? []) call();
  }

  /** Records the first error of the request; later ones are ignored. */
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

/** The id from the header `X-Request-Id`, if it is safe to log, or a new one. */
export const requestIdOf = ({ headers }: IncomingMessage): string =>
  safeRequestId(headers[requestIdHeader]);

/** The value of that header, if it is safe to log, or a new id. */
export const safeRequestId = (id: string | string[] | null | undefined): string =>
  typeof id === 'string' && safeId.test(id) ? id : randomUUID();

export const requestIdHeader = 'x-request-id';

// Private:

/** No blanks, quotes or control characters, and short. */
const safeId = /^[\w.:/+=@~-]{1,128}$/;
