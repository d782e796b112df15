/** Authentication by the header `Authorization`. */
import { GraphQLError } from 'graphql';
import type { Database } from '../../database/database.js';
import { identifyByKey, keyPrefix } from '../../knowledge/auth/apiKeys.js';
import type { Identity } from '../../knowledge/auth/identity.js';

/**
 * Authenticates the header `Authorization`; undefined if there is none.
 *
 * @throws GraphQLError UNAUTHENTICATED, with the status 401
 */
export type Identify = (authorization: string | null | undefined) => Promise<Identity | undefined>;

/** Verifies credentials of one kind, and gives the identity or the reason of a rejection. */
export type VerifyCredentials = (credentials: string) => Promise<Identity | { rejected: string }>;

/** @param others Verifies credentials that are not an API key; without it they are rejected. */
export const identifyBy =
  (database: Database, others?: VerifyCredentials): Identify =>
  async (authorization) => {
    if (authorization === null || authorization === undefined) return undefined;
    const [, credentials] = /^Bearer +([\w.~+/=-]{1,8192}) *$/i.exec(authorization) ?? [];
    if (!credentials) {
      throw unauthenticated('the header Authorization must be "Bearer" and an API key or a token');
    }
    const found = credentials.startsWith(keyPrefix)
      ? await identifyByKey(database, credentials)
      : others
        ? await others(credentials)
        : { rejected: 'this server accepts API keys, not tokens' };
    if ('rejected' in found) throw unauthenticated(found.rejected);
    return found;
  };

export const unauthenticated = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
    },
  });
