import { GraphQLError, type ExecutionResult } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { GraphContext } from '../../graph/context.js';
import { mayEdit } from '../../knowledge/auth/identity.js';
import type { Admission, Admitted, OperationParams } from '../admission/admission.js';
import { withRejections } from '../errors/databaseErrors.js';
import type { MaskError } from '../errors/mask.js';
import { isRejection } from '../errors/rejection.js';
import type { Metrics } from '../observability/metrics.js';
import type { OperationName } from '../observability/requestRecord.js';
import type { Tracing } from '../observability/tracing.js';
import { asKnownAtOf } from './asKnownAt.js';
import type { CompiledQueries, Operation } from './compiledQueries.js';
import type { Contexts } from './contexts.js';
import { Interpreter } from './interpreter.js';
import { IntrospectionResults } from './introspectionResults.js';
import type { Persisted, RequestParams } from './persisted/persisted.js';
import type { RequestDetails, Requester } from './requester.js';
import type { ResponseCache } from './responseCache.js';
import { cachedResult, type OperationResult, type QueryResult, serialize } from './serialize.js';

export interface ExecutorOptions {
  operations: CompiledQueries;
  contexts: Contexts;
  admission: Admission;
  persisted: Persisted;
  /** What clients may see of the errors that resolvers throw. */
  maskError: MaskError;
  cache?: ResponseCache | undefined;
  metrics?: Metrics | undefined;
  tracing?: Tracing | undefined;
}

/**
 * Executes the operations of all requests: persisted operations, limits, cache, tracing and the
 * masking of errors apply here, however the request came in. README.md draws the way.
 */
export class Executor {
  readonly admission: Admission;
  readonly persisted: Persisted;
  readonly maskError: MaskError;
  readonly tracing: Tracing | undefined;
  readonly #operations: CompiledQueries;
  readonly #contexts: Contexts;
  readonly #cache: ResponseCache | undefined;
  readonly #metrics: Metrics | undefined;
  readonly #introspection: IntrospectionResults;
  readonly #interpreter: Interpreter;

  constructor(options: ExecutorOptions) {
    const { operations, contexts, admission, persisted, maskError, cache, metrics, tracing } =
      options;
    this.admission = admission;
    this.persisted = persisted;
    this.maskError = maskError;
    this.tracing = tracing;
    this.#operations = operations;
    this.#contexts = contexts;
    this.#cache = cache;
    this.#metrics = metrics;
    this.#introspection = new IntrospectionResults(operations);
    this.#interpreter = new Interpreter(operations, contexts, admission, maskError);
  }

  /** Executes the request if it is a query; undefined for any other operation, see `execute`. */
  executeQuery(
    params: RequestParams,
    requester: Requester,
  ): QueryResult | Promise<QueryResult> | undefined {
    const resolved = this.persisted.resolve(params);
    if (resolved instanceof GraphQLError) return { result: { errors: [resolved] } };
    return this.#query(resolved, requester);
  }

  /** Executes any request. @param params Resolved already: its query is a text. */
  execute(
    params: OperationParams,
    requester: Requester,
    details: RequestDetails,
  ): QueryResult | Promise<QueryResult | OperationResult> {
    return this.#query(params, requester) ?? this.#interpret(params, requester, details);
  }

  // Private:

  #query(
    params: OperationParams,
    requester: Requester,
  ): QueryResult | Promise<QueryResult> | undefined {
    // Reading and validating a text that is not known yet is work before anything is executed.
    const unreadable =
      typeof params.query === 'string' && this.admission.rejectText(params.query, requester.meter);
    if (unreadable) return { result: { errors: [unreadable] } };
    const operation = this.#operations.find(params);
    if (!operation) return this.#introspection.execute(params, requester, this.admission);
    const { identity, meter, since, requestRecord } = requester;
    if (requestRecord) requestRecord.operation = operation.operationName;
    const variables = (params.variables ?? {}) as Record<string, unknown>;
    const excess = this.admission.rejectValues(variables);
    const cost = excess ? 0 : operation.cost(variables);
    const rejected = excess ?? this.admission.rejectCost(cost, meter);
    if (rejected) return { result: { errors: [rejected] } };
    const share = { cost, client: meter?.client, since };
    const cache = this.#cache;
    // The cache holds what every client may see: no drafts, no past, no client's own points.
    if (!cache || mayEdit(identity) || operation.readsPast || operation.isPersonal) {
      return this.#queryUncached(operation, variables, requester, share);
    }
    const key = `${operation.number} ${JSON.stringify(variables)}`;
    const body = cache.get(key);
    if (body !== undefined) return cachedResult(body, this.admission.responses, share.client);
    const recording = cache.record();
    const context = this.#contexts.of(requester, { isLarge: this.admission.isLarge(cost) });
    context.view = { ...context.view, reads: recording.reads };
    return this.#run(operation, variables, context, share).then((result) => {
      if ('body' in result) cache.keep(key, result.body, recording);
      return result;
    });
  }

  async #queryUncached(
    operation: Operation,
    variables: Record<string, unknown>,
    requester: Requester,
    share: Admitted,
  ): Promise<QueryResult> {
    try {
      const asKnownAt = asKnownAtOf(this.#operations.schema, operation.definition, variables);
      const isLarge = this.admission.isLarge(share.cost);
      const context = this.#contexts.of(requester, { asKnownAt, isLarge });
      return await this.#run(operation, variables, context, share);
    } catch (error) {
      if (error instanceof GraphQLError) return { result: { errors: [error] } };
      throw error;
    }
  }

  async #run(
    operation: Operation,
    variables: Record<string, unknown>,
    context: GraphContext,
    share: Admitted,
  ): Promise<QueryResult> {
    const size = (context.response = this.admission.responses.open(share.client));
    let isTimedOut = false;
    const work = async (): Promise<QueryResult> => {
      try {
        const result = await this.#operations.run(operation, variables, context);
        if (result.errors) return { result: this.#masked(result, context) };
        const body = serialize(result, size);
        return typeof body === 'string' ? { body } : { body: await body, size };
      } catch (error) {
        if (isRejection(error)) return { result: { errors: [error] } };
        throw error;
      } finally {
        if (isTimedOut || !size.isSettled) size.release();
      }
    };
    const outcome = await this.#traced(operation.operationName, () =>
      this.admission.run(work, share),
    );
    if (!('errors' in outcome)) return outcome;
    // What still runs for a request that has timed out may go on for a while.
    isTimedOut = true;
    // The result was complete in the moment in which the request timed out.
    if (size.isSettled) size.release();
    return { result: outcome };
  }

  async #interpret(
    params: OperationParams,
    requester: Requester,
    details: RequestDetails,
  ): Promise<OperationResult> {
    const { admission } = this;
    const { meter, since, requestRecord } = requester;
    const size = admission.responses.open(meter?.client);
    // If the client closes the connection, the result may never be processed.
    if (details.response) size.releaseAtEndOf(details.response);
    const operation = admission.operationOf(params);
    if (requestRecord) requestRecord.operation = operation;
    const cost = admission.admit(params, meter);
    if (cost instanceof GraphQLError) return { result: { errors: [cost] }, size };
    const outcome = await this.#traced(operation, () =>
      admission.run(
        (abortSignal) =>
          this.#interpreter.run(params, requester, {
            ...details,
            size,
            abortSignal: AbortSignal.any([abortSignal(), details.signal]),
          }),
        { cost, client: meter?.client, since },
      ),
    );
    if (isAsyncIterable(outcome)) {
      if (requestRecord && this.#metrics) requestRecord.atEnd(this.#metrics.stream());
      return { stream: outcome };
    }
    const type = operation?.type;
    if (type === 'query' && size.excess) return { result: { errors: [size.excess] }, size };
    return { result: withRejections(outcome, type), size };
  }

  #traced<Result>(
    operation: OperationName | undefined,
    run: () => Promise<Result>,
  ): Promise<Result> {
    return this.tracing ? this.tracing.operation(operation, run) : run();
  }

  #masked(result: ExecutionResult, { requestId, response }: GraphContext): ExecutionResult {
    // The response became too large while it was read: no part of it is sent.
    if (response?.excess) return { errors: [response.excess] };
    const errors = result.errors?.map((error) => this.maskError(error, requestId));
    return withRejections({ ...result, ...(errors && { errors }) }, 'query');
  }
}
