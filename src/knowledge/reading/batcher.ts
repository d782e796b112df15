import DataLoader from 'dataloader';
import { isDataException } from '../../database/errors.js';
import { FairScheduler } from './fairScheduler.js';

/** What is asked for: its parameters, and a text that is the same for equal ones. */
export interface Key {
  text: string;
  parameters: readonly string[];
}

/** Answers many keys at once, in their order. A key without an answer gets undefined. */
export type FetchMany<Value> = (keys: readonly Key[]) => Promise<readonly (Value | undefined)[]>;

/** Told of batches, to count and to trace them. */
export interface BatchWatcher {
  /** Whoever runs now has asked for a key of this batch. */
  asked?(batch: object): void;
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
  /** How many keys at most are fetched together. */
  maxBatchSize?: number | undefined;
  /** The same of keys of which each may go through a whole table. Default: as `largestBatch`. */
  maxHeavyBatchSize?: number | undefined;
  /** To how many keys at most answers are given in one turn of the event loop; by default to all. */
  portion?: number | undefined;
}

/** More keys than this in one statement gain nothing and hold up the others. */
const usualLargestBatch = 1000;

/**
 * Gathers the keys that anybody in this process asks for in one turn of the event loop and
 * has them fetched together.
 *
 *     batcher.load('office', key, fetchOffices)   // one call of fetchOffices for all keys
 *
 * Unlike a DataLoader of one request, it is shared by all requests and keeps no answer: two
 * loads of a key in one turn share a fetch, two in different turns do not.
 *
 * A batch leaves with `setImmediate`, that is after every promise that is ready now has run
 * and asked for what it wants. Answers of the database that arrive in the same turn thus
 * feed one next batch, and the busier the process, the more keys share a statement.
 */
export class Batcher {
  /** The batches with waiting keys, by shape. */
  readonly #waiting = new Map<string, Batch>();
  readonly #watcher: BatchWatcher | undefined;
  readonly #largestBatch: number;
  readonly #largestHeavyBatch: number;
  readonly #scheduler: FairScheduler | undefined;

  constructor({
    watcher,
    maxBatchSize: largestBatch = usualLargestBatch,
    maxHeavyBatchSize: largestHeavyBatch = largestBatch,
    portion,
  }: BatcherOptions = {}) {
    this.#largestHeavyBatch = largestHeavyBatch;
    this.#watcher = watcher;
    this.#largestBatch = largestBatch;
    this.#scheduler = portion ? new FairScheduler(portion) : undefined;
  }

  /**
   * @param shape What must be equal for two keys to be fetched together; equal shapes must
   *   come with equal `fetch`.
   * @param text What tells the key from others.
   * @param parameters What the key asks for: the text alone, or several.
   * @param isHeavy Whether a key may go through a whole table; the same for all of a shape.
   * @returns the key's answer, or undefined where it has none
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
          maxBatchSize: isHeavy ? this.#largestHeavyBatch : this.#largestBatch,
          batchScheduleFn: (flush) => void setImmediate(flush),
        },
      );
      this.#waiting.set(shape, (batch = { loader, answers: new Map() }));
    }
    this.#watcher?.asked?.(batch.loader);
    let answer = batch.answers.get(text);
    if (!answer) {
      answer = batch.loader.load({ text, parameters: parameters ?? [text] });
      if (this.#scheduler) answer = this.#scheduler.give(answer);
      batch.answers.set(text, answer);
    }
    return answer as Promise<Value | undefined>;
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

/** What tells keys of these parameters from each other. */
export const keyText = (parameters: readonly string[]): string =>
  parameters.length === 1 ? (parameters[0] ?? '') : JSON.stringify(parameters);

// Private:

/** The keys that wait for one fetch; two that ask for the same wait for the same promise. */
interface Batch {
  loader: DataLoader<Key, unknown>;
  answers: Map<string, Promise<unknown>>;
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
