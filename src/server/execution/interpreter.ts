import {
  execute,
  getOperationAST,
  OperationTypeNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
} from 'graphql';
import type { GraphContext } from '../../graph/context.js';
import type { Admission, OperationParams } from '../admission/admission.js';
import type { MaskError } from '../errors/mask.js';
import { rejection } from '../errors/rejection.js';
import type { ResponseSize } from '../responses/budget.js';
import { subscribe } from '../subscriptions/subscribe.js';
import { asKnownAtOf } from './asKnownAt.js';
import type { CompiledQueries } from './compiledQueries.js';
import type { Contexts } from './contexts.js';
import type { RequestDetails, Requester } from './requester.js';

/** What the interpreter needs to know about a request that was admitted. */
export interface InterpreterOptions extends RequestDetails {
  size: ResponseSize;
  /** Aborted when the client closes the connection or the request times out. */
  abortSignal: AbortSignal;
}

/**
 * Executes what is not compiled, with graphql-js: mutations, subscriptions, introspection. It
 * also words the errors of requests that are not valid.
 */
export class Interpreter {
  readonly #operations: CompiledQueries;
  readonly #contexts: Contexts;
  readonly #admission: Admission;
  readonly #maskError: MaskError;

  constructor(
    operations: CompiledQueries,
    contexts: Contexts,
    admission: Admission,
    maskError: MaskError,
  ) {
    this.#operations = operations;
    this.#contexts = contexts;
    this.#admission = admission;
    this.#maskError = maskError;
  }

  async run(
    params: OperationParams,
    requester: Requester,
    options: InterpreterOptions,
  ): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
    const requestId = requester.requestRecord?.id;
    try {
      const result = await this.#execute(params, requester, options);
      return 'errors' in result
        ? { ...result, errors: result.errors.map((error) => this.#maskError(error, requestId)) }
        : result;
    } catch (error) {
      return { errors: [this.#maskError(error, requestId)] };
    }
  }

  // Private:

  #execute(
    params: OperationParams,
    requester: Requester,
    options: InterpreterOptions,
  ): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> | ExecutionResult {
    const operationName = params.operationName as string | null | undefined;
    const { document, rejection: unreadable } = this.#admission.documents.read(
      params.query as string,
    );
    if (!document) return { errors: [unreadable] };
    const operation = getOperationAST(document, operationName);
    if (!operation) return { errors: [noOperation()] };
    if (operation.operation === OperationTypeNode.MUTATION && options.isReadOnly) {
      return { errors: [mutationByGet()] };
    }
    const { schema, validation } = this.#operations;
    const errors = validation.errorsOf(document);
    if (errors.length) return { errors };
    const { lastEventId, signal, abortSignal, size: response } = options;
    const variables = (params.variables ?? {}) as Record<string, unknown>;
    const contextValue: GraphContext = {
      ...this.#contexts.of(requester, { asKnownAt: asKnownAtOf(schema, operation, variables) }),
      ...{ lastEventId, signal, abortSignal, response },
    };
    const variableValues = params.variables as ExecutionArgs['variableValues'];
    const args = { schema, document, contextValue, variableValues, operationName };
    return operation.operation === OperationTypeNode.SUBSCRIPTION
      ? subscribe(args, requester, this.#admission, this.#maskError)
      : Promise.resolve(execute(args));
  }
}

// Private:

const noOperation = (): GraphQLError =>
  rejection('OPERATION_RESOLUTION_FAILURE', 'Could not determine what operation to execute.', {
    status: 400,
  });

/** Other sites can have a browser send GET requests, with what it knows of its user. */
const mutationByGet = (): GraphQLError =>
  rejection('BAD_REQUEST', 'Can only perform a mutation operation from a POST request.', {
    status: 405,
    headers: { Allow: 'POST' },
  });
