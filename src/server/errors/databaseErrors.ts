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
    const message = 'The statement timed out in the database. Request less, or try again later.';
    return rejection('TIMEOUT', message, { status: 504 });
  }
  if (isDiskFull(error)) return unavailable(diskFull);
  return isUnavailable(error) ? unavailable(outOfReach) : undefined;
}

/**
 * A result in which the database did not answer. Where no root field of a query has a value, one
 * rejection stands for all, since they report the same outage, and its status is that of the
 * response; else the fields that were read remain, and each other field keeps its error. Each
 * rejection of a mutation also says what was changed, or may have been.
 */
export function withRejections(
  result: ExecutionResult,
  operation: OperationName['type'] | undefined,
): ExecutionResult {
  const { errors = [] } = result;
  const rejected = errors.find(isRejection);
  if (!rejected) return result;
  const hasValues = Object.values(result.data ?? {}).some((value) => value !== null);
  if (operation === 'mutation') {
    const worded = errors.map((error) => (isRejection(error) ? reworded(error) : error));
    return hasValues ? { ...result, errors: worded.map(withoutStatus) } : { errors: worded };
  }
  if (!hasValues) return { errors: [rejected] };
  return { ...result, errors: errors.map(withoutStatus) };
}

// Private:

const outOfReach = 'The database is unavailable; try again later.';

const diskFull =
  'The disk of the database is full: changes are not possible until space is freed; queries are.';

const again =
  'Repeat it with the same idempotencyKey, which applies it once; without a key, check first.';

const unknownOutcome = `The connection to the database was lost while the change was committed, so it may or may not have been applied. ${again}`;

const unavailable = (message: string): GraphQLError =>
  rejection('SERVICE_UNAVAILABLE', message, { status: 503, headers: { 'Retry-After': '1' } });

function reworded(error: GraphQLError): GraphQLError {
  const { path, extensions } = error;
  return new GraphQLError(messageFor(error), { path, extensions });
}

/** The error of a field beside others that have values: the response has the status 200. */
function withoutStatus(error: GraphQLError): GraphQLError {
  if (!isRejection(error)) return error;
  const { message, nodes, path, extensions } = error;
  const { http: _, ...rest } = extensions;
  return new GraphQLError(message, { nodes: nodes ?? null, path: path ?? null, extensions: rest });
}

function messageFor({ message, path, extensions }: GraphQLError): string {
  // Below the root field the change is made, and only its result is read.
  if ((path?.length ?? 0) > 1)
    return `The change was applied, but its result cannot be returned: ${message}`;
  return extensions['code'] === 'TIMEOUT'
    ? `${message} The change may or may not have been applied. ${again}`
    : message;
}
