import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphContext } from '../../graph/builder.js';
import type { Handover } from '../yoga.js';
import type { Identify } from './identify.js';

/** Finds out who asks before anything else; who shows wrong credentials gets 401 and no answer. */
export const identityPlugin = (identify: Identify): Plugin<object, Handover, GraphContext> => ({
  async onRequest(payload) {
    const { request, serverContext, fetchAPI } = payload;
    try {
      serverContext.identity = await identify(request.headers.get('authorization'));
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      const { message, extensions } = error;
      const { http: _, ...shown } = extensions;
      const body = JSON.stringify({ errors: [{ message, extensions: shown }] });
      payload.endResponse(
        new fetchAPI.Response(body, {
          status: 401,
          headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' },
        }),
      );
    }
  },
});
