/** The SQL that reads what entities are connected with. */
import { and, count, eq, gt, isNotNull, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { cast, equalsAny, left, literal, partialDateRange } from '../../../database/sql.js';
import { entity } from '../../../database/tables/index.js';
import { keyParameter, keysTable, type ParameterType } from '../../reading/keys.js';
import { heldIn } from '../../reading/conditions.js';
import { limitTo, selectFrom, subquery, unionAll } from '../../reading/subqueries.js';
import { links, officeStoodAsOf, type Link } from './links.js';
import type { EntityType } from './relations.js';

/** So many edges of one relation are read of entities from which they lead. */
export const maxPerSource = 2000;
/** The same, where only those to certain entities are wanted. */
export const maxScanned = 500;

/** A link, read in one direction. */
export interface Direction {
  /** The place of the link in `links`. */
  link: number;
  inverse: boolean;
}

/** How a statement selects the entities whose edges it reads. */
export interface EdgeRequest {
  types: readonly ParameterType[];
  table: (types: readonly ParameterType[]) => SQL;
  /** Whether a column is the key of one of them, which are of these types. */
  own: (column: PgColumn, of: readonly EntityType[]) => SQL;
  limit: SQL;
  /** The keys of the entities to which the edges have to lead; of any without it. */
  others?: SQL;
}

export const ofOne: EdgeRequest = {
  types: ['uuid', 'text'],
  table: (types) => keysTable(types, true),
  own: (column) => eq(column, keyParameter(0)),
  limit: cast(keyParameter(1), 'int'),
};

export const entityTypes: readonly EntityType[] = ['ORGANIZATION', 'PERSON', 'OFFICE', 'PLACE'];

/** The keys of each type apart, as few links begin at all types. */
export const fromAny: EdgeRequest = {
  types: ['text', 'text', 'text', 'text'],
  table: (types) => listTable(types, 4),
  own: (column, of) => {
    const arrays = of.map((type) => keyParameter(entityTypes.indexOf(type)));
    return equalsAny(column, sql.join(arrays, sql.raw(' || ')));
  },
  limit: literal(maxPerSource + 1),
};

export const between: EdgeRequest = {
  ...fromAny,
  types: [...fromAny.types, 'text'],
  table: (types) => listTable(types, 5),
  limit: literal(maxScanned + 1),
  others: sql`unnest(keys.p4)`,
};

/** With the first parameters as lists, which are read once, not for each row they are compared with. */
function listTable(types: readonly ParameterType[], lists: number): SQL {
  const columns = types.map((_, i) => (i < lists ? `p${i}::uuid[]` : `p${i}`));
  return sql`(select ${sql.raw(columns.join(', '))}, n from ${keysTable(types, true)} offset 0) as keys`;
}

/** Each link read by its own index, up to a limit. */
export function rowsOf(
  used: readonly Direction[],
  { own, limit, others }: EdgeRequest,
  asOf: { date: SQL; certainly: boolean } | undefined,
): SQL {
  const days = asOf && partialDateRange(asOf.date);
  const branches = used.flatMap(({ link: n, inverse }) => {
    const link = links[n];
    if (!link) return [];
    const [near, far] = inverse ? [link.to, link.from] : [link.from, link.to];
    const facts = selectFrom(
      { own: near.as('own'), other: far.as('other'), fact: link.id.as('fact') },
      link,
    )
      .where(
        and(
          own(near, link.types[inverse ? 1 : 0]),
          isNotNull(far),
          (inverse ? link.whereInverse : undefined) ?? link.where,
          days && heldAsOf(link, days, asOf.certainly),
        ),
      )
      .limit(limitTo(limit))
      .as('facts');
    // Of entities that were reached before it is known that they are there, and what they are.
    const [type, id] = others
      ? [literal('--'), sql`wanted.id`]
      : [left(cast(entity.type, 'text'), literal(2)), entity.id];
    const fields = {
      link: literal(n).as('link'),
      inverse: literal(inverse).as('inverse'),
      count: count().as('count'),
      ends: sql`coalesce(string_agg(${type} || ${facts.own}::text || ${id}::text || ${facts.fact}::text, ''), '')`.as(
        'ends',
      ),
    };
    const found = subquery.select(fields).from(facts);
    return (
      others
        ? found.leftJoin(sql`${others} as wanted (id)`, sql`wanted.id = ${facts.other}`)
        : found.leftJoin(entity, and(eq(entity.id, facts.other), entity.live))
    ).having(gt(count(), literal(0)));
  });
  return unionAll(branches);
}

function heldAsOf({ time, fact }: Link, days: SQL, certainly: boolean): SQL | undefined {
  if (time) return heldIn(time, days, certainly);
  return fact === 'Office' ? officeStoodAsOf(days, certainly) : undefined;
}
