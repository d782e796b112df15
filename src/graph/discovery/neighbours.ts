import {
  findNeighbours,
  maxNeighbourhood,
  sizeOfNeighbourhood,
  type Neighbourhood,
  type Omitted,
} from '../../knowledge/discovery/paths/neighbours.js';
import { builder } from '../builder.js';
import { badInput } from '../errors.js';
import { asOfOf, certaintyOption } from '../values/asOf.js';
import { entityNamed, linkedEntities, linkedEntity } from '../links.js';
import { Entity } from '../refs.js';
import { PathStep, RelationEnum, relationsIn } from './step.js';

const maxNeighbours = 50;

const OmittedNeighbours = builder.objectRef<Omitted>('OmittedNeighbours').implement({
  description: 'Connections of an entity that were left out.',
  fields: (t) => ({
    node: t.field({
      type: Entity,
      nullable: true,
      description:
        'The entity whose connections they are; null only where it was deleted while the query ran.',
      resolve: ({ node }, _args, context, info) => linkedEntity(context, node, info),
    }),
    count: t.exposeInt('count', { description: 'How many.' }),
    isLeast: t.exposeBoolean('isLeast', {
      description: 'Whether there are that many at least; of very many not all are counted.',
    }),
  }),
});

const NeighbourhoodType = builder.objectRef<Neighbourhood>('Neighbourhood').implement({
  description: 'An entity with those it is connected with: what a graph is drawn from.',
  fields: (t) => ({
    nodes: t.field({
      type: [Entity],
      description: 'The entities, the one asked for first.',
      resolve: ({ nodes }, _args, context, info) =>
        linkedEntities(
          context,
          nodes.map((entityId) => ({ entityId })),
          info,
        ),
    }),
    edges: t.field({
      type: [PathStep],
      description: 'The connections, each between two of the nodes.',
      resolve: ({ edges }) => edges,
    }),
    omitted: t.field({
      type: [OmittedNeighbours],
      description: 'What was left out, entity by entity.',
      resolve: ({ omitted }) => omitted,
    }),
  }),
});

builder.queryField('neighbours', (t) =>
  t.field({
    costs: {
      weight: 500,
      items: (argument) => sizeOfNeighbourhood(argument('depth'), argument('first')),
    },
    type: NeighbourhoodType,
    description:
      'The entities that one is connected with, and how. Example: `neighbours(of: "nato") { nodes { name } edges { from { name } relation to { name } } omitted { count } }`.',
    args: {
      of: t.arg.string({ required: true, description: 'The entity, by id or slug.' }),
      depth: t.arg.int({
        defaultValue: 1,
        description: '1: its neighbours. 2: their neighbours, too.',
      }),
      first: t.arg.int({
        defaultValue: 10,
        description: `How many neighbours of each entity: 1 to ${maxNeighbours}. Each relation gets its turn. Nodes and edges are at most ${maxNeighbourhood} each; where not all have room, each entity has the same.`,
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
      const depth = args.depth ?? 1;
      const limit = args.first ?? 10;
      if (depth < 1 || depth > 2) throw badInput('depth', `must be 1 or 2, but is ${depth}`);
      if (limit < 1 || limit > maxNeighbours) {
        throw badInput('first', `must be from 1 to ${maxNeighbours}, but is ${limit}`);
      }
      const { knowledge, view } = context;
      return findNeighbours(knowledge.edges, view, await entityNamed(args.of, 'of', context), {
        depth,
        limit,
        via: relationsIn(args.via),
        asOf: asOfOf(args),
      });
    },
  }),
);
