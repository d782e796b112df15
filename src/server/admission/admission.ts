/** Admission control: the limits that a request has to meet before it is executed, and while. */
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

/** The parameters of a request, as GraphQL over HTTP defines them. */
export interface OperationParams {
  query?: unknown;
  variables?: unknown;
  operationName?: unknown;
  extensions?: unknown;
}

/** The share of the server that an admitted request takes. */
export interface Admitted extends Omit<Share, 'weight'> {
  cost: number;
}

export class Admission {
  readonly documents: Documents;
  readonly concurrency: ConcurrencyLimiter;
  readonly streams: Streams;
  /** WebSockets, of which each may have many streams. */
  readonly sockets: Streams;
  readonly responses: ResponseBudget;
  readonly #large: ConcurrencyLimiter;
  readonly #largeCost: number;
  readonly #schema: GraphQLSchema;
  readonly #costs = new WeakMap<OperationDefinitionNode, Cost>();
  readonly #maxCost: number;
  readonly #valueLimits: ValueLimits;

  constructor(schema: GraphQLSchema, limits: Limits) {
    this.documents = new Documents(limits);
    this.concurrency = new ConcurrencyLimiter(limits);
    this.streams = new Streams(limits);
    this.sockets = new Streams(limits, 'WebSockets');
    this.responses = new ResponseBudget(limits);
    const { seconds, largeCost, largeRunning, largeWaiting } = limits;
    this.#large = new ConcurrencyLimiter({
      ...{ seconds, running: largeRunning, waiting: largeWaiting },
      // Large requests may wait longer, but have to end within the time of a request.
      waitSeconds: seconds / 2,
    });
    this.#largeCost = largeCost;
    this.#schema = schema;
    this.#maxCost = limits.cost;
    this.#valueLimits = limits;
  }

  /** The cost of a request, or its rejection. An invalid request, which fails later, costs 0. */
  admit(params: OperationParams, meter: Meter | undefined): number | GraphQLError {
    const { query, variables } = params;
    if (typeof query !== 'string') return 0;
    const tooMuch = this.rejectValues(variables) ?? this.documents.read(query).rejection;
    if (tooMuch) return tooMuch;
    const cost = this.#costOf(query, params);
    if (!isIntrospective(query)) return this.#reject(cost, cost, meter) ?? cost;
    // Counting its fields in the schema is work, and is repeated if variables name types.
    const unpaid = cost > this.#maxCost ? meter?.chargeText(this.#countingOf(query)) : undefined;
    return unpaid ?? this.#reject(cost, fieldsPerObject * cost, meter) ?? cost;
  }

  /**
   * The rejection of a text that must not be parsed and validated. A text that is not cached costs
   * an object for each token, besides what it selects.
   */
  rejectText(query: string, meter: Meter | undefined): GraphQLError | undefined {
    if (!meter || this.documents.knows(query)) return undefined;
    // The number of tokens is not known before parsing, but a client without points must not
    // have texts parsed.
    const rejected = meter.chargeText(query.length / maxTokenLength);
    if (rejected) return rejected;
    const { document } = this.documents.read(query);
    if (!document) return undefined;
    const cost = isIntrospective(query) ? this.#countingOf(query) : (document.tokenCount ?? 0);
    return meter.chargeText(cost);
  }

  /** The rejection of variables that are too deep or too many. */
  rejectValues(variables: unknown): GraphQLError | undefined {
    return rejectValues(variables, this.#valueLimits);
  }

  /** The type and the name of an operation; undefined if the text cannot be parsed. */
  operationOf({ query, operationName }: OperationParams): OperationName | undefined {
    if (typeof query !== 'string') return undefined;
    const { document } = this.documents.read(query);
    const operation = document && operationOf(document, operationName);
    return operation ? { type: operation.operation, name: operation.name?.value } : undefined;
  }

  /** The rejection of a cost; if there is none, the client's points are charged. */
  rejectCost(cost: number, meter: Meter | undefined): GraphQLError | undefined {
    return this.#reject(cost, cost, meter);
  }

  /** The number of running requests, large ones included. */
  get running(): number {
    return this.concurrency.running + this.#large.running;
  }

  /** The number of queued requests, large ones included. */
  get waiting(): number {
    return this.concurrency.waiting + this.#large.waiting;
  }

  /** Whether a request of this cost is queued with the large ones. */
  isLarge(cost: number): boolean {
    return cost > this.#largeCost;
  }

  /** Does the work when its turn comes; the result has an error if that is too late. */
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

  /** @param charged What the client is charged for, which may differ from the cost. */
  #reject(cost: number, charged: number, meter: Meter | undefined): GraphQLError | undefined {
    return cost > this.#maxCost ? tooCostly(cost, this.#maxCost) : meter?.charge(charged);
  }

  /** The cost of counting the fields of an introspection query. */
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

interface ValueLimits {
  /** The maximum depth. */
  depth: number;
  /** The maximum number, nested values included. */
  values: number;
}

/**
 * The rejection of variables that are too deep or too many. Deep values overflow the stack, and a
 * hundred thousand values block the event loop, so they are checked first, without recursion.
 */
function rejectValues(variables: unknown, limits: ValueLimits): GraphQLError | undefined {
  let count = 0;
  const open = [{ value: variables, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > limits.depth) return tooDeep(limits.depth);
    const within = Array.isArray(value) ? (value as unknown[]) : Object.values(value);
    count += within.length;
    if (count > limits.values) return tooMany(limits.values);
    for (const each of within) open.push({ value: each, depth: depth + 1 });
  }
  return undefined;
}

/** Characters of a token, with the blanks around it, that few exceed. */
const maxTokenLength = 32;

/** Introspection is counted in the schema, which takes milliseconds. */
const perTokenOfIntrospection = 10;

/** Introspection is charged by the field, since it needs no database. */
const isIntrospective = (query: string): boolean => /__(schema|type)\b/.test(query);

const operationOf = (document: DocumentNode, name: unknown) =>
  getOperationAST(document, typeof name === 'string' ? name : undefined);

const tooCostly = (cost: number, limit: number): GraphQLError =>
  rejection(
    'QUERY_TOO_COMPLEX',
    `The response could contain ${cost} objects, more than the maximum of ${limit}: nested lists multiply. Request smaller pages with first, fewer nested lists, or split the query into several requests.`,
    { status: 400, details: { exceeded: 'cost', cost, limit } },
  );

const tooDeep = (limit: number): GraphQLError =>
  rejection(
    'QUERY_TOO_COMPLEX',
    `The variables are nested more than ${limit} levels deep. Send flatter values.`,
    { status: 400, details: { exceeded: 'depth', limit } },
  );

const tooMany = (limit: number): GraphQLError =>
  rejection(
    'QUERY_TOO_COMPLEX',
    `The variables contain more than ${limit} values. Split them into several requests.`,
    { status: 400, details: { exceeded: 'values', limit } },
  );
