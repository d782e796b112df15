import { eq } from 'drizzle-orm';
import { entity, membership, organization, reference } from '../../database/tables/index.js';
import { anyOf, referencedIs } from '../reading/conditions.js';
import { entityFields, organizationFields, type EntityOf } from './entityFields.js';
import { defineCollection } from '../reading/collection.js';
import { existsIn } from '../reading/subqueries.js';
import { membershipConditions, type MembershipFilter } from './membership.js';

export type OrganizationRecord = EntityOf<'ORGANIZATION', typeof organizationFields>;

/** All conditions must match; a list matches any of its values. */
export interface OrganizationFilter {
  /** Only these, by key. */
  ids?: string[] | undefined;
  kind?: OrganizationRecord['kind'][] | undefined;
  parent?: string[] | undefined;
  home?: string[] | undefined;
  /** Of the organization as the member. */
  memberships?: { some?: MembershipFilter | undefined } | undefined;
  referenced?: boolean | undefined;
}

export const organizations = defineCollection({
  name: 'organizations',
  id: organization.id,
  live: organization.live,
  columns: { ...entityFields, ...organizationFields, id: organization.id, type: organization.type },
  source: organization,
  joins: [{ table: entity, from: organization.id, to: entity.id }],
  orders: { NAME: { column: organization.sortName, type: 'text' }, CREATED_AT: null },
  parents: { parent: [organization.parentId], home: [organization.homeId] },
  conditions: ({ ids, kind, parent, home, memberships, referenced }: OrganizationFilter, bind) => [
    anyOf(organization.id, ids, bind),
    anyOf(organization.kind, kind, bind),
    anyOf(organization.parentId, parent, bind),
    anyOf(organization.homeId, home, bind),
    memberships?.some &&
      existsIn(membership, [
        eq(membership.memberId, organization.id),
        membership.live,
        ...membershipConditions(memberships.some, bind),
      ]),
    referencedIs(referenced, reference.entityId, organization.id),
  ],
  consults: [membership, reference],
});
