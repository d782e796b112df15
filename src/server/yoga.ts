import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { GraphContext } from '../graph/builder.js';
import type { Identity } from '../knowledge/identity/identity.js';
import type { Answers } from './answers.js';
import type { Contexts } from './contexts.js';
import { eventStream } from './eventStream.js';
import type { Identify } from './identity/identify.js';
import { identityPlugin } from './identity/identityPlugin.js';
import { revalidation } from './revalidation.js';
import { nameArguments } from './argumentNames.js';
import { errorMask, type ErrorLog } from './errors.js';
import { exampleTabs } from './examples.js';

/** What the host hands on with a request: the result, where it has one already. */
export interface Handover {
  result?: ExecutionResult;
  /** Who asks, once that is found out. */
  identity?: Identity | undefined;
}

export type Yoga = YogaServerInstance<Handover, GraphContext>;

export interface YogaOptions {
  schema: GraphQLSchema;
  contexts: Contexts;
  identify: Identify;
  answers: Answers;
  /** The path at which the endpoint answers. */
  endpoint: string;
  /** Whether browsers get GraphiQL there. */
  graphiql: boolean;
  log: ErrorLog;
}

/** GraphQL over HTTP, without a host: it takes Fetch requests and Node requests alike. */
export const createEndpoint = ({
  schema,
  contexts,
  identify,
  answers,
  endpoint,
  graphiql,
  log,
}: YogaOptions): Yoga =>
  createYoga<Handover, GraphContext>({
    schema,
    context: ({ identity, request }) => ({
      ...contexts.of(identity),
      lastEventId: request.headers.get('last-event-id') ?? undefined,
      signal: request.signal,
    }),
    graphqlEndpoint: endpoint,
    landingPage: false,
    graphiql: graphiql && { title: 'Chancery', defaultTabs: exampleTabs },
    // The page is 5 MB of JavaScript, which only those servers read that a browser visits.
    renderGraphiQL: async (options) =>
      (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    maskedErrors: { maskError: errorMask(log) },
    logging: false,
    // What nobody here needs is a door less: no uploads, no lists of operations, no foreign origins.
    multipart: false,
    batching: false,
    cors: false,
    plugins: [
      identityPlugin(identify),
      nameArguments(),
      answerPlainQueries(answers),
      revalidation(),
      eventStream(),
    ],
  });

// Private:

/** Plain queries are answered by `answers`; all else in the endpoint's own way. */
const answerPlainQueries = (answers: Answers): Plugin<object, Handover, GraphContext> => ({
  onParams({ params, context, paramsHandler, setParamsHandler, setResult }) {
    if (context.result) return setResult(context.result);
    setParamsHandler(async (payload) => {
      const answer = await answers.answer(params, context.identity);
      if (!answer) return paramsHandler(payload);
      return 'body' in answer ? readyMade(answer.body) : answer.result;
    });
  },
});

/** A result that is JSON already; Yoga asks it to turn itself into text. */
const readyMade = (body: string): ExecutionResult => ({ stringify: () => body }) as ExecutionResult;
