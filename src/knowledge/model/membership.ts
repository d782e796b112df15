import { membership, reference } from '../../database/tables/index.js';
import { anyOf, referencedIs, heldAsOf, type AsOf } from '../reading/conditions.js';
import { defineCollection, type RowOf } from '../reading/collection.js';
import type { Bind } from '../reading/keys.js';

const columns = {
  id: membership.id,
  memberId: membership.memberId,
  organizationId: membership.organizationId,
  role: membership.role,
  start: membership.start,
  end: membership.end,
  publicationStatus: membership.status,
  createdAt: membership.createdAt,
  updatedAt: membership.updatedAt,
};

export type MembershipRecord = RowOf<typeof columns>;

/** All conditions must match; a list matches any of its values. */
export interface MembershipFilter {
  role?: MembershipRecord['role'][] | undefined;
  member?: string[] | undefined;
  organization?: string[] | undefined;
  asOf?: AsOf | undefined;
  referenced?: boolean | undefined;
}

/** Conditions on memberships in a list, and on those of a member. */
export const membershipConditions = (
  { role, member, organization, asOf, referenced }: MembershipFilter,
  bind: Bind,
) => [
  anyOf(membership.role, role, bind),
  anyOf(membership.memberId, member, bind),
  anyOf(membership.organizationId, organization, bind),
  heldAsOf(membership, asOf, bind),
  referencedIs(referenced, reference.membershipId, membership.id),
];

export const memberships = defineCollection({
  name: 'memberships',
  id: membership.id,
  live: membership.live,
  columns,
  source: membership,
  orders: { START: { column: membership.startSort, type: 'date' }, CREATED_AT: null },
  parents: { member: [membership.memberId], organization: [membership.organizationId] },
  conditions: membershipConditions,
  consults: [reference],
});
