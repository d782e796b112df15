import { GraphQLError, type ExecutionResult } from 'graphql';
import type { GraphContext } from '../../graph/context.js';
import { mayEdit, type Identity } from '../../knowledge/auth/identity.js';
import type { Contexts } from './contexts.js';
import { asKnownOnOf } from './asKnownOn.js';
import type { Admission, Admitted } from '../admission/admission.js';
import type { Meter } from '../admission/rateLimiter.js';
import { heldAgain } from './held.js';
import type { Operation, CompiledQueries } from './compiledQueries.js';
import type { RequestParams, Persisted } from './persisted/persisted.js';
import { isRejection } from '../errors/rejection.js';
import type { ResponseSize } from '../responses/budget.js';
import type { ResponseCache } from './responseCache.js';
import { serialize, type Body } from './serialize.js';
import type { RequestRecord } from '../observability/requestRecord.js';
import { IntrospectionResults } from './introspectionResults.js';
import type { Validation } from './validation.js';
import type { Tracing } from '../observability/tracing.js';

/** An answer without errors as JSON; `size` holds the bytes of a large one until it is released. */
export interface SerializedResult {
  body: Body;
  size?: ResponseSize | undefined;
}

/** An answer as JSON, or one with errors, which need a closer look. */
export type ExecutorResult = SerializedResult | { result: ExecutionResult };

/** Who asks, what counts the points of the request, and what is told of it. */
export interface Requester {
  identity?: Identity | undefined;
  meter?: Meter | undefined;
  /** When the request began, where that is not now. */
  since?: number | undefined;
  requestRecord?: RequestRecord | undefined;
  /** Whether it is kept apart from what is small. */
  isLarge?: boolean | undefined;
}

/** Answers plain queries within the limits, from the cache where it holds the answer. */
export class Executor {
  /** What all other requests have to pass as well. */
  readonly admission: Admission;
  /** What finds queries that are named only. */
  readonly persisted: Persisted;
  readonly tracing: Tracing | undefined;
  readonly #operations: CompiledQueries;
  readonly #contexts: Contexts;
  readonly #cache: ResponseCache | undefined;
  readonly #introspection: IntrospectionResults;

  constructor(
    operations: CompiledQueries,
    contexts: Contexts,
    cache: ResponseCache | undefined,
    admission: Admission,
    persisted: Persisted,
    tracing?: Tracing,
  ) {
    this.#operations = operations;
    this.#introspection = new IntrospectionResults(operations);
    this.#contexts = contexts;
    this.#cache = cache;
    this.admission = admission;
    this.persisted = persisted;
    this.tracing = tracing;
  }

  /** undefined where it is no plain query; see `Operations`. */
  answer(
    asked: RequestParams,
    requester: Requester,
  ): ExecutorResult | Promise<ExecutorResult> | undefined {
    const params = this.persisted.resolve(asked);
    if (params instanceof GraphQLError) return { result: { errors: [params] } };
    // What is not known yet has to be read and checked, which is work before anything runs.
    const unreadable =
      typeof params.query === 'string' && this.admission.rejectText(params.query, requester.meter);
    if (unreadable) return { result: { errors: [unreadable] } };
    const operation = this.#operations.find(params);
    if (!operation) return this.#introspection.answer(params, requester, this.admission);
    const { identity, meter, since, requestRecord } = requester;
    if (requestRecord) requestRecord.operation = operation.asked;
    const variables = (params.variables ?? {}) as Record<string, unknown>;
    const excess = this.admission.rejectValues(variables);
    const cost = excess ? 0 : operation.cost(variables);
    const rejected = excess ?? this.admission.rejectCost(cost, meter);
    if (rejected) return { result: { errors: [rejected] } };
    const asker = { ...requester, isLarge: this.admission.isLarge(cost) };
    const share = { cost, client: meter?.client, since };
    const cache = this.#cache;
    // What editors see, the past, and what is left of somebody's points is kept for nobody.
    if (!cache || mayEdit(identity) || operation.mayAskForPast || operation.isPersonal) {
      return this.#answerApart(operation, variables, asker, share);
    }
    const key = `${operation.number} ${JSON.stringify(variables)}`;
    const body = cache.get(key);
    if (body !== undefined) return heldAgain(body, this.admission.responses, share.client);
    const recording = cache.record();
    const context = this.#contexts.of(asker);
    context.view = { ...context.view, reads: recording.reads };
    return this.#run(operation, variables, context, share).then((answer) => {
      if ('body' in answer) cache.keep(key, answer.body, recording);
      return answer;
    });
  }

  /** What is found wrong with documents. */
  get validation(): Validation {
    return this.#operations.validation;
  }

  // Private:

  async #answerApart(
    operation: Operation,
    variables: Record<string, unknown>,
    requester: Requester,
    share: Admitted,
  ): Promise<ExecutorResult> {
    try {
      const { document, name, mayAskForPast } = operation;
      const asKnownOn = mayAskForPast ? asKnownOnOf(document, name, variables) : undefined;
      const context = this.#contexts.of(requester, asKnownOn);
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
  ): Promise<ExecutorResult> {
    const size = (context.response = this.admission.responses.open(share.client));
    let isLate = false;
    const work = async (): Promise<ExecutorResult> => {
      try {
        const result = await this.#operations.run(operation, variables, context);
        if (result.errors) return { result };
        const body = serialize(result, size);
        return typeof body === 'string' ? { body } : { body: await body, size };
      } catch (error) {
        if (isRejection(error)) return { result: { errors: [error] } };
        throw error;
      } finally {
        if (isLate || !size.isSettled) size.release();
      }
    };
    const run = () => this.admission.run(work, share);
    const { tracing } = this;
    const outcome = await (tracing ? tracing.operation(operation.asked, run) : run());
    if (!('errors' in outcome)) return outcome;
    // Its time is up; what still runs for it may go on for a while.
    isLate = true;
    // It was made in the moment in which its time was up.
    if (size.isSettled) size.release();
    return { result: outcome };
  }
}
