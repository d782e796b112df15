/** Reads the knowledge base for the tools: each read is a GraphQL operation of the client, through the executor. */
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Meter } from '../admission/rateLimiter.js';
import type { Executor } from '../execution/executor.js';
import type { Requester } from '../execution/requester.js';
import {
  lengthOf,
  textOf,
  type OperationResult,
  type QueryResult,
} from '../execution/serialize.js';
import type { McpOperation } from './operations.js';
import { ToolError } from './toolError.js';

export interface ReaderOptions {
  executor: Executor;
  schema: GraphQLSchema;
  /** Whether clients may read the schema. */
  introspection: boolean;
  requester: Requester;
  /** Aborted when the client ends the request. */
  signal: AbortSignal;
  /** The base of addresses of records, such as `https://knowledge.example/`; undefined: no addresses. */
  base: string | undefined;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export class Reader {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly #base: string | undefined;
  readonly #executor: Executor;
  readonly #requester: Requester;
  readonly #signal: AbortSignal;

  constructor({ executor, schema, introspection, requester, signal, base }: ReaderOptions) {
    this.schema = schema;
    this.introspection = introspection;
    this.#base = base;
    this.#executor = executor;
    this.#requester = requester;
    this.#signal = signal;
  }

  /** The address of a record, where addresses are served. */
  addressOf(space: 'entity' | 'article', slug: string): string | undefined {
    return this.#base && `${this.#base}${space}/${slug}`;
  }

  /** @throws ToolError with the errors of the operation */
  async read<Data>(operation: McpOperation, variables: Record<string, unknown>): Promise<Data> {
    const { data, errors } = await this.#execute({ ...operation, variables });
    if (errors?.length || !data) throw failure(errors);
    return data as Data;
  }

  /**
   * Runs a query of the client, under the rules for persisted operations.
   *
   * @throws ToolError for a mutation or subscription, a result without data, or a large one
   */
  async query(query: string, variables: Record<string, unknown>): Promise<ExecutionResult> {
    const executor = this.#executor;
    const params = executor.persisted.resolve({ query, variables });
    if (params instanceof Error) throw failure([params]);
    this.#meter?.beginOperation();
    const executed = executor.executeQuery({ query, variables }, this.#requester);
    if (executed) return this.#resultOf(await executed);
    const type = executor.admission.operationOf(params)?.type;
    if (type === 'mutation' || type === 'subscription') {
      throw new ToolError(
        `The tool query only reads: a ${type} is rejected. Send a query, such as { stats { articles } }.`,
      );
    }
    return this.#execute(params);
  }

  // Private:

  get #meter(): Meter | undefined {
    return this.#requester.meter;
  }

  async #execute(params: { query?: unknown; variables?: unknown }): Promise<ExecutionResult> {
    this.#meter?.beginOperation();
    const details = {
      isReadOnly: true,
      signal: this.#signal,
      lastEventId: undefined,
      response: undefined,
    };
    return this.#resultOf(await this.#executor.execute(params, this.#requester, details));
  }

  #resultOf(executed: QueryResult | OperationResult): ExecutionResult {
    if ('stream' in executed) {
      throw new ToolError('The tool query only reads: a subscription is rejected.');
    }
    if ('result' in executed) {
      if ('size' in executed) executed.size.release();
      const { result } = executed;
      this.#requester.requestRecord?.note(result.errors);
      return result;
    }
    const { body, size } = executed;
    try {
      const bytes = lengthOf(body);
      if (bytes > maxBytes) {
        throw new ToolError(
          `The result has ${bytes} bytes; the tool reads up to ${maxBytes}. Select fewer fields, or smaller pages with first.`,
        );
      }
      return JSON.parse(textOf(body)) as ExecutionResult;
    } finally {
      size?.release();
    }
  }
}

/** The errors of an operation in words; nothing but the messages that GraphQL clients get. */
export function failure(errors: readonly GraphQLError[] | undefined): ToolError {
  const messages = (errors ?? []).slice(0, maxMessages).map(({ message, extensions }) => {
    const { code } = extensions;
    return typeof code === 'string' ? `${code}: ${message}` : message;
  });
  return new ToolError(messages.join('\n') || 'The operation returned no data.');
}

// Private:

/** Larger results of a query would be read only to be cut. */
const maxBytes = 1024 * 1024;

const maxMessages = 5;
