import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { isDataException, isUnstorableText } from '../../database/errors.js';
import { databaseRejection } from './databaseErrors.js';
import { redact } from '../observability/redact.js';

/** The log of unexpected errors, each with the id that the client received. */
export interface ErrorLog {
  error(details: { errorId: string; requestId?: string; err: unknown }, message: string): void;
}

/** Gives what a client may see of an error, and logs it under the id of the request. */
export type MaskError = (error: unknown, requestId?: string) => GraphQLError;

/**
 * Masks errors: what was meant for clients passes, errors of the database become rejections, a
 * value that the database cannot store is the client's error, and all others are logged under
 * an id, which is all that the client receives.
 */
export const errorMask =
  (log: ErrorLog): MaskError =>
  (error, requestId) => {
    const cause = error instanceof GraphQLError ? error.originalError : error;
    if (error instanceof GraphQLError && (!cause || cause instanceof GraphQLError)) return error;
    const where = error instanceof GraphQLError ? locationOf(error) : {};
    const rejected = databaseRejection(cause);
    if (rejected) {
      return new GraphQLError(rejected.message, { ...where, extensions: rejected.extensions });
    }
    if (isDataException(cause)) {
      return new GraphQLError(
        `${placeOf(error)}${isUnstorableText(cause) ? unstorableText : outOfRange}`,
        { ...where, extensions: { code: 'BAD_USER_INPUT' } },
      );
    }
    const errorId = randomUUID();
    log.error(
      {
        errorId,
        ...(requestId !== undefined && { requestId }),
        err: redact(cause ?? error),
      },
      'unexpected error',
    );
    return new GraphQLError(
      `An internal error occurred. The server's log has the details under ${errorId}.`,
      { ...where, extensions: { code: 'INTERNAL_SERVER_ERROR', errorId } },
    );
  };

// Private:

const unstorableText =
  'a value in the query contains a character that cannot be stored, such as NUL; remove it';

const outOfRange = 'a value in the query is out of the range that can be stored';

const placeOf = (error: unknown): string =>
  error instanceof GraphQLError && error.path ? `${error.path.join('.')}: ` : '';

const locationOf = ({ nodes, source, positions, path }: GraphQLError) => ({
  nodes: nodes ?? null,
  source: source ?? null,
  positions: positions ?? null,
  path: path ?? null,
});
