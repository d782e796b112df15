import { GraphQLError } from 'graphql';
import { shortened } from '../knowledge/values/english.js';

/**
 * An invalid argument: code `BAD_USER_INPUT`.
 *
 * @param argument The argument at fault, as the client wrote it: `first`, `filter.asOf`.
 * @param rule What is wrong and what to do instead, as the rest of a sentence that starts
 *   with the argument: "must be from 0 to 100, but is 500".
 */
export const badInput = (argument: string, rule: string): GraphQLError =>
  new GraphQLError(`${argument} ${rule}`, { extensions: { code: 'BAD_USER_INPUT', argument } });

/** An argument that names no entity, or no record: code `NOT_FOUND`. */
export const notFound = (
  argument: string,
  name: string,
  noun: 'entity' | 'record' = 'entity',
): GraphQLError =>
  new GraphQLError(
    `${argument} names no ${noun}: nothing is known as ${quoted(name)}; find its slug with search or suggest`,
    { extensions: { code: 'NOT_FOUND', argument } },
  );

/**
 * The names by which a field of a filter selects records.
 *
 * @throws BAD_USER_INPUT naming `argument` for too many
 */
export function limitNames<Names extends readonly unknown[]>(
  names: Names | null | undefined,
  argument: string,
): Names | undefined {
  if (names && names.length > maxNames) {
    throw badInput(argument, `must name at most ${maxNames}, but names ${names.length}`);
  }
  return names ?? undefined;
}

const maxNames = 100;

/** The text of a search. @throws BAD_USER_INPUT for one that is too long */
export function searchable(argument: string, text: string, max: number, advice = ''): string {
  const { length } = text;
  if (length > max) {
    throw badInput(argument, `must have at most ${max} characters, but has ${length}${advice}`);
  }
  return text;
}

/** A value from the client, shortened for an error message. */
export const quoted = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return shortened(text, 80);
};
