import { GraphQLError, NoSchemaIntrospectionCustomRule, type ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Keeps the schema to those who know it: no introspection, and no names told in errors. */
export const noIntrospection = (): Plugin => ({
  onValidate({ addValidationRule }) {
    addValidationRule(NoSchemaIntrospectionCustomRule);
  },
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
