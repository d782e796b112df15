/** Conditions on where something is. */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Bind } from './parameters.js';

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
  const number = (value: string) => sql`${bind(value)}::float8`;
  const [lat, lon, radius] = [circle.latitude, circle.longitude, circle.radiusKm].map(number) as [
    SQL,
    SQL,
    SQL,
  ];
  // A degree of latitude is 111.195 km on a sphere of Earth's mean radius.
  return sql`${latitude} between ${lat} - ${radius} / 111.19 and ${lat} + ${radius} / 111.19
    and great_circle_km(${latitude}, ${longitude}, ${lat}, ${lon}) <= ${radius}`;
}
