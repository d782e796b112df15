/** `asOf`: selects facts that possibly or certainly held at a date. */
import type { AsOf } from '../../knowledge/reading/conditions.js';
import { isPlainDate } from '../../knowledge/values/partialDate.js';
import { dependency } from '../../knowledge/reading/view.js';
import type { GraphContext } from '../context.js';
import { badInput, quoted } from '../errors.js';
import { describedEnum } from './enum.js';

export const Certainty = describedEnum<'POSSIBLY' | 'CERTAINLY'>(
  'Certainty',
  'How certain it must be that a fact held as of a date.',
  {
    POSSIBLY: 'Possibly: an unknown start or end counts as open.',
    CERTAINLY:
      'Certainly, by the known dates: it had begun and cannot have ended. A fact without `end` may have ended, unless its end is `".."`, known to be open.',
  },
);

/** The field `asOf` of the filter of facts that hold in a period. */
export const asOfOption = {
  type: 'PartialDate',
  description: 'That held at some time in this date; see `certainty`.',
} as const;

/** The argument or field `certainty`, next to `asOf`. */
export const certaintyOption = {
  type: Certainty,
  defaultValue: 'POSSIBLY' as const,
  description: 'Whether it possibly or certainly held then. Ignored without a date.',
};

/** The field `current` of the filter of facts that hold in a period. */
export const currentOption = {
  description:
    'Whether it holds today, in UTC, or on the day of `@asKnownAt`: `asOf` with that date.',
};

interface AsOfInput {
  asOf?: string | null | undefined;
  certainty?: 'POSSIBLY' | 'CERTAINLY' | null | undefined;
}

/**
 * Reads `asOf` and `certainty`.
 *
 * @param prefix The path to them in error messages: `filter.`, or nothing for arguments
 */
export function asOfOf({ asOf, certainty }: AsOfInput, prefix = ''): AsOf | undefined {
  if (asOf === null || asOf === undefined) return undefined;
  requirePlain(asOf, `${prefix}asOf`);
  return { date: asOf, certainly: certainty === 'CERTAINLY' };
}

/**
 * Reads `asOf` or `current`, and `certainty`, of a filter.
 *
 * @param path The path to the filter in error messages
 * @throws BAD_USER_INPUT where both are given
 */
export function heldOf(
  { current, ...input }: AsOfInput & { current?: boolean | null | undefined },
  { asKnownAt, view }: GraphContext,
  path: string,
): AsOf | undefined {
  const asOf = asOfOf(input, `${path}.`);
  if (current === null || current === undefined) return asOf;
  if (asOf) throw badInput(`${path}.current`, 'must not be given together with asOf');
  view.reads?.add(dependency.day);
  return {
    date: (asKnownAt ?? new Date()).toISOString().slice(0, 10),
    certainly: input.certainty === 'CERTAINLY',
    isNegated: !current,
  };
}

/** @throws BAD_USER_INPUT for an interval, which may be any of several days */
export function requirePlain(date: string, argument: string): void {
  if (isPlainDate(date)) return;
  throw badInput(argument, `must be a year, a month or a day, but is ${quoted(date)}`);
}
