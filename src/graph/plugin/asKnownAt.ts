/**
 * `@asKnownAt` on a query: reads the knowledge base in an earlier state. The state is selected
 * for the whole operation before it runs (`server/execution/asKnownAt.ts`).
 */
import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLError,
  GraphQLNonNull,
  GraphQLSchema,
  type GraphQLFieldResolver,
  type GraphQLScalarType,
  type OperationDefinitionNode,
} from 'graphql';
import type { GraphContext } from '../context.js';

export const asKnownAtName = 'asKnownAt';

/** The schema with the directive, whose argument has the schema's own `DateTime`. */
export function withAsKnownAt(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const time = {
    type: new GraphQLNonNull(schema.getType('DateTime') as GraphQLScalarType),
    description: 'The moment, which must not lie in the future.',
  };
  const directive = new GraphQLDirective({
    name: asKnownAtName,
    description:
      'Reads what the knowledge base said at this moment, without later corrections, in all fields of the query. It differs from `asOf`, which selects facts by the time at which they held. Ids are those of the present, so a client that caches by `id` keeps past records apart. Example: `query ($time: DateTime!) @asKnownAt(time: $time) { organization(slug: "nato") { name } }`.',
    locations: [DirectiveLocation.QUERY],
    args: { time },
  });
  return new GraphQLSchema({ ...config, directives: [...config.directives, directive] });
}

/** Whether an operation reads an earlier state of the knowledge base. */
export const readsPast = ({ directives }: OperationDefinitionNode): boolean =>
  directives?.some(({ name }) => name.value === asKnownAtName) ?? false;

/** Rejects a field that reads the present only in a query about the past. */
export const presentOnly =
  <Context extends object>(
    name: string,
    resolve: GraphQLFieldResolver<unknown, Context, object>,
  ): GraphQLFieldResolver<unknown, Context, object> =>
  (root, args, context, info) => {
    if ((context as GraphContext).asKnownAt) {
      throw new GraphQLError(
        `${name} reads the present only: send it in a query without @${asKnownAtName}`,
        { extensions: { code: 'BAD_USER_INPUT' } },
      );
    }
    return resolve(root, args, context, info);
  };
