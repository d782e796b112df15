import {
  getDirectiveValues,
  getVariableValues,
  GraphQLError,
  type GraphQLDirective,
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
  const time = timeOf(directive, operation, coerced);
  if (time.getTime() <= Date.now()) return time;
  throw invalidTime('must not lie in the future');
}

// Private:

function timeOf(
  directive: GraphQLDirective,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Date {
  try {
    return (getDirectiveValues(directive, operation, variables) as { time: Date }).time;
  } catch {
    // The variable is null, which its type admits where it has a default value.
    throw invalidTime('must not be null');
  }
}

const invalidTime = (rule: string): GraphQLError =>
  new GraphQLError(`@${asKnownAtName}(time:) ${rule}`, {
    extensions: { code: 'BAD_USER_INPUT', argument: 'time' },
  });
