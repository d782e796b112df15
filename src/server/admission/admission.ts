/** What a request has to pass before it runs, and within which it runs: the same for each way in. */
import {
  getOperationAST,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { OperationName } from '../observability/requestRecord.js';
import { costOf, type Cost } from './complexity/cost.js';
import { fieldsPerObject } from './complexity/introspection.js';
import { Documents } from './complexity/documents.js';
import type { Variables } from './complexity/items.js';
import type { Limits } from './limits.js';
import { ConcurrencyLimiter, type AbortSignalSource, type Share } from './concurrency.js';
import type { Meter } from './rateLimiter.js';
import { isRejection, rejection } from '../errors/rejection.js';
import { ResponseBudget } from '../responses/budget.js';
import { Streams } from './streams.js';
import { rejectValues, type ValueLimits } from './complexity/values.js';

/** What a client asks, as GraphQL over HTTP has it. */
export interface OperationParams {
  query?: unknown;
  variables?: unknown;
  operationName?: unknown;
  extensions?: unknown;
}

/** What is told of a request that may run. */
export interface Admitted extends Omit<Share, 'weight'> {
  cost: number;
}

export class Admission {
  readonly documents: Documents;
  readonly concurrency: ConcurrencyLimiter;
  readonly streams: Streams;
  readonly responses: ResponseBudget;
  readonly #large: ConcurrencyLimiter;
  readonly #largeCost: number;
  readonly #schema: GraphQLSchema;
  readonly #costs = new WeakMap<OperationDefinitionNode, Cost>();
  readonly #mostCost: number;
  readonly #valueLimits: ValueLimits;

  constructor(schema: GraphQLSchema, limits: Limits) {
    this.documents = new Documents(limits);
    this.concurrency = new ConcurrencyLimiter(limits);
    this.streams = new Streams(limits);
    this.responses = new ResponseBudget(limits);
    const { seconds, largeCost, largeRunning, largeWaiting } = limits;
    this.#large = new ConcurrencyLimiter({
      ...{ seconds, running: largeRunning, waiting: largeWaiting },
      // Who asks for a lot expects to wait, but has to be answered within the time of a request.
      waitSeconds: seconds / 2,
    });
    this.#largeCost = largeCost;
    this.#schema = schema;
    this.#mostCost = limits.cost;
    this.#valueLimits = limits;
  }

  /**
   * What a request costs, where it may run; 0 where it is wrong in other ways. Otherwise why it
   * must not.
   */
  admit(params: OperationParams, meter: Meter | undefined): number | GraphQLError {
    const { query, variables } = params;
    if (typeof query !== 'string') return 0;
    const tooMuch = this.rejectValues(variables) ?? this.documents.read(query).rejection;
    if (tooMuch) return tooMuch;
    const cost = this.#costOf(query, params);
    if (!isIntrospective(query)) return this.#reject(cost, cost, meter) ?? cost;
    // That it is too much was counted in the schema, each time anew where variables name types.
    const unpaid = cost > this.#mostCost ? meter?.chargeText(this.#countingOf(query)) : undefined;
    return unpaid ?? this.#reject(cost, fieldsPerObject * cost, meter) ?? cost;
  }

  /**
   * Why a text must not be read, or be worked with. What was read before is known; any other
   * costs an object for each of its words and signs, beside what it asks for, since all of it is
   * read and checked.
   */
  rejectText(query: string, meter: Meter | undefined): GraphQLError | undefined {
    if (!meter || this.documents.knows(query)) return undefined;
    // How many words there are is not known yet, but there are some: who has no points left must
    // not have texts read.
    const rejected = meter.chargeText(query.length / maxWordLength);
    if (rejected) return rejected;
    const { document } = this.documents.read(query);
    if (!document) return undefined;
    const cost = isIntrospective(query) ? this.#countingOf(query) : (document.tokenCount ?? 0);
    return meter.chargeText(cost);
  }

  /** Why these variables must not be touched. */
  rejectValues(variables: unknown): GraphQLError | undefined {
    return rejectValues(variables, this.#valueLimits);
  }

  /** What is told of an operation; undefined where it cannot be read. */
  operationOf({ query, operationName }: OperationParams): OperationName | undefined {
    if (typeof query !== 'string') return undefined;
    const { document } = this.documents.read(query);
    const operation = document && operationOf(document, operationName);
    return operation ? { type: operation.operation, name: operation.name?.value } : undefined;
  }

  /** Why a query of that cost must not run; where it may, its client's points are taken. */
  rejectCost(cost: number, meter: Meter | undefined): GraphQLError | undefined {
    return this.#reject(cost, cost, meter);
  }

  /** How many requests are worked on, large ones included. */
  get running(): number {
    return this.concurrency.running + this.#large.running;
  }

  /** How many requests wait for their turn, large ones included. */
  get waiting(): number {
    return this.concurrency.waiting + this.#large.waiting;
  }

  /** Whether what costs so much is kept apart from what is small. */
  isLarge(cost: number): boolean {
    return cost > this.#largeCost;
  }

  /** Does the work when its turn comes. Where that is too late, the result tells so. */
  async run<Result>(
    work: (abortSignal: AbortSignalSource) => Promise<Result>,
    { cost, ...share }: Admitted,
  ): Promise<Result | { errors: GraphQLError[] }> {
    try {
      return await (this.isLarge(cost)
        ? this.#large.within(work, { ...share, weight: cost })
        : this.concurrency.within(work, share));
    } catch (error) {
      if (isRejection(error)) return { errors: [error] };
      throw error;
    }
  }

  // Private:

  /** @param asked What is taken from the client's points, which may be more than the cost. */
  #reject(cost: number, asked: number, meter: Meter | undefined): GraphQLError | undefined {
    return cost > this.#mostCost ? tooCostly(cost, this.#mostCost) : meter?.charge(asked);
  }

  /** What it costs to find out how much of the schema is asked. */
  #countingOf(query: string): number {
    return perTokenOfIntrospection * (this.documents.read(query).document?.tokenCount ?? 0);
  }

  #costOf(query: string, { operationName, variables }: OperationParams): number {
    const { document } = this.documents.read(query);
    const operation = document && operationOf(document, operationName);
    if (!operation) return 0;
    let cost = this.#costs.get(operation);
    if (!cost) this.#costs.set(operation, (cost = costOf(this.#schema, document, operation)));
    return cost((variables ?? {}) as Variables);
  }
}

// Private:

/** Letters, and blanks around them, that few words of a query exceed. */
const maxWordLength = 32;

/** What a question about the schema costs is counted in the schema, which takes milliseconds. */
const perTokenOfIntrospection = 10;

/** What asks for the schema takes points by each field: nothing of it waits for a database. */
const isIntrospective = (query: string): boolean => /__(schema|type)\b/.test(query);

const operationOf = (document: DocumentNode, name: unknown) =>
  getOperationAST(document, typeof name === 'string' ? name : undefined);

const tooCostly = (cost: number, limit: number): GraphQLError =>
  rejection(
    'QUERY_TOO_COMPLEX',
    `The answer could hold ${cost} objects, but may hold at most ${limit}: lists within lists multiply. Ask for smaller pages with first, for fewer lists within lists, or in several requests.`,
    { status: 400, details: { exceeded: 'cost', cost, limit } },
  );
