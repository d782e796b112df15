/** From the credentials of a request to who asks. */
import { GraphQLError } from 'graphql';
import type { Database } from '../../database/database.js';
import { identifyByKey, keyPrefix } from '../../knowledge/identity/apiKeys.js';
import type { Identity } from '../../knowledge/identity/identity.js';
import type { Tokens } from './tokens.js';

/**
 * Who shows these credentials (the header `Authorization`); undefined where it is missing.
 *
 * @throws GraphQLError UNAUTHENTICATED, to be answered with status 401
 */
export type Identify = (authorization: string | null | undefined) => Promise<Identity | undefined>;

export const identifyBy =
  (database: Database, tokens?: Tokens): Identify =>
  async (authorization) => {
    if (authorization === null || authorization === undefined) return undefined;
    const [, credentials] = /^Bearer +([\w.~+/=-]{1,8192}) *$/i.exec(authorization) ?? [];
    if (!credentials) {
      throw unauthenticated('the header Authorization must be "Bearer" and an API key or a token');
    }
    const found = credentials.startsWith(keyPrefix)
      ? await identifyByKey(database, credentials)
      : tokens
        ? await tokens(credentials)
        : { refused: 'this server takes API keys, not tokens' };
    if ('refused' in found) throw unauthenticated(found.refused);
    return found;
  };

// Private:

const unauthenticated = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
    },
  });
