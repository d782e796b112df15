/** PostgreSQL's own words for what went wrong: the five-letter SQLSTATE, and the constraint. */

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

/** Drizzle wraps the driver's error as `cause`. */
function propertyOf(error: unknown, property: string): string | undefined {
  for (let at = error; typeof at === 'object' && at !== null; at = (at as Error).cause) {
    const value = (at as Record<string, unknown>)[property];
    if (typeof value === 'string') return value;
  }
  return undefined;
}
