import { eq } from 'drizzle-orm';
import { coalesce } from '../../database/sql.js';
import { event, eventParticipant, reference } from '../../database/tables/index.js';
import { anyOf, referencedIs, fallsInto, type DateRange } from '../reading/conditions.js';
import type { Bind } from '../reading/keys.js';
import { defineCollection, type RowOf } from '../reading/collection.js';
import { existsIn } from '../reading/subqueries.js';

const columns = {
  id: event.id,
  slug: event.slug,
  name: event.name,
  kind: event.kind,
  description: event.description,
  placeId: event.placeId,
  start: event.start,
  end: event.end,
  publicationStatus: event.status,
  createdAt: event.createdAt,
  updatedAt: event.updatedAt,
};

export type EventRecord = RowOf<typeof columns>;

/** All conditions must match; a list matches any of its values. */
export interface EventFilter {
  /** Only these, by key. */
  ids?: string[] | undefined;
  kind?: EventRecord['kind'][] | undefined;
  participant?: string[] | undefined;
  place?: string[] | undefined;
  during?: DateRange | undefined;
  referenced?: boolean | undefined;
}

const conditions = (
  { ids, kind, participant, place, during, referenced }: EventFilter,
  bind: Bind,
) => [
  anyOf(event.id, ids, bind),
  anyOf(event.kind, kind, bind),
  participant &&
    existsIn(eventParticipant, [
      eq(eventParticipant.eventId, event.id),
      anyOf(eventParticipant.entityId, participant, bind),
    ]),
  anyOf(event.placeId, place, bind),
  fallsInto(event.during, during, coalesce(event.start, event.end), bind),
  referencedIs(referenced, reference.eventId, event.id),
];

export const events = defineCollection({
  name: 'events',
  id: event.id,
  live: event.live,
  columns,
  source: event,
  redirected: true,
  orders: {
    START: { column: event.startSort, type: 'date' },
    CREATED_AT: null,
  },
  parents: {
    place: [event.placeId],
    participant: [
      {
        through: eventParticipant,
        parent: eventParticipant.entityId,
        id: eventParticipant.eventId,
        live: eventParticipant.live,
        sort: { START: eventParticipant.startSort },
      },
    ],
  },
  conditions,
  consults: [eventParticipant, reference],
});

/** The participants, in order. */
export const eventParticipants = {
  name: 'event participants',
  table: eventParticipant,
  of: eventParticipant.eventId,
  columns: { entityId: eventParticipant.entityId },
  order: [eventParticipant.ordinal],
};
