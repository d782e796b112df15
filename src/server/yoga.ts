import type { ServerResponse } from 'node:http';
import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import {
  createYoga,
  isAsyncIterable,
  type GraphQLParams,
  type Plugin,
  type YogaServerInstance,
} from 'graphql-yoga';
import type { GraphContext } from '../graph/builder.js';
import type { Identity } from '../knowledge/identity/identity.js';
import type { Answers } from './answering/answers.js';
import type { Contexts } from './answering/contexts.js';
import { eventStream } from './events/eventStream.js';
import type { Identify } from './identity/identify.js';
import { identityPlugin } from './identity/identityPlugin.js';
import type { Documents } from './limits/query/documents.js';
import type { Meter } from './limits/rates.js';
import type { ResponseSize } from './limits/responses/budget.js';
import { readableParams } from './params.js';
import type { AskedParams } from './persisted/persisted.js';
import { limitedStreams } from './events/subscriptions.js';
import { boundedResponses, readyMade } from './sending/responses.js';
import type { Validation } from './answering/validation.js';
import { errorMask, type ErrorLog } from './errors.js';
import { exampleTabs } from './graphiql/examples.js';
import { GraphiqlPage } from './graphiql/page.js';
import { withoutSuggestions } from './introspection.js';
import { withOneRefusal } from './outages.js';
import type { Account } from './watching/account.js';
import { maskErrors } from './watching/maskErrors.js';
import type { Metrics } from './watching/metrics.js';

/** What the host hands on with a request. */
export interface Handover {
  /** The result, where it has one already. */
  result?: ExecutionResult;
  /** Who asks, once that is found out. */
  identity?: Identity | undefined;
  /** What counts the points that the request takes. */
  meter?: Meter | undefined;
  /** When the request began, where that is not now. */
  since?: number | undefined;
  /** What is told of the request. */
  account?: Account | undefined;
  /** Aborted when nobody waits for the answer any more. */
  givenUp?: AbortSignal | undefined;
  /** The bytes of its answer, where Yoga makes that. */
  size?: ResponseSize | undefined;
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
  answers,
  endpoint,
  graphiql,
  introspection,
  slowSeconds,
  log,
  metrics,
}: YogaOptions): Yoga => {
  const page = new GraphiqlPage();
  const mask = errorMask(log);
  return createYoga<Handover, GraphContext>({
    schema,
    context: ({ identity, meter, account, size, request, givenUp }) => ({
      ...contexts.of({ identity, meter, account }),
      response: size,
      lastEventId: request.headers.get('last-event-id') ?? undefined,
      signal: request.signal,
      givenUp,
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
    parserAndValidationCache: cachesOn(answers.admission.documents),
    plugins: [
      identityPlugin(identify, answers.admission.load),
      readableParams(),
      validatedBy(answers.validation),
      answerPlainQueries(answers, metrics),
      maskErrors(mask),
      limitedStreams(answers.admission),
      eventStream({
        ...{ slowSeconds, identify, maskError: (error) => mask(error) },
        responses: answers.admission.responses,
      }),
      page.plugin,
      ...(introspection ? [] : [withoutSuggestions()]),
      // The last, since it turns results into text.
      boundedResponses(answers.admission.responses),
    ],
  });
};

// Private:

/** Plain queries are answered by `answers`; all else in the endpoint's own way. */
const answerPlainQueries = (
  answers: Answers,
  metrics: Metrics | undefined,
): Plugin<object, Handover, GraphContext> => ({
  onParams({ params: given, request, context, paramsHandler, ...hook }) {
    const { account, result } = context;
    // What is no object at all, Yoga refuses.
    if (!isRecord(given)) return;
    const params = answers.persisted.resolve(withIdOf(given, request));
    if (params instanceof GraphQLError) throw params;
    hook.setParams(params as GraphQLParams);
    if (result) return hook.setResult(result);
    hook.setParamsHandler(async (payload) => {
      const answer = await answers.answer(params, context);
      if (answer) return 'body' in answer ? readyMade(answer) : answer.result;
      const { admission, tracing } = answers;
      const { meter, since } = context;
      context.size = admission.responses.open(meter?.client);
      // Who leaves while it is made may have no result processed.
      const { res } = context as { res?: ServerResponse };
      if (res) context.size.releaseAtEndOf(res);
      const operation = admission.operationOf(params);
      if (account) account.operation = operation;
      const cost = admission.admit(params, meter);
      if (cost instanceof GraphQLError) return { errors: [cost] };
      const share = { cost, client: meter?.client, since };
      const run = () =>
        admission.run(async (givenUp) => {
          context.givenUp = AbortSignal.any([givenUp(), request.signal]);
          return paramsHandler(payload);
        }, share);
      const outcome = await (tracing ? tracing.operation(operation, run) : run());
      if (account && metrics && isAsyncIterable(outcome)) account.atEnd(metrics.stream());
      if (isAsyncIterable(outcome) || Array.isArray(outcome)) return outcome;
      return withOneRefusal(outcome, operation?.type);
    });
  },
  onResultProcess({ result, serverContext }) {
    if (!isAsyncIterable(result)) serverContext.account?.note((result as ExecutionResult).errors);
  },
});

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Yoga reads from an address only what GraphQL over HTTP has always had there. */
function withIdOf(params: GraphQLParams, { method, url }: Request): AskedParams {
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
