import { GraphQLError, type ExecutionResult } from 'graphql';
import {
  createYoga,
  isAsyncIterable,
  type GraphQLParams,
  type Plugin,
  type YogaServerInstance,
} from 'graphql-yoga';
import type { Authenticator } from '../auth/authenticator.js';
import { identityPlugin } from '../auth/identityPlugin.js';
import type { Executor } from '../execution/executor.js';
import type { RequestParams } from '../execution/persisted/persisted.js';
import { boundedResponses, serializedAlready } from '../responses/boundedResponses.js';
import { eventStream } from '../subscriptions/sse.js';
import { exampleTabs } from './graphiql/examples.js';
import { GraphiqlPage } from './graphiql/page.js';
import type { RequestContext } from '../execution/requester.js';
import { rejection } from '../errors/rejection.js';
import { withoutSuggestion } from '../errors/suggestions.js';

export type Yoga = YogaServerInstance<RequestContext, object>;

export interface YogaOptions {
  authenticator: Authenticator;
  executor: Executor;
  /** The path of the endpoint. */
  endpoint: string;
  /** Whether the endpoint serves GraphiQL. */
  graphiql: boolean;
  /** Whether introspection is allowed. */
  introspection: boolean;
  /** How long the client of a stream may leave an event unread. */
  slowSeconds: number;
}

/**
 * GraphQL over HTTP, for Fetch requests and Node.js requests alike. Yoga reads the parameters of
 * a request and writes its result; the executor does the execution.
 */
export const createEndpoint = ({
  authenticator,
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
    // The executor masks the errors of operations, so these are errors of parsing a request.
    maskedErrors: { maskError },
    extraParamNames: ['documentId', 'doc_id'],
    logging: false,
    // Uploads, batches and foreign origins are disabled, as they are not needed.
    multipart: false,
    batching: false,
    cors: false,
    parserAndValidationCache: false,
    plugins: [
      identityPlugin(authenticator, concurrency),
      readableParams(),
      executedBy(executor),
      eventStream({ slowSeconds, authenticator, maskError, responses }),
      page.plugin,
      ...(introspection ? [] : [withoutSuggestions()]),
      // The last, since it serializes results.
      boundedResponses(responses, authenticator),
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

/** Removes suggested names from errors, which would disclose a schema without introspection. */
const withoutSuggestions = (): Plugin => ({
  onResultProcess(hook) {
    const result = hook.result as ExecutionResult;
    if (!result.errors) return;
    hook.setResult({ ...result, errors: result.errors.map(withoutSuggestion) });
  },
});

/**
 * Rejects requests whose parameters cannot be parsed. Forms are rejected because pages of any site
 * can send them without a CORS preflight.
 */
const readableParams = (): Plugin => ({
  onRequestParse: ({ request, requestParser, setRequestParser }) => {
    if (isForm(request.headers.get('content-type'))) throw formRejected();
    if (!requestParser) return;
    setRequestParser(async (given) => {
      try {
        return await requestParser(given);
      } catch (error) {
        if (error instanceof GraphQLError || !(error instanceof SyntaxError)) throw error;
        throw rejection('BAD_REQUEST', 'variables and extensions must be written as JSON.', {
          status: 400,
        });
      }
    });
  },
});

const isForm = (type: string | null): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)/i.test(type ?? '');

const formRejected = () =>
  rejection('BAD_REQUEST', 'Send the query as JSON, with the content type application/json.', {
    status: 415,
  });
