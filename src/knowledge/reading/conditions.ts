/** Conditions that the filters of several nouns share. An absent filter is no condition. */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { reference } from '../../database/tables/index.js';
import { textArray } from './keys.js';
import type { Bind } from './parameters.js';

/** Equals any of the values; none where the list is empty. */
export function anyOf(
  column: PgColumn,
  values: readonly string[] | undefined,
  bind: Bind,
): SQL | undefined {
  if (!values) return undefined;
  const type = sql.raw(column.getSQLType());
  const [only] = values;
  // An index that continues with the sort key gives rows in order only for a single value.
  if (values.length === 1 && only !== undefined) return sql`${column} = ${bind(only)}::${type}`;
  return sql`${column} = any(${bind(textArray(values))}::${type}[])`;
}

/** Whether a reference supports the fact, which `arc` of the references points to. */
export const referencedIs = (
  wanted: boolean | undefined,
  arc: PgColumn,
  fact: PgColumn,
): SQL | undefined => {
  if (wanted === undefined) return undefined;
  // Most facts have references, so looking row by row fills a page soonest; `offset 0` asks for it.
  const exists = sql`exists (select from ${reference} where ${arc} = ${fact} and ${reference.live} offset 0)`;
  return wanted ? exists : sql`not ${exists}`;
};
