/**
 * A copy of an error without values, for logs. Drizzle's errors contain the parameters of a
 * statement, and PostgreSQL's the row, which may be confidential.
 */
export function redact(error: unknown): Error & { code?: string } {
  if (!(error instanceof Error)) return new Error(`thrown: ${typeof error}`);
  const { name, message, stack = '' } = error;
  const cause = error.cause === undefined ? undefined : redact(error.cause);
  const safe = new Error(messageOnly(message), cause && { cause });
  safe.name = name;
  // A stack begins with the message.
  const frames = stack.indexOf('\n    at ');
  safe.stack = `${name}: ${safe.message}${frames < 0 ? '' : stack.slice(frames)}`;
  // The code of PostgreSQL is that of the innermost cause.
  const code: unknown = cause?.code ?? ('code' in error ? error.code : undefined);
  return typeof code === 'string' ? Object.assign(safe, { code }) : safe;
}

// Private:

const messageOnly = (message: string): string => {
  const values = message.indexOf('\nparams: ');
  return values < 0 ? message : message.slice(0, values);
};
