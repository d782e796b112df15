/**
 * What went wrong, told apart: by PostgreSQL's own words, the five-letter SQLSTATE and the
 * constraint, and by what drivers and the network say of a connection.
 */

/** A connection was lost while a transaction was to be committed: nobody knows whether it was. */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';

  constructor(cause: unknown) {
    super('the connection was lost while a transaction was committed', { cause });
  }
}

/** All connections are in use, and none became free in time. */
export const isBusy = (error: unknown): boolean =>
  some(error, ({ message }) => message === poolIsFull);

/**
 * The database is out of reach: it is down, starting, shutting down or moving, or the connection
 * was lost. The same may work in a moment.
 */
export const isUnavailable = (error: unknown): boolean =>
  some(
    error,
    ({ code, message }) =>
      (typeof code === 'string' && unavailable.test(code)) ||
      (typeof message === 'string' && lost.test(message)),
  );

/** A statement took longer than it may. */
export const isOutOfTime = (error: unknown): boolean => sqlState(error) === '57014';

/** There is no room for what was to be written. */
export const isDiskFull = (error: unknown): boolean => sqlState(error) === '53100';

/** The SQLSTATE of a failed statement, whichever driver reports it; undefined for other errors. */
export function sqlState(error: unknown): string | undefined {
  const code = propertyOf(error, 'code');
  return code && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The name of the constraint that a statement would have broken. */
export const constraintOf = (error: unknown): string | undefined =>
  propertyOf(error, 'constraint_name') ?? propertyOf(error, 'constraint');

/** Class 22: a value that its type cannot hold. The fault of the value, not of the database. */
export const isDataException = (error: unknown): boolean =>
  sqlState(error)?.startsWith('22') ?? false;

/** What rule of the database a statement broke, in words; undefined for other errors. */
export function brokenRule(error: unknown): string | undefined {
  const state = sqlState(error) ?? '';
  if (!/^(2[123]|54)/.test(state)) return undefined;
  const rule = constraintOf(error);
  const what = rule
    ? `it breaks the rule ${rule}`
    : 'it breaks a rule or holds a value that cannot be stored';
  return `${what} (SQLSTATE ${state})`;
}

/** Whether a statement failed only because of others that ran beside it. */
export const isConflict = (error: unknown): boolean =>
  ['40001', '40P01'].includes(sqlState(error) ?? '');

// Private:

const poolIsFull = 'timeout exceeded when trying to connect';

/** Classes of SQLSTATE, the network's codes, and those of postgres.js. */
const unavailable =
  /^(08(?!P01)...|57P0[1-5]|53[34]00|25006|25P03|E(CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|AI_AGAIN)|CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED))$/;

/** node-postgres and PGlite have no codes for these. */
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
