/** The records as resolvers of an app's own fields receive them. */

/** Where a record is visible: to editors only, or to all clients. */
type PublicationStatus = 'DRAFT' | 'PUBLISHED';

/** A record with an id: a UUID, of which the field `id` makes the global id. */
export interface Node {
  id: string;
}

/** What all records have that editors create and change. */
export interface AnyRecord extends Node {
  publicationStatus: PublicationStatus;
  createdAt: Date;
  updatedAt: Date;
}

interface EntityFields extends AnyRecord {
  slug: string;
  name: string;
  description: string | null;
  urls: string[];
}

export interface Organization extends EntityFields {
  type: 'ORGANIZATION';
  kind: string;
  parentId: string | null;
  homeId: string | null;
  articleBodyAccess: string | null;
}

export interface Person extends EntityFields {
  type: 'PERSON';
  birthDate: string | null;
  deathDate: string | null;
}

export interface Office extends EntityFields {
  type: 'OFFICE';
  kind: string;
  status: string | null;
  organizationId: string;
  placeId: string | null;
  accreditedToId: string | null;
  staffCount: number | null;
  address: string | null;
  latitude: number | null;
  longitude: number | null;
}

export interface Place extends EntityFields {
  type: 'PLACE';
  kind: string;
  withinId: string | null;
  countryId: string | null;
  isoCode: string | null;
  latitude: number | null;
  longitude: number | null;
}

export type Entity = Organization | Person | Office | Place;

export interface Position extends AnyRecord {
  personId: string;
  organizationId: string;
  title: string;
  kind: string;
  start: string | null;
  end: string | null;
}

export interface Membership extends AnyRecord {
  memberId: string;
  organizationId: string;
  role: string;
  start: string | null;
  end: string | null;
}

export interface Event extends AnyRecord {
  slug: string;
  name: string;
  kind: string;
  description: string | null;
  placeId: string | null;
  start: string | null;
  end: string | null;
}

export interface Article extends AnyRecord {
  slug: string;
  title: string;
  byline: string | null;
  publisherId: string | null;
  language: string | null;
  url: string | null;
  publishedOn: string | null;
}

export interface Statement extends AnyRecord {
  kind: string;
  text: string;
  language: string | null;
  speakerId: string;
  onBehalfOfId: string | null;
  reportedById: string | null;
  placeId: string | null;
  eventId: string | null;
  occasion: string | null;
  saidOn: string | null;
}

export interface Reference extends Node {
  entityId: string | null;
  officeStatusId: string | null;
  positionId: string | null;
  membershipId: string | null;
  eventId: string | null;
  statementId: string | null;
  field: string | null;
  exact: string;
  start: number | null;
  end: number | null;
  verified: boolean;
}

export interface Mention extends Node {
  articleId: string;
  entityId: string;
}
