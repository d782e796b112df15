import type { EventFilter, EventRecord } from '../knowledge/model/event.js';
import { text } from './costs.js';
import { builder } from './builder.js';
import { DateRangeInput, dateRange } from './values/dateRange.js';
import { entityKeys, linked, linkedEntities, slugIn } from './links.js';
import { onlyId, slugArgs, slugKeys, slugOption } from './naming.js';
import { describedEnum } from './values/enum.js';
import { referenceListing } from './reference.js';
import { AnyRecord, Entity, Event, Node, Place, Sourced } from './refs.js';
import { connection, filterInput } from './relay/connection.js';
import { connectionType } from './relay/connectionType.js';
import { endKindField } from './values/period.js';
import { selectedColumns } from './relay/selection.js';
import { orderInput } from './relay/order.js';
import { statementListing } from './statement.js';

export const EventKind = describedEnum<EventRecord['kind']>('EventKind', 'The kind of event.', {
  SUMMIT: 'A meeting of heads of state or government.',
  MEETING: 'Another meeting.',
  CONFERENCE: 'A conference.',
  PRESS_CONFERENCE: 'A press conference.',
  VISIT: 'A visit.',
  VOTE: 'A vote or an election.',
  SIGNING: 'The signing of a treaty or programme.',
  OTHER: 'None of these.',
});

const EventFilterInput = builder.inputType('EventFilter', {
  description: 'Selects events. Example: `{ kind: [SUMMIT], participant: ["nato"] }`.',
  fields: (t) => ({
    slug: t.stringList(slugOption),
    kind: t.field({ type: [EventKind], description: 'Of any of these kinds.' }),
    participant: t.idList({ description: 'With any of these participants, by id or slug.' }),
    place: t.idList({ description: 'In any of these places, by id or slug.' }),
    during: t.field({
      type: DateRangeInput,
      description: 'Taking place within this range; undated events do not match.',
    }),
    referenced: t.boolean({ description: 'Whether it has references.' }),
  }),
});

export const eventListing = {
  connection: connectionType('Event', Event),
  filter: filterInput(
    EventFilterInput,
    async (input, context, path): Promise<EventFilter> => ({
      ids: await slugKeys(input.slug, `${path}.slug`, context, (slug) =>
        context.knowledge.events.bySlug(context.view, slug, onlyId),
      ),
      kind: input.kind ?? undefined,
      participant: await entityKeys(input.participant, `${path}.participant`, context),
      place: await entityKeys(input.place, `${path}.place`, context, 'PLACE'),
      during: dateRange(input.during, `${path}.during`),
      referenced: input.referenced ?? undefined,
    }),
    ['slug', 'place', 'participant'],
  ),
  order: orderInput(
    'Event',
    {
      START: 'When it began; undated records sort as the oldest.',
      CREATED_AT: 'When it was added.',
    },
    { field: 'START', direction: 'DESC' },
  ),
};

Event.implement({
  description:
    'A meeting, summit, conference, visit or vote, with its time, place and participants.',
  interfaces: [Node, AnyRecord, Sourced],
  fields: (t) => ({
    slug: t.exposeString('slug', {
      description: 'A readable identifier for addresses and queries, unique among events.',
    }),
    name: t.exposeString('name', { description: 'The name.' }),
    kind: t.expose('kind', { type: EventKind, description: 'The kind of event.' }),
    description: t.exposeString('description', {
      costs: text,
      nullable: true,
      description: 'A description of one sentence; null if there is none.',
    }),
    place: t.field({
      type: Place,
      nullable: true,
      description: 'The place; null if unknown.',
      resolve: ({ placeId }, _args, context, info) => linked(context, 'PLACE', placeId, info),
    }),
    start: t.expose('start', {
      type: 'PartialDate',
      nullable: true,
      description: 'When it begins; null if unknown.',
    }),
    end: t.expose('end', {
      type: 'PartialDate',
      nullable: true,
      description: 'When it ends; null if unknown, `".."` if it is known to continue.',
    }),
    endKind: t.field(endKindField),
    participants: t.field({
      type: [Entity],
      description: 'The participants.',
      resolve: async ({ id }, _args, context, info) =>
        linkedEntities(
          context,
          await context.knowledge.eventParticipants.of(context.view, id),
          info,
        ),
    }),
    statements: t.field(
      connection(statementListing, {
        description: 'The statements made there.',
        list: ({ statements }) => statements,
        parent: ({ id }: EventRecord) => ({ relation: 'event', id }),
      }),
    ),
    references: t.field(
      connection(referenceListing, {
        description: 'The passages that report it.',
        list: ({ references }) => references,
        parent: ({ id }: EventRecord) => ({ relation: 'event', id }),
      }),
    ),
  }),
});

builder.queryFields((t) => ({
  event: t.field({
    type: Event,
    nullable: true,
    description: 'The event with this slug; null if there is none.',
    args: slugArgs(),
    resolve: async (_root, { slug }, { knowledge, view }, info) =>
      (await knowledge.events.bySlug(view, slugIn(slug), selectedColumns(info))) ?? null,
  }),
  events: t.field(
    connection(eventListing, { description: 'All events.', list: ({ events }) => events }),
  ),
}));
