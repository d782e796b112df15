/**
 * Multiple processes: the primary starts workers that share its port, replaces those that end, and
 * stops them. Node's cluster distributes connections round robin, and ends workers whose primary
 * has ended.
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

/** The message on which a worker completes running requests and exits. */
export const stopMessage = 'stop';

/** A worker with a shorter uptime may have ended for a reason that its successor shares. */
const minUptimeMs = 60_000;

/** The delay of a restart, which doubles for each short-lived worker in a row. */
const minRestartDelayMs = 200;
const maxRestartDelayMs = 30_000;

/** The time beyond SHUTDOWN_SECONDS for workers to close the database. */
const killDelaySeconds = 10;

/**
 * The number of processes.
 *
 * @throws UsageError if the database cannot be shared
 */
export function numberOfWorkers({ workers, database }: Config): number {
  const count = workers === 'auto' ? availableParallelism() : workers;
  if (count === 1 || 'url' in database) return count;
  const origin = workers === 'auto' ? ' (auto: one for each core)' : '';
  throw new UsageError(
    `${count} workers${origin} cannot share the embedded database, which only one process can open; set DATABASE_URL, or use 1 worker`,
  );
}

/**
 * Manages the worker processes, which run worker.ts.
 *
 *     const port = await new Workers(4, config, logger).start();
 */
export class Workers {
  readonly #count: number;
  readonly #config: Config;
  readonly #logger: Logger;
  /** The worker processes. */
  readonly #living = new Set<Worker>();
  /** Those that listen. */
  readonly #listening = new Set<Worker>();
  readonly #metrics = new WorkerMetrics();
  readonly #stopping = new AbortController();
  /** Each keeps one worker running, until the server stops. */
  readonly #supervisors: Promise<void>[] = [];
  /** The port at which they listen, once one does. */
  #port: number | undefined;
  /** The port for the next worker; 0 for one that the system chooses. */
  #requestedPort: number;

  constructor(count: number, config: Config, logger: Logger) {
    this.#count = count;
    this.#config = config;
    this.#logger = logger;
    this.#requestedPort = config.port;
  }

  /**
   * Starts the workers, the first alone, so that an error common to all, such as a port in use, is
   * reported once.
   *
   * @returns the port, once all workers listen; undefined if they were stopped before, or if the
   *   first one reported an error, whose exit code becomes `exitCode`
   */
  async start(): Promise<number | undefined> {
    cluster.setupPrimary({ exec: fileURLToPath(new URL('worker.js', import.meta.url)), args: [] });
    this.#supervisors.push(this.#supervise());
    await Promise.race([this.#untilListening(1), ...this.#supervisors]);
    if (this.#port === undefined || this.#isStopping()) return undefined;
    while (this.#supervisors.length < this.#count) this.#supervisors.push(this.#supervise());
    // The port is announced when all listen, or persistent connections would crowd onto the first.
    await Promise.race([this.#untilListening(this.#count), Promise.all(this.#supervisors)]);
    return this.#isStopping() ? undefined : this.#port;
  }

  /** Stops all workers gracefully. If one aborted a request, `exitCode` is 1. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const worker of this.#living) {
      // A worker that does not listen yet has no requests, and no handler for the message.
      if (this.#listening.has(worker)) worker.send(stopMessage);
      else worker.process.kill('SIGKILL');
    }
    const timer = setTimeout(
      () => {
        const workers = [...this.#living].map(({ process }) => process.pid);
        this.#logger.error({ workers }, 'workers did not stop in time and were killed');
        this.kill();
      },
      (this.#config.shutdownSeconds + killDelaySeconds) * 1000,
    );
    await Promise.all(this.#supervisors);
    clearTimeout(timer);
  }

  /** Kills all workers. */
  kill(): void {
    for (const worker of this.#living) worker.process.kill('SIGKILL');
  }

  // Private:

  /** Keeps one worker running: starts another when it ends. */
  async #supervise(): Promise<void> {
    let deaths = 0;
    let predecessor: number | undefined;
    for (;;) {
      const startedAt = performance.now();
      const worker = this.#fork(predecessor);
      const end = await this.#endOf(worker);
      if (this.#isStopping()) return;
      if (this.#port === undefined) return failToStart(end);
      deaths = performance.now() - startedAt < minUptimeMs ? deaths + 1 : 1;
      const pauseMs = Math.min(minRestartDelayMs * 2 ** (deaths - 1), maxRestartDelayMs);
      const { pid } = worker.process;
      this.#logger.error({ worker: pid, ...end, pauseMs }, 'a worker ended unexpectedly');
      predecessor = pid ?? predecessor;
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#isStopping()) return;
    }
  }

  #fork(predecessor: number | undefined): Worker {
    // Without workers there is no socket, and the system would choose another port.
    if (this.#living.size === 0 && this.#port !== undefined) this.#requestedPort = this.#port;
    const worker = cluster.fork({ PORT: String(this.#requestedPort) });
    this.#living.add(worker);
    worker.once('listening', ({ port }) => {
      this.#port ??= port;
      this.#listening.add(worker);
      this.#metrics.add(worker);
      if (predecessor === undefined) return;
      this.#logger.info({ worker: worker.process.pid, predecessor }, 'a worker was replaced');
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
        this.#logger.warn({ err: error, worker: worker.process.pid }, 'a worker cannot be reached');
        // The process could not be started.
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

/** Reports that the first worker ended before it listened. */
function failToStart({ code, signal }: End): void {
  if (!code)
    throw new Error(`the first worker ended (${signal ?? code}) before it started to listen`);
  process.exitCode = code;
}
