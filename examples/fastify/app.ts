/**
 * A Fastify app that serves the knowledge base beside routes of its own. Start it with
 *
 *     node examples/fastify/main.ts      (Node 22.18 or newer runs TypeScript as it is)
 */
import fastify, { type FastifyInstance } from 'fastify';
import type { Chancery } from 'chancery';

export function createApp(chancery: Chancery): FastifyInstance {
  const app = fastify();
  app.get('/', () => 'An app with a knowledge base at /graphql.');
  app.register((scope, _options, done) => {
    // Chancery reads the bodies of its requests itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.all('/graphql', async (request, reply) => {
      reply.hijack();
      await chancery.handler(request.raw, reply.raw);
    });
    done();
  });
  return app;
}
