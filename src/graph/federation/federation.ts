/** Apollo Federation 2: the root fields by which a gateway reads the schema and its records. */
import {
  GraphQLError,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  type GraphQLFieldConfig,
} from 'graphql';
import type { GraphContext } from '../context.js';
import { schemaWeight, type Costs } from '../costs.js';
import { withAdded } from '../extension/merge.js';
import { extensionKey, type FieldOptions } from '../plugin/fieldOptions.js';
import { nodeTypes } from '../relay/node.js';
import { selectedColumns } from '../relay/selection.js';
import { entitiesOf } from './entities.js';
import { subgraphSdl } from './sdl.js';

export interface FederationOptions {
  /** Whether clients may read the SDL, which is introspection. */
  introspection: boolean;
}

/** The schema as a subgraph: with `_entities` and `_service`. */
export function withFederation(
  schema: GraphQLSchema,
  { introspection }: FederationOptions,
): GraphQLSchema {
  let sdl: string | undefined;
  const service: GraphQLFieldConfig<unknown, GraphContext> = {
    description: 'This subgraph.',
    type: new GraphQLNonNull(Service),
    extensions: costing({ weight: schemaWeight }),
    resolve: () => {
      if (!introspection) throw introspectionDisabled();
      return { sdl: (sdl ??= subgraphSdl(schema)) };
    },
  };
  const query = new GraphQLObjectType<unknown, GraphContext>({
    name: 'Query',
    fields: { _entities: entities, _service: service },
  });
  return withAdded(schema, new GraphQLSchema({ query }));
}

// Private:

const costing = (costs: Costs): Record<string, FieldOptions> => ({ [extensionKey]: { costs } });

const Any = new GraphQLScalarType({
  name: '_Any',
  description:
    'The `__typename` of a record and its key, `id` or `slug`. Example: `{ __typename: "Organization", slug: "nato" }`.',
});

const Service = new GraphQLObjectType({
  name: '_Service',
  description: 'A subgraph.',
  fields: {
    sdl: {
      description: 'Its schema, for the composition of a supergraph.',
      type: new GraphQLNonNull(GraphQLString),
    },
  },
});

const Entity = new GraphQLUnionType({
  name: '_Entity',
  description: 'The types that have keys.',
  // In the merged schema, types of these names.
  types: nodeTypes.map((name) => new GraphQLObjectType({ name, fields: {} })),
  resolveType: (value: { __typename: string }) => value.__typename,
});

const entities: GraphQLFieldConfig<unknown, GraphContext, { representations: unknown[] }> = {
  description:
    'The records with these keys, in their order; null where there is none, and, with an error, for what is no key.',
  type: new GraphQLNonNull(new GraphQLList(Entity)),
  args: {
    representations: {
      description: 'Types and keys of records.',
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(Any))),
    },
  },
  extensions: costing({ items: (argument) => argument('representations') }),
  resolve: (_root, { representations }, context, info) =>
    entitiesOf(representations, context, selectedColumns(info)),
};

const introspectionDisabled = (): GraphQLError =>
  new GraphQLError('_service is not available: introspection is disabled', {
    extensions: { code: 'FORBIDDEN' },
  });
