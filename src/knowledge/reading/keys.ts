import { sql, type SQL } from 'drizzle-orm';
import type { Key } from './batcher.js';
import type { ParameterType } from './parameters.js';

// Many keys travel as one array for each of their parameters, so that a statement's text does
// not change with their number and PostgreSQL plans it once. Both drivers accept an array's
// literal form.

/** Keys that are UUIDs, which the application made itself, as one parameter. */
export const uuids = (ids: readonly string[]): SQL => sql`${uuidArray(ids)}::uuid[]`;

/** Keys that people wrote, as one parameter. */
export const texts = (values: readonly string[]): SQL => sql`${textArray(values)}::text[]`;

/** The literal of an array of UUIDs. */
export const uuidArray = (ids: readonly string[]): string => `{${ids.join(',')}}`;

/** The literal of an array of texts that people wrote. */
export const textArray = (values: readonly string[]): string =>
  `{${values.map((value) => `"${/["\\]/.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`).join(',')}}`;

/** The values of a statement's placeholders `keys0`, `keys1` …: one array for each parameter. */
export function keyArrays(
  keys: readonly Key[],
  types: readonly ParameterType[],
): Record<string, string> {
  const arrays: Record<string, string> = {};
  for (const [i, type] of types.entries()) {
    const values = keys.map(({ parameters }) => parameters[i] ?? '');
    arrays[`keys${i}`] = type === 'uuid' ? uuidArray(values) : textArray(values);
  }
  return arrays;
}

/**
 * The keys as a relation `asked (p0, p1 …, n)`: `n` counts them from 1.
 *
 * @param isSteady Plans the statement for any number of keys alike, so that PostgreSQL soon keeps
 *   the plan: for statements of which planning costs more than a plan made to measure saves.
 */
export function keysTable(types: readonly ParameterType[], isSteady = false): SQL {
  if (types.length === 0) return sql`(values (1)) as asked(n)`;
  const names = types.map((_, i) => `p${i}`);
  const arrays = types.map((type, i) => sql`${sql.placeholder(`keys${i}`)}::${sql.raw(type)}[]`);
  const given = isSteady ? arrays.map((array) => sql`(select ${array})`) : arrays;
  return sql`unnest(${sql.join(given, sql`, `)}) with ordinality as asked(${sql.raw(names.join(', '))}, n)`;
}
