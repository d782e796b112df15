/**
 * References to the object types, so that any file can use any type. Each type is implemented in
 * the file of its subject.
 */
import type { ArticleRecord } from '../knowledge/model/article.js';
import type { EntityRecord } from '../knowledge/model/entity.js';
import type { EventRecord } from '../knowledge/model/event.js';
import type { MembershipRecord } from '../knowledge/model/membership.js';
import type { MentionRecord } from '../knowledge/model/mention.js';
import type { OfficeRecord, OfficeStatusRecord } from '../knowledge/model/office.js';
import type { OrganizationRecord } from '../knowledge/model/organization.js';
import type { PersonRecord } from '../knowledge/model/person.js';
import type { PlaceRecord } from '../knowledge/model/place.js';
import type { PositionRecord } from '../knowledge/model/position.js';
import type { ReferenceRecord } from '../knowledge/model/reference.js';
import type { StatementRecord } from '../knowledge/model/statement.js';
import { builder } from './builder.js';
import type { RecordTypeName } from '../knowledge/model/recordTypes.js';

/** A record of one of several types, with the name of its type. */
export type Typed<Row> = Row & { __typename: string };

/** What rows of all record types have. */
export interface RecordShape {
  id: string;
  publicationStatus: 'DRAFT' | 'PUBLISHED';
  createdAt: Date;
  updatedAt: Date;
}

export const Node = builder.interfaceRef<{ id: string }>('Node');
/** The interface `Record`, whose name is that of a type of TypeScript. */
export const AnyRecord = builder.interfaceRef<RecordShape>('Record');
export const Sourced = builder.interfaceRef<{ id: string }>('Sourced');
export const Entity = builder.interfaceRef<EntityRecord>('Entity');
export const Speaker = builder.interfaceRef<PersonRecord | OrganizationRecord>('Speaker');

export const Organization = builder.objectRef<OrganizationRecord>('Organization');
export const Person = builder.objectRef<PersonRecord>('Person');
export const Office = builder.objectRef<OfficeRecord>('Office');
export const DatedOfficeStatus = builder.objectRef<OfficeStatusRecord>('DatedOfficeStatus');
export const Place = builder.objectRef<PlaceRecord>('Place');
export const Position = builder.objectRef<PositionRecord>('Position');
export const Membership = builder.objectRef<MembershipRecord>('Membership');
export const Event = builder.objectRef<EventRecord>('Event');
export const Article = builder.objectRef<ArticleRecord>('Article');
export const Statement = builder.objectRef<StatementRecord>('Statement');
export const Reference = builder.objectRef<ReferenceRecord>('Reference');
export const Mention = builder.objectRef<MentionRecord>('Mention');

/** The type of the graph for each type of record. */
export const recordRefs = {
  Place,
  Organization,
  Person,
  Office,
  Article,
  Event,
  Position,
  Membership,
  Statement,
} satisfies Record<RecordTypeName, unknown>;
