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

/**
 * Both or neither are known: the database sees to it. They are missing where nothing that was
 * read of a type's own columns is known.
 */
export const coordinatesOf = ({
  latitude,
  longitude,
}: {
  latitude?: number | null;
  longitude?: number | null;
}): Point | null =>
  typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : null;
