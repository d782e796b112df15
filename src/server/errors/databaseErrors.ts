/** What clients are told when the database does not do what it should. */
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

/** The refusal of a request for an error of the database; undefined for all other errors. */
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
 * A result with refusals in it as its client gets it: one of them, since they tell of the same
 * outage; of a mutation also what it has done, or may have.
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
  // Where there is data, the status is 200.
  const { http: _, ...told } = extensions;
  return { ...result, errors: [new GraphQLError(message, { path, extensions: told })] };
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
  // Behind the root field the change is made, and only its answer is read.
  if ((path?.length ?? 0) > 1) return `The change was made, but cannot be shown: ${message}`;
  return extensions['code'] === 'TIMEOUT'
    ? `${message} The change may have been made or not. ${again}`
    : message;
}
