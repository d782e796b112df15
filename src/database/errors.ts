/**
 * Classification of database errors: by SQLSTATE and constraint, and by the messages and codes of
 * drivers and network for lost connections.
 */

/** The connection was lost during COMMIT, so it is unknown whether the transaction was committed. */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';

  constructor(cause: unknown) {
    super('the connection was lost while a transaction was committed', { cause });
  }
}

/** No connection of the pool became free in time. */
export const isBusy = (error: unknown): boolean =>
  some(error, ({ message }) => message === poolIsFull);

/**
 * The database cannot be reached: it is down, starting, shutting down or failing over, or the
 * connection was lost. A retry may succeed.
 */
export const isUnavailable = (error: unknown): boolean =>
  some(
    error,
    ({ code, message }) =>
      (typeof code === 'string' && unavailable.test(code)) ||
      (typeof message === 'string' && lost.test(message)),
  );

/** A statement exceeded its timeout. */
export const isOutOfTime = (error: unknown): boolean => sqlState(error) === '57014';

/** The disk is full. */
export const isDiskFull = (error: unknown): boolean => sqlState(error) === '53100';

/** The SQLSTATE of a failed statement, whichever driver reports it; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  const code = propertyOf(error, 'code');
  return code && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The name of the violated constraint. */
export const constraintOf = (error: unknown): string | undefined =>
  propertyOf(error, 'constraint_name') ?? propertyOf(error, 'constraint');

/** SQLSTATE class 22: the input is at fault, such as a value out of range. */
export const isDataException = (error: unknown): boolean =>
  sqlState(error)?.startsWith('22') ?? false;

/** A text with a character that PostgreSQL cannot store. */
export const isUnstorableText = (error: unknown): boolean =>
  ['22021', '22P05'].includes(sqlState(error) ?? '');

/** The violated constraint as a phrase for a message; undefined for other errors. */
export function brokenRule(error: unknown): string | undefined {
  const state = sqlState(error) ?? '';
  if (!/^(2[123]|54)/.test(state)) return undefined;
  const rule = constraintOf(error);
  const what = rule
    ? `it breaks the rule ${rule}`
    : 'it breaks a rule or holds a value that cannot be stored';
  return `${what} (SQLSTATE ${state})`;
}

/** A serialization failure or a deadlock: the same transaction may succeed when it is repeated. */
export const isConflict = (error: unknown): boolean =>
  ['40001', '40P01'].includes(sqlState(error) ?? '');

// Private:

const poolIsFull = 'timeout exceeded when trying to connect';

/** SQLSTATE classes, and the error codes of the network and of postgres.js. */
const unavailable =
  /^(08(?!P01)...|57P0[1-5]|53[34]00|25006|25P03|E(CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|AI_AGAIN)|CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED))$/;

/** node-postgres and PGlite report these without a code. */
const lost =
  /^(Connection terminated|Client was closed|Client has encountered a connection error|timeout expired$|Cannot use a pool after calling end|PGlite is clos(ed|ing))/;

/** Drizzle wraps the driver's error as `cause`. */
function some(error: unknown, holds: (error: Record<string, unknown>) => boolean): boolean {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as Error).cause) {
    if (holds(at as Record<string, unknown>)) return true;
  }
  return false;
}

function propertyOf(error: unknown, property: string): string | undefined {
  let found: string | undefined;
  some(error, ({ [property]: value }) => {
    if (typeof value === 'string') found = value;
    return found !== undefined;
  });
  return found;
}
