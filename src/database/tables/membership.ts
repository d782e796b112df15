import { ne } from 'drizzle-orm';
import { check, index, pgEnum, uniqueIndex, uuid, foreignKey } from 'drizzle-orm/pg-core';
import { coalesce, holds, literal } from '../sql.js';
import { lifecycle, period, pgTable, primaryKey, endLive } from './columns.js';
import { organization } from './organization.js';

export const membershipRole = pgEnum('membership_role', [
  'MEMBER',
  'ASSOCIATE',
  'PARTNER',
  'OBSERVER',
  'CANDIDATE',
  'OTHER',
]);

/** An organization is a member, partner, observer … of another, over a period. */
export const membership = pgTable(
  'membership',
  {
    id: primaryKey(),
    memberId: uuid().notNull(),
    memberLive: endLive(),
    organizationId: uuid().notNull(),
    organizationLive: endLive(),
    role: membershipRole().notNull(),
    ...period(),
    ...lifecycle('member_live', 'organization_live'),
  },
  (table) => [
    foreignKey({
      name: 'membership_member_key',
      columns: [table.memberId, table.memberLive],
      foreignColumns: [organization.id, organization.live],
    }).onUpdate('cascade'),
    foreignKey({
      name: 'membership_organization_key',
      columns: [table.organizationId, table.organizationLive],
      foreignColumns: [organization.id, organization.live],
    }).onUpdate('cascade'),
    check('membership_member_check', ne(table.memberId, table.organizationId)),
    uniqueIndex('membership_key').on(
      table.memberId,
      table.organizationId,
      table.role,
      coalesce(table.start, literal('')),
    ),
    index('membership_start_index').on(table.startSort, table.id).where(holds(table.live)),
    index('membership_member_index')
      .on(table.memberId, table.startSort, table.id)
      .where(holds(table.live)),
    index('membership_organization_index')
      .on(table.organizationId, table.startSort, table.id)
      .where(holds(table.live)),
    index('membership_organization_during_index').using(
      'gist',
      table.organizationId,
      table.during,
      table.held,
    ),
  ],
);
