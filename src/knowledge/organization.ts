import { eq, sql } from 'drizzle-orm';
import { entity, membership, organization, reference } from '../database/tables/index.js';
import { anyOf, referencedIs } from './reading/conditions.js';
import { entityFields, organizationFields, type EntityOf } from './entityFields.js';
import { defineCollection } from './reading/collection.js';

export type OrganizationRecord = EntityOf<'ORGANIZATION', typeof organizationFields>;

/** All conditions must hold; a list means any of it. */
export interface OrganizationFilter {
  kind?: OrganizationRecord['kind'][] | undefined;
  parent?: string[] | undefined;
  home?: string[] | undefined;
  /** Is or was a member, partner, observer … of any of these. */
  memberOf?: string[] | undefined;
  referenced?: boolean | undefined;
}

export const organizations = defineCollection({
  name: 'organizations',
  table: sql`${organization}`,
  id: organization.id,
  live: organization.live,
  columns: { ...entityFields, ...organizationFields },
  source: organization,
  joins: [[entity, eq(entity.id, organization.id)]],
  orders: { NAME: { column: organization.sortName, type: 'text' }, ADDED: null },
  parents: { parent: [organization.parentId], home: [organization.homeId] },
  conditions: ({ kind, parent, home, memberOf, referenced }: OrganizationFilter) => [
    anyOf(organization.kind, kind),
    anyOf(organization.parentId, parent),
    anyOf(organization.homeId, home),
    memberOf &&
      sql`exists (select from ${membership} where ${membership.memberId} = ${organization.id}
        and ${membership.live} and ${anyOf(membership.organizationId, memberOf)})`,
    referencedIs(referenced, reference.entityId, organization.id),
  ],
});
