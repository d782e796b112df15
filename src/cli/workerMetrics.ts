/**
 * The metrics of all workers: the worker that is scraped requests them from the primary, which
 * requests them from all workers and adds them up.
 */
import type { Worker } from 'node:cluster';
import { AggregatorRegistry, Counter, Gauge, Registry } from 'prom-client';

type Values = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** The messages between a worker and the primary. */
type Message =
  | { metrics: 'all?' | 'yours?'; id: number }
  | { metrics: 'all'; id: number; text: string }
  | { metrics: 'mine'; id: number; values: Values };

/** How long a worker may take to reply; after that its last reply counts. */
const replyTimeoutMs = 1000;

/** How long a worker waits for the primary, which waits for the other workers. */
const primaryReplyTimeoutMs = 3 * replyTimeoutMs;

/**
 * In a worker: reads the metrics of all workers, in the text format of Prometheus. If the primary
 * does not reply, those of this worker, which say so.
 */
export function metricsOfAll(registry: Registry): () => Promise<string> {
  const pending = new Map<number, (text: string) => void>();
  let number = 0;
  const report = (message: Message): void => void process.send?.(message, ignoreErrors);
  process.on('message', (message: Message) => {
    if (message.metrics === 'all') {
      pending.get(message.id)?.(message.text);
    } else if (message.metrics === 'yours?') {
      const { id } = message;
      registry.getMetricsAsJSON().then(
        (values) => report({ metrics: 'mine', id, values }),
        // The primary reports a worker that does not reply.
        () => {},
      );
    }
  });
  return async () => {
    const id = ++number;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<string>((resolve, reject) => {
        pending.set(id, resolve);
        timer = setTimeout(() => reject(new Error('no answer')), primaryReplyTimeoutMs);
        report({ metrics: 'all?', id });
      });
    } catch {
      const silent = new Registry();
      silentGauge(silent).set({ worker: 'primary' }, 1);
      return `${await registry.metrics()}\n${await silent.metrics()}`;
    } finally {
      clearTimeout(timer);
      pending.delete(id);
    }
  };
}

/** In the primary. */
export class WorkerMetrics {
  readonly #living = new Map<Worker, { last: Values }>();
  /** The counts of workers that have ended: counters must not decrease. */
  #departed: Values[] = [];
  #reading: Promise<string> | undefined;
  readonly #pending = new Map<number, (worker: Worker, values: Values) => void>();
  #number = 0;
  readonly #own = new Registry();
  readonly #ends = new Counter({
    name: 'chancery_worker_ends_total',
    help: 'Workers that ended unexpectedly',
    registers: [this.#own],
  });

  readonly #silent = silentGauge(this.#own);

  constructor() {
    const living = (): number => this.#living.size;
    new Gauge({
      name: 'chancery_workers',
      help: 'Workers that are listening',
      registers: [this.#own],
      collect() {
        this.set(living());
      },
    });
  }

  /** A worker is listening. */
  add(worker: Worker): void {
    this.#living.set(worker, { last: [] });
    worker.on('message', (message: Message) => {
      if (message.metrics === 'mine') this.#pending.get(message.id)?.(worker, message.values);
      else if (message.metrics === 'all?') {
        const { id } = message;
        this.#read().then((text) => {
          if (worker.isConnected()) worker.send({ metrics: 'all', id, text }, ignoreErrors);
        }, ignoreErrors);
      }
    });
  }

  /** A worker has ended. */
  remove(worker: Worker, isExpected: boolean): void {
    const known = this.#living.get(worker);
    if (!isExpected) this.#ends.inc();
    if (!known) return;
    this.#living.delete(worker);
    this.#departed.push(known.last.filter(({ type }) => countTypes.has(String(type))));
  }

  // Private:

  /** Concurrent reads share one result. */
  #read(): Promise<string> {
    this.#reading ??= this.#readAnew().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readAnew(): Promise<string> {
    await this.#requestAll();
    const departed = this.#departed;
    this.#departed = [
      await sumOf(departed).getMetricsAsJSON(),
      ...this.#departed.slice(departed.length),
    ];
    const living = [...this.#living.values()].map(({ last }) => last);
    const own = await this.#own.getMetricsAsJSON();
    return sumOf([...living, ...this.#departed, own]).metrics();
  }

  /** Requests the metrics of all connected workers, and waits for a limited time. */
  #requestAll(): Promise<void> {
    const id = ++this.#number;
    const silent = new Set([...this.#living.keys()].filter((worker) => worker.isConnected()));
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#silent.reset();
        for (const { process } of silent) this.#silent.set({ worker: String(process.pid) }, 1);
        this.#pending.delete(id);
        resolve();
      };
      const timer = setTimeout(done, replyTimeoutMs);
      this.#pending.set(id, (worker, values) => {
        const known = this.#living.get(worker);
        if (known) known.last = values;
        silent.delete(worker);
        if (!silent.size) done();
      });
      for (const worker of silent) worker.send({ metrics: 'yours?', id }, ignoreErrors);
      if (!silent.size) done();
    });
  }
}

// Private:

const silentGauge = (registry: Registry) =>
  new Gauge({
    name: 'chancery_worker_silent',
    help: 'Workers, by process id, that did not report their metrics in time; their last report counts',
    labelNames: ['worker'],
    registers: [registry],
  });

/** A worker that cannot be reached is about to be replaced. */
const ignoreErrors = (): void => {};

const countTypes = new Set(['counter', 'histogram', 'summary']);

/** Gauges are added up as well, or averaged, as each of them says. */
const sumOf = (values: Values[]): Registry => AggregatorRegistry.aggregate(values);
