import { and, eq, inArray, isNull, ne, not, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { allHold, boolOr, coalesce, literal } from '../../database/sql.js';
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
import { existsIn, subquery } from '../reading/subqueries.js';

export type OfficeRecord = EntityOf<'OFFICE', typeof officeFields>;
export type OfficeStatus = NonNullable<OfficeRecord['status']>;

/** All conditions must match; a list matches any of its values. */
export interface OfficeFilter {
  /** Only these, by key. */
  ids?: string[] | undefined;
  kind?: OfficeRecord['kind'][] | undefined;
  status?: OfficeStatus[] | undefined;
  /** The date to which `status` applies; without `status`: not closed on that date. */
  asOf?: AsOf | undefined;
  organization?: string[] | undefined;
  place?: string[] | undefined;
  country?: string[] | undefined;
  /** In any of these places, or in places within them. */
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
  orders: { NAME: { column: office.sortName, type: 'text' }, CREATED_AT: null },
  parents: {
    organization: [office.organizationId],
    place: [office.placeId],
    accreditedTo: [
      office.accreditedToId,
      (entityId) =>
        existsIn(officeAccreditation, [
          eq(officeAccreditation.officeId, office.id),
          eq(officeAccreditation.accreditedToId, entityId),
        ]),
    ],
  },
  groups: {
    KIND: { value: office.kind },
    STATUS: { value: office.currentStatus },
    ORGANIZATION: { value: office.organizationId, isEntity: true },
    PLACE: { value: office.placeId, isEntity: true },
    COUNTRY: {
      value: place.countryId,
      join: [place, eq(place.id, office.placeId)],
      isEntity: true,
    },
    ACCREDITED_TO: { value: office.accreditedToId, isEntity: true },
    OPENED_YEAR: {
      value: sql`(select to_char(min(${officeStatus.startSort}), 'YYYY') from ${officeStatus}
        where ${officeStatus.officeId} = ${office.id} and ${officeStatus.status} = 'OPEN'
        and ${officeStatus.startSort} > '-infinity')`,
    },
  },
  conditions: (filter: OfficeFilter, bind) => [
    anyOf(office.id, filter.ids, bind),
    anyOf(office.kind, filter.kind, bind),
    statusIs(filter, bind),
    anyOf(office.organizationId, filter.organization, bind),
    anyOf(office.placeId, filter.place, bind),
    filter.country &&
      existsIn(place, [eq(place.id, office.placeId), anyOf(place.countryId, filter.country, bind)]),
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
  order: [officeStatus.startSort, officeStatus.id],
  conditions: ({ asOf }: { asOf?: AsOf | undefined }, bind: Bind) => [
    heldAsOf(officeStatus, asOf, bind),
  ],
};

/** A status by its id, as visible as its office. */
export const officeStatusRecords = defineCollection({
  name: 'office status',
  id: officeStatus.id,
  live: existsIn(office, [eq(office.id, officeStatus.officeId), office.live]),
  visibleWith: office,
  columns: statusColumns,
  source: officeStatus,
  orders: { START: { column: officeStatus.startSort, type: 'date' } },
  parents: {},
  conditions: () => [],
});

/** The additional accreditations of an office, in order. */
export const officeAccreditations = {
  name: 'office accreditations',
  table: officeAccreditation,
  of: officeAccreditation.officeId,
  columns: { entityId: officeAccreditation.accreditedToId },
  order: [officeAccreditation.ordinal],
};

// Private:

function statusIs({ status, asOf }: OfficeFilter, bind: Bind): SQL | undefined {
  if (asOf === undefined) return anyOf(office.currentStatus, status, bind);
  const { isNegated, ...positive } = asOf;
  const stood = statusAsOf(status, positive, bind);
  return isNegated ? not(stood) : stood;
}

function statusAsOf(status: OfficeFilter['status'], asOf: AsOf, bind: Bind): SQL {
  const own = eq(officeStatus.officeId, office.id);
  const held = heldAsOf(officeStatus, asOf, bind);
  if (status) {
    return existsIn(officeStatus, [own, held, anyOf(officeStatus.status, status, bind)]);
  }
  // One expression per office, true without a status unless only certain ones count: with OR,
  // PostgreSQL would scan the table.
  const stood = subquery
    .select({ stood: boolOr(allHold(ne(officeStatus.status, literal('CLOSED')), held)) })
    .from(officeStatus)
    .where(own);
  return coalesce(stood, literal(!asOf.certainly));
}

const accreditedTo = (ids: string[], bind: Bind) =>
  or(
    anyOf(office.accreditedToId, ids, bind),
    existsIn(officeAccreditation, [
      eq(officeAccreditation.officeId, office.id),
      anyOf(officeAccreditation.accreditedToId, ids, bind),
    ]),
  );

const nearOffice = alias(office, 'near_office');

const standsWithin = (ids: string[], bind: Bind) =>
  // An array is computed once; offices are then read place by place.
  sql`${office.placeId} = any(array(
    with recursive inner_place (id) as (
      select unnest(${bind(uuidArray(ids))}::uuid[])
      union
      select p.id from place p join inner_place on p.within_id = inner_place.id and p.live)
    select id from inner_place))`;

/** An office without coordinates has those of its place. */
const standsIn = (circle: Circle, bind: Bind) =>
  inArray(
    office.id,
    subquery
      .select({ id: nearOffice.id })
      .from(nearOffice)
      .where(and(nearOffice.live, liesIn(nearOffice.latitude, nearOffice.longitude, circle, bind)))
      .unionAll(
        subquery
          .select({ id: nearOffice.id })
          .from(place)
          .innerJoin(nearOffice, eq(nearOffice.placeId, place.id))
          .where(
            and(
              place.live,
              nearOffice.live,
              isNull(nearOffice.latitude),
              liesIn(place.latitude, place.longitude, circle, bind),
            ),
          ),
      ),
  );
