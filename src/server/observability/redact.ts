/**
 * An error as it may be written into a log. Drizzle's errors tell the values of a statement,
 * and PostgreSQL's the row: they may be what a client meant for nobody but the database.
 */
export function redact(error: unknown): Error & { code?: string } {
  if (!(error instanceof Error)) return new Error(`thrown: ${typeof error}`);
  const { name, message, stack = '' } = error;
  const cause = error.cause === undefined ? undefined : redact(error.cause);
  const safe = new Error(messageOnly(message), cause && { cause });
  safe.name = name;
  // The head of a stack is the message once more.
  const frames = stack.indexOf('\n    at ');
  safe.stack = `${name}: ${safe.message}${frames < 0 ? '' : stack.slice(frames)}`;
  // PostgreSQL's code is in the innermost, and says best what happened.
  const code: unknown = cause?.code ?? ('code' in error ? error.code : undefined);
  return typeof code === 'string' ? Object.assign(safe, { code }) : safe;
}

// Private:

const messageOnly = (message: string): string => {
  const values = message.indexOf('\nparams: ');
  return values < 0 ? message : message.slice(0, values);
};
