/** Apollo Server on Fastify, over plain resolvers and DataLoaders. */
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import fastify from 'fastify';
import { createContext, resolvers, typeDefs, type Context } from './plain.ts';

const server = fastify({ logger: false });
const apollo = new ApolloServer<Context>({
  typeDefs,
  resolvers,
  introspection: false,
  plugins: [
    fastifyApolloDrainPlugin(server),
    ApolloServerPluginLandingPageDisabled(),
    // Nothing here has cache hints, which it would look for in every field.
    ApolloServerPluginCacheControlDisabled(),
  ],
});
await apollo.start();
server.post(
  '/graphql',
  fastifyApolloHandler(apollo, { context: () => Promise.resolve(createContext()) }),
);
await server.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
