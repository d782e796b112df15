import { eq, ne } from 'drizzle-orm';
import { check, index, pgEnum, uuid, type AnyPgColumn, unique } from 'drizzle-orm/pg-core';
import { holds } from '../sql.js';
import { bodyAccess, pgTable } from './columns.js';
import { entityColumns, entityKey } from './entity.js';
import { place } from './place.js';

export const organizationKind = pgEnum('organization_kind', [
  'ALLIANCE',
  'INTERNATIONAL_ORGANIZATION',
  'STATE',
  'GOVERNMENT',
  'MINISTRY',
  'LEGISLATURE',
  'COMMITTEE',
  'COURT',
  'PARTY',
  'COMPANY',
  'NEWS_MEDIUM',
  'PROGRAMME',
  'NON_GOVERNMENTAL',
  'OTHER',
]);

export const organization = pgTable(
  'organization',
  {
    ...entityColumns('ORGANIZATION'),
    kind: organizationKind().notNull(),
    parentId: uuid().references((): AnyPgColumn => organization.id),
    /** Its territory or seat. */
    homeId: uuid().references((): AnyPgColumn => place.id),
    /** Of new articles that it publishes; null: as the server is set. */
    articleBodyAccess: bodyAccess(),
  },
  (table) => [
    entityKey('organization', table),
    unique('organization_live_key').on(table.id, table.live),
    check('organization_type_check', eq(table.type, 'ORGANIZATION')),
    check('organization_parent_check', ne(table.parentId, table.id)),
    index('organization_name_index').on(table.sortName, table.id).where(holds(table.live)),
    index('organization_parent_index')
      .on(table.parentId, table.sortName, table.id)
      .where(holds(table.live)),
    index('organization_home_index')
      .on(table.homeId, table.sortName, table.id)
      .where(holds(table.live)),
    index('organization_kind_index')
      .on(table.kind, table.sortName, table.id)
      .where(holds(table.live)),
  ],
);
