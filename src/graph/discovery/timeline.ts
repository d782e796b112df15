import type { GraphQLResolveInfo } from 'graphql';
import type { TimelineKind } from '../../knowledge/discovery/timeline/branches.js';
import type { TimelineEntry } from '../../knowledge/discovery/timeline/timeline.js';
import { builder } from '../builder.js';
import type { GraphContext } from '../context.js';
import { badInput } from '../errors.js';
import { entityNamed } from '../links.js';
import { Entity, Node } from '../refs.js';
import { connectionType } from '../relay/connectionType.js';
import type { ConnectionShape } from '../relay/types.js';
import { loadNode } from '../relay/node.js';
import { orderInput } from '../relay/order.js';
import { pageRequest, pagingArgs, type PagingArgs } from '../relay/paging.js';
import { selectedColumns } from '../relay/selection.js';
import { dateRange } from '../values/dateRange.js';
import { describedEnum } from '../values/enum.js';
import { factReferences } from './fact.js';

const TimelineKindEnum = describedEnum<TimelineKind>('TimelineKind', 'What happened on a date.', {
  BIRTH: 'The person was born.',
  DEATH: 'The person died.',
  POST_TAKEN: 'The person took a post, or somebody took one in the organization.',
  POST_LEFT: 'The person left a post, or somebody left one in the organization.',
  MEMBERSHIP_BEGUN: 'The organization joined another as member, partner …, or was joined.',
  MEMBERSHIP_ENDED: 'The organization left another, or was left.',
  OFFICE_STATUS:
    'An office was proposed, opened, closed …: the office itself, one that the organization keeps, or one that stands in the place.',
  STATEMENT_BY: 'It said something.',
  STATEMENT_ABOUT: 'Somebody said something about it.',
  EVENT: 'A meeting, summit, visit … in which it took part or that was held there began.',
  ARTICLE: 'An article that mentions it was published.',
});

const Entry = builder.objectRef<TimelineEntry>('TimelineEntry').implement({
  description: 'Something that happened on a date.',
  fields: (t) => ({
    date: t.expose('date', {
      type: 'PartialDate',
      description: 'When, as exactly as it is known.',
    }),
    kind: t.expose('kind', { type: TimelineKindEnum, description: 'What happened.' }),
    fact: t.field({
      type: Node,
      nullable: true,
      description:
        'The record that says so. Example: `fact { ... on Position { title person { name } } ... on Statement { text } }`. Null only where it was deleted while the query ran.',
      resolve: ({ fact, id }, _args, context, info) =>
        loadNode(context, fact, id, selectedColumns(info)),
    }),
    references: t.field(
      factReferences(
        'The passages on which the fact rests; none for an article, which is its own source.',
        ({ fact, id }: TimelineEntry) => ({ type: fact, id }),
      ),
    ),
  }),
});

const TimelineConnection = connectionType('TimelineEntry', Entry);

const order = orderInput(
  'TimelineEntry',
  { DATE: 'The first day that its date can mean; on one day by `kind`.' },
  { field: 'DATE', direction: 'ASC' },
);

const timelineArgs = () =>
  builder.args((t) => ({
    from: t.field({
      type: 'PartialDate',
      description: 'Only what may have happened on this date or later.',
    }),
    to: t.field({
      type: 'PartialDate',
      description: 'Only what may have happened on this date or before: with `2023` in all of it.',
    }),
    kinds: t.field({ type: [TimelineKindEnum], description: 'Only what is of these kinds.' }),
    orderBy: t.field({
      type: order.ref,
      description:
        'The order of the list. Default: `{ field: DATE, direction: ASC }`, the oldest first.',
    }),
    ...pagingArgs(),
  }));

builder.interfaceField(Entity, 'timeline', (t) =>
  t.field({
    type: TimelineConnection,
    costs: { weight: 100, weightOfWhole: 300 },
    description: 'Everything dated that is told of it, in the order of time.',
    args: timelineArgs(),
    resolve: ({ id }, args, context, info) => timelineOf(id, args, context, info),
  }),
);

builder.queryField('timeline', (t) =>
  t.field({
    type: TimelineConnection,
    costs: { weight: 300 },
    description:
      'Everything dated that is told of an entity, in the order of time: posts taken and left, offices opened and closed, statements, events, articles. What has no date is not in it. Example: `timeline(of: "nato", from: "2023", to: "2023") { nodes { date kind } }`.',
    args: {
      of: t.arg.string({ required: true, description: 'The entity, by id or slug.' }),
      ...timelineArgs(),
    },
    resolve: async (_root, { of, ...args }, context, info) =>
      timelineOf((await entityNamed(of, 'of', context)).id, args, context, info),
  }),
);

// Private:

interface TimelineArgs extends PagingArgs {
  from?: string | null | undefined;
  to?: string | null | undefined;
  kinds?: TimelineKind[] | null | undefined;
  orderBy?: typeof order.default | null | undefined;
}

async function timelineOf(
  id: string,
  { from, to, kinds, orderBy, ...paging }: TimelineArgs,
  { knowledge, view }: GraphContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionShape<TimelineEntry>> {
  if (kinds?.length === 0) throw badInput('kinds', 'must name at least one kind, or be left out');
  const by = orderBy ?? order.default;
  const range = from || to ? dateRange({ from, to }, 'to') : undefined;
  const page = pageRequest(paging, by, 'text', info);
  const filter = { kinds: kinds ? [...new Set(kinds)] : undefined, range };
  return { order: by.field, page: await knowledge.timelines.page(view, id, filter, page) };
}
