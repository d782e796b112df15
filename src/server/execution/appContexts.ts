/** Contexts for a server of an app that executes the schema itself. */
import {
  getOperationAST,
  GraphQLError,
  parse,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { asKnownAtName } from '../../graph/plugin/asKnownAt.js';
import { identityOfUser } from '../auth/appIdentity.js';
import { unauthenticated } from '../auth/identify.js';
import type { CreateContext } from './appRequest.js';
import { asKnownAtOf } from './asKnownAt.js';
import type { Contexts } from './contexts.js';

/** @throws GraphQLError for a query about the future, and for a user that cannot be one */
export const contextCreator =
  (contexts: Contexts, schema: GraphQLSchema): CreateContext =>
  ({ query, operationName, variables, identity, signal }) => {
    const operation = pastOperation(query, operationName);
    const asKnownAt = operation ? asKnownAtOf(schema, operation, variables ?? {}) : undefined;
    const user = identity && identityOfUser(identity);
    if (user && 'rejected' in user) throw unauthenticated(user.rejected);
    return { ...contexts.of({ identity: user }, { asKnownAt }), signal, abortSignal: signal };
  };

// Private:

/** The operation if it may read an earlier state; a text that cannot be parsed is not executed. */
function pastOperation(query: string | DocumentNode, name: string | null | undefined) {
  if (typeof query !== 'string') return getOperationAST(query, name);
  if (!query.includes(asKnownAtName)) return undefined;
  try {
    return getOperationAST(parse(query), name);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}
