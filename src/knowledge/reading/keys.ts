import { sql, type SQL } from 'drizzle-orm';

// Many keys travel as one array in one parameter, so that a statement's text does not change
// with their number and PostgreSQL plans it once. Both drivers accept an array's literal form.

/** Keys that are UUIDs, which the application made itself. */
export const uuids = (ids: readonly string[]): SQL => sql`${`{${ids.join(',')}}`}::uuid[]`;

/** Keys that people wrote. */
export const texts = (values: readonly string[]): SQL =>
  sql`${`{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`}::text[]`;
