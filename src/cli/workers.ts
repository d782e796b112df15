/**
 * Several cores: a primary process, which answers nothing itself, starts workers that share its
 * port, replaces those that die, and stops them all. Node's cluster deals the connections out
 * to them in turn, and ends a worker whose primary is gone.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { UsageError } from './fail.js';
import { WorkerMetrics } from './workerMetrics.js';

/** What the primary sends to a worker that is to answer what runs and end. */
export const stopMessage = 'stop';

/** A worker that lived shorter, in milliseconds, died young: the next may die of the same. */
const minUptimeMs = 60_000;

/** Before a worker is replaced, in milliseconds; doubled for each in a row that died young. */
const minRestartDelayMs = 200;
const maxRestartDelayMs = 30_000;

/** What workers get beyond SHUTDOWN_SECONDS, in seconds, to let go of the database. */
const killDelaySeconds = 10;

/**
 * How many processes the settings ask for.
 *
 * @throws UsageError when the database cannot be shared by so many
 */
export function numberOfWorkers({ workers, database }: Config): number {
  const count = workers === 'auto' ? availableParallelism() : workers;
  if (count === 1 || 'url' in database) return count;
  const origin = workers === 'auto' ? ' (auto: one for each core)' : '';
  throw new UsageError(
    `${count} workers${origin} cannot share the embedded database, which belongs to one process; set DATABASE_URL to a PostgreSQL that all can use, or serve with 1 worker`,
  );
}

/**
 * The workers of this process, each a process of its own that runs worker.ts.
 *
 *     const port = await new Workers(4, config, logger).start();
 */
export class Workers {
  readonly #count: number;
  readonly #config: Config;
  readonly #logger: Logger;
  /** Those that live. */
  readonly #living = new Set<Worker>();
  /** Those that live and listen. */
  readonly #listening = new Set<Worker>();
  readonly #metrics = new WorkerMetrics();
  readonly #stopping = new AbortController();
  /** Each keeps one worker going, and ends when there is to be none any more. */
  readonly #posts: Promise<void>[] = [];
  /** Where they listen, once one does. */
  #port: number | undefined;
  /** What a worker that is started is to listen at. */
  #portToAskFor: number;

  constructor(count: number, config: Config, logger: Logger) {
    this.#count = count;
    this.#config = config;
    this.#logger = logger;
    this.#portToAskFor = config.port;
  }

  /**
   * Starts them. What keeps one from starting, such as a port that is taken, mostly keeps all:
   * the first goes ahead, so that it is told once.
   *
   * @returns the port, as soon as all of them listen; undefined when they were told to stop
   *   before, or when the first has told why it cannot start, and `exitCode` is what its was
   */
  async start(): Promise<number | undefined> {
    cluster.setupPrimary({ exec: fileURLToPath(new URL('worker.js', import.meta.url)), args: [] });
    this.#posts.push(this.#keepOne());
    await Promise.race([this.#untilListening(1), ...this.#posts]);
    if (this.#port === undefined || this.#isStopping()) return undefined;
    while (this.#posts.length < this.#count) this.#posts.push(this.#keepOne());
    // Not before all listen: clients that keep their connections would crowd them onto the first.
    await Promise.race([this.#untilListening(this.#count), Promise.all(this.#posts)]);
    return this.#isStopping() ? undefined : this.#port;
  }

  /** Lets each answer what runs, and waits for them to end. If one cut something off, `exitCode` is 1. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const worker of this.#living) {
      // One that does not listen yet has nothing to finish, and nobody who hears us.
      if (this.#listening.has(worker)) worker.send(stopMessage);
      else worker.process.kill('SIGKILL');
    }
    const timer = setTimeout(
      () => {
        const workers = [...this.#living].map(({ process }) => process.pid);
        this.#logger.error({ workers }, 'workers that did not end were killed');
        this.kill();
      },
      (this.#config.shutdownSeconds + killDelaySeconds) * 1000,
    );
    await Promise.all(this.#posts);
    clearTimeout(timer);
  }

  /** Ends all at once. */
  kill(): void {
    for (const worker of this.#living) worker.process.kill('SIGKILL');
  }

  // Private:

  /** Starts a worker, and another whenever it dies. */
  async #keepOne(): Promise<void> {
    let deaths = 0;
    let predecessor: number | undefined;
    for (;;) {
      const bornAt = performance.now();
      const worker = this.#hire(predecessor);
      const end = await this.#endOf(worker);
      if (this.#isStopping()) return;
      if (this.#port === undefined) return giveUp(end);
      deaths = performance.now() - bornAt < minUptimeMs ? deaths + 1 : 1;
      const pauseMs = Math.min(minRestartDelayMs * 2 ** (deaths - 1), maxRestartDelayMs);
      const { pid } = worker.process;
      this.#logger.error({ worker: pid, ...end, pauseMs }, 'a worker ended unexpectedly');
      predecessor = pid ?? predecessor;
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#isStopping()) return;
    }
  }

  #hire(predecessor: number | undefined): Worker {
    // When all are gone, so is the socket, and the system would choose another port.
    if (this.#living.size === 0 && this.#port !== undefined) this.#portToAskFor = this.#port;
    const worker = cluster.fork({ PORT: String(this.#portToAskFor) });
    this.#living.add(worker);
    worker.once('listening', ({ port }) => {
      this.#port ??= port;
      this.#listening.add(worker);
      this.#metrics.add(worker);
      if (predecessor === undefined) return;
      this.#logger.info({ worker: worker.process.pid, predecessor }, 'a worker took its place');
    });
    return worker;
  }

  #endOf(worker: Worker): Promise<End> {
    return new Promise((resolve) => {
      const end = (code: number | null, signal: string | null): void => {
        if (this.#isStopping() && this.#listening.has(worker) && code !== 0) {
          process.exitCode = 1;
        }
        this.#living.delete(worker);
        this.#listening.delete(worker);
        this.#metrics.remove(worker, this.#isStopping());
        resolve({ code, signal });
      };
      worker.once('exit', end);
      worker.on('error', (error) => {
        this.#logger.warn({ err: error, worker: worker.process.pid }, 'a worker is out of reach');
        // It never was a process, as when the system has no more of them.
        if (worker.process.pid === undefined) end(null, null);
      });
    });
  }

  async #untilListening(count: number): Promise<void> {
    while (this.#listening.size < count) await once(cluster, 'listening');
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}

// Private:

interface End {
  code: number | null;
  signal: string | null;
}

/** After the end of the first worker, which never listened. */
function giveUp({ code, signal }: End): void {
  if (!code) throw new Error(`the first worker ended (${signal ?? code}) before it listened`);
  process.exitCode = code;
}
