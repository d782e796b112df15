import DataLoader from 'dataloader';
import { isDataException } from '../../database/errors.js';

/** Answers many keys at once. A key without an answer is left out. */
export type FetchMany<Value> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/** More keys than this in one statement gain nothing and hold up the others. */
const largestBatch = 1000;

/**
 * Gathers the keys that anybody in this process asks for in one turn of the event loop and
 * has them fetched together.
 *
 *     batcher.load('office', id, fetchOffices)   // one call of fetchOffices for all ids
 *
 * Unlike a DataLoader of one request, it is shared by all requests and keeps no answer: two
 * loads of a key in one turn share a fetch, two in different turns do not.
 *
 * A batch leaves with `setImmediate`, that is after every promise that is ready now has run
 * and asked for what it wants. Answers of the database that arrive in the same turn thus
 * feed one next batch, and the busier the process, the more keys share a statement.
 */
export class Batcher {
  /** The loaders with waiting keys, by shape. */
  readonly #waiting = new Map<string, DataLoader<string, unknown>>();

  /**
   * @param shape What must be equal for two keys to be fetched together; equal shapes must
   *   come with equal `fetch`.
   * @param origin Keys that clients wrote may be such as the database cannot read; see `fetchApart`.
   * @returns the key's answer, or undefined where it has none
   */
  load<Value>(
    shape: string,
    key: string,
    fetch: FetchMany<Value>,
    origin: 'own keys' | 'keys of clients' = 'own keys',
  ): Promise<Value | undefined> {
    let loader = this.#waiting.get(shape) as DataLoader<string, Value | undefined> | undefined;
    if (!loader) {
      loader = new DataLoader<string, Value | undefined>(
        (keys) => {
          this.#waiting.delete(shape);
          return fetchEach(keys, origin === 'own keys' ? fetchTogether : fetchApart, fetch);
        },
        {
          cache: false,
          maxBatchSize: largestBatch,
          batchScheduleFn: (flush) => void setImmediate(flush),
        },
      );
      this.#waiting.set(shape, loader);
    }
    return loader.load(key);
  }

  /** How many shapes have waiting keys; none when the process is at rest. */
  get size(): number {
    return this.#waiting.size;
  }
}

// Private:

async function fetchEach<Value>(
  keys: readonly string[],
  strategy: typeof fetchTogether,
  fetch: FetchMany<Value>,
): Promise<(Value | undefined | Error)[]> {
  const answers = await strategy([...new Set(keys)], fetch);
  return keys.map((key) => answers.get(key));
}

const fetchTogether = <Value>(
  keys: readonly string[],
  fetch: FetchMany<Value>,
): Promise<ReadonlyMap<string, Value | Error>> => fetch(keys);

/**
 * A key that the database cannot read (a NUL character in a slug) fails the statement for all.
 * The batch is then split until the culprit is alone, so that its neighbours get their answer.
 */
async function fetchApart<Value>(
  keys: readonly string[],
  fetch: FetchMany<Value>,
): Promise<ReadonlyMap<string, Value | Error>> {
  try {
    return await fetch(keys);
  } catch (error) {
    if (keys.length > 1 && isDataException(error)) {
      const middle = keys.length >> 1;
      const halves = await Promise.all([
        fetchApart(keys.slice(0, middle), fetch),
        fetchApart(keys.slice(middle), fetch),
      ]);
      return new Map(halves.flatMap((half) => [...half]));
    }
    const failure = error instanceof Error ? error : new Error(String(error));
    return new Map(keys.map((key) => [key, failure]));
  }
}
