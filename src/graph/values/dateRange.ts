import type { DateRange } from '../../knowledge/reading/conditions.js';
import { builder } from '../builder.js';
import { requirePlain } from './asOf.js';
import { badInput } from '../errors.js';

export const DateRangeInput = builder.inputType('DateRange', {
  description:
    'A range of dates, inclusive; an omitted bound is open. Example: `{ from: "2022-06", to: "2023" }`.',
  fields: (t) => ({
    from: t.field({ type: 'PartialDate', description: 'Not before this date.' }),
    to: t.field({ type: 'PartialDate', description: 'Not after this date.' }),
  }),
});

/** @throws BAD_USER_INPUT naming `argument` for a range that ends before it begins, or with an interval. */
export function dateRange(
  range: { from?: string | null | undefined; to?: string | null | undefined } | null | undefined,
  argument: string,
): DateRange | undefined {
  if (!range) return undefined;
  const { from, to } = range;
  if (from) requirePlain(from, `${argument}.from`);
  if (to) requirePlain(to, `${argument}.to`);
  // A date within the other, such as 2023-05 within 2023, makes a range in either order.
  if (from && to && to < from && !from.startsWith(to)) {
    throw badInput(argument, `must not end (${to}) before it begins (${from})`);
  }
  return { from, to };
}
