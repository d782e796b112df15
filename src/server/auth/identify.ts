/** Authentication: from the credentials of a request to an identity. */
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Database } from '../../database/database.js';
import { identifyByKey, keyPrefix } from '../../knowledge/auth/apiKeys.js';
import { faultOf, maxNameLength } from '../../knowledge/auth/author.js';
import type { Identity, Role } from '../../knowledge/auth/identity.js';
import type { ConcurrencyLimiter } from '../admission/concurrency.js';
import { isRejection, replyTo } from '../errors/rejection.js';
import { databaseRejection } from '../errors/databaseErrors.js';
import type { RequestContext } from '../execution/requester.js';

/**
 * Authenticates the header `Authorization`; undefined if there is none.
 *
 * @throws GraphQLError UNAUTHENTICATED, with the status 401
 */
export type Identify = (authorization: string | null | undefined) => Promise<Identity | undefined>;

/** Verifies credentials of one kind, and gives the identity or the reason of a rejection. */
export type VerifyCredentials = (credentials: string) => Promise<Identity | { rejected: string }>;

/**
 * Identifies the user of an embedding app by credentials that are not an API key: what follows
 * `Bearer`. undefined if the app does not know them.
 */
export type AppIdentify = (
  credentials: string,
) => Promise<AppIdentity | undefined> | AppIdentity | undefined;

/** A user of an embedding app. History records `app:<id>`, and the name. */
export interface AppIdentity {
  /** Unique among the users of the app, and never changes. */
  id: string;
  /** The name that is shown. */
  name: string;
  role: Role;
}

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

/** Verifies credentials through the function of an embedding app. */
export const appVerifier =
  (identify: AppIdentify): VerifyCredentials =>
  async (credentials) => {
    const found = await identify(credentials);
    if (!found) return { rejected: 'the credentials are unknown' };
    const { id, name, role } = found;
    const fault = faultOf(id, maxIdLength) ?? faultOf(name, maxNameLength);
    if (fault !== undefined) return { rejected: `the id or the name of the user ${fault}` };
    return { id: `app:${id}`, name, role };
  };

/**
 * Authenticates a request before anything else, within the limits of concurrency. Wrong
 * credentials are rejected with 401.
 */
export const identityPlugin = (
  identify: Identify,
  concurrency: ConcurrencyLimiter,
): Plugin<object, RequestContext> => ({
  async onRequest(payload) {
    const { request, serverContext, fetchAPI } = payload;
    const credentials = request.headers.get('authorization');
    if (credentials === null) return;
    const { meter } = serverContext;
    serverContext.since = performance.now();
    try {
      // Keys are looked up in the database, which may be slow.
      serverContext.identity = await concurrency.within(() => identify(credentials));
      const excess = meter?.identified(serverContext.identity);
      if (excess) throw excess;
    } catch (error) {
      const rejected = isRejection(error) ? error : databaseRejection(error);
      if (!rejected) throw error;
      const { status, headers, body } = replyTo(rejected);
      if (status === 401) meter?.identified(undefined);
      payload.endResponse(
        new fetchAPI.Response(JSON.stringify(body), {
          status,
          headers: { 'content-type': 'application/json', ...headers },
        }),
      );
    }
  },
});

// Private:

const maxIdLength = 255;

const unauthenticated = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
    },
  });
