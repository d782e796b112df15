import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { GraphContext } from '../graph/builder.js';
import { publicView } from '../knowledge/reading/view.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import type { Operations } from './operations.js';
import { nameArguments } from './argumentNames.js';
import { maskedErrors, type ErrorLog } from './errors.js';
import { exampleTabs } from './examples.js';

/** What the host hands on with a request: the result, where it has one already. */
export interface Handover {
  result?: ExecutionResult;
}

export type Yoga = YogaServerInstance<Handover, GraphContext>;

export interface YogaOptions {
  schema: GraphQLSchema;
  knowledge: Knowledge;
  operations: Operations;
  /** The path at which the endpoint answers. */
  endpoint: string;
  /** Whether browsers get GraphiQL there. */
  graphiql: boolean;
  log: ErrorLog;
}

/** GraphQL over HTTP, without a host: it takes Fetch requests and Node requests alike. */
export const createEndpoint = ({
  schema,
  knowledge,
  operations,
  endpoint,
  graphiql,
  log,
}: YogaOptions): Yoga =>
  createYoga<Handover, GraphContext>({
    schema,
    context: { knowledge, view: publicView },
    graphqlEndpoint: endpoint,
    landingPage: false,
    graphiql: graphiql && { title: 'Chancery', defaultTabs: exampleTabs },
    // The page is 5 MB of JavaScript, which only those servers read that a browser visits.
    renderGraphiQL: async (options) =>
      (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    maskedErrors: maskedErrors(log),
    logging: false,
    // What nobody here needs is a door less: no uploads, no lists of operations, no foreign origins.
    multipart: false,
    batching: false,
    cors: false,
    plugins: [nameArguments(), runOperations(operations, knowledge)],
  });

// Private:

/** Plain queries are run by `operations`; all else in the endpoint's own way. */
const runOperations = (
  operations: Operations,
  knowledge: Knowledge,
): Plugin<object, Handover, GraphContext> => ({
  onParams({ params, context, paramsHandler, setParamsHandler, setResult }) {
    if (context.result) return setResult(context.result);
    setParamsHandler(
      (payload) =>
        operations.run(params, { knowledge, view: publicView }) ?? paramsHandler(payload),
    );
  },
});
