import { and, eq, or, sql, type SQL } from 'drizzle-orm';
import {
  entity,
  office,
  officeAccreditation,
  officeStatus,
  place,
  reference,
} from '../database/tables/index.js';
import { anyOf, referencedIs } from './reading/conditions.js';
import { entityFields, officeFields, type EntityOf } from './entityFields.js';
import { heldAsOf } from './reading/period.js';
import type { Bind } from './reading/parameters.js';
import { defineCollection, type RowOf } from './reading/collection.js';

export type OfficeRecord = EntityOf<'OFFICE', typeof officeFields>;
export type OfficeStatus = NonNullable<OfficeRecord['status']>;

/** All conditions must hold; a list means any of it. */
export interface OfficeFilter {
  kind?: OfficeRecord['kind'][] | undefined;
  status?: OfficeStatus[] | undefined;
  /** The date as of which `status` is meant; without `status`: not closed then. */
  asOf?: string | undefined;
  organization?: string[] | undefined;
  place?: string[] | undefined;
  country?: string[] | undefined;
  accreditedTo?: string[] | undefined;
  referenced?: boolean | undefined;
}

export const offices = defineCollection({
  name: 'offices',
  id: office.id,
  live: office.live,
  columns: { ...entityFields, ...officeFields, id: office.id, type: office.type },
  source: office,
  joins: [{ table: entity, from: office.id, to: entity.id }],
  orders: { NAME: { column: office.sortName, type: 'text' }, ADDED: null },
  parents: {
    organization: [office.organizationId],
    place: [office.placeId],
    accreditedTo: [
      office.accreditedToId,
      (entityId) => sql`exists (select from ${officeAccreditation}
        where ${officeAccreditation.officeId} = ${office.id}
        and ${officeAccreditation.accreditedToId} = ${entityId})`,
    ],
  },
  conditions: (filter: OfficeFilter, bind) => [
    anyOf(office.kind, filter.kind, bind),
    statusIs(filter, bind),
    anyOf(office.organizationId, filter.organization, bind),
    anyOf(office.placeId, filter.place, bind),
    filter.country &&
      sql`exists (select from ${place}
        where ${place.id} = ${office.placeId} and ${anyOf(place.countryId, filter.country, bind)})`,
    filter.accreditedTo && accreditedTo(filter.accreditedTo, bind),
    referencedIs(filter.referenced, reference.entityId, office.id),
  ],
  consults: [officeStatus, officeAccreditation, place, reference],
});

const statusColumns = {
  id: officeStatus.id,
  officeId: officeStatus.officeId,
  status: officeStatus.status,
  start: officeStatus.start,
  end: officeStatus.end,
};

export type OfficeStatusRecord = RowOf<typeof statusColumns>;

/** The dated statuses of an office, oldest first. */
export const officeStatuses = {
  name: 'office statuses',
  table: officeStatus,
  of: officeStatus.officeId,
  columns: statusColumns,
  order: [sql`${officeStatus.startSort}`, sql`${officeStatus.id}`],
  conditions: ({ asOf }: { asOf?: string | undefined }, bind: Bind) => [
    heldAsOf(officeStatus.during, asOf, bind),
  ],
};

/** One dated status by its key. It is as visible as its office. */
export const officeStatusRecords = defineCollection({
  name: 'office status',
  id: officeStatus.id,
  live: sql`exists (select from ${office} where ${office.id} = ${officeStatus.officeId} and ${office.live})`,
  columns: statusColumns,
  source: officeStatus,
  orders: { START: { column: officeStatus.startSort, type: 'date' } },
  parents: {},
  conditions: () => [],
});

/** Whom else an office is accredited to, in the order given. */
export const officeAccreditations = {
  name: 'office accreditations',
  table: officeAccreditation,
  of: officeAccreditation.officeId,
  columns: { entityId: officeAccreditation.accreditedToId },
  order: [sql`${officeAccreditation.ordinal}`],
};

// Private:

function statusIs({ status, asOf }: OfficeFilter, bind: Bind): SQL | undefined {
  if (asOf === undefined) return anyOf(office.currentStatus, status, bind);
  const own = eq(officeStatus.officeId, office.id);
  const held = heldAsOf(officeStatus.during, asOf, bind);
  const among = status
    ? anyOf(officeStatus.status, status, bind)
    : sql`${officeStatus.status} <> 'CLOSED'`;
  if (status) return sql`exists (select from ${officeStatus} where ${and(own, held, among)})`;
  // As one value an office, true for those without any status: of two conditions with "or"
  // between them PostgreSQL would read the whole table first.
  return sql`coalesce((select bool_or(${and(held, among)}) from ${officeStatus} where ${own}), true)`;
}

const accreditedTo = (ids: string[], bind: Bind) =>
  or(
    anyOf(office.accreditedToId, ids, bind),
    sql`exists (select from ${officeAccreditation}
      where ${officeAccreditation.officeId} = ${office.id}
      and ${anyOf(officeAccreditation.accreditedToId, ids, bind)})`,
  );
