/** Authentication in Yoga, for requests that the HTTP host receives. */
import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ConcurrencyLimiter } from '../admission/concurrency.js';
import { databaseRejection } from '../errors/databaseErrors.js';
import { isRejection, replyTo } from '../errors/rejection.js';
import type { RequestContext } from '../execution/requester.js';
import type { Authenticator } from './authenticator.js';

/**
 * Authenticates a request before anything else, within the limits of concurrency. Wrong
 * credentials are rejected with 401.
 */
export const identityPlugin = (
  authenticator: Authenticator,
  concurrency: ConcurrencyLimiter,
): Plugin<object, RequestContext> => ({
  async onRequest(payload) {
    const { request, serverContext, fetchAPI } = payload;
    // Embedded, the request was authenticated before.
    if (serverContext.proof) return;
    serverContext.proof = {
      authorization: request.headers.get('authorization'),
      request: () => request,
      req: serverContext.req,
      requestId: serverContext.requestRecord?.id,
    };
    const rejected = await authenticate(serverContext, authenticator, concurrency);
    if (!rejected) return;
    const { status, headers, body } = replyTo(rejected);
    payload.endResponse(
      new fetchAPI.Response(JSON.stringify(body), {
        status,
        headers: { 'content-type': 'application/json', ...headers },
      }),
    );
  },
});

/** Sets the identity that the proof of a request shows; returns the rejection of a wrong one. */
export async function authenticate(
  context: RequestContext,
  authenticator: Authenticator,
  concurrency: ConcurrencyLimiter,
): Promise<GraphQLError | undefined> {
  const { proof, meter } = context;
  if (!proof || authenticator.isAnonymous(proof)) return undefined;
  context.since = performance.now();
  try {
    // Keys are looked up in the database, which may be slow.
    context.identity = await concurrency.within(() => authenticator.identityOf(proof));
    return meter?.identified(context.identity);
  } catch (error) {
    const rejected = isRejection(error) ? error : databaseRejection(error);
    if (!rejected) throw error;
    if (replyTo(rejected).status === 401) meter?.identified(undefined);
    return rejected;
  }
}
