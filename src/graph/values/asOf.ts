/** "As of" a date: what may have held then, or only what certainly did. */
import type { AsOf } from '../../knowledge/reading/conditions.js';
import { isPlainDate } from '../../knowledge/values/partialDate.js';
import { badInput, quoted } from '../errors.js';
import { describedEnum } from './enum.js';

export const Certainty = describedEnum<'POSSIBLY' | 'CERTAINLY'>(
  'Certainty',
  'How sure it has to be that something held as of a date.',
  {
    POSSIBLY: 'It may have: a start or end that is not known leaves that side open.',
    CERTAINLY:
      'It did, by the dates that are known: it had begun at the latest and cannot have ended before. What has no `end` may have ended, unless the end is told as `".."`, known to be open.',
  },
);

/** The argument or field `certainty` beside an `asOf`. */
export const certaintyOption = {
  type: Certainty,
  defaultValue: 'POSSIBLY' as const,
  description:
    'Whether it may have held as of `asOf`, or certainly did. Has no effect without `asOf`.',
};

interface AsOfInput {
  asOf?: string | null | undefined;
  certainty?: 'POSSIBLY' | 'CERTAINLY' | null | undefined;
}

/**
 * Takes `asOf` and `certainty` in.
 *
 * @param prefix Where they stand: `filter.`, or nothing for arguments of a field
 */
export function asOfOf({ asOf, certainty }: AsOfInput, prefix = ''): AsOf | undefined {
  if (asOf === null || asOf === undefined) return undefined;
  requirePlain(asOf, `${prefix}asOf`);
  return { date: asOf, certainly: certainty === 'CERTAINLY' };
}

/** @throws BAD_USER_INPUT for an interval, of which it is not known which day is meant */
export function requirePlain(date: string, argument: string): void {
  if (isPlainDate(date)) return;
  throw badInput(argument, `must be a year, a month or a day, but is ${quoted(date)}`);
}
