/** Mercurius with queries compiled from their second run on, over plain resolvers and DataLoaders. */
import fastify from 'fastify';
import { NoSchemaIntrospectionCustomRule } from 'graphql';
import { mercurius } from 'mercurius';
import { createContext, resolvers, typeDefs, type Context } from './plain.ts';

declare module 'mercurius' {
  interface MercuriusContext {
    loaders: Context['loaders'];
  }
}

const server = fastify({ logger: false });
await server.register(mercurius, {
  schema: typeDefs,
  resolvers,
  context: createContext,
  jit: 1,
  graphiql: false,
  validationRules: [NoSchemaIntrospectionCustomRule],
});
await server.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
