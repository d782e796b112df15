/** Subscriptions: what changes, told as it changes. */
import { GraphQLError } from 'graphql';
import { EventsLost, isEventId } from '../knowledge/history/revisionEvents.js';
import { mayEdit } from '../knowledge/auth/identity.js';
import { articleListing } from './article.js';
import { builder } from './builder.js';
import type { GraphContext } from './context.js';
import { RevisionAction, ReviewedTypeEnum } from './curation/history.js';
import { badInput } from './errors.js';
import { entityNamed } from './links.js';
import { Article, Node, Statement } from './refs.js';
import { loadNode } from './relay/node.js';
import { selectedColumns } from './relay/selection.js';
import { statementListing } from './statement.js';
import type { RevisionEvent } from '../knowledge/history/revisionPages.js';

builder.subscriptionType({
  description:
    'What changes, as it changes, over server-sent events (`Accept: text/event-stream`). Every event has an id: a client that connects again with the last one it saw, as `after` or as the header `Last-Event-ID`, misses nothing of the last hour. A client that takes events too slowly is told `EVENTS_LOST` and cut off.',
});

const ChangeEvent = builder.objectRef<RevisionEvent>('ChangeEvent').implement({
  description: 'Something happened to a record.',
  fields: (t) => ({
    eventId: t.id({
      description: 'Its place among all events, for `after`.',
      resolve: ({ id }) => id,
    }),
    type: t.expose('type', { type: ReviewedTypeEnum, description: 'The type of the record.' }),
    action: t.expose('action', { type: RevisionAction, description: 'What was done to it.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    revision: t.int({
      description: 'Which of its revisions this was.',
      resolve: ({ number }) => number,
    }),
    record: t.field({
      type: Node,
      nullable: true,
      description: 'The record as it is when the event is told; null where it is gone.',
      resolve: ({ type, recordId }, _args, context, info) =>
        loadNode(context, type, recordId, selectedColumns(info)),
    }),
  }),
});

const afterArg = () =>
  builder.args((t) => ({
    after: t.id({ description: 'Only events behind this one, of the last hour; see `eventId`.' }),
  }));

builder.subscriptionField('changed', (t) =>
  t.field({
    type: ChangeEvent,
    description: 'Whatever is made, changed, published, deleted, restored or merged.',
    args: {
      types: t.arg({ type: [ReviewedTypeEnum], description: 'Only records of these types.' }),
      entity: t.arg.string({
        description:
          'Only this entity, by id or slug, and the facts that name it: posts, offices, statements … A name of nothing is an error, `NOT_FOUND`.',
      }),
      ...afterArg(),
    },
    subscribe: async (_root, { types, entity, after }, context) => {
      rejectEmpty('types', types);
      const keys = isGiven(entity)
        ? [(await entityNamed(entity, 'entity', context)).id]
        : undefined;
      return eventsFor(context, after, (events) =>
        events.filter(
          (event) =>
            (!types || types.includes(event.type)) &&
            (!keys || event.entities.some((id) => keys.includes(id))),
        ),
      );
    },
    resolve: (event, _args, context) => noted(event, event, context),
  }),
);

/** What made a record visible to those who did not see it before. */
const appearing = new Set<RevisionEvent['action']>(['CREATE', 'PUBLISH', 'RESTORE']);

builder.subscriptionField('statementAdded', (t) =>
  t.field({
    type: Statement,
    nullable: true,
    description:
      'Statements that are entered, published or restored; null for one that is gone before it could be told.',
    args: {
      filter: t.arg({
        type: statementListing.filter.ref,
        description:
          'Only statements for which all of this holds. What it names has to be there when the subscription begins: else the error is `NOT_FOUND`.',
      }),
      ...afterArg(),
    },
    subscribe: async (_root, { filter, after }, context) => {
      const wanted = filter
        ? await statementListing.filter.read(filter, waiting(filter, context))
        : {};
      return eventsFor(context, after, (events) =>
        listed(events, 'Statement', context, async (ids) => {
          const { rows } = await context.knowledge.statements.page(context.view, {
            filter: { ...wanted, ids },
            page: { ...idsOnly, limit: ids.length, order: { field: 'ADDED', direction: 'ASC' } },
          });
          return rows;
        }),
      );
    },
    resolve: async (event, _args, context, info) =>
      noted(
        event,
        (await context.knowledge.statements.get(
          context.view,
          event.recordId,
          selectedColumns(info),
        )) ?? null,
        context,
      ),
  }),
);

builder.subscriptionField('articlePublished', (t) =>
  t.field({
    type: Article,
    nullable: true,
    description:
      'Articles that are entered, published or restored; null for one that is gone before it could be told.',
    args: {
      filter: t.arg({
        type: articleListing.filter.ref,
        description:
          'Only articles for which all of this holds. What it names has to be there when the subscription begins: else the error is `NOT_FOUND`.',
      }),
      ...afterArg(),
    },
    subscribe: async (_root, { filter, after }, context) => {
      const wanted = filter
        ? await articleListing.filter.read(filter, waiting(filter, context))
        : {};
      return eventsFor(context, after, (events) =>
        listed(events, 'Article', context, async (ids) => {
          const { rows } = await context.knowledge.articles.page(context.view, {
            filter: { ...wanted, ids },
            page: { ...idsOnly, limit: ids.length, order: { field: 'ADDED', direction: 'ASC' } },
          });
          return rows;
        }),
      );
    },
    resolve: async (event, _args, context, info) =>
      noted(
        event,
        (await context.knowledge.articles.get(
          context.view,
          event.recordId,
          selectedColumns(info),
        )) ?? null,
        context,
      ),
  }),
);

// Private:

/** What tells of the records of a list which ones they are. */
const idsOnly = { rows: ['id'], cursors: false, backward: false, count: false };

/** What it costs to look through an event that happened before, in objects that could be read. */
const eventWeight = 2;

/** What it costs to look events up in a list, and each of them. */
const lookUpWeight = 10;

/**
 * The context in which the filter of a subscription is read. Where it can hold of nothing, the
 * client would wait for ever.
 */
function waiting(filter: Readonly<Record<string, unknown>>, context: GraphContext): GraphContext {
  for (const [field, value] of Object.entries(filter)) rejectEmpty(`filter.${field}`, value);
  return Object.create(context, { requireExistingNames: { value: true } }) as GraphContext;
}

function rejectEmpty(argument: string, value: unknown): void {
  if (Array.isArray(value) && value.length === 0) {
    throw badInput(argument, 'must have at least one value, or be left out');
  }
}

const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined;

type Choose = (events: RevisionEvent[]) => RevisionEvent[] | Promise<RevisionEvent[]>;

/** Those of the events by which a record appeared that is in a list now. */
async function listed(
  events: RevisionEvent[],
  type: RevisionEvent['type'],
  { meter, signal }: GraphContext,
  find: (ids: string[]) => Promise<readonly { id: string }[]>,
): Promise<RevisionEvent[]> {
  const appeared = events.filter((event) => event.type === type && appearing.has(event.action));
  if (appeared.length === 0) return [];
  const ids = [...new Set(appeared.map(({ recordId }) => recordId))];
  await meter?.wait(lookUpWeight + ids.length, signal);
  const there = new Set((await find(ids)).map(({ id }) => id));
  return appeared.filter(({ recordId }) => there.has(recordId));
}

/** The events that the asker may know of and wants. When it resolves, none is missed any more. */
async function eventsFor(
  { events, identity, lastEventId, signal, meter }: GraphContext,
  after: string | null | undefined,
  choose: Choose,
): Promise<AsyncGenerator<RevisionEvent>> {
  const from = after ?? lastEventId;
  if (from !== undefined && !isEventId(from)) {
    throw badInput('after', 'must be the eventId of an event');
  }
  try {
    const pay = async (count: number) => meter?.wait(eventWeight * count, signal);
    const all = await events.listen(from, { signal, pay });
    return chosen(all, (some) =>
      choose(some.filter((event) => mayEdit(identity) || event.isPublic)),
    );
  } catch (error) {
    throw inWords(error);
  }
}

async function* chosen(
  events: AsyncGenerator<RevisionEvent[]>,
  choose: Choose,
): AsyncGenerator<RevisionEvent> {
  try {
    for await (const some of events) yield* await choose(some);
  } catch (error) {
    throw inWords(error);
  }
}

const inWords = (error: unknown): unknown =>
  error instanceof EventsLost
    ? new GraphQLError(error.message, { extensions: { code: 'EVENTS_LOST' } })
    : error;

/** The event's id travels along, for the header of the event in the stream. */
function noted<Value>(event: RevisionEvent, value: Value, context: GraphContext): Value {
  context.lastEventId = event.id;
  return value;
}
