/** Metrics for Prometheus, counted in each process; `docs/watching.md` describes each. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BatchWatcher } from '../../knowledge/reading/batcher.js';
import type { Database } from '../../database/database.js';
import { version } from '../../version.js';
import type { Admission } from '../admission/admission.js';
import type { ResponseCache } from '../execution/responseCache.js';
import { RequestRecord } from './requestRecord.js';

/** The maximum number of operation names as labels. Clients invent names, and each costs memory. */
const maxNames = 100;
const maxNameLength = 100;

/** Objects whose state is read when the metrics are scraped. */
export interface Sources {
  admission: Pick<Admission, 'running' | 'waiting' | 'responses' | 'sockets'>;
  cache: ResponseCache | undefined;
  /** Registered queries (APQ). */
  registered: { readonly size: { queries: number; bytes: number } };
  /** The maximum number of connections to the database; undefined if there is only one. */
  connections: number | undefined;
  /** The use of connections for transactions. */
  transactions: readonly NonNullable<Database['transactions']>[];
  /** The stream of changes. */
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
    help: 'Completed GraphQL requests by operation and outcome: ok, aborted, or the code of the first error',
    labelNames: ['operation', 'outcome'],
    registers: [this.registry],
  });
  readonly #durations = new Histogram({
    name: 'chancery_request_duration_seconds',
    help: 'Duration of GraphQL requests, from their head to the end of the response; without subscriptions',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  readonly #limits = new Counter({
    name: 'chancery_limits_hit_total',
    help: 'Requests rejected by a limit, by error code and by the name of the limit, if any',
    labelNames: ['code', 'limit'],
    registers: [this.registry],
  });
  readonly #batchKeys = new Histogram({
    name: 'chancery_batch_keys',
    help: 'Number of keys fetched in a batch',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
    registers: [this.registry],
  });

  constructor() {
    this.#count('chancery_sql_statements_total', 'SQL statements sent', () => this.#statements);
    this.#show(
      'chancery_batches_running',
      'Batches being fetched; those beyond the number of connections wait for one',
      () => this.#batches,
    );
    this.#show('chancery_subscriptions_open', 'Open subscriptions', () => this.#streams);
    new Gauge({
      name: 'chancery_info',
      help: 'Always 1, with the version as a label',
      labelNames: ['version'],
      aggregator: 'first',
      registers: [this.registry],
    }).set({ version }, 1);
  }

  /** Adds gauges whose values are read when the metrics are scraped. */
  watch({ admission, cache, registered, connections, transactions, events }: Sources): void {
    this.#show('chancery_requests_running', 'Requests being executed', () => admission.running);
    this.#show('chancery_requests_waiting', 'Requests in the queue', () => admission.waiting);
    this.#show(
      'chancery_response_bytes_held',
      'Bytes of responses that are being created, or not yet read by their clients',
      () => admission.responses.held,
    );
    this.#show('chancery_websockets_open', 'Open WebSockets', () => admission.sockets.open);
    this.#show(
      'chancery_registered_queries',
      'Queries that clients have registered by hash',
      () => registered.size.queries,
    );
    this.#show(
      'chancery_events_held_back_seconds',
      'Time that events have been held back by an open transaction in this database; 0 if none are',
      () => events.heldBackSeconds,
      'max',
    );
    if (connections !== undefined) {
      this.#show(
        'chancery_database_connections_max',
        'Maximum number of connections to PostgreSQL',
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
        'Transactions waiting for a connection',
        sum('waiting'),
      );
    }
    if (!cache) return;
    this.#count(
      'chancery_response_cache_hits_total',
      'Responses served from the cache',
      () => cache.uses.hits,
    );
    this.#count(
      'chancery_response_cache_misses_total',
      'Responses not found in the cache',
      () => cache.uses.misses,
    );
    this.#show(
      'chancery_response_cache_answers',
      'Responses in the cache',
      () => cache.size.answers,
    );
    this.#show(
      'chancery_response_cache_bytes',
      'Bytes of responses in the cache',
      () => cache.size.bytes,
    );
  }

  /** Adds the process metrics of prom-client: memory, processor time, event-loop lag, … */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** A request to the endpoint is complete. */
  request({ operation, code }: RequestRecord, seconds: number, isAborted: boolean): void {
    const outcome = code ?? (isAborted ? 'aborted' : 'ok');
    const name = this.#nameOf(operation && (operation.name ?? 'anonymous'), outcome === 'ok');
    const series = this.#seriesOf(name, outcome);
    series.requests.inc();
    if (operation?.type !== 'subscription') series.durations.observe(seconds);
  }

  /** A request was rejected before it was parsed. */
  rejectedEarly(): void {
    this.request(unread, 0, false);
    this.limit(unread);
  }

  /** A request that may have exceeded a limit is complete. */
  limit({ code, limit }: RequestRecord): void {
    if (code !== undefined && limitCodes.has(code)) this.#limits.inc({ code, limit: limit ?? '' });
  }

  /** Reserves labels for these operations, regardless of the number of others. */
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

  /** A subscription begins. Returns a function to call when it ends. */
  stream(): () => void {
    this.#streams++;
    let isOpen = true;
    return () => {
      if (isOpen) this.#streams--;
      isOpen = false;
    };
  }

  // Private:

  /** Names become labels when an operation succeeds, so that invalid requests use none up. */
  #nameOf(name: string | undefined, isOk: boolean): string {
    if (name === undefined) return 'unreadable';
    if (this.#names.has(name)) return name;
    if (!isOk || this.#names.size >= maxNames || name.length > maxNameLength) return 'other';
    this.#names.add(name);
    return name;
  }

  /** Cached by label values, since prom-client sorts and joins labels each time. */
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

  /** @param aggregator How to combine the values of several workers. */
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

/** Codes of requests that exceeded a limit. */
const unread = new RequestRecord('');
unread.code = 'OVERLOADED';

const limitCodes = new Set([
  'QUERY_TOO_COMPLEX',
  'RESPONSE_TOO_LARGE',
  'RATE_LIMITED',
  'OVERLOADED',
  'TIMEOUT',
]);
