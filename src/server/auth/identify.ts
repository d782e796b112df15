/** From the credentials of a request to who asks. */
import { GraphQLError } from 'graphql';
import type { Database } from '../../database/database.js';
import { identifyByKey, keyPrefix } from '../../knowledge/auth/apiKeys.js';
import { faultOf, maxNameLength } from '../../knowledge/auth/author.js';
import type { Identity, Role } from '../../knowledge/auth/identity.js';
import type { Tokens } from './tokens.js';

/**
 * Who shows these credentials (the header `Authorization`); undefined where it is missing.
 *
 * @throws GraphQLError UNAUTHENTICATED, to be answered with status 401
 */
export type Identify = (authorization: string | null | undefined) => Promise<Identity | undefined>;

/**
 * Finds out for an embedding app who shows credentials that are no API key: what stands behind
 * `Bearer`. undefined where they are nobody's.
 */
export type AppIdentify = (
  credentials: string,
) => Promise<AppIdentity | undefined> | AppIdentity | undefined;

/** A user of an embedding app. History has them as `app:<id>`, with the name beside it. */
export interface AppIdentity {
  /** What tells them from all other users of the app and never changes. */
  id: string;
  /** The name that is shown. */
  name: string;
  role: Role;
}

/** @param others Who takes credentials that are no API key; without it nobody does. */
export const identifyBy =
  (database: Database, others?: Tokens): Identify =>
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
        : { rejected: 'this server takes API keys, not tokens' };
    if ('rejected' in found) throw unauthenticated(found.rejected);
    return found;
  };

/** Takes the word of an embedding app for who asks. */
export const identifiedByApp =
  (identify: AppIdentify): Tokens =>
  async (credentials) => {
    const found = await identify(credentials);
    if (!found) return { rejected: 'the credentials are not known' };
    const { id, name, role } = found;
    const fault = faultOf(id, maxIdLength) ?? faultOf(name, maxNameLength);
    if (fault !== undefined) return { rejected: `the id or the name of the user ${fault}` };
    return { id: `app:${id}`, name, role };
  };

// Private:

const maxIdLength = 255;

const unauthenticated = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
    },
  });
