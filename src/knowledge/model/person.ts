import { eq } from 'drizzle-orm';
import { entity, person, position, reference } from '../../database/tables/index.js';
import { anyOf, referencedIs } from '../reading/conditions.js';
import { entityFields, personFields, type EntityOf } from './entityFields.js';
import { defineCollection } from '../reading/collection.js';
import { existsIn } from '../reading/subqueries.js';
import { positionConditions, type PositionFilter } from './position.js';

export type PersonRecord = EntityOf<'PERSON', typeof personFields>;

/** All conditions must match; a list matches any of its values. */
export interface PersonFilter {
  /** Only these, by key. */
  ids?: string[] | undefined;
  positions?: { some?: PositionFilter | undefined } | undefined;
  referenced?: boolean | undefined;
}

export const people = defineCollection({
  name: 'people',
  id: person.id,
  live: person.live,
  columns: { ...entityFields, ...personFields, id: person.id, type: person.type },
  source: person,
  joins: [{ table: entity, from: person.id, to: entity.id }],
  orders: { NAME: { column: person.sortName, type: 'text' }, CREATED_AT: null },
  parents: {},
  conditions: ({ ids, positions, referenced }: PersonFilter, bind) => [
    anyOf(person.id, ids, bind),
    positions?.some &&
      existsIn(position, [
        eq(position.personId, person.id),
        position.live,
        ...positionConditions(positions.some, bind),
      ]),
    referencedIs(referenced, reference.entityId, person.id),
  ],
  consults: [position, reference],
});
