import {
  execute,
  getOperationAST,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { GraphContext } from '../graph/builder.js';
import { mayAskForPast } from './knownOn.js';

/** What a client asks, as GraphQL over HTTP has it. */
export interface OperationParams {
  query?: unknown;
  variables?: unknown;
  operationName?: unknown;
}

/** Documents are kept up to this many and this many characters. */
const mostDocuments = { max: 1000, maxSize: 4_000_000 };

/** Compiled code takes far more room than the document that it was made of. */
const mostCompiled = { max: 300 };

/**
 * Runs queries: each document is parsed and validated once and, when it comes again, compiled
 * into JavaScript of its own, which runs several times as fast as graphql-js interprets it.
 *
 * What is not a plain, valid query (a mutation, a subscription, introspection, a mistake) is
 * not run here: the endpoint does that in the ordinary way, and words the errors.
 */
export class Operations {
  readonly #schema: GraphQLSchema;
  readonly #maskError: (error: unknown) => GraphQLError;
  #number = 0;
  readonly #known = new LRUCache<string, Operation | 'other'>({
    ...mostDocuments,
    sizeCalculation: (_operation, text) => text.length + 1,
  });
  readonly #compiled = new LRUCache<Operation, Compiled>(mostCompiled);

  /** @param maskError What a client may see of an error that a resolver threw. */
  constructor(schema: GraphQLSchema, maskError: (error: unknown) => GraphQLError) {
    this.#schema = schema;
    this.#maskError = maskError;
  }

  /** The query that is asked, ready to run; undefined where it is none for this class. */
  find({ query, variables, operationName }: OperationParams): Operation | undefined {
    const name = operationName ?? undefined;
    if (typeof query !== 'string' || !isRecord(variables ?? {})) return undefined;
    if (name !== undefined && typeof name !== 'string') return undefined;
    const key = name === undefined ? query : `${name}\n${query}`;
    let operation = this.#known.get(key);
    if (operation === undefined) {
      operation = this.#read(query, name) ?? 'other';
      this.#known.set(key, operation);
    }
    return operation === 'other' ? undefined : operation;
  }

  async run(
    operation: Operation,
    variables: Record<string, unknown>,
    context: GraphContext,
  ): Promise<ExecutionResult> {
    const compiled = this.#compile(operation);
    if (compiled instanceof Function) {
      const result = await compiled({}, context, variables);
      // The compiler words and locates errors in another way, so who errs is interpreted.
      if (!result.errors) return result;
    }
    const { document, name } = operation;
    const result = await execute({
      schema: this.#schema,
      document,
      contextValue: context,
      variableValues: variables,
      operationName: name,
    });
    if (!result.errors) return result;
    return { ...result, errors: result.errors.map((error) => this.#maskError(error)) };
  }

  // Private:

  /** Parses and validates a document; undefined where that fails or it holds no plain query. */
  #read(text: string, name: string | undefined): Operation | undefined {
    let document: DocumentNode;
    try {
      document = parse(text);
    } catch {
      return undefined;
    }
    const isQuery = getOperationAST(document, name)?.operation === OperationTypeNode.QUERY;
    if (!isQuery || isIntrospective(document)) return undefined;
    if (validate(this.#schema, document).length) return undefined;
    const past = mayAskForPast(text);
    return { number: this.#number++, document, name, mayAskForPast: past, runs: 0 };
  }

  /** Compiling costs more than one run saves, and many documents come only once. */
  #compile(operation: Operation): Compiled | undefined {
    if (operation.runs++ < runsBeforeCompiling) return undefined;
    let compiled = this.#compiled.get(operation);
    if (!compiled) {
      const query = compileQuery(this.#schema, operation.document, operation.name, {
        // A stack of compiled code tells nobody anything.
        disablingCapturingStackErrors: true,
      });
      compiled = isCompiledQuery(query) ? query.query : 'impossible';
      this.#compiled.set(operation, compiled);
    }
    return compiled;
  }
}

/** A query that was parsed and found valid. */
export interface Operation {
  /** Tells it from all others of this process. */
  number: number;
  document: DocumentNode;
  /** Which of the document's operations; undefined where it has only one. */
  name: string | undefined;
  /** Whether it may ask what was known at some moment. */
  mayAskForPast: boolean;
  /** How often it was run. */
  runs: number;
}

// Private:

type Compiled = CompiledQuery['query'] | 'impossible';

const runsBeforeCompiling = 2;

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isIntrospective = (document: DocumentNode): boolean =>
  document.definitions.some(
    (definition) =>
      'selectionSet' in definition &&
      definition.selectionSet.selections.some(
        (selection) =>
          selection.kind === Kind.FIELD && /^__(schema|type)$/.test(selection.name.value),
      ),
  );
