/**
 * Partial dates and periods, by the rules that the database has for them: EDTF level 0 (`2023`,
 * `2023-05`, `2023-05-03`), intervals of which one day is meant (`[..1950]`, `[1950..]`,
 * `[1949..1951]`), and `..` for the side of a period that is known to be open.
 */

export interface Period {
  start?: string | null | undefined;
  end?: string | null | undefined;
}

/** The first and last day that a date can mean. */
export interface Days {
  /** `beginningOfTime` where there is no first. */
  first: string;
  /** `endOfTime` where there is no last. */
  last: string;
}

/** Before and after all days, as texts are compared. */
export const beginningOfTime = '';
export const endOfTime = '9999-99';

/** The side of a period that is known to be open. */
export const open = '..';

/** The days that a date can mean; undefined where there is no such date. */
export function daysOf(date: string): Days | undefined {
  if (date === open) return { first: beginningOfTime, last: endOfTime };
  const [, from, to] = /^\[(.*?)\.\.(.*)\]$/.exec(date) ?? [];
  if (from === undefined || to === undefined) return daysOfOne(date);
  if (!from && !to) return undefined;
  const [earliest, latest] = [from && daysOfOne(from), to && daysOfOne(to)];
  if (earliest === undefined || latest === undefined) return undefined;
  const first = earliest ? earliest.first : beginningOfTime;
  const last = latest ? latest.last : endOfTime;
  return first <= last ? { first, last } : undefined;
}

/** Whether it is a year, a month or a day: a date with both a first and a last day of its own. */
export const isPlainDate = (date: string): boolean => daysOfOne(date) !== undefined;

/** Whether the end certainly lies before the start. */
export function isReversed({ start, end }: Period): boolean {
  const first = start && daysOf(start)?.first;
  const last = end && daysOf(end)?.last;
  return Boolean(first && last && last < first);
}

/**
 * Whether two facts that exclude each other are told for the same day: what starts as the other
 * ends is not, and an end that is not told is taken to be open.
 */
export function overlap(a: Period, b: Period): boolean {
  const [first, second] = [exclusive(a), exclusive(b)];
  return Boolean(first && second && first.from < second.until && second.from < first.until);
}

/** The first day that a date can mean; '' where there is none, as it sorts first. */
export const firstDay = (date: string | null | undefined): string =>
  date ? (daysOf(date)?.first ?? '') : '';

/** Sorts by the first day that the start can mean; what has none comes first. */
export const byStart = (a: Period, b: Period): number =>
  compare(firstDay(a.start), firstDay(b.start));

// Private:

function daysOfOne(date: string): Days | undefined {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date);
  // What is left out counts as one, which every year and month has.
  const [year, month, day] = [1, 2, 3].map((part) => Number(match?.[part] ?? 1));
  if (!match || !year || !month || !day || month > 12) return undefined;
  const longest = lengthOfMonth(year, date.length > 4 ? month : 12);
  if (day > longest) return undefined;
  return {
    first: date + '-01-01'.slice(date.length - 4),
    last: date + `-12-${longest}`.slice(date.length - 4),
  };
}

const lengthOfMonth = (year: number, month: number): number =>
  // Of a two-digit year Date would make one of the last century.
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * From the last day that the start can mean until the first that the end can; undefined where
 * one of them has none: `[..1950]` as an end may have been any day before.
 */
function exclusive({ start, end }: Period): { from: string; until: string } | undefined {
  const from = start && start !== open ? daysOf(start)?.last : beginningOfTime;
  const until = end && end !== open ? daysOf(end)?.first : endOfTime;
  if (from === undefined || until === undefined || from === endOfTime) return undefined;
  return from < until ? { from, until } : undefined;
}
