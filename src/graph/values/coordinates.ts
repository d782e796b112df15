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
 * The database ensures that both or neither are known. They are missing if all columns of the
 * subtype that were read are null.
 */
export const coordinatesOf = ({
  latitude,
  longitude,
}: {
  latitude?: number | null;
  longitude?: number | null;
}): Point | null =>
  typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : null;
