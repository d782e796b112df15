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

/** What a client asks, as GraphQL over HTTP has it. */
export interface OperationParams {
  query?: unknown;
  variables?: unknown;
  operationName?: unknown;
}

/** Documents are kept up to this many and this many characters. */
const most = { max: 1000, maxSize: 4_000_000 };

/**
 * Runs queries: each document is parsed and validated once and, when it comes again, compiled
 * into JavaScript of its own, which runs several times as fast as graphql-js interprets it.
 *
 * What is not a plain, valid query (a mutation, a subscription, introspection, a mistake) is
 * not run here: the endpoint does that in the ordinary way, and words the errors.
 */
export class Operations {
  readonly #schema: GraphQLSchema;
  #number = 0;
  readonly #maskError: (error: unknown) => GraphQLError;
  readonly #documents = new LRUCache<string, Operation | 'other'>({
    ...most,
    sizeCalculation: (_operation, text) => text.length + 1,
  });

  /** @param maskError What a client may see of an error that a resolver threw. */
  constructor(schema: GraphQLSchema, maskError: (error: unknown) => GraphQLError) {
    this.#schema = schema;
    this.#maskError = maskError;
  }

  /** The query that is asked, ready to run; undefined where it is none for this class. */
  find({ query, variables, operationName }: OperationParams): Operation | undefined {
    if (typeof query !== 'string' || (operationName ?? '') !== '' || !isRecord(variables ?? {})) {
      return undefined;
    }
    let operation = this.#documents.get(query);
    if (operation === undefined) {
      operation = this.#read(query) ?? 'other';
      this.#documents.set(query, operation);
    }
    return operation === 'other' ? undefined : operation;
  }

  async run(
    operation: Operation,
    variables: Record<string, unknown>,
    context: GraphContext,
  ): Promise<ExecutionResult> {
    const { document, compiled } = operation;
    if (compiled instanceof Function) {
      const result = await compiled({}, context, variables);
      // The compiler words and locates errors in another way, so who errs is interpreted.
      if (!result.errors) return result;
    } else {
      // Compiling costs more than one run saves, and many documents come only once.
      operation.compiled = compiled === 'not yet' ? 'next time' : this.#compile(document);
    }
    const result = await execute({
      schema: this.#schema,
      document,
      contextValue: context,
      variableValues: variables,
    });
    if (!result.errors) return result;
    return { ...result, errors: result.errors.map((error) => this.#maskError(error)) };
  }

  // Private:

  /** Parses and validates a document; undefined where that fails or it holds no plain query. */
  #read(text: string): Operation | undefined {
    let document: DocumentNode;
    try {
      document = parse(text);
    } catch {
      return undefined;
    }
    const operation = getOperationAST(document);
    if (operation?.operation !== OperationTypeNode.QUERY || isIntrospective(document))
      return undefined;
    if (validate(this.#schema, document).length) return undefined;
    return { number: this.#number++, document, compiled: 'not yet' };
  }

  #compile(document: DocumentNode): Compiled {
    const compiled = compileQuery(this.#schema, document, undefined, {
      // A stack of compiled code tells nobody anything.
      disablingCapturingStackErrors: true,
    });
    return isCompiledQuery(compiled) ? compiled.query : 'never';
  }
}

// Private:

type Compiled = CompiledQuery['query'] | 'not yet' | 'next time' | 'never';

/** A query that was parsed and found valid. */
export interface Operation {
  /** Tells it from all others of this process. */
  number: number;
  document: DocumentNode;
  compiled: Compiled;
}

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
