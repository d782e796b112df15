import type { Circle } from '../../knowledge/reading/conditions.js';
import { builder } from '../builder.js';
import { badInput } from '../errors.js';

/** Half of Earth's circumference, in kilometres. */
const maxRadiusKm = 20_016;

export const NearInput = builder.inputType('Near', {
  description:
    'A circle on Earth. Example, around Vienna: `{ latitude: 48.21, longitude: 16.37, radiusKm: 50 }`.',
  fields: (t) => ({
    latitude: t.float({
      required: true,
      description: 'Of its centre, in degrees north of the equator: −90 to 90.',
    }),
    longitude: t.float({
      required: true,
      description: 'Of its centre, in degrees east of Greenwich: −180 to 180.',
    }),
    radiusKm: t.float({
      required: true,
      description: `Its radius along the surface, in kilometres: above 0, at most ${maxRadiusKm}.`,
    }),
  }),
});

/** @throws BAD_USER_INPUT naming the field of `argument` that is out of range */
export function circle(
  near: { latitude: number; longitude: number; radiusKm: number } | null | undefined,
  argument: string,
): Circle | undefined {
  if (!near) return undefined;
  const { latitude, longitude, radiusKm } = near;
  check(`${argument}.latitude`, latitude, Math.abs(latitude) <= 90, 'from -90 to 90');
  check(`${argument}.longitude`, longitude, Math.abs(longitude) <= 180, 'from -180 to 180');
  check(
    `${argument}.radiusKm`,
    radiusKm,
    radiusKm > 0 && radiusKm <= maxRadiusKm,
    `above 0 and at most ${maxRadiusKm}`,
  );
  return {
    latitude: String(latitude),
    longitude: String(longitude),
    radiusKm: String(radiusKm),
  };
}

// Private:

function check(argument: string, value: number, isInRange: boolean, range: string): void {
  if (!isInRange) throw badInput(argument, `must be ${range}, but is ${value}`);
}
