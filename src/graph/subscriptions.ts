/** Subscriptions: changes of records as they are committed. */
import { GraphQLError } from 'graphql';
import { EventsLost, isEventId } from '../knowledge/history/revisionEvents.js';
import { mayEdit } from '../knowledge/auth/identity.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { ListRequest } from '../knowledge/reading/list.js';
import { articleListing } from './article.js';
import { builder } from './builder.js';
import type { GraphContext } from './context.js';
import { RevisionAction } from './curation/history.js';
import { badInput } from './errors.js';
import { existingEntity } from './links.js';
import { RecordTypeRef } from './record.js';
import { AnyRecord, Article, Statement } from './refs.js';
import { loadRecord } from './relay/node.js';
import type { FilterInput } from './relay/types.js';
import { selectedColumns } from './relay/selection.js';
import { statementListing } from './statement.js';
import type { RevisionEvent } from '../knowledge/history/revisionPages.js';

builder.subscriptionType({
  description:
    'Changes as they are committed, over server-sent events (`Accept: text/event-stream`) or WebSocket (`graphql-transport-ws`). Every event has a `cursor`: a client that reconnects with the last one it received, as `after` or in the header `Last-Event-ID`, receives all later events of the last hour. A client that reads too slowly receives the error `EVENTS_LOST` and is disconnected.',
});

const cursorField = {
  description: 'The position of the event, for `after`.',
  resolve: ({ id }: RevisionEvent) => id,
};

const atField = { type: 'DateTime', description: 'When the revision was committed.' } as const;

const RecordEvent = builder.objectRef<RevisionEvent>('RecordEvent').implement({
  description: 'An event of a record: a revision of it was committed.',
  fields: (t) => ({
    cursor: t.id(cursorField),
    at: t.expose('at', atField),
    action: t.expose('action', { type: RevisionAction, description: 'The kind of change.' }),
    recordType: t.expose('type', { type: RecordTypeRef, description: 'The type of the record.' }),
    revision: t.int({
      description: 'The number of the revision.',
      resolve: ({ number }) => number,
    }),
    record: t.field({
      type: AnyRecord,
      nullable: true,
      description: 'The record at the time at which the event is sent; null if it is deleted.',
      resolve: ({ type, recordId }, _args, context, info) =>
        loadRecord(context, type, recordId, info),
    }),
  }),
});

const ArticleAdded = builder.objectRef<RevisionEvent>('ArticleAdded').implement({
  description: 'An article was added, published or restored.',
  fields: (t) => ({
    cursor: t.id(cursorField),
    at: t.expose('at', atField),
    article: t.field({
      type: Article,
      nullable: true,
      description: 'The article; null if it was deleted before the event was sent.',
      resolve: async ({ recordId }, _args, { knowledge, view }, info) =>
        (await knowledge.articles.get(view, recordId, selectedColumns(info))) ?? null,
    }),
  }),
});

const StatementAdded = builder.objectRef<RevisionEvent>('StatementAdded').implement({
  description: 'A statement was added, published or restored.',
  fields: (t) => ({
    cursor: t.id(cursorField),
    at: t.expose('at', atField),
    statement: t.field({
      type: Statement,
      nullable: true,
      description: 'The statement; null if it was deleted before the event was sent.',
      resolve: async ({ recordId }, _args, { knowledge, view }, info) =>
        (await knowledge.statements.get(view, recordId, selectedColumns(info))) ?? null,
    }),
  }),
});

const afterArg = () =>
  builder.args((t) => ({
    after: t.id({
      description: 'Only events after this one, of the last hour: the `cursor` of an event.',
    }),
  }));

builder.subscriptionField('changed', (t) =>
  t.field({
    type: RecordEvent,
    description:
      'Records that are created, changed, published, deleted, restored or merged. Example: `changed(recordType: [OFFICE]) { cursor action record { caption } }`.',
    args: {
      recordType: t.arg({ type: [RecordTypeRef], description: 'Only records of these types.' }),
      entity: t.arg.id({
        description:
          'Only this entity, by id or slug, and the facts that name it: positions, offices, statements … The error is `NOT_FOUND` if there is no such entity.',
      }),
      ...afterArg(),
    },
    subscribe: async (_root, { recordType: types, entity, after }, context) => {
      rejectEmpty('recordType', types);
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
    resolve: withEventId,
  }),
);

builder.subscriptionField('statementAdded', (t) =>
  t.field({
    type: StatementAdded,
    description: 'Statements that are added, published or restored.',
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

builder.subscriptionField('articleAdded', (t) =>
  t.field({
    type: ArticleAdded,
    description: 'Articles that are added, published or restored.',
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
interface ListReader<Filter> {
  page(
    view: GraphContext['view'],
    request: ListRequest<Filter, 'CREATED_AT', never>,
  ): Promise<{ rows: readonly { id: string }[] }>;
}

/** Subscribes to the records that become visible in a list. */
function additions<
  Input extends Readonly<Record<string, unknown>>,
  Filter extends { ids?: string[] | undefined },
>(
  type: RevisionEvent['type'],
  filterInput: FilterInput<Input, Filter>,
  readerOf: (knowledge: Knowledge) => ListReader<Filter>,
) {
  return {
    subscribe: async (
      _root: unknown,
      { filter, after }: AdditionsArgs<Input>,
      context: GraphContext,
    ) => {
      const selected =
        filter && (await filterInput.read(filter, strictContext(filter, context), 'filter'));
      return eventsFor(context, after, (events) =>
        eventsInList(events, type, context, async (added) => {
          const ids = selected?.ids ? added.filter((id) => selected.ids?.includes(id)) : added;
          if (ids.length === 0) return [];
          const { rows } = await readerOf(context.knowledge).page(context.view, {
            filter: { ...selected, ids } as Filter,
            page: {
              ...idsOnly,
              limit: ids.length,
              order: { field: 'CREATED_AT', direction: 'ASC' },
            },
          });
          return rows;
        }),
      );
    },
    resolve: withEventId,
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
    throw badInput('after', 'must be the cursor of an event');
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

/** Sets the id of the event in the context, from which the stream takes it. */
function withEventId(event: RevisionEvent, _args: unknown, context: GraphContext): RevisionEvent {
  context.lastEventId = event.id;
  return event;
}
