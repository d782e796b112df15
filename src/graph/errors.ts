import { GraphQLError } from 'graphql';

/**
 * What a client asked cannot be done as asked: code `BAD_USER_INPUT`.
 *
 * @param argument The argument at fault, as the client wrote it: `first`, `filter.asOf`.
 * @param rule What is wrong and what to do instead, as the rest of a sentence that starts
 *   with the argument: "must be from 0 to 100, but is 500".
 */
export const badInput = (argument: string, rule: string): GraphQLError =>
  new GraphQLError(`${argument} ${rule}`, { extensions: { code: 'BAD_USER_INPUT', argument } });

/** What an argument names is not there: code `NOT_FOUND`. */
export const notFound = (argument: string, name: string): GraphQLError =>
  new GraphQLError(
    `${argument} names no entity: nothing is known as ${quoted(name)}; find its slug with search or suggest`,
    { extensions: { code: 'NOT_FOUND', argument } },
  );

/** A text to look for, where it is not too long. */
export function searchable(argument: string, text: string, most: number, advice = ''): string {
  const { length } = text;
  if (length > most) {
    throw badInput(argument, `must have at most ${most} characters, but has ${length}${advice}`);
  }
  return text;
}

/** Something a client sent, short enough to be told back. */
export const quoted = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};
