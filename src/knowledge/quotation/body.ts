import type { CharacterRange } from '../../database/tables/index.js';
import type { MatchingBudget } from './budget.js';
import { foldQuoted, NormalText, withOneMark } from './normalize.js';
import { occurrencesOf } from './occurrences.js';

/** An article's text, made ready to be searched many times. Offsets are code points. */
export class Body {
  readonly #text: string;
  /** The text by code points, where that differs from its UTF-16 units. */
  readonly #characters: string[] | undefined;
  #form: NormalText | undefined;
  #folded: string | undefined;
  #withOneMark: string | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#characters = /[\uD800-\uDBFF]/.test(text) ? Array.from(text) : undefined;
  }

  /** The text in the form in which it is compared; made when it is first needed. */
  get normal(): string {
    return this.#formed.normal;
  }

  /** The same without regard to case and to the kind of quotation marks, as long as `normal`. */
  get folded(): string {
    return (this.#folded ??= foldQuoted(this.normal));
  }

  /** `normal` without regard to the kind of quotation marks. */
  get withOneMark(): string {
    return (this.#withOneMark ??= withOneMark(this.normal));
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

  /**
   * Where every occurrence of a text in normal form begins, as an index into `normal`.
   *
   * @throws BudgetSpent
   */
  occurrences(words: string, budget?: MatchingBudget): number[] {
    return occurrencesOf(this.normal, words, budget);
  }

  /** Makes it ready to be searched, in turns with others. */
  async prepare(): Promise<void> {
    this.#form ??= await NormalText.inTurns(this.#text);
  }

  /** The stretch of the stored text that a stretch of `normal`, at least one long, stands for. */
  rangeOf(from: number, to: number): CharacterRange {
    return this.#formed.rangeOf(from, to);
  }

  // Private:

  get #formed(): NormalText {
    return (this.#form ??= NormalText.of(this.#text));
  }
}
