import { entity, place, reference } from '../../database/tables/index.js';
import { anyOf, referencedIs, liesIn, type Circle } from '../reading/conditions.js';
import { entityFields, placeFields, type EntityOf } from './entityFields.js';
import { defineCollection } from '../reading/collection.js';

export type PlaceRecord = EntityOf<'PLACE', typeof placeFields>;

/** All conditions must match; a list matches any of its values. */
export interface PlaceFilter {
  /** Only these, by key. */
  ids?: string[] | undefined;
  kind?: PlaceRecord['kind'][] | undefined;
  within?: string[] | undefined;
  country?: string[] | undefined;
  isoCode?: string[] | undefined;
  near?: Circle | undefined;
  referenced?: boolean | undefined;
}

export const places = defineCollection({
  name: 'places',
  id: place.id,
  live: place.live,
  columns: { ...entityFields, ...placeFields, id: place.id, type: place.type },
  source: place,
  joins: [{ table: entity, from: place.id, to: entity.id }],
  orders: { NAME: { column: place.sortName, type: 'text' }, CREATED_AT: null },
  parents: { within: [place.withinId] },
  conditions: ({ ids, kind, within, country, isoCode, near, referenced }: PlaceFilter, bind) => [
    anyOf(place.id, ids, bind),
    anyOf(place.kind, kind, bind),
    anyOf(place.withinId, within, bind),
    anyOf(place.countryId, country, bind),
    anyOf(place.isoCode, isoCode, bind),
    near && liesIn(place.latitude, place.longitude, near, bind),
    referencedIs(referenced, reference.entityId, place.id),
  ],
  consults: [reference],
});
