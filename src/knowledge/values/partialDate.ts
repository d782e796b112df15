/** Partial dates (EDTF level 0) and periods, by the rules that the database has for them. */

export interface Period {
  start?: string | null | undefined;
  end?: string | null | undefined;
}

/** The first and last day that a date can mean; undefined where there is no such date. */
export function daysOf(date: string): { first: string; last: string } | undefined {
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

/** Whether the end certainly lies before the start. */
export function isReversed({ start, end }: Period): boolean {
  const first = start && daysOf(start)?.first;
  const last = end && daysOf(end)?.last;
  return Boolean(first && last && last < first);
}

/** Whether there is a day on which both certainly held; what starts as the other ends does not. */
export function overlap(a: Period, b: Period): boolean {
  const [first, second] = [certain(a), certain(b)];
  return Boolean(first && second && first.from < second.until && second.from < first.until);
}

/** The first day that a date can mean; '' where there is none, as it sorts first. */
export const firstDay = (date: string | null | undefined): string =>
  date ? (daysOf(date)?.first ?? '') : '';

/** Sorts by the first day that the start can mean; what has none comes first. */
export const byStart = (a: Period, b: Period): number =>
  compare(firstDay(a.start), firstDay(b.start));

// Private:

const lengthOfMonth = (year: number, month: number): number =>
  // Of a two-digit year Date would make one of the last century.
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** From the last day that the start can mean until the first that the end can. */
function certain({ start, end }: Period): { from: string; until: string } | undefined {
  const from = start ? (daysOf(start)?.last ?? '') : '';
  const until = end ? (daysOf(end)?.first ?? '') : '9999-99';
  return from < until ? { from, until } : undefined;
}
