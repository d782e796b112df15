import type { CharacterRange } from '../../database/tables/index.js';
import { foldQuoted, NormalText } from './normalize.js';

/** An article's text, made ready to be searched many times. Offsets are code points. */
export class Body {
  readonly #text: string;
  /** The text by code points, where that differs from its UTF-16 units. */
  readonly #characters: string[] | undefined;
  #form: NormalText | undefined;
  #folded: string | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#characters = /[\uD800-\uDBFF]/.test(text) ? Array.from(text) : undefined;
  }

  /** The text in the form in which it is compared; made when it is first asked for. */
  get normal(): string {
    return this.#formed.normal;
  }

  /** The same without regard to case and to the kind of quotation marks, as long as `normal`. */
  get folded(): string {
    return (this.#folded ??= foldQuoted(this.normal));
  }

  /** Of the text as stored. */
  get length(): number {
    return this.#characters?.length ?? this.#text.length;
  }

  /** The text as stored, from `start` up to `end`, which may lie beyond it. */
  slice(start: number, end: number): string {
    const from = Math.max(0, start);
    return this.#characters?.slice(from, end).join('') ?? this.#text.slice(from, end);
  }

  /** Where every occurrence of a text in normal form begins, as an index into `normal`. */
  occurrences(words: string): number[] {
    const found: number[] = [];
    if (!words) return found;
    const { normal } = this;
    for (let at = normal.indexOf(words); at >= 0; at = normal.indexOf(words, at + 1)) {
      found.push(at);
    }
    return found;
  }

  /** The stretch of the stored text that a stretch of `normal`, at least one long, stands for. */
  rangeOf(from: number, to: number): CharacterRange {
    return this.#formed.rangeOf(from, to);
  }

  // Private:

  get #formed(): NormalText {
    return (this.#form ??= new NormalText(this.#text));
  }
}
