import { GraphQLError, type ExecutionResult } from 'graphql';
import { mayEdit, type Identity } from '../knowledge/identity/identity.js';
import type { Contexts } from './contexts.js';
import { knownOnOf } from './knownOn.js';
import type { Operation, OperationParams, Operations } from './operations.js';
import type { ResponseCache } from './responseCache.js';

/** An answer without errors as JSON, or one with errors, which need a closer look. */
export type Answer = { body: string } | { result: ExecutionResult };

/** Answers plain queries, from the cache where it holds the answer. */
export class Answers {
  readonly #operations: Operations;
  readonly #contexts: Contexts;
  readonly #cache: ResponseCache | undefined;

  constructor(operations: Operations, contexts: Contexts, cache: ResponseCache | undefined) {
    this.#operations = operations;
    this.#contexts = contexts;
    this.#cache = cache;
  }

  /** undefined where it is no plain query; see `Operations`. */
  answer(
    params: OperationParams,
    identity: Identity | undefined,
  ): Answer | Promise<Answer> | undefined {
    const operation = this.#operations.find(params);
    if (!operation) return undefined;
    const variables = (params.variables ?? {}) as Record<string, unknown>;
    const cache = this.#cache;
    // What editors see, and the past, is kept for nobody.
    if (!cache || mayEdit(identity) || operation.mayAskForPast) {
      return this.#answerApart(operation, variables, identity);
    }
    const key = `${operation.number} ${JSON.stringify(variables)}`;
    const body = cache.get(key);
    if (body !== undefined) return { body };
    const recording = cache.record();
    const context = this.#contexts.of(identity);
    context.view = { ...context.view, reads: recording.reads };
    return this.#operations.run(operation, variables, context).then((result) => {
      const answer = answerOf(result);
      if ('body' in answer) cache.keep(key, answer.body, recording);
      return answer;
    });
  }

  // Private:

  async #answerApart(
    operation: Operation,
    variables: Record<string, unknown>,
    identity: Identity | undefined,
  ): Promise<Answer> {
    try {
      const { document, name, mayAskForPast } = operation;
      const knownOn = mayAskForPast ? knownOnOf(document, name, variables) : undefined;
      const context = this.#contexts.of(identity, knownOn);
      return answerOf(await this.#operations.run(operation, variables, context));
    } catch (error) {
      if (error instanceof GraphQLError) return { result: { errors: [error] } };
      throw error;
    }
  }
}

// Private:

const answerOf = (result: ExecutionResult): Answer =>
  result.errors ? { result } : { body: JSON.stringify(result) };
