import { sql, type SQL } from 'drizzle-orm';
import { cast, commas, once } from '../../database/sql.js';
import type { Key } from './batcher.js';

/**
 * Takes the value of a condition and gives back the SQL that stands for it in the statement,
 * a column of `keys`. So a filter's values travel with the key, and requests that filter by
 * other values of the same fields share a statement.
 */
export type Bind = (value: string, type?: ParameterType) => SQL;

export type ParameterType = 'text' | 'uuid';

/** Collects the values that conditions bind, in their order. */
export class Parameters {
  readonly values: string[] = [];
  readonly types: ParameterType[] = [];

  readonly bind: Bind = (value, type = 'text') => {
    this.types.push(type);
    return keyParameter(this.values.push(value) - 1);
  };
}

/**
 * What of a filter decides the text of its conditions: which fields it has, whether a list is
 * of one value or of several, and what is neither text nor list.
 */
export function structureOf(value: unknown): unknown {
  if (typeof value === 'string') return 's';
  if (Array.isArray(value)) return value.length === 1 ? 1 : 'n';
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([name, field]) =>
    field === undefined ? 0 : [name, structureOf(field)],
  );
}

// Many keys travel as one array for each of their parameters, so that a statement's text does
// not change with their number and PostgreSQL plans it once. Both drivers accept an array's
// literal form.

/** Keys that are UUIDs, which the application made itself, as one parameter. */
export const uuids = (ids: readonly string[]): SQL => cast(uuidArray(ids), 'uuid[]');

/** Keys that people wrote, as one parameter. */
export const texts = (values: readonly string[]): SQL => cast(textArray(values), 'text[]');

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

/** A parameter of a key: a column of `keys`. */
export const keyParameter = (place: number): SQL => sql.raw(`keys.p${place}`);

/** The number of a row's key, from 1: which key of the batch the row belongs to. */
export const keyNumber = sql<number>`keys.n::int`;

/**
 * The keys as a relation `keys (p0, p1 …, n)`: `n` counts them from 1.
 *
 * @param isSteady Plans the statement for any number of keys alike, so that PostgreSQL soon keeps
 *   the plan: for statements of which planning costs more than a plan made to measure saves.
 */
export function keysTable(types: readonly ParameterType[], isSteady = false): SQL {
  if (types.length === 0) return sql`(values (1)) as keys(n)`;
  const names = types.map((_, i) => `p${i}`);
  const arrays = types.map((type, i) => cast(sql.placeholder(`keys${i}`), `${type}[]`));
  const given = isSteady ? arrays.map(once) : arrays;
  return sql`unnest(${commas(given)}) with ordinality as keys(${sql.raw(names.join(', '))}, n)`;
}
