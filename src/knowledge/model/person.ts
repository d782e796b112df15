import { and, eq } from 'drizzle-orm';
import { entity, person, position, reference } from '../../database/tables/index.js';
import { anyOf, referencedIs, heldAsOf, type AsOf } from '../reading/conditions.js';
import { entityFields, personFields, type EntityOf } from './entityFields.js';
import { defineCollection } from '../reading/collection.js';
import { existsIn } from '../reading/subqueries.js';

export type PersonRecord = EntityOf<'PERSON', typeof personFields>;

/** All conditions must hold; a list means any of it. */
export interface PersonFilter {
  /** Holds or held a post in any of these organizations … */
  organization?: string[] | undefined;
  /** … a post of any of these kinds … */
  positionKind?: (typeof position.$inferSelect)['kind'][] | undefined;
  /** … at any time in this date. */
  asOf?: AsOf | undefined;
  referenced?: boolean | undefined;
}

export const people = defineCollection({
  name: 'people',
  id: person.id,
  live: person.live,
  columns: { ...entityFields, ...personFields, id: person.id, type: person.type },
  source: person,
  joins: [{ table: entity, from: person.id, to: entity.id }],
  orders: { NAME: { column: person.sortName, type: 'text' }, ADDED: null },
  parents: {},
  conditions: ({ organization, positionKind, asOf, referenced }: PersonFilter, bind) => {
    const post = and(
      anyOf(position.organizationId, organization, bind),
      anyOf(position.kind, positionKind, bind),
      heldAsOf(position, asOf, bind),
    );
    return [
      post && existsIn(position, [eq(position.personId, person.id), position.live, post]),
      referencedIs(referenced, reference.entityId, person.id),
    ];
  },
  consults: [position, reference],
});
