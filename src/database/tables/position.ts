import { index, pgEnum, text, uniqueIndex, uuid, foreignKey } from 'drizzle-orm/pg-core';
import { coalesce, holds, literal } from '../sql.js';
import { lifecycle, period, pgTable, primaryKey, endLive } from './columns.js';
import { organization } from './organization.js';
import { person } from './person.js';

export const positionKind = pgEnum('position_kind', [
  'HEAD_OF_STATE',
  'HEAD_OF_GOVERNMENT',
  'HEAD_OF_ORGANIZATION',
  'MINISTER',
  'AMBASSADOR',
  'LEGISLATOR',
  'JUDGE',
  'SPOKESPERSON',
  'OFFICIAL',
  'OTHER',
]);

/** A person holds a post in an organization, over a period. */
export const position = pgTable(
  'position',
  {
    id: primaryKey(),
    personId: uuid().notNull(),
    personLive: endLive(),
    organizationId: uuid().notNull(),
    organizationLive: endLive(),
    title: text().notNull(),
    kind: positionKind().notNull(),
    ...period(),
    ...lifecycle('person_live', 'organization_live'),
  },
  (table) => [
    foreignKey({
      name: 'position_person_key',
      columns: [table.personId, table.personLive],
      foreignColumns: [person.id, person.live],
    }).onUpdate('cascade'),
    foreignKey({
      name: 'position_organization_key',
      columns: [table.organizationId, table.organizationLive],
      foreignColumns: [organization.id, organization.live],
    }).onUpdate('cascade'),
    uniqueIndex('position_key').on(
      table.personId,
      table.organizationId,
      table.title,
      coalesce(table.start, literal('')),
    ),
    index('position_start_index').on(table.startSort, table.id).where(holds(table.live)),
    index('position_person_index')
      .on(table.personId, table.startSort, table.id)
      .where(holds(table.live)),
    index('position_organization_index')
      .on(table.organizationId, table.startSort, table.id)
      .where(holds(table.live)),
    index('position_organization_during_index').using(
      'gist',
      table.organizationId,
      table.during,
      table.held,
    ),
  ],
);
