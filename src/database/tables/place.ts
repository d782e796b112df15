import { between, eq, isNull, ne } from 'drizzle-orm';
import {
  check,
  doublePrecision,
  index,
  pgEnum,
  text,
  uniqueIndex,
  uuid,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import { allHold, holds } from '../sql.js';
import { pgTable } from './columns.js';
import { entityColumns, entityKey } from './entity.js';

export const placeKind = pgEnum('place_kind', ['COUNTRY', 'REGION', 'CITY', 'SITE']);

/** Coordinates in degrees, WGS 84: both or neither. */
export const coordinates = () => ({ latitude: doublePrecision(), longitude: doublePrecision() });

/** The check of a table with `coordinates`. */
export const coordinateCheck = (
  table: string,
  { latitude, longitude }: Record<'latitude' | 'longitude', AnyPgColumn>,
) =>
  check(
    `${table}_coordinates_check`,
    allHold(
      eq(isNull(latitude), isNull(longitude)),
      between(latitude, -90, 90),
      between(longitude, -180, 180),
    ),
  );

export const place = pgTable(
  'place',
  {
    ...entityColumns('PLACE'),
    kind: placeKind().notNull(),
    /** The place that this one lies in. */
    withinId: uuid().references((): AnyPgColumn => place.id),
    /** The nearest country at or above this place; derived by a trigger. */
    countryId: uuid().references((): AnyPgColumn => place.id),
    /** ISO 3166-1 or 3166-2 code. */
    isoCode: text(),
    ...coordinates(),
  },
  (table) => [
    entityKey('place', table),
    check('place_type_check', eq(table.type, 'PLACE')),
    check('place_within_check', ne(table.withinId, table.id)),
    coordinateCheck('place', table),
    uniqueIndex('place_iso_code_key').on(table.isoCode),
    index('place_name_index').on(table.sortName, table.id).where(holds(table.live)),
    index('place_within_index')
      .on(table.withinId, table.sortName, table.id)
      .where(holds(table.live)),
    index('place_country_index')
      .on(table.countryId, table.sortName, table.id)
      .where(holds(table.live)),
    index('place_latitude_index').on(table.latitude).where(holds(table.live)),
    index('place_kind_index').on(table.kind, table.sortName, table.id).where(holds(table.live)),
  ],
);
