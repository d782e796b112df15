import { sql } from 'drizzle-orm';
import { check, index, pgEnum, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { lifecycle, period, pgTable, primaryKey } from './columns.js';
import { organization } from './organization.js';

export const membershipRole = pgEnum('membership_role', [
  'MEMBER',
  'ASSOCIATE',
  'PARTNER',
  'OBSERVER',
  'CANDIDATE',
  'OTHER',
]);

/** An organization is member, partner, observer … of another, from – to. */
export const membership = pgTable(
  'membership',
  {
    id: primaryKey(),
    memberId: uuid()
      .notNull()
      .references(() => organization.id),
    organizationId: uuid()
      .notNull()
      .references(() => organization.id),
    role: membershipRole().notNull(),
    ...period(),
    ...lifecycle(),
  },
  (table) => [
    check('membership_member_check', sql`member_id <> organization_id`),
    uniqueIndex('membership_key').on(
      table.memberId,
      table.organizationId,
      table.role,
      sql`coalesce(start, '')`,
    ),
    index('membership_member_index')
      .on(table.memberId, table.startSort, table.id)
      .where(sql`live`),
    index('membership_organization_index')
      .on(table.organizationId, table.startSort, table.id)
      .where(sql`live`),
    index('membership_organization_during_index').using('gist', table.organizationId, table.during),
  ],
);
