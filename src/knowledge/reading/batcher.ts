import DataLoader from 'dataloader';
import { isDataException } from '../../database/errors.js';
import { FairScheduler } from './fairScheduler.js';

/** A key of a batch: its parameters, and a text that is the same for equal keys. */
export interface Key {
  text: string;
  parameters: readonly string[];
}

/** Fetches the values of many keys, in their order; undefined for a key without one. */
export type FetchMany<Value> = (keys: readonly Key[]) => Promise<readonly (Value | undefined)[]>;

/** Observes batches, to count and to trace them. */
export interface BatchWatcher {
  /** The current request has loaded a key of this batch. */
  loaded?(batch: object): void;
  /** Fetches a batch: so many keys of one shape. */
  fetched<Result>(
    batch: object,
    shape: string,
    keys: number,
    fetch: () => Promise<Result>,
  ): Promise<Result>;
}

export interface BatcherOptions {
  watcher?: BatchWatcher | undefined;
  /** Keys per fetch, at most. */
  maxBatchSize?: number | undefined;
  /** The same for keys of which each may scan a whole table. Default: `maxBatchSize`. */
  maxHeavyBatchSize?: number | undefined;
  /** Keys that receive their value in one turn of the event loop; by default all. */
  portion?: number | undefined;
}

/** More keys than this in one statement gain nothing and hold up the others. */
const defaultMaxBatchSize = 1000;

/**
 * Batches the keys that all requests of this process load in one turn of the event loop.
 *
 *     batcher.load('office', key, fetchOffices)   // one call of fetchOffices for all keys
 *
 * Unlike a DataLoader of one request, it is shared by all requests and caches no value: two
 * loads of a key in one turn share a fetch, two in different turns do not.
 *
 * A batch is fetched with `setImmediate`, that is after every promise that is ready now has run
 * and loaded its keys. Results of the database that arrive in the same turn thus feed one next
 * batch, and the busier the process, the more keys share a statement.
 */
export class Batcher {
  /** The batches with waiting keys, by shape. */
  readonly #waiting = new Map<string, Batch>();
  readonly #watcher: BatchWatcher | undefined;
  readonly #maxBatchSize: number;
  readonly #maxHeavyBatchSize: number;
  readonly #scheduler: FairScheduler | undefined;

  constructor({
    watcher,
    maxBatchSize = defaultMaxBatchSize,
    maxHeavyBatchSize = maxBatchSize,
    portion,
  }: BatcherOptions = {}) {
    this.#maxHeavyBatchSize = maxHeavyBatchSize;
    this.#watcher = watcher;
    this.#maxBatchSize = maxBatchSize;
    this.#scheduler = portion ? new FairScheduler(portion) : undefined;
  }

  /**
   * @param shape What must be equal for two keys to be fetched together; equal shapes must
   *   come with equal `fetch`.
   * @param text Equal for equal keys.
   * @param parameters The key's parameters: the text alone, or several.
   * @param isHeavy Whether a key may go through a whole table; the same for all of a shape.
   * @returns the key's value, or undefined where it has none
   */
  load<Value>(
    shape: string,
    fetch: FetchMany<Value>,
    text: string,
    parameters?: readonly string[],
    isHeavy = false,
  ): Promise<Value | undefined> {
    let batch = this.#waiting.get(shape);
    if (!batch) {
      const loader: DataLoader<Key, unknown> = new DataLoader(
        (keys) => {
          this.#waiting.delete(shape);
          return this.#fetch(loader, shape, keys, fetch);
        },
        {
          cache: false,
          maxBatchSize: isHeavy ? this.#maxHeavyBatchSize : this.#maxBatchSize,
          batchScheduleFn: (flush) => void setImmediate(flush),
        },
      );
      this.#waiting.set(shape, (batch = { loader, promises: new Map() }));
    }
    this.#watcher?.loaded?.(batch.loader);
    let value = batch.promises.get(text);
    if (!value) {
      value = batch.loader.load({ text, parameters: parameters ?? [text] });
      if (this.#scheduler) value = this.#scheduler.give(value);
      batch.promises.set(text, value);
    }
    return value as Promise<Value | undefined>;
  }

  /** How many shapes have waiting keys; none when the process is at rest. */
  get size(): number {
    return this.#waiting.size;
  }

  // Private:

  #fetch<Value>(
    batch: object,
    shape: string,
    keys: readonly Key[],
    fetch: FetchMany<Value>,
  ): Promise<Answers<Value>> {
    const run = (): Promise<Answers<Value>> => fetchApart(keys, fetch);
    return this.#watcher ? this.#watcher.fetched(batch, shape, keys.length, run) : run();
  }
}

/** A text that is equal for equal parameters. */
export const keyText = (parameters: readonly string[]): string =>
  parameters.length === 1 ? (parameters[0] ?? '') : JSON.stringify(parameters);

// Private:

/**
 * The keys that wait for one fetch; equal ones share a promise. DataLoader's own cache takes 1.5 to
 * 2 times as long for a key that is there already, as it makes a promise for each load.
 */
interface Batch {
  loader: DataLoader<Key, unknown>;
  promises: Map<string, Promise<unknown>>;
}

type Answers<Value> = readonly (Value | undefined | Error)[];

/**
 * A key that the database cannot read (a NUL character in a slug) fails the statement for all.
 * The batch is then split until the culprit is alone, so that its neighbours get their answer.
 */
async function fetchApart<Value>(
  keys: readonly Key[],
  fetch: FetchMany<Value>,
): Promise<Answers<Value>> {
  try {
    return await fetch(keys);
  } catch (error) {
    if (keys.length > 1 && isDataException(error)) {
      const middle = keys.length >> 1;
      const halves = await Promise.all([
        fetchApart(keys.slice(0, middle), fetch),
        fetchApart(keys.slice(middle), fetch),
      ]);
      return halves.flat();
    }
    const failure = error instanceof Error ? error : new Error(String(error));
    return keys.map(() => failure);
  }
}
