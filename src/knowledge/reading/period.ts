/**
 * Conditions on time. Dates are partial (EDTF), so what has one may hold on a range of days; two
 * of them meet when they have a day in common. The arithmetic is the database's.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Bind } from './parameters.js';

/** From – to, both included, each a partial date; a missing end is open. */
export interface DateRange {
  from?: string | null | undefined;
  to?: string | null | undefined;
}

/** At some time in a date: `2023-05` is any day of that May. */
export interface AsOf {
  date: string;
  /** Only what certainly held; else what may have, an end that is not known being open. */
  certainly: boolean;
}

/** The columns that tell when something held, see `period` of the tables. */
export interface Held {
  during: PgColumn | SQL;
  held: PgColumn | SQL;
  heldThroughout: PgColumn | SQL;
}

/** Held at some time in the date. */
export const heldAsOf = (columns: Held, asOf: AsOf | undefined, bind: Bind): SQL | undefined =>
  asOf && heldIn(columns, sql`(select partial_date_range(${bind(asOf.date)}))`, asOf.certainly);

/** Held at some time in the range of days. What certainly held also may have: one index has both. */
export const heldIn = (
  { during, held, heldThroughout }: Held,
  days: SQL,
  certainly: boolean,
): SQL =>
  certainly
    ? sql`(${during} && ${days} and ${held} && ${days} and (${heldThroughout} or ${held} <@ ${days}))`
    : sql`${during} && ${days}`;

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
  // As a query of its own it is worked out once, not for each row.
  return sql`${dated} is not null and ${during} && (select possible_period(${end(range.from)}, ${end(range.to)}))`;
}

/** The year of a date; null where several may be meant. */
export const yearOf = (date: PgColumn): SQL =>
  sql`case when length(${date}) in (4, 7, 10) then left(${date}, 4) end`;
