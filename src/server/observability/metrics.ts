/**
 * What the server counts of itself, in the terms of Prometheus. Each process counts on its own;
 * `docs/watching.md` tells what each metric means.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BatchWatcher } from '../../knowledge/reading/batcher.js';
import type { Database } from '../../database/database.js';
import { version } from '../../version.js';
import type { Admission } from '../admission/admission.js';
import type { ResponseCache } from '../execution/responseCache.js';
import { RequestRecord } from './requestRecord.js';

/** Names of operations that are told apart. Clients make names up, and each costs memory. */
const maxNames = 100;
const maxNameLength = 100;

/** Whose state is looked at when the metrics are read. */
export interface Sources {
  admission: Pick<Admission, 'running' | 'waiting' | 'responses'>;
  cache: ResponseCache | undefined;
  /** Queries that clients have registered by their hashes. */
  registered: { readonly size: { queries: number; bytes: number } };
  /** How many connections to the database there are at most; undefined where there is only one. */
  connections: number | undefined;
  /** How those for transactions are used. */
  transactions: readonly NonNullable<Database['transactions']>[];
  /** What tells of changes. */
  events: { readonly heldBackSeconds: number };
}

export class Metrics implements BatchWatcher {
  readonly registry = new Registry();
  readonly #names = new Set<string>();
  readonly #series = new Map<string, Series>();
  #statements = 0;
  #batches = 0;
  #streams = 0;

  readonly #requests = new Counter({
    name: 'chancery_requests_total',
    help: 'GraphQL requests that are over, by operation and by outcome: ok, aborted, or the code of the first error',
    labelNames: ['operation', 'outcome'],
    registers: [this.registry],
  });
  readonly #durations = new Histogram({
    name: 'chancery_request_duration_seconds',
    help: 'How long GraphQL requests took, from their head to the end of the answer; subscriptions are not among them',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  readonly #limits = new Counter({
    name: 'chancery_limits_hit_total',
    help: 'Requests that met a limit, by the code of the answer and by the limit where it has a name',
    labelNames: ['code', 'limit'],
    registers: [this.registry],
  });
  readonly #batchKeys = new Histogram({
    name: 'chancery_batch_keys',
    help: 'How many keys were fetched together',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    registers: [this.registry],
  });

  constructor() {
    this.#count('chancery_sql_statements_total', 'SQL statements sent', () => this.#statements);
    this.#show(
      'chancery_batches_running',
      'Batches that are being fetched; those beyond the connections wait for one',
      () => this.#batches,
    );
    this.#show(
      'chancery_subscriptions_open',
      'Subscriptions that are being answered',
      () => this.#streams,
    );
    new Gauge({
      name: 'chancery_info',
      help: 'Always 1; its label is the version',
      labelNames: ['version'],
      aggregator: 'first',
      registers: [this.registry],
    }).set({ version }, 1);
  }

  /** Adds what is looked at only when the metrics are read. */
  watch({ admission, cache, registered, connections, transactions, events }: Sources): void {
    this.#show('chancery_requests_running', 'Requests being worked on', () => admission.running);
    this.#show(
      'chancery_requests_waiting',
      'Requests that wait for their turn',
      () => admission.waiting,
    );
    this.#show(
      'chancery_response_bytes_held',
      'Bytes of answers that are being made, or not yet taken by their clients',
      () => admission.responses.held,
    );
    this.#show(
      'chancery_registered_queries',
      'Queries that clients have registered by their hashes',
      () => registered.size.queries,
    );
    this.#show(
      'chancery_events_held_back_seconds',
      'For how long events have waited for a transaction that is open in this database; 0 where none do',
      () => events.heldBackSeconds,
      'max',
    );
    if (connections !== undefined) {
      this.#show(
        'chancery_database_connections_max',
        'Connections to PostgreSQL that there are at most',
        () => connections,
      );
    }
    if (transactions.length) {
      const sum = (of: 'running' | 'waiting') => () =>
        transactions.reduce((all, each) => all + each[of], 0);
      this.#show(
        'chancery_transactions_running',
        'Transactions that have a connection to the database, or are about to get one',
        sum('running'),
      );
      this.#show(
        'chancery_transactions_waiting',
        'Transactions that wait for a connection',
        sum('waiting'),
      );
    }
    if (!cache) return;
    this.#count(
      'chancery_response_cache_hits_total',
      'Answers given from the cache',
      () => cache.uses.hits,
    );
    this.#count(
      'chancery_response_cache_misses_total',
      'Answers looked for in the cache in vain',
      () => cache.uses.misses,
    );
    this.#show('chancery_response_cache_answers', 'Answers in the cache', () => cache.size.answers);
    this.#show('chancery_response_cache_bytes', 'What they take', () => cache.size.bytes);
  }

  /** Adds what prom-client tells of any process: memory, processor time, event-loop lag, … */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** A request to the endpoint is over. */
  request({ operation, code }: RequestRecord, seconds: number, isAborted: boolean): void {
    const outcome = code ?? (isAborted ? 'aborted' : 'ok');
    const name = this.#nameOf(operation && (operation.name ?? 'anonymous'), outcome === 'ok');
    const series = this.#seriesOf(name, outcome);
    series.requests.inc();
    if (operation?.type !== 'subscription') series.durations.observe(seconds);
  }

  /** A request was turned away before anything was made of it. */
  rejectedEarly(): void {
    this.request(unread, 0, false);
    this.limit(unread);
  }

  /** A request is over that may have met a limit. */
  limit({ code, limit }: RequestRecord): void {
    if (code !== undefined && limitCodes.has(code)) this.#limits.inc({ code, limit: limit ?? '' });
  }

  /** These operations always go by their names, however many others there are. */
  reserve(names: Iterable<string>): void {
    for (const name of names) this.#names.add(name);
  }

  /** An SQL statement is sent. */
  statement(): void {
    this.#statements++;
  }

  async fetched<Result>(
    _batch: object,
    _shape: string,
    keys: number,
    fetch: () => Promise<Result>,
  ): Promise<Result> {
    this.#batchKeys.observe(keys);
    this.#batches++;
    try {
      return await fetch();
    } finally {
      this.#batches--;
    }
  }

  /** A subscription begins. Returns what is to be called when it ends. */
  stream(): () => void {
    this.#streams++;
    let isOpen = true;
    return () => {
      if (isOpen) this.#streams--;
      isOpen = false;
    };
  }

  // Private:

  /** A name is remembered when an operation has succeeded under it: nonsense takes no place. */
  #nameOf(name: string | undefined, isOk: boolean): string {
    if (name === undefined) return 'unreadable';
    if (this.#names.has(name)) return name;
    if (!isOk || this.#names.size >= maxNames || name.length > maxNameLength) return 'other';
    this.#names.add(name);
    return name;
  }

  /** Looked up by texts once, since prom-client sorts and joins labels each time. */
  #seriesOf(operation: string, outcome: string): Series {
    const key = `${operation} ${outcome}`;
    let series = this.#series.get(key);
    if (!series) {
      series = {
        requests: this.#requests.labels(operation, outcome),
        durations: this.#durations.labels(operation),
      };
      this.#series.set(key, series);
    }
    return series;
  }

  /** @param aggregator What the values of several workers come to. */
  #show(name: string, help: string, value: () => number, aggregator: 'sum' | 'max' = 'sum'): void {
    const collect = function (this: Gauge): void {
      this.set(value());
    };
    new Gauge({ name, help, aggregator, registers: [this.registry], collect });
  }

  #count(name: string, help: string, value: () => number): void {
    const collect = function (this: Counter): void {
      this.reset();
      this.inc(value());
    };
    new Counter({ name, help, registers: [this.registry], collect });
  }
}

// Private:

interface Series {
  requests: Counter.Internal;
  durations: Histogram.Internal<'operation'>;
}

/** What is told of each request for which there was no room. */
const unread = new RequestRecord('');
unread.code = 'OVERLOADED';

const limitCodes = new Set([
  'QUERY_TOO_COMPLEX',
  'RESPONSE_TOO_LARGE',
  'RATE_LIMITED',
  'OVERLOADED',
  'TIMEOUT',
]);
