import DataLoader from 'dataloader';
import { isDataException } from '../../database/errors.js';

/** What is asked for: its parameters, and a text that is the same for equal ones. */
export interface Key {
  text: string;
  parameters: readonly string[];
}

/** Answers many keys at once, in their order. A key without an answer gets undefined. */
export type FetchMany<Value> = (keys: readonly Key[]) => Promise<readonly (Value | undefined)[]>;

/** More keys than this in one statement gain nothing and hold up the others. */
const largestBatch = 1000;

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
  /** The loaders with waiting keys, by shape. */
  readonly #waiting = new Map<string, DataLoader<Key, unknown>>();

  /**
   * @param shape What must be equal for two keys to be fetched together; equal shapes must
   *   come with equal `fetch`.
   * @returns the key's answer, or undefined where it has none
   */
  load<Value>(shape: string, key: Key, fetch: FetchMany<Value>): Promise<Value | undefined> {
    let loader = this.#waiting.get(shape) as DataLoader<Key, Value | undefined> | undefined;
    if (!loader) {
      loader = new DataLoader<Key, Value | undefined>(
        (keys) => {
          this.#waiting.delete(shape);
          return fetchDistinct(keys, fetch);
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

/** The key that is one text. */
export const textKey = (text: string): Key => ({ text, parameters: [text] });

/** The key that is several texts. */
export const keyOf = (parameters: readonly string[]): Key =>
  parameters.length === 1
    ? textKey(parameters[0] ?? '')
    : { text: JSON.stringify(parameters), parameters };

// Private:

type Answers<Value> = readonly (Value | undefined | Error)[];

/** Fetches each key once, however many wait for it. */
async function fetchDistinct<Value>(
  keys: readonly Key[],
  fetch: FetchMany<Value>,
): Promise<Answers<Value>> {
  const places = new Map<string, number>();
  const distinct: Key[] = [];
  for (const key of keys) {
    if (places.has(key.text)) continue;
    places.set(key.text, distinct.length);
    distinct.push(key);
  }
  const answers = await fetchApart(distinct, fetch);
  if (distinct.length === keys.length) return answers;
  return keys.map((key) => answers[places.get(key.text) ?? -1]);
}

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
