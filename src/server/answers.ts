import type { ExecutionResult } from 'graphql';
import type { GraphContext } from '../graph/builder.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { publicView } from '../knowledge/reading/view.js';
import type { OperationParams, Operations } from './operations.js';
import type { ResponseCache } from './responseCache.js';

/** An answer without errors as JSON, or one with errors, which need a closer look. */
export type Answer = { body: string } | { result: ExecutionResult };

/** Whether the request came with credentials: such answers are not kept for others. */
export type Asker = 'anybody' | 'somebody known';

/** Answers plain queries, from the cache where it holds the answer. */
export class Answers {
  readonly #operations: Operations;
  readonly #knowledge: Knowledge;
  readonly #cache: ResponseCache | undefined;

  constructor(operations: Operations, knowledge: Knowledge, cache: ResponseCache | undefined) {
    this.#operations = operations;
    this.#knowledge = knowledge;
    this.#cache = cache;
  }

  /** undefined where it is no plain query; see `Operations`. */
  answer(params: OperationParams, by: Asker): Answer | Promise<Answer> | undefined {
    const operation = this.#operations.find(params);
    if (!operation) return undefined;
    const variables = (params.variables ?? {}) as Record<string, unknown>;
    const context = { knowledge: this.#knowledge, view: publicView };
    const cache = this.#cache;
    if (!cache || by === 'somebody known')
      return this.#operations.run(operation, variables, context).then(answerOf);
    const key = `${operation.number} ${JSON.stringify(variables)}`;
    const body = cache.get(key);
    if (body !== undefined) return { body };
    const recording = cache.record();
    const recorded: GraphContext = {
      ...context,
      view: { ...publicView, reads: recording.reads },
    };
    return this.#operations.run(operation, variables, recorded).then((result) => {
      const answer = answerOf(result);
      if ('body' in answer) cache.keep(key, answer.body, recording);
      return answer;
    });
  }
}

// Private:

const answerOf = (result: ExecutionResult): Answer =>
  result.errors ? { result } : { body: JSON.stringify(result) };
