import {
  findNeighbours,
  maxNeighbourhood,
  sizeOfNeighbourhood,
  type Neighbourhood,
  type Omitted,
} from '../../knowledge/discovery/paths/neighbours.js';
import { builder } from '../builder.js';
import { badInput } from '../errors.js';
import { asOfOf } from '../values/asOf.js';
import { entityNamed, linkedEntities, linkedEntity } from '../links.js';
import { Entity } from '../refs.js';
import { connectionArgs, PathStep, relationsIn } from './step.js';

const maxNeighbours = 50;

const OmittedNeighbours = builder.objectRef<Omitted>('OmittedNeighbours').implement({
  description: 'The connections of an entity that were omitted.',
  fields: (t) => ({
    node: t.field({
      type: Entity,
      nullable: true,
      description: 'The entity; null only if it was deleted while the query ran.',
      resolve: ({ node }, _args, context, info) => linkedEntity(context, node, info),
    }),
    count: t.exposeInt('count', { description: 'The number.' }),
    countIsMinimum: t.exposeBoolean('isLeast', {
      description: 'Whether `count` is a lower bound: very many are not all counted.',
    }),
  }),
});

const NeighbourhoodType = builder.objectRef<Neighbourhood>('Neighbourhood').implement({
  description: 'An entity and those connected with it, as nodes and edges of a graph.',
  fields: (t) => ({
    nodes: t.field({
      type: [Entity],
      description: 'The entities, that of the query first.',
      resolve: ({ nodes }, _args, context, info) =>
        linkedEntities(
          context,
          nodes.map((entityId) => ({ entityId })),
          info,
        ),
    }),
    edges: t.field({
      type: [PathStep],
      description: 'The connections between the nodes.',
      resolve: ({ edges }) => edges,
    }),
    omitted: t.field({
      type: [OmittedNeighbours],
      description: 'The connections that were omitted, by entity.',
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
    nullable: true,
    description:
      'The entities that an entity is connected with; null if there is no such entity. Example: `neighbours(of: "nato") { nodes { name } edges { from { name } relation to { name } } omitted { count } }`.',
    args: {
      of: t.arg.id({ required: true, description: 'The entity, by id or slug.' }),
      depth: t.arg.int({
        defaultValue: 1,
        description: '1 for its neighbours, 2 to include their neighbours.',
      }),
      first: t.arg.int({
        defaultValue: 10,
        description: `The maximum number of neighbours of each entity: 1 to ${maxNeighbours}, taken from each relation in turn. There are at most ${maxNeighbourhood} nodes and as many edges, divided evenly among the entities.`,
      }),
      ...connectionArgs(),
    },
    resolve: async (_root, args, context) => {
      const depth = args.depth ?? 1;
      const limit = args.first ?? 10;
      if (depth < 1 || depth > 2) throw badInput('depth', `must be 1 or 2, but is ${depth}`);
      if (limit < 1 || limit > maxNeighbours) {
        throw badInput('first', `must be from 1 to ${maxNeighbours}, but is ${limit}`);
      }
      const { knowledge, view } = context;
      const entity = await entityNamed(args.of, 'of', context);
      if (!entity) return null;
      return findNeighbours(knowledge.edges, view, entity, {
        depth,
        limit,
        via: relationsIn(args.via),
        asOf: asOfOf(args),
      });
    },
  }),
);
