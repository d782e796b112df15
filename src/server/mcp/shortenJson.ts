/** Shortens the lists and texts of a value of JSON, and reports what was left out where. */
import { clip } from './answer.js';
import type { Json } from './reader.js';

export interface Limit {
  /** How many items each list keeps. */
  items: number;
  /** How many characters each text keeps. */
  characters: number;
}

export interface Cut {
  count: number;
  /** The first places, such as `12 of organization.offices.nodes`. */
  places: string[];
}

export function shortenJson(value: Json, limit: Limit): { value: Json; cut: Cut } {
  const cut: Cut = { count: 0, places: [] };
  return { value: shorten(value, limit, cut, ''), cut };
}

// Private:

const maxPlaces = 8;

function shorten(value: Json, limit: Limit, cut: Cut, path: string): Json {
  if (typeof value === 'string') return clip(value, limit) ?? null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const kept = value.slice(0, limit.items);
    const left = value.length - kept.length;
    if (left > 0) note(cut, `${left} of ${path}`);
    return kept.map((item) => shorten(item, limit, cut, path));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      shorten(item, limit, cut, path ? `${path}.${key}` : key),
    ]),
  );
}

function note(cut: Cut, place: string): void {
  cut.count++;
  if (cut.places.length < maxPlaces) cut.places.push(place);
  else cut.places[maxPlaces] = `and ${cut.count - maxPlaces} other lists`;
}
