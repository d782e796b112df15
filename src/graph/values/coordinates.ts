import { builder } from '../builder.js';

interface Point {
  latitude: number;
  longitude: number;
}

export const Coordinates = builder.objectRef<Point>('Coordinates').implement({
  description: 'A point on Earth (WGS 84).',
  fields: (t) => ({
    latitude: t.exposeFloat('latitude', {
      description: 'Degrees north of the equator, −90 to 90.',
    }),
    longitude: t.exposeFloat('longitude', {
      description: 'Degrees east of Greenwich, −180 to 180.',
    }),
  }),
});

/** Both or neither are known: the database sees to it. */
export const coordinatesOf = (record: {
  latitude: number | null;
  longitude: number | null;
}): Point | null =>
  record.latitude === null || record.longitude === null
    ? null
    : { latitude: record.latitude, longitude: record.longitude };
