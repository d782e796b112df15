/** Subscriptions: changes of records as they are committed. */
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { EventsLost, isEventId } from '../knowledge/history/revisionEvents.js';
import { mayEdit } from '../knowledge/auth/identity.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { ListRequest } from '../knowledge/reading/list.js';
import { articleListing } from './article.js';
import { builder } from './builder.js';
import type { GraphContext } from './context.js';
import { RevisionAction, ReviewedTypeEnum } from './curation/history.js';
import { badInput } from './errors.js';
import { existingEntity } from './links.js';
import { Article, Node, Statement } from './refs.js';
import { loadNode } from './relay/node.js';
import type { FilterInput } from './relay/types.js';
import { selectedColumns } from './relay/selection.js';
import { statementListing } from './statement.js';
import type { RevisionEvent } from '../knowledge/history/revisionPages.js';

builder.subscriptionType({
  description:
    'Changes as they are committed, over server-sent events (`Accept: text/event-stream`). Every event has an id: a client that reconnects with the last one it received, as `after` or in the header `Last-Event-ID`, receives all later events of the last hour. A client that reads too slowly receives the error `EVENTS_LOST` and is disconnected.',
});

const ChangeEvent = builder.objectRef<RevisionEvent>('ChangeEvent').implement({
  description: 'A change of a record.',
  fields: (t) => ({
    eventId: t.id({
      description: 'The id of the event, for `after`.',
      resolve: ({ id }) => id,
    }),
    type: t.expose('type', { type: ReviewedTypeEnum, description: 'The type of the record.' }),
    action: t.expose('action', { type: RevisionAction, description: 'The kind of change.' }),
    at: t.expose('at', { type: 'DateTime', description: 'The time.' }),
    revision: t.int({
      description: 'The number of the revision.',
      resolve: ({ number }) => number,
    }),
    record: t.field({
      type: Node,
      nullable: true,
      description: 'The record at the time at which the event is sent; null if it is deleted.',
      resolve: ({ type, recordId }, _args, context, info) =>
        loadNode(context, type, recordId, selectedColumns(info)),
    }),
  }),
});

const afterArg = () =>
  builder.args((t) => ({
    after: t.id({ description: 'Only events after this one, of the last hour; see `eventId`.' }),
  }));

builder.subscriptionField('changed', (t) =>
  t.field({
    type: ChangeEvent,
    description: 'Records that are created, changed, published, deleted, restored or merged.',
    args: {
      types: t.arg({ type: [ReviewedTypeEnum], description: 'Only records of these types.' }),
      entity: t.arg.string({
        description:
          'Only this entity, by id or slug, and the facts that name it: positions, offices, statements … The error is `NOT_FOUND` if there is no such entity.',
      }),
      ...afterArg(),
    },
    subscribe: async (_root, { types, entity, after }, context) => {
      rejectEmpty('types', types);
      const keys = isGiven(entity)
        ? [(await existingEntity(entity, 'entity', context)).id]
        : undefined;
      return eventsFor(context, after, (events) =>
        events.filter(
          (event) =>
            (!types || types.includes(event.type)) &&
            (!keys || event.entities.some((id) => keys.includes(id))),
        ),
      );
    },
    resolve: (event, _args, context) => withEventId(event, event, context),
  }),
);

builder.subscriptionField('statementAdded', (t) =>
  t.field({
    type: Statement,
    nullable: true,
    description:
      'Statements that are added, published or restored; null for one that is deleted before the event is sent.',
    args: {
      filter: t.arg({
        type: statementListing.filter.ref,
        description:
          'Only statements that match. The entities that it names must exist when the subscription begins; otherwise the error is `NOT_FOUND`.',
      }),
      ...afterArg(),
    },
    ...additions('Statement', statementListing.filter, ({ statements }) => statements),
  }),
);

builder.subscriptionField('articlePublished', (t) =>
  t.field({
    type: Article,
    nullable: true,
    description:
      'Articles that are added, published or restored; null for one that is deleted before the event is sent.',
    args: {
      filter: t.arg({
        type: articleListing.filter.ref,
        description:
          'Only articles that match. The entities that it names must exist when the subscription begins; otherwise the error is `NOT_FOUND`.',
      }),
      ...afterArg(),
    },
    ...additions('Article', articleListing.filter, ({ articles }) => articles),
  }),
);

// Private:

/** The actions that make a record visible to readers. */
const publishing = new Set<RevisionEvent['action']>(['CREATE', 'PUBLISH', 'RESTORE']);

/** What reads the records of a list. */
interface ListReader<Filter, Row> {
  page(
    view: GraphContext['view'],
    request: ListRequest<Filter, 'ADDED', never>,
  ): Promise<{ rows: readonly { id: string }[] }>;
  get(
    view: GraphContext['view'],
    id: string,
    selected: ReturnType<typeof selectedColumns>,
  ): Promise<Row | undefined>;
}

/** Subscribes to the records that become visible in a list, and reads each when its event is sent. */
function additions<
  Input extends Readonly<Record<string, unknown>>,
  Filter extends { ids?: string[] | undefined },
  Row,
>(
  type: RevisionEvent['type'],
  filterInput: FilterInput<Input, Filter>,
  readerOf: (knowledge: Knowledge) => ListReader<Filter, Row>,
) {
  return {
    subscribe: async (
      _root: unknown,
      { filter, after }: AdditionsArgs<Input>,
      context: GraphContext,
    ) => {
      const selected = filter && (await filterInput.read(filter, strictContext(filter, context)));
      return eventsFor(context, after, (events) =>
        eventsInList(events, type, context, async (ids) => {
          const { rows } = await readerOf(context.knowledge).page(context.view, {
            filter: { ...selected, ids } as Filter,
            page: { ...idsOnly, limit: ids.length, order: { field: 'ADDED', direction: 'ASC' } },
          });
          return rows;
        }),
      );
    },
    resolve: async (
      event: RevisionEvent,
      _args: unknown,
      context: GraphContext,
      info: GraphQLResolveInfo,
    ) => {
      const { knowledge, view } = context;
      const row = await readerOf(knowledge).get(view, event.recordId, selectedColumns(info));
      return withEventId(event, row ?? null, context);
    },
  };
}

interface AdditionsArgs<Input> {
  filter?: Input | null | undefined;
  after?: string | null | undefined;
}

/** Selects the ids of a list only. */
const idsOnly = { rows: ['id'], cursors: false, backward: false, count: false };

/** The cost of replaying an event, as the number of objects that could be read instead. */
const replayWeight = 2;

/** The cost of looking events up in a list, plus one for each event. */
const lookUpWeight = 10;

/**
 * The context in which the filter of a subscription is read. With a filter that matches nothing
 * the client would wait for ever.
 */
function strictContext(
  filter: Readonly<Record<string, unknown>>,
  context: GraphContext,
): GraphContext {
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

/** The events by which a record became visible that is now in a list. */
async function eventsInList(
  events: RevisionEvent[],
  type: RevisionEvent['type'],
  { meter, signal }: GraphContext,
  find: (ids: string[]) => Promise<readonly { id: string }[]>,
): Promise<RevisionEvent[]> {
  const candidates = events.filter((event) => event.type === type && publishing.has(event.action));
  if (candidates.length === 0) return [];
  const ids = [...new Set(candidates.map(({ recordId }) => recordId))];
  await meter?.wait(lookUpWeight + ids.length, signal);
  const inList = new Set((await find(ids)).map(({ id }) => id));
  return candidates.filter(({ recordId }) => inList.has(recordId));
}

/** The events that the client may see and selects. Once it resolves, no later event is missed. */
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
    const charge = async (count: number) => meter?.wait(replayWeight * count, signal);
    const all = await events.listen(from, { signal, pay: charge });
    return flattened(all, (batch) =>
      choose(batch.filter((event) => mayEdit(identity) || event.isPublic)),
    );
  } catch (error) {
    throw withCode(error);
  }
}

async function* flattened(
  events: AsyncGenerator<RevisionEvent[]>,
  choose: Choose,
): AsyncGenerator<RevisionEvent> {
  try {
    for await (const batch of events) yield* await choose(batch);
  } catch (error) {
    throw withCode(error);
  }
}

const withCode = (error: unknown): unknown =>
  error instanceof EventsLost
    ? new GraphQLError(error.message, { extensions: { code: 'EVENTS_LOST' } })
    : error;

/** Sets the event's id in the context, from which the stream takes it. */
function withEventId<Value>(event: RevisionEvent, value: Value, context: GraphContext): Value {
  context.lastEventId = event.id;
  return value;
}
