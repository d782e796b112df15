/** The fields of entities, common ones and those of each type. */
import {
  entity,
  office,
  organization,
  person,
  place,
  type entityType,
} from '../../database/tables/index.js';
import type { RowOf } from '../reading/collection.js';

export const entityFields = {
  id: entity.id,
  type: entity.type,
  slug: entity.slug,
  name: entity.name,
  description: entity.description,
  urls: entity.urls,
  publicationStatus: entity.status,
  createdAt: entity.createdAt,
  updatedAt: entity.updatedAt,
};

export const organizationFields = {
  kind: organization.kind,
  parentId: organization.parentId,
  homeId: organization.homeId,
  articleBodyAccess: organization.articleBodyAccess,
};

export const personFields = { birthDate: person.birthDate, deathDate: person.deathDate };

export const officeFields = {
  kind: office.kind,
  status: office.currentStatus,
  organizationId: office.organizationId,
  placeId: office.placeId,
  accreditedToId: office.accreditedToId,
  staffCount: office.staffCount,
  address: office.address,
  latitude: office.latitude,
  longitude: office.longitude,
};

export const placeFields = {
  kind: place.kind,
  withinId: place.withinId,
  countryId: place.countryId,
  isoCode: place.isoCode,
  latitude: place.latitude,
  longitude: place.longitude,
};

/** An entity of one type with the fields of that type. */
export type EntityOf<Type extends (typeof entityType.enumValues)[number], Fields> = Omit<
  RowOf<typeof entityFields>,
  'type'
> & { type: Type } & RowOf<Fields>;
