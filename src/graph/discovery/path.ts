import type { Edge } from '../../knowledge/discovery/paths/edges.js';
import { findPaths, type Paths } from '../../knowledge/discovery/paths/path.js';
import { builder } from '../builder.js';
import { badInput } from '../errors.js';
import { asOfOf } from '../values/asOf.js';
import { entityNamed } from '../links.js';
import { describedEnum } from '../values/enum.js';
import { connectionArgs, PathStep, relationsIn } from './step.js';

const maxPathLength = 6;
const maxChains = 20;

const PathOutcome = describedEnum<Paths['outcome']>(
  'PathOutcome',
  'The outcome of a search for a path.',
  {
    FOUND: 'There is a path.',
    NONE: 'There is no path of at most that length.',
    BUDGET_EXCEEDED:
      'No path was found within the budget: the entities in between have too many connections to follow all of them. There may be one; `via`, `asOf` or a smaller `maxLength` narrow the search.',
  },
);

const Chain = builder.objectRef<Edge[]>('PathChain').implement({
  description: 'A path from one entity to another.',
  fields: (t) => ({
    steps: t.field({
      type: [PathStep],
      description: 'Its steps: each begins where the previous one ends.',
      resolve: (steps) => steps,
    }),
  }),
});

const PathType = builder.objectRef<Paths>('Path').implement({
  description: 'How two entities are connected.',
  fields: (t) => ({
    outcome: t.expose('outcome', { type: PathOutcome, description: 'Whether a path was found.' }),
    length: t.exposeInt('length', {
      nullable: true,
      description: 'The number of steps; 0 from an entity to itself, null unless a path was found.',
    }),
    isShortest: t.exposeBoolean('isShortest', {
      description:
        'Whether there is certainly no shorter path: false if an entity on the way has so many connections that not all of them were followed.',
    }),
    steps: t.field({
      type: [PathStep],
      description: 'The steps of the first chain; empty unless a path was found.',
      resolve: ({ chains }) => chains[0] ?? [],
    }),
    chains: t.field({
      type: [Chain],
      description:
        'Chains of that length, up to `first`, in a stable order. Two entities connected by several facts make one step, which names one of the facts.',
      resolve: ({ chains }) => chains,
    }),
  }),
});

builder.queryField('path', (t) =>
  t.field({
    type: PathType,
    nullable: true,
    costs: {
      weight: 2000,
      items: (argument) => argument('maxLength') * argument('first'),
    },
    description:
      'The shortest connection of two entities, each step with the passages that support it; null if there is no such entity. Example: `path(from: "yoshimasa-hayashi", to: "nato") { length steps { from { name } relation to { name } } }`.',
    args: {
      from: t.arg.id({
        required: true,
        description: 'The entity at which the path begins, by id or slug.',
      }),
      to: t.arg.id({
        required: true,
        description: 'The entity at which the path ends, by id or slug.',
      }),
      maxLength: t.arg.int({
        defaultValue: 4,
        description: `The maximum number of steps: 1 to ${maxPathLength}.`,
      }),
      first: t.arg.int({
        defaultValue: 1,
        description: `The maximum number of chains: 1 to ${maxChains}.`,
      }),
      ...connectionArgs(),
    },
    resolve: async (_root, args, context) => {
      const maxLength = inRange('maxLength', args.maxLength ?? 4, maxPathLength);
      const limit = inRange('first', args.first ?? 1, maxChains);
      const [from, to] = await Promise.all([
        entityNamed(args.from, 'from', context),
        entityNamed(args.to, 'to', context),
      ]);
      if (!from || !to) return null;
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

function inRange(argument: string, value: number, max: number): number {
  if (value >= 1 && value <= max) return value;
  throw badInput(argument, `must be from 1 to ${max}, but is ${value}`);
}
