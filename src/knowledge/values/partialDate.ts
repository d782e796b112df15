/**
 * Partial dates and periods, with the same rules as the database: EDTF level 0 (`2023`, `2023-05`,
 * `2023-05-03`), intervals that contain the date (`[..1950]`, `[1950..]`, `[1949..1951]`), and `..`
 * for the side of a period that is known to be open.
 */

export interface Period {
  start?: string | null | undefined;
  end?: string | null | undefined;
}

/** The first and the last day that a date can denote. */
export interface Days {
  /** `beginningOfTime` if unbounded. */
  first: string;
  /** `endOfTime` if unbounded. */
  last: string;
}

/** Sort before and after all days, compared as texts. */
export const beginningOfTime = '';
export const endOfTime = '9999-99';

/** Marks the side of a period that is known to be open. */
export const open = '..';

/** The days that a date can denote; undefined if it is invalid. */
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

/** Whether it is a year, month or day, rather than an interval. */
export const isPlainDate = (date: string): boolean => daysOfOne(date) !== undefined;

/** Whether the end is certainly before the start. */
export function isReversed({ start, end }: Period): boolean {
  const first = start && daysOf(start)?.first;
  const last = end && daysOf(end)?.last;
  return Boolean(first && last && last < first);
}

/**
 * Whether two facts that exclude each other overlap. One that starts when the other ends does not;
 * a missing end counts as open.
 */
export function overlap(a: Period, b: Period): boolean {
  const [first, second] = [exclusive(a), exclusive(b)];
  return Boolean(first && second && first.from < second.until && second.from < first.until);
}

/** The first day that a date can denote; '' if unbounded, which sorts first. */
export const firstDay = (date: string | null | undefined): string =>
  date ? (daysOf(date)?.first ?? '') : '';

/** Sorts by the first day that the start can denote; periods without a start come first. */
export const byStart = (a: Period, b: Period): number =>
  compare(firstDay(a.start), firstDay(b.start));

// Private:

function daysOfOne(date: string): Days | undefined {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date);
  // Missing parts count as 1, which every year and month has.
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
  // Date would interpret a two-digit year as one of the 20th century.
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * From the last day that the start can denote to the first of the end; undefined if one is
 * unbounded: `[..1950]` as an end may be any day before.
 */
function exclusive({ start, end }: Period): { from: string; until: string } | undefined {
  const from = start && start !== open ? daysOf(start)?.last : beginningOfTime;
  const until = end && end !== open ? daysOf(end)?.first : endOfTime;
  if (from === undefined || until === undefined || from === endOfTime) return undefined;
  return from < until ? { from, until } : undefined;
}
