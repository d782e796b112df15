import type { Plugin } from 'graphql-yoga';
import type { GraphContext } from '../../graph/builder.js';
import type { Load } from '../limits/load.js';
import { isRefusal, replyTo } from '../limits/refusal.js';
import { refusalOf } from '../outages.js';
import type { Handover } from '../yoga.js';
import type { Identify } from './identify.js';

/**
 * Finds out who asks before anything else, within the limits of what the server takes on; who
 * shows wrong credentials gets 401 and no answer.
 */
export const identityPlugin = (
  identify: Identify,
  load: Load,
): Plugin<object, Handover, GraphContext> => ({
  async onRequest(payload) {
    const { request, serverContext, fetchAPI } = payload;
    const credentials = request.headers.get('authorization');
    if (credentials === null) return;
    const { meter } = serverContext;
    serverContext.since = performance.now();
    try {
      // Keys are looked up in the database, which may keep everybody waiting.
      serverContext.identity = await load.within(() => identify(credentials));
      const excess = meter?.identified(serverContext.identity);
      if (excess) throw excess;
    } catch (error) {
      const refused = isRefusal(error) ? error : refusalOf(error);
      if (!refused) throw error;
      const { status, headers, body } = replyTo(refused);
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
