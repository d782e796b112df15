import { GraphQLError, type ExecutionResult } from 'graphql';
import {
  createYoga,
  isAsyncIterable,
  type GraphQLParams,
  type Plugin,
  type YogaServerInstance,
} from 'graphql-yoga';
import type { Identify } from '../auth/identify.js';
import { identityPlugin } from '../auth/identityPlugin.js';
import { withoutSuggestions } from '../errors/suggestions.js';
import type { Executor } from '../execution/executor.js';
import type { RequestParams } from '../execution/persisted/persisted.js';
import { boundedResponses, serializedAlready } from '../responses/boundedResponses.js';
import { eventStream } from '../subscriptions/sse.js';
import { exampleTabs } from './graphiql/examples.js';
import { GraphiqlPage } from './graphiql/page.js';
import type { RequestContext } from './requestContext.js';
import { readableParams } from './requestParams.js';

export type Yoga = YogaServerInstance<RequestContext, object>;

export interface YogaOptions {
  identify: Identify;
  executor: Executor;
  /** The path at which the endpoint answers. */
  endpoint: string;
  /** Whether browsers get GraphiQL there. */
  graphiql: boolean;
  /** Whether clients may ask for the schema. */
  introspection: boolean;
  /** How long the client of a stream may leave an event unread. */
  slowSeconds: number;
}

/**
 * GraphQL over HTTP, for Fetch requests and Node.js requests alike. Yoga reads the parameters of
 * a request and writes its result; the executor does what lies between.
 */
export const createEndpoint = ({
  identify,
  executor,
  endpoint,
  graphiql,
  introspection,
  slowSeconds,
}: YogaOptions): Yoga => {
  const page = new GraphiqlPage();
  const maskError = (error: unknown): GraphQLError => executor.maskError(error);
  const { concurrency, responses } = executor.admission;
  return createYoga<RequestContext, object>({
    graphqlEndpoint: endpoint,
    landingPage: false,
    graphiql: graphiql && { title: 'Chancery', defaultTabs: [...exampleTabs] },
    renderGraphiQL: page.render,
    // The executor masks the errors of operations, so that these are of reading a request.
    maskedErrors: { maskError },
    extraParamNames: ['documentId', 'doc_id'],
    logging: false,
    // No uploads, no lists of operations, no foreign origins: what is not needed is not offered.
    multipart: false,
    batching: false,
    cors: false,
    parserAndValidationCache: false,
    plugins: [
      identityPlugin(identify, concurrency),
      readableParams(),
      executedBy(executor),
      eventStream({ slowSeconds, identify, maskError, responses }),
      page.plugin,
      ...(introspection ? [] : [withoutSuggestions()]),
      // The last, since it serializes results.
      boundedResponses(responses),
    ],
  });
};

// Private:

/** Passes the parameters of a request to the executor, and its result to Yoga. */
const executedBy = (executor: Executor): Plugin<object, RequestContext> => ({
  onParams({ params, request, context, setParams, setParamsHandler, setResult }) {
    // Yoga rejects what is not an object.
    if (!isRecord(params)) return;
    const resolved = executor.persisted.resolve(withIdOf(params, request));
    if (resolved instanceof GraphQLError) throw resolved;
    setParams(resolved as GraphQLParams);
    if (context.result) return setResult(context.result);
    setParamsHandler(async () => {
      const result = await executor.execute(resolved, context, {
        isReadOnly: request.method === 'GET',
        signal: request.signal,
        lastEventId: request.headers.get('last-event-id') ?? undefined,
        response: context.res,
      });
      if ('stream' in result) return result.stream;
      if ('body' in result) return serializedAlready(result);
      if ('size' in result) context.size = result.size;
      return result.result;
    });
  },
  onResultProcess({ result, serverContext }) {
    if (!isAsyncIterable(result))
      serverContext.requestRecord?.note((result as ExecutionResult).errors);
  },
});

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Of the parameters in a URL, Yoga reads only those that GraphQL over HTTP has always had. */
function withIdOf(params: GraphQLParams, { method, url }: Request): RequestParams {
  if (method !== 'GET' || !/[?&](documentId|doc_id)=/.test(url)) return params;
  const search = new URL(url).searchParams;
  const documentId = search.get('documentId') ?? search.get('doc_id');
  return documentId === null ? params : { ...params, documentId };
}
