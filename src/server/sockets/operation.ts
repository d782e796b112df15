/** An operation of a socket: executed as a request over HTTP is, its results sent as messages. */
import { randomUUID } from 'node:crypto';
import { GraphQLError, type ExecutionResult } from 'graphql';
import type { Identity } from '../../knowledge/auth/identity.js';
import type { Meter } from '../admission/rateLimiter.js';
import { isRejection, overloaded } from '../errors/rejection.js';
import { withoutSuggestion } from '../errors/suggestions.js';
import type { Executor } from '../execution/executor.js';
import type { RequestParams } from '../execution/persisted/persisted.js';
import {
  serialize,
  type Body,
  type OperationResult,
  type QueryResult,
} from '../execution/serialize.js';
import { RequestRecord } from '../observability/requestRecord.js';
import { bodyOf } from '../responses/boundedResponses.js';
import type { ResponseSize } from '../responses/budget.js';
import { tooSlow } from '../subscriptions/slowClients.js';
import type { Outbox } from './outbox.js';

export interface OperationOptions {
  /** The id that the client gave it. */
  id: string;
  executor: Executor;
  outbox: Outbox;
  /** Whether errors suggest names. */
  suggestions: boolean;
  meter: Meter | undefined;
  /** Authenticates the client of the socket anew; undefined for an anonymous client. */
  authenticate: (() => Promise<Identity | undefined>) | undefined;
  /** Whether the socket closes: the client subscribes again on its next one. */
  isClosing: () => boolean;
  /** The operation is over. */
  end: (record: RequestRecord, ms: number, isAborted: boolean) => void;
}

export class Operation {
  readonly #options: OperationOptions;
  readonly #since = performance.now();
  readonly #record = new RequestRecord(randomUUID());
  readonly #leaving = new AbortController();
  #result: QueryResult | OperationResult | undefined;
  #isSlow = false;
  #isOver = false;

  constructor(options: OperationOptions) {
    this.#options = options;
  }

  /** Executes it, and gives the errors for which it has no result. */
  async execute(params: RequestParams): Promise<readonly GraphQLError[] | undefined> {
    const { executor } = this.#options;
    try {
      const result = (this.#result = await this.#execute(params));
      if (!('result' in result)) return undefined;
      const { errors, data } = result.result;
      if (!errors?.length || data !== undefined) return undefined;
      if ('size' in result) result.size.release();
      return this.#rejected(errors);
    } catch (error) {
      return this.#rejected([executor.maskError(error, this.#record.id)]);
    }
  }

  /** Whether its results are events. */
  get isStream(): boolean {
    return this.#result !== undefined && 'stream' in this.#result;
  }

  /**
   * Sends its results. The iteration yields nothing, since they are JSON already; it ends when the
   * client has taken them all, or has left.
   */
  deliver(): AsyncIterableIterator<never> {
    return {
      next: async () => {
        await this.#deliver();
        return done;
      },
      return: () => {
        this.abort();
        return Promise.resolve(done);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** The client has left, or has completed the operation. */
  abort(): void {
    this.#leaving.abort();
  }

  /** The client does not take the results: the last one that is sent says so. */
  endAsSlow(): void {
    this.#isSlow = true;
    this.abort();
  }

  // Private:

  get #isGone(): boolean {
    return this.#leaving.signal.aborted;
  }

  async #execute(params: RequestParams): Promise<QueryResult | OperationResult> {
    const { executor, meter, authenticate } = this.#options;
    const { concurrency, responses } = executor.admission;
    const isFull = concurrency.isFullFor(meter?.client) || responses.isFullFor(meter?.client);
    const excess = isFull ? overloaded() : meter?.take(1);
    if (excess) return { result: { errors: [excess] } };
    const identity = authenticate && (await concurrency.within(authenticate));
    const excessOfOwner = authenticate && meter?.identified(identity);
    if (excessOfOwner) return { result: { errors: [excessOfOwner] } };
    const resolved = executor.persisted.resolve(params);
    if (resolved instanceof GraphQLError) return { result: { errors: [resolved] } };
    const requester = { identity, meter, since: this.#since, requestRecord: this.#record };
    return executor.execute(resolved, requester, {
      isReadOnly: false,
      signal: this.#leaving.signal,
      lastEventId: undefined,
      response: undefined,
    });
  }

  #rejected(errors: readonly GraphQLError[]): readonly GraphQLError[] {
    this.#end(errors);
    return this.#shown(errors);
  }

  async #deliver(): Promise<void> {
    const result = this.#result;
    try {
      if (!result) return;
      if ('stream' in result) await this.#deliverAll(result.stream);
      else if ('body' in result) await this.#sendCharged(result.body, result.size);
      else await this.#deliverOne(result.result, 'size' in result ? result.size : undefined);
    } finally {
      this.#end();
    }
  }

  async #deliverOne(result: ExecutionResult, size = this.#openSize()): Promise<void> {
    const { body, shown } = await bodyOf(this.#shownOf(result), size, this.#record.operation?.type);
    this.#record.note(shown.errors);
    await this.#sendCharged(body, size);
  }

  /** Events are charged before they are read. */
  async #sendCharged(body: Body, size: ResponseSize | undefined): Promise<void> {
    this.#options.meter?.chargeBytes(body.length);
    await this.#send(body, size);
  }

  async #deliverAll(stream: AsyncIterable<ExecutionResult>): Promise<void> {
    const results = stream[Symbol.asyncIterator]();
    try {
      let next = await results.next();
      while (!next.done && !this.#isGone) {
        await this.#deliverEvent(next.value);
        next = await results.next();
      }
      if (this.#options.isClosing()) await abortOf(this.#leaving.signal);
      if (this.#isSlow) await this.#deliverEvent({ errors: [tooSlow()] });
    } catch (error) {
      const masked = this.#options.executor.maskError(error, this.#record.id);
      await this.#deliverEvent({ errors: [masked] });
    } finally {
      void results.return?.().catch(() => {});
    }
  }

  async #deliverEvent(result: ExecutionResult): Promise<void> {
    const size = this.#openSize();
    try {
      await this.#send(await serialize(this.#shownOf(result), size), size);
    } catch (error) {
      size.release();
      if (!isRejection(error)) throw error;
      const { extensions } = result;
      const rejected = { errors: [error], ...(extensions && { extensions }) };
      await this.#send(await serialize(rejected, this.#openSize()), undefined);
    }
  }

  #send(body: Body, size: ResponseSize | undefined): Promise<void> {
    const { id, outbox } = this.#options;
    const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    return typeof body === 'string'
      ? outbox.send(`${head}${body}}`)
      : outbox.send({ head, body, tail: '}', size });
  }

  #openSize(): ResponseSize {
    return this.#options.executor.admission.responses.open(this.#options.meter?.client);
  }

  #shownOf(result: ExecutionResult): ExecutionResult {
    return result.errors ? { ...result, errors: this.#shown(result.errors) } : result;
  }

  #shown(errors: readonly GraphQLError[]): readonly GraphQLError[] {
    return this.#options.suggestions ? errors : errors.map(withoutSuggestion);
  }

  #end(errors?: readonly GraphQLError[]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#record.note(errors);
    this.#record.end();
    const ms = performance.now() - this.#since;
    this.#options.end(this.#record, ms, this.#leaving.signal.aborted);
  }
}

// Private:

const abortOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };
