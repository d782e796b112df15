/** Names that errors suggest, which would disclose a schema without introspection. */
import { GraphQLError } from 'graphql';

export const withoutSuggestion = (error: GraphQLError): GraphQLError =>
  suggestion.test(error.message)
    ? new GraphQLError(error.message.replace(suggestion, ''), {
        nodes: error.nodes ?? null,
        path: error.path ?? null,
        extensions: error.extensions,
      })
    : error;

// Private:

const suggestion = / Did you mean .*\?$/s;
