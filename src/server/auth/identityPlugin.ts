import type { Plugin } from 'graphql-yoga';
import type { ConcurrencyLimiter } from '../admission/concurrency.js';
import { isRejection, replyTo } from '../errors/rejection.js';
import { databaseRejection } from '../errors/databaseErrors.js';
import type { RequestContext } from '../http/requestContext.js';
import type { Identify } from './identify.js';

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
