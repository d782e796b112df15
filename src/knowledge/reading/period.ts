/**
 * Conditions on time. Dates are partial (EDTF level 0), so what has one holds for a range of
 * days; two of them meet when they have a day in common. The arithmetic is the database's.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Bind } from './parameters.js';

/** From – to, both included, each a partial date; a missing end is open. */
export interface DateRange {
  from?: string | null | undefined;
  to?: string | null | undefined;
}

/** Held at any time in the date: `2023-05` is every day of that May. */
export const heldAsOf = (
  during: PgColumn,
  date: string | undefined,
  bind: Bind,
): SQL | undefined =>
  date === undefined ? undefined : sql`${during} && partial_date_range(${bind(date)})`;

/** May fall into the range. What has no date falls into none. */
export function fallsInto(
  during: PgColumn,
  range: DateRange | undefined,
  dated: PgColumn | SQL,
  bind: Bind,
): SQL | undefined {
  if (!range) return undefined;
  const end = (date: string | null | undefined) =>
    date === null || date === undefined ? sql`null::text` : bind(date);
  return sql`${dated} is not null and ${during} && possible_period(${end(range.from)}, ${end(range.to)})`;
}
