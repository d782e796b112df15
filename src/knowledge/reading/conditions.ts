/** Conditions of filters that several record types share. An absent filter adds no condition. */
import { eq, isNotNull, not, or, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import {
  allHold,
  cast,
  equalsAny,
  holds,
  isWithin,
  literal,
  once,
  overlaps,
  partialDateRange,
  possiblePeriod,
} from '../../database/sql.js';
import { reference } from '../../database/tables/index.js';
import { textArray, type Bind } from './keys.js';
import { existsIn } from './subqueries.js';

/** Equals any of the values; an empty list matches nothing. */
export function anyOf(
  column: PgColumn,
  values: readonly string[] | undefined,
  bind: Bind,
): SQL | undefined {
  if (!values) return undefined;
  const type = column.getSQLType();
  const [only] = values;
  // An index that continues with the sort key gives rows in order only for a single value.
  if (values.length === 1 && only !== undefined) return eq(column, cast(bind(only), type));
  return equalsAny(column, cast(bind(textArray(values)), `${type}[]`));
}

/** Whether a reference supports the fact, which `arc` of the references points to. */
export const referencedIs = (
  isReferenced: boolean | undefined,
  arc: PgColumn,
  fact: PgColumn,
): SQL | undefined => {
  if (isReferenced === undefined) return undefined;
  // Most facts have references, so checking row by row fills a page fastest; `offset 0` enforces it.
  const exists = existsIn(reference, [eq(arc, fact), reference.live], { isApart: true });
  return isReferenced ? exists : not(exists);
};

// Time. Dates are partial (EDTF), so what has one may hold on a range of days; two of them meet
// when they have a day in common. The arithmetic is the database's.

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
  /** Selects the facts that did not hold then. */
  isNegated?: boolean;
}

/** The columns for when something held, see `period` of the tables. */
export interface Held {
  during: PgColumn | SQL;
  held: PgColumn | SQL;
  heldThroughout: PgColumn | SQL;
}

/** Held at some time in the date. */
export function heldAsOf(columns: Held, asOf: AsOf | undefined, bind: Bind): SQL | undefined {
  if (!asOf) return undefined;
  const held = heldIn(columns, once(partialDateRange(bind(asOf.date))), asOf.certainly);
  return asOf.isNegated ? not(held) : held;
}

/** Held at some time in the range of days. What certainly held also may have: one index has both. */
export const heldIn = (
  { during, held, heldThroughout }: Held,
  days: SQL,
  certainly: boolean,
): SQL =>
  certainly
    ? allHold(
        overlaps(during, days),
        overlaps(held, days),
        or(holds(heldThroughout), isWithin(held, days)),
      )
    : overlaps(during, days);

/** May fall into the range. What has no date falls into none. */
export function fallsInto(
  during: PgColumn,
  range: DateRange | undefined,
  dated: PgColumn | SQL,
  bind: Bind,
): SQL | undefined {
  if (!range) return undefined;
  const end = (date: string | null | undefined) =>
    date === null || date === undefined ? cast(literal(null), 'text') : bind(date);
  const days = possiblePeriod(end(range.from), end(range.to));
  return allHold(isNotNull(dated), overlaps(during, once(days)));
}

/** The year of a date; null where several may be meant. */
export const yearOf = (date: PgColumn): SQL =>
  sql`case when length(${date}) in (4, 7, 10) then left(${date}, 4) end`;

// Place.

/** A circle on Earth. Numbers are texts here, as everything that a filter binds. */
export interface Circle {
  latitude: string;
  longitude: string;
  radiusKm: string;
}

/**
 * Lies within the circle: by an index within its span of latitudes, then by the great-circle
 * distance, which is right across the 180th meridian and around the poles.
 */
export function liesIn(latitude: PgColumn, longitude: PgColumn, circle: Circle, bind: Bind): SQL {
  const number = (value: string) => cast(bind(value), 'float8');
  const [lat, lon, radius] = [circle.latitude, circle.longitude, circle.radiusKm].map(number) as [
    SQL,
    SQL,
    SQL,
  ];
  // A degree of latitude is 111.195 km on a sphere of Earth's mean radius.
  return sql`${latitude} between ${lat} - ${radius} / 111.19 and ${lat} + ${radius} / 111.19
    and great_circle_km(${latitude}, ${longitude}, ${lat}, ${lon}) <= ${radius}`;
}
