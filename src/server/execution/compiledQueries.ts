import {
  execute,
  getOperationAST,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { GraphContext } from '../../graph/context.js';
import { readsPast } from '../../graph/plugin/asKnownAt.js';
import type { OperationParams } from '../admission/admission.js';
import { costOf, type Cost } from '../admission/complexity/cost.js';
import { sizeOf, type Documents } from '../admission/complexity/documents.js';
import { unrolledSizeOf } from '../admission/complexity/shape.js';
import type { OperationName } from '../observability/requestRecord.js';
import { UncachedFields } from './uncachedFields.js';
import type { Validation } from './validation.js';

/** The number and bytes of documents that are cached. */
const maxDocuments = { max: 1000, maxSize: 64 * 1024 * 1024 };

/** Compiled code is larger than its document, by whose size it counts. */
const maxCompiled = { max: 300, maxSize: 16 * 1024 * 1024 };

/**
 * Queries compiled to JavaScript (graphql-jit): each document is parsed and validated once and
 * compiled when it is repeated, which makes it several times as fast as graphql-js.
 *
 * Mutations, subscriptions, introspection and invalid documents are left to `Interpreter`.
 */
export class CompiledQueries {
  readonly schema: GraphQLSchema;
  readonly #documents: Documents;
  readonly validation: Validation;
  readonly #uncached: UncachedFields;
  #number = 0;
  readonly #operations = new LRUCache<string, Operation | 'other'>({
    ...maxDocuments,
    sizeCalculation: (operation, text) =>
      2 * text.length + 500 + (operation === 'other' ? 0 : sizeOf(operation.document)),
  });
  readonly #compiled = new LRUCache<Operation, Compiled>({
    ...maxCompiled,
    sizeCalculation: (_compiled, { document }) => sizeOf(document) + 1,
  });

  constructor(schema: GraphQLSchema, documents: Documents, validation: Validation) {
    this.schema = schema;
    this.#documents = documents;
    this.validation = validation;
    this.#uncached = new UncachedFields(schema);
  }

  /** The operation of a request, if it is a valid query. */
  find({ query, variables, operationName, extensions }: OperationParams): Operation | undefined {
    const name = operationName ?? undefined;
    if (typeof query !== 'string') return undefined;
    if (!isRecord(variables ?? {}) || !isRecord(extensions ?? {})) return undefined;
    if (name !== undefined && typeof name !== 'string') return undefined;
    const key = name === undefined ? query : `${name}\n${query}`;
    let operation = this.#operations.get(key);
    if (operation === undefined) {
      operation = this.#read(query, name) ?? 'other';
      this.#operations.set(key, operation);
    }
    return operation === 'other' ? undefined : operation;
  }

  /** The errors of the result are as resolvers threw them. */
  async run(
    operation: Operation,
    variables: Record<string, unknown>,
    context: GraphContext,
  ): Promise<ExecutionResult> {
    const compiled = this.#compile(operation);
    if (compiled instanceof Function) {
      const result = await compiled({}, context, variables);
      // The compiler words and locates errors in its own way: only graphql-js reports them.
      if (!result.errors) return result;
      const excess = context.response?.excess;
      if (excess) return { errors: [excess] };
    }
    const { document, name } = operation;
    return execute({
      schema: this.schema,
      document,
      contextValue: context,
      variableValues: variables,
      operationName: name,
    });
  }

  // Private:

  /** undefined unless the text is valid and its operation a query. */
  #read(text: string, name: string | undefined): Operation | undefined {
    const { document } = this.#documents.read(text);
    if (!document || isIntrospective(text)) return undefined;
    const operation = getOperationAST(document, name);
    if (operation?.operation !== OperationTypeNode.QUERY) return undefined;
    if (this.validation.errorsOf(document).length) return undefined;
    return {
      number: this.#number++,
      document,
      definition: operation,
      name,
      operationName: { type: operation.operation, name: operation.name?.value },
      cost: costOf(this.schema, document, operation),
      readsPast: readsPast(operation),
      isPersonal: this.#uncached.isSelectedIn(document),
      runs: 0,
    };
  }

  /** Compiling takes longer than one execution saves, and many documents are sent only once. */
  #compile(operation: Operation): Compiled | undefined {
    if (operation.runs++ < runsBeforeCompiling) return undefined;
    let compiled = this.#compiled.get(operation);
    if (!compiled) {
      const query =
        unrolledSizeOf(operation.document) <= maxSelections &&
        compileQuery(this.schema, operation.document, operation.name, {
          // The stack of compiled code is of no use.
          disablingCapturingStackErrors: true,
        });
      compiled = query && isCompiledQuery(query) ? query.query : 'not compilable';
      this.#compiled.set(operation, compiled);
    }
    return compiled;
  }
}

/** A query that was parsed and found valid. */
export interface Operation {
  /** Unique in this process. */
  number: number;
  document: DocumentNode;
  definition: OperationDefinitionNode;
  /** The name of the operation in the document; undefined if it has only one. */
  name: string | undefined;
  /** What logs, metrics and traces report. */
  operationName: OperationName;
  /** Whether it reads an earlier state of the knowledge base. */
  readsPast: boolean;
  cost: Cost;
  /** Whether the result depends on more than records, so that the cache cannot hold it. */
  isPersonal: boolean;
  /** How often it was executed. */
  runs: number;
}

// Private:

type Compiled = CompiledQuery['query'] | 'not compilable';

const runsBeforeCompiling = 2;

/**
 * The selections of a document that is compiled, with fragments inlined. Compiling blocks the
 * event loop for some 50 µs for each; larger documents are interpreted.
 */
const maxSelections = 400;

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isIntrospective = (text: string): boolean => /\b__(schema|type)\b/.test(text);
