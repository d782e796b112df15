import { and, eq, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import {
  entity,
  office,
  officeAccreditation,
  officeStatus,
  place,
  reference,
} from '../../database/tables/index.js';
import {
  anyOf,
  referencedIs,
  heldAsOf,
  type AsOf,
  liesIn,
  type Circle,
} from '../reading/conditions.js';
import { entityFields, officeFields, type EntityOf } from './entityFields.js';
import { type Bind, uuidArray } from '../reading/keys.js';
import { defineCollection, type RowOf } from '../reading/collection.js';

export type OfficeRecord = EntityOf<'OFFICE', typeof officeFields>;
export type OfficeStatus = NonNullable<OfficeRecord['status']>;

/** All conditions must hold; a list means any of it. */
export interface OfficeFilter {
  kind?: OfficeRecord['kind'][] | undefined;
  status?: OfficeStatus[] | undefined;
  /** The date as of which `status` is meant; without `status`: not closed then. */
  asOf?: AsOf | undefined;
  organization?: string[] | undefined;
  place?: string[] | undefined;
  country?: string[] | undefined;
  /** Standing in any of these places, or in places within them. */
  within?: string[] | undefined;
  near?: Circle | undefined;
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
  groups: {
    KIND: { value: sql`${office.kind}` },
    STATUS: { value: sql`${office.currentStatus}` },
    ORGANIZATION: { value: sql`${office.organizationId}`, isEntity: true },
    PLACE: { value: sql`${office.placeId}`, isEntity: true },
    COUNTRY: {
      value: sql`${place.countryId}`,
      join: sql`left join ${place} on ${place.id} = ${office.placeId}`,
      isEntity: true,
    },
    ACCREDITED_TO: { value: sql`${office.accreditedToId}`, isEntity: true },
    OPENED_YEAR: {
      value: sql`(select to_char(min(${officeStatus.startSort}), 'YYYY') from ${officeStatus}
        where ${officeStatus.officeId} = ${office.id} and ${officeStatus.status} = 'OPEN'
        and ${officeStatus.startSort} > '-infinity')`,
    },
  },
  conditions: (filter: OfficeFilter, bind) => [
    anyOf(office.kind, filter.kind, bind),
    statusIs(filter, bind),
    anyOf(office.organizationId, filter.organization, bind),
    anyOf(office.placeId, filter.place, bind),
    filter.country &&
      sql`exists (select from ${place}
        where ${place.id} = ${office.placeId} and ${anyOf(place.countryId, filter.country, bind)})`,
    filter.within && standsWithin(filter.within, bind),
    filter.near && standsIn(filter.near, bind),
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
  conditions: ({ asOf }: { asOf?: AsOf | undefined }, bind: Bind) => [
    heldAsOf(officeStatus, asOf, bind),
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
  const held = heldAsOf(officeStatus, asOf, bind);
  const among = status
    ? anyOf(officeStatus.status, status, bind)
    : sql`${officeStatus.status} <> 'CLOSED'`;
  if (status) return sql`exists (select from ${officeStatus} where ${and(own, held, among)})`;
  // As one value an office, true for those without any status unless only what is certain counts:
  // of two conditions with "or" between them PostgreSQL would read the whole table first.
  const unknown = sql.raw(String(!asOf.certainly));
  return sql`coalesce((select bool_or(${and(held, among)}) from ${officeStatus} where ${own}), ${unknown})`;
}

const accreditedTo = (ids: string[], bind: Bind) =>
  or(
    anyOf(office.accreditedToId, ids, bind),
    sql`exists (select from ${officeAccreditation}
      where ${officeAccreditation.officeId} = ${office.id}
      and ${anyOf(officeAccreditation.accreditedToId, ids, bind)})`,
  );

const nearOffice = alias(office, 'near_office');

const standsWithin = (ids: string[], bind: Bind) =>
  // As an array, which is worked out once: then the offices are read place by place.
  sql`${office.placeId} = any(array(
    with recursive inner_place (id) as (
      select unnest(${bind(uuidArray(ids))}::uuid[])
      union
      select p.id from place p join inner_place on p.within_id = inner_place.id and p.live)
    select id from inner_place))`;

/** An office of which the coordinates are not known stands where its place lies. */
const standsIn = (circle: Circle, bind: Bind) =>
  sql`${office.id} in (
    select ${nearOffice.id} from ${office} as near_office where ${nearOffice.live} and ${liesIn(nearOffice.latitude, nearOffice.longitude, circle, bind)}
    union all
    select ${nearOffice.id} from ${place} join ${office} as near_office on ${nearOffice.placeId} = ${place.id}
      where ${place.live} and ${nearOffice.live} and ${nearOffice.latitude} is null
      and ${liesIn(place.latitude, place.longitude, circle, bind)})`;
