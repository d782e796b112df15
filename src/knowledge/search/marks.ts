/** What of a text answers a query. */
import { foldName } from '../values/names.js';

export class Marks {
  /** How many words the query has. */
  readonly wanted: number;
  readonly #words: ReadonlySet<string>;
  /** Beginnings of words, by their first letters. */
  readonly #stems = new Map<string, string[]>();
  /** Words that were looked at: texts have few different ones. */
  readonly #known = new Map<string, string | undefined>();

  /**
   * @param words Folded words
   * @param stems What the rules of languages make of words
   */
  constructor(words: readonly string[], stems: readonly string[], wanted: number) {
    this.wanted = wanted;
    this.#words = new Set(words);
    for (const stem of new Set(stems)) {
      if (stem.length < shortest) continue;
      const start = stem.slice(0, shortest);
      this.#stems.set(start, [...(this.#stems.get(start) ?? []), stem]);
    }
  }

  /** What of the query a word answers: equal for forms of one word. Undefined for any other word. */
  of(word: string): string | undefined {
    if (!this.#known.has(word)) {
      if (this.#known.size >= mostKnown) this.#known.clear();
      this.#known.set(word, this.#find(word));
    }
    return this.#known.get(word);
  }

  // Private:

  #find(word: string): string | undefined {
    if (word.length > longestWord) return undefined;
    const folded = foldName(word);
    const stem = this.#stems.get(folded.slice(0, shortest))?.find((each) => isForm(folded, each));
    return stem ?? (this.#words.has(folded) ? folded : undefined);
  }
}

// Private:

/** Shorter stems begin too many words. */
const shortest = 3;

/** What is longer is no word that anybody reads. */
const longestWord = 200;

const mostKnown = 10_000;

/** What the rules of a language cut off is a short ending; "countries" is held as "countri". */
const isForm = (folded: string, stem: string): boolean =>
  (folded.startsWith(stem) && folded.length <= stem.length + 4) ||
  (stem.endsWith('i') && folded === `${stem.slice(0, -1)}y`);
