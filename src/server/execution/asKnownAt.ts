import {
  getDirectiveValues,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { asKnownAtName, readsPast } from '../../graph/plugin/asKnownAt.js';

/**
 * The moment whose state a valid operation reads; undefined for the present, and where variables
 * are not valid, which execution reports.
 *
 * @throws BAD_USER_INPUT for a moment in the future
 */
export function asKnownAtOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Date | undefined {
  const directive = readsPast(operation) && schema.getDirective(asKnownAtName);
  if (!directive) return undefined;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (!coerced) return undefined;
  const { time } = getDirectiveValues(directive, operation, coerced) as { time: Date };
  if (time.getTime() <= Date.now()) return time;
  throw new GraphQLError(`@${asKnownAtName}(time:) must not lie in the future`, {
    extensions: { code: 'BAD_USER_INPUT', argument: 'time' },
  });
}
