/** Errors of the database as rejections for clients. */
import { GraphQLError, type ExecutionResult } from 'graphql';
import {
  isBusy,
  isDiskFull,
  isOutOfTime,
  isUnavailable,
  OutcomeUnknown,
} from '../../database/errors.js';
import { isRejection, overloaded, rejection } from './rejection.js';
import type { OperationName } from '../observability/requestRecord.js';

/** The rejection for an error of the database; undefined for all other errors. */
export function databaseRejection(error: unknown): GraphQLError | undefined {
  if (error instanceof OutcomeUnknown) return unavailable(unknownOutcome);
  if (isBusy(error)) return overloaded();
  if (isOutOfTime(error)) {
    const message = 'The database took too long and was stopped. Ask for less, or again later.';
    return rejection('TIMEOUT', message, { status: 504 });
  }
  if (isDiskFull(error)) return unavailable(diskFull);
  return isUnavailable(error) ? unavailable(outOfReach) : undefined;
}

/**
 * A result with one of its rejections, since all of them report the same outage; the result of a
 * mutation also says what was changed, or may have been.
 */
export function withOneRejection(
  result: ExecutionResult,
  operation: OperationName['type'] | undefined,
): ExecutionResult {
  const rejected = result.errors?.find(isRejection);
  if (!rejected) return result;
  if (operation !== 'mutation') return { errors: [rejected] };
  const { path, extensions } = rejected;
  const message = messageFor(rejected);
  const hasDone = Object.values(result.data ?? {}).some((value) => value !== null);
  if (!hasDone) return { errors: [new GraphQLError(message, { path, extensions })] };
  // A response with data has the status 200.
  const { http: _, ...withoutStatus } = extensions;
  return { ...result, errors: [new GraphQLError(message, { path, extensions: withoutStatus })] };
}

// Private:

const outOfReach = 'The database does not answer at present; ask again in a moment.';

const diskFull =
  'The disk of the database is full: nothing can be written until there is room. Reading goes on.';

const again =
  'Send it again with the same idempotencyKey, and it is made once; without a key, look first.';

const unknownOutcome = `The connection to the database was lost while the change was committed, so it may have been made or not. ${again}`;

const unavailable = (message: string): GraphQLError =>
  rejection('SERVICE_UNAVAILABLE', message, { status: 503, headers: { 'Retry-After': '1' } });

function messageFor({ message, path, extensions }: GraphQLError): string {
  // Below the root field the change is made, and only its result is read.
  if ((path?.length ?? 0) > 1) return `The change was made, but cannot be shown: ${message}`;
  return extensions['code'] === 'TIMEOUT'
    ? `${message} The change may have been made or not. ${again}`
    : message;
}
