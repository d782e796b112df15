import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import { mayEdit, mayErase, type Identity } from '../knowledge/auth/identity.js';
import type { GraphContext } from './context.js';
import type { ExtensionTypes } from './extension/types.js';
import { pluginName } from './plugin/plugin.js';

/** The same as what extensions see, but for the context. */
export interface GraphTypes extends Pick<
  ExtensionTypes,
  'DefaultFieldNullability' | 'Scalars' | 'AuthScopes'
> {
  Context: GraphContext;
}

/** The plugins and the rights of each builder whose fields become part of the schema. */
export const builderOptions = {
  defaultFieldNullability: false as const,
  // The first plugin wraps resolvers outermost: a result that is reused was authorized.
  plugins: [pluginName, ScopeAuthPlugin, ErrorsPlugin] as (
    typeof pluginName | typeof ScopeAuthPlugin | typeof ErrorsPlugin
  )[],
  scopeAuth: {
    authScopes: ({ identity }: Authenticated) => ({
      editor: mayEdit(identity),
      admin: mayErase(identity),
    }),
    unauthorizedError: (
      _parent: unknown,
      { identity }: Authenticated,
      { fieldName }: { fieldName: string },
    ) => authorizationError(identity, fieldName, mayEdit(identity) ? 'admins' : undefined),
  },
};

/**
 * The description of the schema. Each file of this folder adds the types of one subject;
 * `createSchema` builds a schema from it.
 */
export const builder = new SchemaBuilder<GraphTypes>(builderOptions);

// Private:

type Authenticated = Pick<GraphContext, 'identity'>;

function authorizationError(
  identity: Identity | undefined,
  field: string,
  role = 'editors',
): GraphQLError {
  return identity
    ? new GraphQLError(`${field} is for ${role}; ${identity.name} is none`, {
        extensions: { code: 'FORBIDDEN' },
      })
    : new GraphQLError(
        `${field} is for editors: send an API key or a token of one, as "Authorization: Bearer …"`,
        { extensions: { code: 'UNAUTHENTICATED' } },
      );
}
