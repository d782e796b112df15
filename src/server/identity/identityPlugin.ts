import type { Plugin } from 'graphql-yoga';
import type { GraphContext } from '../../graph/builder.js';
import type { Load } from '../limits/load.js';
import { isRefusal, replyTo } from '../limits/refusal.js';
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
    try {
      serverContext.identity = await load.within(() => identify(credentials));
      const refused = meter?.identified(serverContext.identity);
      if (refused) throw refused;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const { status, headers, body } = replyTo(error);
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
