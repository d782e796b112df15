import {
  execute,
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { GraphContext } from '../../graph/context.js';
import type { MaskError } from '../errors/mask.js';
import { mayAskForPast } from './asKnownOn.js';
import type { OperationParams } from '../admission/admission.js';
import { costOf, type Cost } from '../admission/complexity/cost.js';
import { sizeOf, type Documents } from '../admission/complexity/documents.js';
import { unrolledSizeOf } from '../admission/complexity/shape.js';
import { withOneRejection } from '../errors/databaseErrors.js';
import type { OperationName } from '../observability/requestRecord.js';
import { Validation } from './validation.js';

/** Documents are kept up to this many and this many bytes. */
const maxDocuments = { max: 1000, maxSize: 64 * 1024 * 1024 };

/** Compiled code takes more room than the document that it was made of, which is measured. */
const maxCompiled = { max: 300, maxSize: 16 * 1024 * 1024 };

/**
 * Runs queries: each document is parsed and validated once and, when it comes again, compiled
 * into JavaScript of its own, which runs several times as fast as graphql-js interprets it.
 *
 * What is not a plain, valid query (a mutation, a subscription, introspection, a mistake) is
 * not run here: the endpoint does that in the ordinary way, and words the errors.
 */
export class CompiledQueries {
  readonly schema: GraphQLSchema;
  readonly #documents: Documents;
  readonly #maskError: MaskError;
  /** What is found wrong with documents. */
  readonly validation: Validation;
  #number = 0;
  readonly #known = new LRUCache<string, Operation | 'other'>({
    ...maxDocuments,
    sizeCalculation: (operation, text) =>
      2 * text.length + 500 + (operation === 'other' ? 0 : sizeOf(operation.document)),
  });
  readonly #compiled = new LRUCache<Operation, Compiled>({
    ...maxCompiled,
    sizeCalculation: (_compiled, { document }) => sizeOf(document) + 1,
  });

  /** @param maskError What a client may see of an error that a resolver threw. */
  constructor(
    schema: GraphQLSchema,
    documents: Documents,
    maskError: MaskError,
    validation = new Validation(schema),
  ) {
    this.schema = schema;
    this.#documents = documents;
    this.#maskError = maskError;
    this.validation = validation;
  }

  /** The query that is asked, ready to run; undefined where it is none for this class. */
  find({ query, variables, operationName, extensions }: OperationParams): Operation | undefined {
    const name = operationName ?? undefined;
    if (typeof query !== 'string') return undefined;
    if (!isRecord(variables ?? {}) || !isRecord(extensions ?? {})) return undefined;
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
      const excess = context.response?.excess;
      if (excess) return { errors: [excess] };
    }
    const { document, name } = operation;
    const result = await execute({
      schema: this.schema,
      document,
      contextValue: context,
      variableValues: variables,
      operationName: name,
    });
    if (!result.errors) return result;
    const excess = context.response?.excess;
    if (excess) return { errors: [excess] };
    const { requestId } = context;
    const errors = result.errors.map((error) => this.#maskError(error, requestId));
    return withOneRejection({ ...result, errors }, 'query');
  }

  // Private:

  /** Validates a document; undefined where that fails or it holds no plain query. */
  #read(text: string, name: string | undefined): Operation | undefined {
    const { document } = this.#documents.read(text);
    if (!document || isIntrospective(text)) return undefined;
    const operation = getOperationAST(document, name);
    if (operation?.operation !== OperationTypeNode.QUERY) return undefined;
    if (this.validation.errorsOf(document).length) return undefined;
    return {
      number: this.#number++,
      document,
      name,
      asked: { type: operation.operation, name: operation.name?.value },
      cost: costOf(this.schema, document, operation),
      mayAskForPast: mayAskForPast(text),
      isPersonal: text.includes('rateLimit'),
      runs: 0,
    };
  }

  /** Compiling costs more than one run saves, and many documents come only once. */
  #compile(operation: Operation): Compiled | undefined {
    if (operation.runs++ < runsBeforeCompiling) return undefined;
    let compiled = this.#compiled.get(operation);
    if (!compiled) {
      const query =
        unrolledSizeOf(operation.document) <= maxSelections &&
        compileQuery(this.schema, operation.document, operation.name, {
          // A stack of compiled code tells nobody anything.
          disablingCapturingStackErrors: true,
        });
      compiled = query && isCompiledQuery(query) ? query.query : 'impossible';
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
  /** What is told of it. */
  asked: OperationName;
  /** Whether it may ask what was known at some moment. */
  mayAskForPast: boolean;
  cost: Cost;
  /** Whether the answer is for who asks only. */
  isPersonal: boolean;
  /** How often it was run. */
  runs: number;
}

// Private:

type Compiled = CompiledQuery['query'] | 'impossible';

const runsBeforeCompiling = 2;

/**
 * Selections that are compiled, with fragments written out, as the compiler does: it takes some
 * 50 µs for each, in one go. What is larger is interpreted.
 */
const maxSelections = 400;

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isIntrospective = (text: string): boolean => /\b__(schema|type)\b/.test(text);
