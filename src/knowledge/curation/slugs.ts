/** Generates slugs for records that are created without one. */
import { sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { findErased, slugKey } from '../model/erasureKeys.js';
import { slugify } from '../values/names.js';
import { type RecordType, linkTargetOf, spaceOf } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';

/**
 * A free slug made of the name, with a number if a record has or had it: the slugs of erased
 * records are not assigned again. The number of statements does not grow with that of records.
 */
export async function freeSlug(
  tx: Queryable,
  recordType: RecordType,
  fields: Values,
): Promise<string> {
  const name = fields['name'] ?? fields['title'];
  const stem =
    slugify(typeof name === 'string' ? name : '')
      .slice(0, 150)
      .replace(/-$/, '') || recordType;
  const target = linkTargetOf(recordType);
  if (!target) throw new Error(`${recordType} have no slugs`);
  const space = spaceOf(target);
  const first = await firstFree(tx, space, stem);
  for (let [from, count] = [first, 1]; ; from += count, count = Math.min(count * 64, 4096)) {
    const slugs = count === 1 ? [numbered(stem, from)] : await freeOf(tx, space, stem, from, count);
    const erased = await findErased(
      tx,
      slugs.map((slug) => slugKey(space, slug)),
    );
    const free = slugs.find((slug) => !erased.has(slugKey(space, slug)));
    if (free !== undefined) return free;
  }
}

// Private:

const numbered = (stem: string, number: number): string =>
  number === 1 ? stem : `${stem}-${number}`;

/** The slug with a number, in SQL. */
const slugWith = (stem: string, number: string) =>
  sql`${stem}::text || case ${sql.raw(number)} when 1 then '' else '-' || ${sql.raw(number)} end`;

/**
 * A free number. The statement doubles the number until one is free, then searches by bisection,
 * so that thousands of records with the same name cost a few dozen index lookups.
 */
async function firstFree(tx: Queryable, space: string, stem: string): Promise<number> {
  const isTaken = (number: string) =>
    sql`exists (select from ${sql.identifier(space)} where slug = ${slugWith(stem, number)})`;
  const [row] = await readRows<{ number: number }>(
    tx,
    sql`with recursive doubled(number) as (
        values (1) union all select number * 2 from doubled where ${isTaken('number')}),
      halved(taken, free) as (
        select max(number) / 2, max(number) from doubled
        union all
        select case when it.is_taken then it.middle else taken end,
          case when it.is_taken then free else it.middle end
        from halved, lateral (select middle, ${isTaken('middle')} as is_taken
          from (select (taken + free) / 2 as middle) it) it
        where free - taken > 1)
      select min(free) as number from halved`,
  );
  if (!row) throw new Error('a slug is always free');
  return row.number;
}

/** The free slugs in a range of numbers, in order. */
async function freeOf(
  tx: Queryable,
  space: string,
  stem: string,
  from: number,
  count: number,
): Promise<string[]> {
  const rows = await readRows<{ slug: string }>(
    tx,
    sql`select it.slug from generate_series(${from}::int, ${from + count - 1}::int) number,
        lateral (select ${slugWith(stem, 'number')} as slug) it
      where not exists (select from ${sql.identifier(space)} t where t.slug = it.slug)
      order by number`,
  );
  return rows.map(({ slug }) => slug);
}
