import { GraphQLError, Kind, visit, type ASTNode, type DocumentNode } from 'graphql';

/**
 * Bad values in a query's text are found by validation, which does not say in which argument
 * they stand. This adds it: "filter.asOf: "2023-13" is not a PartialDate: …".
 */
export const nameArguments = (
  errors: readonly GraphQLError[],
  document: DocumentNode,
): GraphQLError[] => errors.map((error) => (isBadInput(error) ? named(error, document) : error));

// Private:

const isBadInput = (error: GraphQLError): boolean => error.extensions['code'] === 'BAD_USER_INPUT';

function named(error: GraphQLError, document: DocumentNode): GraphQLError {
  const argument = error.nodes?.[0] && argumentOf(error.nodes[0], document);
  if (!argument) return error;
  return new GraphQLError(`${argument}: ${error.message}`, {
    nodes: error.nodes,
    extensions: { ...error.extensions, argument },
  });
}

/** The argument and the fields in it that lead to a value: `filter.asOf`. */
function argumentOf(value: ASTNode, document: DocumentNode): string | undefined {
  let found: string | undefined;
  visit(document, {
    enter(node, _key, parent, _path, ancestors) {
      if (node !== value) return undefined;
      found = [...ancestors, parent]
        .filter((above) => above !== undefined && 'kind' in above)
        .filter((above) => above.kind === Kind.ARGUMENT || above.kind === Kind.OBJECT_FIELD)
        .map((above) => above.name.value)
        .join('.');
      return undefined;
    },
  });
  return found;
}
