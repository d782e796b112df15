import { eq, gte } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  pgEnum,
  primaryKey as compositeKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { holds } from '../sql.js';
import { period, pgTable, primaryKey } from './columns.js';
import { entity, entityColumns, entityKey } from './entity.js';
import { organization } from './organization.js';
import { coordinateCheck, coordinates, place } from './place.js';

export const officeKind = pgEnum('office_kind', [
  'HEADQUARTERS',
  'LIAISON',
  'REGIONAL',
  'EMBASSY',
  'HIGH_COMMISSION',
  'NUNCIATURE',
  'CONSULATE',
  'CONSULATE_GENERAL',
  'HONORARY_CONSULATE',
  'MISSION',
  'REPRESENTATIVE',
  'FIELD',
  'DISTRICT',
  'OTHER',
]);

export const officeStatusValue = pgEnum('office_status_value', [
  'PROPOSED',
  'PLANNED',
  'OPEN',
  'SUSPENDED',
  'CLOSED',
]);

export const office = pgTable(
  'office',
  {
    ...entityColumns('OFFICE'),
    organizationId: uuid()
      .notNull()
      .references(() => organization.id),
    kind: officeKind().notNull(),
    /** The last status in `office_status`; derived by a trigger. */
    currentStatus: officeStatusValue(),
    placeId: uuid().references(() => place.id),
    /** The organization or place that it mainly deals with. */
    accreditedToId: uuid().references(() => entity.id),
    staffCount: integer(),
    address: text(),
    ...coordinates(),
  },
  (table) => [
    entityKey('office', table),
    check('office_type_check', eq(table.type, 'OFFICE')),
    check('office_staff_count_check', gte(table.staffCount, 0)),
    coordinateCheck('office', table),
    index('office_name_index').on(table.sortName, table.id).where(holds(table.live)),
    index('office_organization_index')
      .on(table.organizationId, table.sortName, table.id)
      .where(holds(table.live)),
    // Includes place and accreditation, so that paths need only the index.
    index('office_organization_kind_index')
      .on(
        table.organizationId,
        table.kind,
        table.sortName,
        table.id,
        table.placeId,
        table.accreditedToId,
      )
      .where(holds(table.live)),
    index('office_place_index')
      .on(table.placeId, table.sortName, table.id)
      .where(holds(table.live)),
    index('office_accredited_to_index')
      .on(table.accreditedToId, table.sortName, table.id)
      .where(holds(table.live)),
    index('office_latitude_index').on(table.latitude).where(holds(table.live)),
    index('office_kind_index').on(table.kind, table.sortName, table.id).where(holds(table.live)),
  ],
);

/** Further accreditations, as embassies often have to neighbouring states. */
export const officeAccreditation = pgTable(
  'office_accreditation',
  {
    officeId: uuid()
      .notNull()
      .references(() => office.id),
    accreditedToId: uuid()
      .notNull()
      .references(() => entity.id),
    ordinal: integer().notNull(),
  },
  (table) => [
    compositeKey({ columns: [table.officeId, table.accreditedToId] }),
    index('office_accreditation_to_index').on(table.accreditedToId),
  ],
);

/** The dated statuses of an office: proposed in January, open in May, closed later. One at a time. */
export const officeStatus = pgTable(
  'office_status',
  {
    id: primaryKey(),
    officeId: uuid()
      .notNull()
      .references(() => office.id),
    status: officeStatusValue().notNull(),
    ...period(),
  },
  (table) => [
    index('office_status_office_index').on(table.officeId, table.startSort, table.id),
    index('office_status_during_index').using('gist', table.officeId, table.during),
  ],
);
