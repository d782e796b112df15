/**
 * The metrics of all workers: whichever of them is asked asks the primary, which asks them all
 * and adds up what they tell.
 */
import type { Worker } from 'node:cluster';
import { AggregatorRegistry, Counter, Gauge, Registry } from 'prom-client';

type Values = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** What a worker and the primary send each other. */
type Message =
  | { metrics: 'all?' | 'yours?'; id: number }
  | { metrics: 'all'; id: number; text: string }
  | { metrics: 'mine'; id: number; values: Values };

/** How long a worker may take to answer, in milliseconds; then what it told last counts. */
const replyTimeoutMs = 1000;

/** How long a worker waits for the primary, which waits for the other workers. */
const patienceWithPrimary = 3 * replyTimeoutMs;

/**
 * In a worker: the metrics of all, as Prometheus reads them. Where the primary does not answer, its
 * own, with what is missing.
 */
export function metricsOfAll(registry: Registry): () => Promise<string> {
  const asked = new Map<number, (text: string) => void>();
  let number = 0;
  const report = (message: Message): void => void process.send?.(message, ignoreErrors);
  process.on('message', (message: Message) => {
    if (message.metrics === 'all') {
      asked.get(message.id)?.(message.text);
    } else if (message.metrics === 'yours?') {
      const { id } = message;
      registry.getMetricsAsJSON().then(
        (values) => report({ metrics: 'mine', id, values }),
        // Who hears nothing says so.
        () => {},
      );
    }
  });
  return async () => {
    const id = ++number;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<string>((resolve, reject) => {
        asked.set(id, resolve);
        timer = setTimeout(() => reject(new Error('no answer')), patienceWithPrimary);
        report({ metrics: 'all?', id });
      });
    } catch {
      const silent = new Registry();
      silentGauge(silent).set({ worker: 'primary' }, 1);
      return `${await registry.metrics()}\n${await silent.metrics()}`;
    } finally {
      clearTimeout(timer);
      asked.delete(id);
    }
  };
}

/** In the primary. */
export class WorkerMetrics {
  readonly #living = new Map<Worker, { last: Values }>();
  /** What those counted that are gone: counts never fall, or rates would be wrong. */
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
      help: 'Workers that answer',
      registers: [this.#own],
      collect() {
        this.set(living());
      },
    });
  }

  /** A worker answers from now on. */
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

  /** Who asks while others wait for an answer gets the same one. */
  #read(): Promise<string> {
    this.#reading ??= this.#readAnew().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readAnew(): Promise<string> {
    await this.#askAll();
    const departed = this.#departed;
    this.#departed = [
      await sumOf(departed).getMetricsAsJSON(),
      ...this.#departed.slice(departed.length),
    ];
    const told = [...this.#living.values()].map(({ last }) => last);
    const own = await this.#own.getMetricsAsJSON();
    return sumOf([...told, ...this.#departed, own]).metrics();
  }

  /** Asks all that answer, and waits for them, but not for long. */
  #askAll(): Promise<void> {
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
    help: 'Workers, by process id, that did not tell their metrics in time; what they told last counts',
    labelNames: ['worker'],
    registers: [registry],
  });

/** Who does not hear any more is about to be replaced. */
const ignoreErrors = (): void => {};

const countTypes = new Set(['counter', 'histogram', 'summary']);

/** Gauges are added up as well, or averaged, as each of them says. */
const sumOf = (values: Values[]): Registry => AggregatorRegistry.aggregate(values);
