import type { ServerResponse } from 'node:http';
import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import {
  createYoga,
  isAsyncIterable,
  type GraphQLParams,
  type Plugin,
  type YogaServerInstance,
} from 'graphql-yoga';
import type { GraphContext } from '../../graph/context.js';
import type { Identity } from '../../knowledge/auth/identity.js';
import type { Executor } from '../execution/executor.js';
import type { Contexts } from '../execution/contexts.js';
import { eventStream } from '../subscriptions/sse.js';
import type { Identify } from '../auth/identify.js';
import { identityPlugin } from '../auth/identityPlugin.js';
import type { Documents } from '../admission/complexity/documents.js';
import type { Meter } from '../admission/rateLimiter.js';
import type { ResponseSize } from '../responses/budget.js';
import { readableParams } from './requestParams.js';
import type { RequestParams } from '../execution/persisted/persisted.js';
import { limitedStreams } from '../subscriptions/limits.js';
import { boundedResponses, readyMade } from '../responses/boundedResponses.js';
import type { Validation } from '../execution/validation.js';
import { errorMask, type ErrorLog } from '../errors/mask.js';
import { exampleTabs } from './graphiql/examples.js';
import { GraphiqlPage } from './graphiql/page.js';
import { withoutSuggestions } from '../execution/introspection.js';
import { withOneRejection } from '../errors/databaseErrors.js';
import type { RequestRecord } from '../observability/requestRecord.js';
import { maskErrors } from '../errors/maskPlugin.js';
import type { Metrics } from '../observability/metrics.js';

/** What the host hands on with a request. */
export interface RequestContext {
  /** The result, where it has one already. */
  result?: ExecutionResult;
  /** Who asks, once that is found out. */
  identity?: Identity | undefined;
  /** What counts the points that the request takes. */
  meter?: Meter | undefined;
  /** When the request began, where that is not now. */
  since?: number | undefined;
  /** What is told of the request. */
  requestRecord?: RequestRecord | undefined;
  /** Aborted when nobody waits for the answer any more. */
  abortSignal?: AbortSignal | undefined;
  /** The bytes of its answer, where Yoga makes that. */
  size?: ResponseSize | undefined;
}

export type Yoga = YogaServerInstance<RequestContext, GraphContext>;

export interface YogaOptions {
  schema: GraphQLSchema;
  contexts: Contexts;
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
  log: ErrorLog;
  metrics?: Metrics | undefined;
}

/** GraphQL over HTTP, without a host: it takes Fetch requests and Node requests alike. */
export const createEndpoint = ({
  schema,
  contexts,
  identify,
  executor,
  endpoint,
  graphiql,
  introspection,
  slowSeconds,
  log,
  metrics,
}: YogaOptions): Yoga => {
  const page = new GraphiqlPage();
  const mask = errorMask(log);
  return createYoga<RequestContext, GraphContext>({
    schema,
    context: ({ identity, meter, requestRecord, size, request, abortSignal }) => ({
      ...contexts.of({ identity, meter, requestRecord }),
      response: size,
      lastEventId: request.headers.get('last-event-id') ?? undefined,
      signal: request.signal,
      abortSignal,
    }),
    graphqlEndpoint: endpoint,
    landingPage: false,
    graphiql: graphiql && { title: 'Chancery', defaultTabs: [...exampleTabs] },
    renderGraphiQL: page.render,
    maskedErrors: { maskError: (error) => mask(error) },
    extraParamNames: ['documentId', 'doc_id'],
    logging: false,
    // What nobody here needs is a door less: no uploads, no lists of operations, no foreign origins.
    multipart: false,
    batching: false,
    cors: false,
    parserAndValidationCache: cachesOn(executor.admission.documents),
    plugins: [
      identityPlugin(identify, executor.admission.concurrency),
      readableParams(),
      validatedBy(executor.validation),
      executePlainQueries(executor, metrics),
      maskErrors(mask),
      limitedStreams(executor.admission),
      eventStream({
        ...{ slowSeconds, identify, maskError: (error) => mask(error) },
        responses: executor.admission.responses,
      }),
      page.plugin,
      ...(introspection ? [] : [withoutSuggestions()]),
      // The last, since it turns results into text.
      boundedResponses(executor.admission.responses),
    ],
  });
};

// Private:

/** Plain queries are answered by `answers`; all else in the endpoint's own way. */
const executePlainQueries = (
  executor: Executor,
  metrics: Metrics | undefined,
): Plugin<object, RequestContext, GraphContext> => ({
  onParams({ params: given, request, context, paramsHandler, ...hook }) {
    const { requestRecord, result } = context;
    // What is no object at all, Yoga refuses.
    if (!isRecord(given)) return;
    const params = executor.persisted.resolve(withIdOf(given, request));
    if (params instanceof GraphQLError) throw params;
    hook.setParams(params as GraphQLParams);
    if (result) return hook.setResult(result);
    hook.setParamsHandler(async (payload) => {
      const answer = await executor.answer(params, context);
      if (answer) return 'body' in answer ? readyMade(answer) : answer.result;
      const { admission, tracing } = executor;
      const { meter, since } = context;
      context.size = admission.responses.open(meter?.client);
      // Who leaves while it is made may have no result processed.
      const { res } = context as { res?: ServerResponse };
      if (res) context.size.releaseAtEndOf(res);
      const operation = admission.operationOf(params);
      if (requestRecord) requestRecord.operation = operation;
      const cost = admission.admit(params, meter);
      if (cost instanceof GraphQLError) return { errors: [cost] };
      const share = { cost, client: meter?.client, since };
      const run = () =>
        admission.run(async (abortSignal) => {
          context.abortSignal = AbortSignal.any([abortSignal(), request.signal]);
          return paramsHandler(payload);
        }, share);
      const outcome = await (tracing ? tracing.operation(operation, run) : run());
      if (requestRecord && metrics && isAsyncIterable(outcome))
        requestRecord.atEnd(metrics.stream());
      if (isAsyncIterable(outcome) || Array.isArray(outcome)) return outcome;
      return withOneRejection(outcome, operation?.type);
    });
  },
  onResultProcess({ result, serverContext }) {
    if (!isAsyncIterable(result))
      serverContext.requestRecord?.note((result as ExecutionResult).errors);
  },
});

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Yoga reads from an address only what GraphQL over HTTP has always had there. */
function withIdOf(params: GraphQLParams, { method, url }: Request): RequestParams {
  if (method !== 'GET' || !/[?&](documentId|doc_id)=/.test(url)) return params;
  const search = new URL(url).searchParams;
  const documentId = search.get('documentId') ?? search.get('doc_id');
  return documentId === null ? params : { ...params, documentId };
}

/** What is wrong with a document was found out when its text came first. */
const validatedBy = (validation: Validation): Plugin => ({
  onValidate({ params, setResult }) {
    setResult([...validation.errorsOf(params.documentAST as DocumentNode)]);
  },
});

/** Documents that were read within the limits are not read a second time. */
const cachesOn = (documents: Documents) => ({
  documentCache: { get: (text: string) => documents.read(text).document, set: () => {} },
  errorCache: { get: () => undefined, set: () => {} },
});
