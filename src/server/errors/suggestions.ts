import { GraphQLError, type ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Removes suggested names from errors, which would disclose a schema without introspection. */
export const withoutSuggestions = (): Plugin => ({
  onResultProcess(hook) {
    const result = hook.result as ExecutionResult;
    if (!result.errors) return;
    hook.setResult({ ...result, errors: result.errors.map(withoutSuggestion) });
  },
});

// Private:

const suggestion = / Did you mean .*\?$/s;

const withoutSuggestion = (error: GraphQLError): GraphQLError =>
  suggestion.test(error.message)
    ? new GraphQLError(error.message.replace(suggestion, ''), {
        nodes: error.nodes ?? null,
        path: error.path ?? null,
        extensions: error.extensions,
      })
    : error;
