import type { CharacterRange } from '../../database/tables/index.js';
import { normalizeText } from './normalize.js';

/** An article's text, made ready to be searched many times. Offsets are code points. */
export class Body {
  /** The text in the form in which it is compared. */
  readonly normal: string;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #characters: string[];

  constructor(text: string) {
    const { normal, starts, ends } = normalizeText(text);
    this.normal = normal;
    this.#starts = starts;
    this.#ends = ends;
    this.#characters = Array.from(text);
  }

  /** The text as stored, from `start` up to `end`, which may lie beyond it. */
  slice(start: number, end: number): string {
    return this.#characters.slice(Math.max(0, start), end).join('');
  }

  /** Where every occurrence of a text in normal form begins, as an index into `normal`. */
  occurrences(words: string): number[] {
    const found: number[] = [];
    if (!words) return found;
    for (let at = this.normal.indexOf(words); at >= 0; at = this.normal.indexOf(words, at + 1)) {
      found.push(at);
    }
    return found;
  }

  /** The stretch of the stored text that a stretch of `normal`, at least one long, stands for. */
  rangeOf(from: number, to: number): CharacterRange {
    return { start: this.#starts[from] ?? 0, end: this.#ends[to - 1] ?? 0 };
  }
}
