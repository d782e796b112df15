import { isNotNull, sql } from 'drizzle-orm';
import {
  boolean,
  date,
  foreignKey,
  index,
  integer,
  pgEnum,
  primaryKey as compositeKey,
  text,
  unique,
  uuid,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import { holds } from '../sql.js';
import {
  certainty,
  mergeableLifecycle,
  pgTable,
  primaryKey,
  slugCheck,
  dateRange,
  partialDate,
} from './columns.js';
import { entity } from './entity.js';
import { place } from './place.js';

export const eventKind = pgEnum('event_kind', [
  'SUMMIT',
  'MEETING',
  'CONFERENCE',
  'PRESS_CONFERENCE',
  'VISIT',
  'VOTE',
  'SIGNING',
  'OTHER',
]);

/** A meeting, summit, conference, visit or vote. */
export const event = pgTable(
  'event',
  {
    id: primaryKey(),
    slug: text().notNull().unique(),
    name: text().notNull(),
    kind: eventKind().notNull(),
    description: text(),
    placeId: uuid().references(() => place.id),
    start: partialDate(),
    end: partialDate(),
    // An event with one date lasted no longer than that date.
    startSort: date()
      .notNull()
      .generatedAlwaysAs(sql`partial_date_floor(coalesce(start, "end"))`),
    during: dateRange()
      .notNull()
      .generatedAlwaysAs(sql`possible_period(coalesce(start, "end"), coalesce("end", start))`),
    ...certainty(sql`coalesce(start, "end")`, sql`coalesce("end", start)`),
    ...mergeableLifecycle((): AnyPgColumn => event.id),
  },
  (table) => [
    slugCheck('event', table),
    index('event_merged_into_index').on(table.mergedIntoId).where(isNotNull(table.mergedIntoId)),
    unique('event_list_key').on(table.id, table.startSort, table.live),
    index('event_start_index').on(table.startSort, table.id).where(holds(table.live)),
    index('event_place_index')
      .on(table.placeId, table.startSort, table.id)
      .where(holds(table.live)),
    index('event_during_index').using('gist', table.during),
  ],
);

/** Participants. `startSort` and `live` repeat the event's, for the list of an entity's events. */
export const eventParticipant = pgTable(
  'event_participant',
  {
    eventId: uuid().notNull(),
    entityId: uuid()
      .notNull()
      .references(() => entity.id),
    ordinal: integer().notNull(),
    startSort: date().notNull(),
    live: boolean().notNull(),
  },
  (table) => [
    compositeKey({ columns: [table.eventId, table.entityId] }),
    foreignKey({
      name: 'event_participant_event_key',
      columns: [table.eventId, table.startSort, table.live],
      foreignColumns: [event.id, event.startSort, event.live],
    }).onUpdate('cascade'),
    index('event_participant_entity_index')
      .on(table.entityId, table.startSort, table.eventId)
      .where(holds(table.live)),
  ],
);
