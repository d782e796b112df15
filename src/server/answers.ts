import { GraphQLError, type ExecutionResult } from 'graphql';
import type { GraphContext } from '../graph/builder.js';
import { mayEdit, type Identity } from '../knowledge/identity/identity.js';
import type { Contexts } from './contexts.js';
import { knownOnOf } from './knownOn.js';
import type { Admission, OperationParams } from './limits/admission.js';
import type { Meter } from './limits/rates.js';
import type { Operation, Operations } from './operations.js';
import type { ResponseCache } from './responseCache.js';

/** An answer without errors as JSON, or one with errors, which need a closer look. */
export type Answer = { body: string } | { result: ExecutionResult };

/** Who asks, and what counts the points of the request. */
export interface Asker {
  identity?: Identity | undefined;
  meter?: Meter | undefined;
  /** When the request began, where that is not now. */
  since?: number | undefined;
}

/** Answers plain queries within the limits, from the cache where it holds the answer. */
export class Answers {
  /** What all other requests have to pass as well. */
  readonly admission: Admission;
  readonly #operations: Operations;
  readonly #contexts: Contexts;
  readonly #cache: ResponseCache | undefined;

  constructor(
    operations: Operations,
    contexts: Contexts,
    cache: ResponseCache | undefined,
    admission: Admission,
  ) {
    this.#operations = operations;
    this.#contexts = contexts;
    this.#cache = cache;
    this.admission = admission;
  }

  /** undefined where it is no plain query; see `Operations`. */
  answer(
    params: OperationParams,
    { identity, meter, since }: Asker,
  ): Answer | Promise<Answer> | undefined {
    const operation = this.#operations.find(params);
    if (!operation) return undefined;
    const variables = (params.variables ?? {}) as Record<string, unknown>;
    const refused =
      this.admission.refuseValues(variables) ??
      this.admission.refuseCost(operation.cost(variables), meter);
    if (refused) return { result: { errors: [refused] } };
    const cache = this.#cache;
    // What editors see, the past, and what is left of somebody's points is kept for nobody.
    if (!cache || mayEdit(identity) || operation.mayAskForPast || operation.isPersonal) {
      return this.#answerApart(operation, variables, { identity, meter, since });
    }
    const key = `${operation.number} ${JSON.stringify(variables)}`;
    const body = cache.get(key);
    if (body !== undefined) return { body };
    const recording = cache.record();
    const context = this.#contexts.of({ identity, meter });
    context.view = { ...context.view, reads: recording.reads };
    return this.#run(operation, variables, context, since).then((result) => {
      const answer = answerOf(result);
      if ('body' in answer) cache.keep(key, answer.body, recording);
      return answer;
    });
  }

  // Private:

  async #answerApart(
    operation: Operation,
    variables: Record<string, unknown>,
    asker: Asker,
  ): Promise<Answer> {
    try {
      const { document, name, mayAskForPast } = operation;
      const knownOn = mayAskForPast ? knownOnOf(document, name, variables) : undefined;
      const context = this.#contexts.of(asker, knownOn);
      return answerOf(await this.#run(operation, variables, context, asker.since));
    } catch (error) {
      if (error instanceof GraphQLError) return { result: { errors: [error] } };
      throw error;
    }
  }

  #run(
    operation: Operation,
    variables: Record<string, unknown>,
    context: GraphContext,
    since: number | undefined,
  ) {
    return this.admission.run(() => this.#operations.run(operation, variables, context), since);
  }
}

// Private:

const answerOf = (result: ExecutionResult): Answer =>
  result.errors ? { result } : { body: JSON.stringify(result) };
