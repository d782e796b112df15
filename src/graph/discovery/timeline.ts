import type { GraphQLResolveInfo } from 'graphql';
import type { TimelineKind } from '../../knowledge/discovery/timeline/branches.js';
import type { TimelineEntry } from '../../knowledge/discovery/timeline/timeline.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import { entityNamed } from '../links.js';
import { AnyRecord, Entity, Node, type RecordShape, type Typed } from '../refs.js';
import { connectionType } from '../relay/connectionType.js';
import type { ConnectionShape } from '../relay/types.js';
import { loadNode, loadRecord } from '../relay/node.js';
import { orderInput } from '../relay/order.js';
import { pageRequest, pagingArgs, type PagingArgs } from '../relay/paging.js';
import { selectedColumns } from '../relay/selection.js';
import { DateRangeInput, dateRange } from '../values/dateRange.js';
import { describedEnum } from '../values/enum.js';
import { factReferences } from './fact.js';

const TimelineKindEnum = describedEnum<TimelineKind>('TimelineKind', 'A kind of dated event.', {
  BIRTH: 'The person was born.',
  DEATH: 'The person died.',
  POST_TAKEN: 'The person took a position, or a position in the organization was taken.',
  POST_LEFT: 'The person left a position, or a position in the organization was left.',
  MEMBERSHIP_BEGUN: 'The organization joined another as member, partner …, or another joined it.',
  MEMBERSHIP_ENDED: 'The organization left another, or another left it.',
  OFFICE_STATUS:
    'An office was proposed, opened, closed …: the office itself, one that the organization runs, or one that is located in the place.',
  STATEMENT_BY: 'It made a statement.',
  STATEMENT_ABOUT: 'A statement about it was made.',
  EVENT: 'An event began in which it took part or that was held there.',
  ARTICLE: 'An article that mentions it was published.',
});

const Entry = builder.objectRef<TimelineEntry>('TimelineEntry').implement({
  description: 'An entry of a timeline.',
  fields: (t) => ({
    date: t.expose('date', {
      type: 'PartialDate',
      description: 'The date, as precisely as it is known.',
    }),
    kind: t.expose('kind', { type: TimelineKindEnum, description: 'The kind of entry.' }),
    fact: t.field({
      type: Node,
      nullable: true,
      description:
        'The fact: a record, or the status of an office. Example: `fact { ... on Position { title person { name } } ... on Statement { text } }`. Null only if it was deleted while the query ran.',
      resolve: ({ fact, id }, _args, context, info) =>
        loadNode(context, fact, id, selectedColumns(info)),
    }),
    record: t.field({
      type: AnyRecord,
      nullable: true,
      description:
        'The record of the fact; of a status, the office. Example: `record { recordType caption }`. Null only if it was deleted while the query ran.',
      resolve: (entry, _args, context, info) => recordOf(entry, context, info),
    }),
    references: t.field(
      factReferences(
        'The passages that support the fact; none for an article, which is its own source.',
        ({ fact, id }: TimelineEntry) => ({ type: fact, id }),
      ),
    ),
  }),
});

const TimelineConnection = connectionType('TimelineEntry', Entry);

const order = orderInput(
  'TimelineEntry',
  { DATE: 'The first possible day of the date; on the same day, by `kind`.' },
  { field: 'DATE', direction: 'ASC' },
);

const TimelineFilterInput = builder.inputType('TimelineFilter', {
  description:
    'Selects entries of a timeline. Example: `{ kind: [POST_TAKEN, POST_LEFT], date: { from: "2023" } }`.',
  fields: (t) => ({
    kind: t.field({ type: [TimelineKindEnum], description: 'Of any of these kinds.' }),
    date: t.field({
      type: DateRangeInput,
      description: 'Whose date may lie within this range.',
    }),
  }),
});

const timelineArgs = () =>
  builder.args((t) => ({
    filter: t.field({
      type: TimelineFilterInput,
      description: 'Only those that match.',
    }),
    orderBy: t.field({
      type: order.ref,
      description: 'Default: `DATE` ascending, the oldest first.',
    }),
    ...pagingArgs(),
  }));

builder.interfaceField(Entity, 'timeline', (t) =>
  t.field({
    type: TimelineConnection,
    costs: { weight: 100, weightOfWhole: 300 },
    description: 'All dated facts about it, in chronological order.',
    args: timelineArgs(),
    resolve: ({ id }, args, context, info) => timelineOf(id, args, context, info),
  }),
);

builder.queryField('timeline', (t) =>
  t.field({
    type: TimelineConnection,
    nullable: true,
    costs: { weight: 300 },
    description:
      'All dated facts about an entity, in chronological order: positions taken and left, offices opened and closed, statements, events, articles; null if there is no such entity. Undated facts are omitted. Example: `timeline(of: "nato", filter: { date: { from: "2023", to: "2023" } }) { nodes { date kind } }`.',
    args: {
      of: t.arg.id({ required: true, description: 'The entity, by id or slug.' }),
      ...timelineArgs(),
    },
    resolve: async (_root, { of, ...args }, context, info) => {
      const entity = await entityNamed(of, 'of', context);
      return entity ? timelineOf(entity.id, args, context, info) : null;
    },
  }),
);

// Private:

async function recordOf(
  { fact, id }: TimelineEntry,
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<Typed<RecordShape> | null> {
  if (fact !== 'DatedOfficeStatus') return loadRecord(context, fact, id, info);
  const { knowledge, view } = context;
  const status = await knowledge.officeStatusRecords.get(view, id, ['officeId']);
  return status ? loadRecord(context, 'Office', status.officeId, info) : null;
}

interface TimelineArgs extends PagingArgs {
  filter?: typeof TimelineFilterInput.$inferInput | null | undefined;
  orderBy?: typeof order.default | null | undefined;
}

async function timelineOf(
  id: string,
  { filter, orderBy, ...paging }: TimelineArgs,
  { knowledge, view }: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionShape<TimelineEntry>> {
  const { kind, date } = filter ?? {};
  if (kind?.length === 0) {
    throw badInput('filter.kind', 'must name at least one kind, or be left out');
  }
  const by = orderBy ?? order.default;
  const page = pageRequest(paging, by, 'text', info);
  const selected = {
    kinds: kind ? [...new Set(kind)] : undefined,
    range: date?.from || date?.to ? dateRange(date, 'filter.date') : undefined,
  };
  return { order: by.field, page: await knowledge.timelines.page(view, id, selected, page) };
}
