import type { Edge } from '../../knowledge/discovery/paths/edges.js';
import { findPaths, type Paths } from '../../knowledge/discovery/paths/path.js';
import { builder } from '../builder.js';
import { badInput } from '../errors.js';
import { asOfOf, certaintyOption } from '../values/asOf.js';
import { entityNamed } from '../links.js';
import { describedEnum } from '../values/enum.js';
import { PathStep, RelationEnum, relationsIn } from './step.js';

const maxPathLength = 6;
const maxChains = 20;

const PathOutcome = describedEnum<Paths['outcome']>(
  'PathOutcome',
  'What a search for a path came to.',
  {
    FOUND: 'There is one.',
    NONE: 'There is none of that length or shorter.',
    BUDGET_EXCEEDED:
      'Not found within budget: the entities in between have too many connections to look at all of them. There may be one; `via`, `asOf` or a smaller `maxLength` narrow the search.',
  },
);

const Chain = builder.objectRef<Edge[]>('PathChain').implement({
  description: 'A way from one entity to another, step by step.',
  fields: (t) => ({
    steps: t.field({
      type: [PathStep],
      description: 'Its steps: each begins where the one before it leads.',
      resolve: (steps) => steps,
    }),
  }),
});

const PathResult = builder.objectRef<Paths>('PathResult').implement({
  description: 'How two entities are connected.',
  fields: (t) => ({
    outcome: t.expose('outcome', { type: PathOutcome, description: 'Whether a path was found.' }),
    length: t.exposeInt('length', {
      nullable: true,
      description:
        'How many steps lead from one to the other; 0 for an entity and itself, null unless found.',
    }),
    isShortest: t.exposeBoolean('isShortest', {
      description:
        'Whether there is certainly no shorter one: false also where an entity on the way has so many connections that only some of them were looked at.',
    }),
    steps: t.field({
      type: [PathStep],
      description: 'The steps of the first chain; none unless found.',
      resolve: ({ chains }) => chains[0] ?? [],
    }),
    chains: t.field({
      type: [Chain],
      description:
        'Chains of that length, up to `first`; the same ones in the same order each time. Two entities that several facts connect are one step, which names one of the facts.',
      resolve: ({ chains }) => chains,
    }),
  }),
});

builder.queryField('path', (t) =>
  t.field({
    type: PathResult,
    costs: {
      weight: 2000,
      items: (argument) => argument('maxLength') * argument('first'),
    },
    description:
      'How two entities are connected, by the fewest steps, each with the passages that show it. Example: `path(from: "yoshimasa-hayashi", to: "nato") { length steps { from { name } relation to { name } } }`.',
    args: {
      from: t.arg.string({ required: true, description: 'Where the path begins, by id or slug.' }),
      to: t.arg.string({ required: true, description: 'Where it leads, by id or slug.' }),
      maxLength: t.arg.int({
        defaultValue: 4,
        description: `How many steps at most: 1 to ${maxPathLength}.`,
      }),
      first: t.arg.int({
        defaultValue: 1,
        description: `How many chains at most: 1 to ${maxChains}.`,
      }),
      via: t.arg({
        type: [RelationEnum],
        description: 'Only by these relations. Without it: by all but CO_MENTION.',
      }),
      asOf: t.arg({
        type: 'PartialDate',
        description:
          'Only by what held at some time in this date, and what was said in it; see `certainty`.',
      }),
      certainty: t.arg(certaintyOption),
    },
    resolve: async (_root, args, context) => {
      const maxLength = inRange('maxLength', args.maxLength ?? 4, maxPathLength);
      const limit = inRange('first', args.first ?? 1, maxChains);
      const [from, to] = await Promise.all([
        entityNamed(args.from, 'from', context),
        entityNamed(args.to, 'to', context),
      ]);
      const { knowledge, view } = context;
      return findPaths(knowledge.edges, view, from, to, {
        maxLength,
        limit,
        via: relationsIn(args.via),
        asOf: asOfOf(args),
      });
    },
  }),
);

// Private:

function inRange(argument: string, value: number, most: number): number {
  if (value >= 1 && value <= most) return value;
  throw badInput(argument, `must be from 1 to ${most}, but is ${value}`);
}
