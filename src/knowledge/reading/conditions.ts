/** Conditions that the filters of several nouns share. An absent filter is no condition. */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { reference } from '../../database/tables/index.js';
import { texts } from './keys.js';

/** Equals any of the values; none where the list is empty. */
export const anyOf = (column: PgColumn, values: readonly string[] | undefined): SQL | undefined =>
  values && sql`${column} = any(${texts(values)}::${sql.raw(column.getSQLType())}[])`;

/** Whether a reference supports the fact, which `arc` of the references points to. */
export const referencedIs = (
  wanted: boolean | undefined,
  arc: PgColumn,
  fact: PgColumn,
): SQL | undefined => {
  if (wanted === undefined) return undefined;
  const exists = sql`exists (select from ${reference} where ${arc} = ${fact} and ${reference.live})`;
  return wanted ? exists : sql`not ${exists}`;
};
