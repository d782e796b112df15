/**
 * The passage that differs least from what was quoted, by Myers' bit vectors ("A fast bit-vector
 * algorithm for approximate string matching", 1999): 32 characters of the quotation are compared
 * with a character of the text at once, so the work is the length of the text times at most 16,
 * whatever the texts hold.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MatchingBudget } from './budget.js';

export interface Stretch {
  from: number;
  to: number;
}

/**
 * The stretch of `text` that differs least from `words`, widened to whole words; undefined
 * where nothing has at least half of it in common. Both in normal form. Of a long text only the
 * beginning is looked through.
 */
export function nearestPassage(text: string, words: string): Stretch | undefined {
  const search = searching(text, words, stepsAtOnce);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

/** The same in turns with others, and as far as the budget goes. */
export async function nearestPassageInTurns(
  text: string,
  words: string,
  budget: MatchingBudget,
): Promise<Stretch | undefined> {
  const search = searching(text, words, budget.left);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
    budget.spend(Math.min(value, budget.left));
    await nextTurn();
  }
}

// Private:

/** Enough to recognise a passage by. */
const maxPatternLength = 500;

/** For who cannot let others have their turn. */
const stepsAtOnce = 4_000_000;

const stepsForTurn = 1_000_000;

/** Returns the steps that it took since the last call. */
function* searching(
  text: string,
  words: string,
  maxSteps: number,
): Generator<number, Stretch | undefined> {
  const pattern = words.slice(0, maxPatternLength);
  if (pattern.length === 0) return undefined;
  const columns = new Columns(pattern);
  const { cost } = columns;
  const length = Math.min(text.length, Math.floor(maxSteps / cost));
  let fewest = Math.floor(pattern.length / 2) + 1;
  let end = -1;
  let steps = 0;
  for (let i = 0; i < length && fewest > 0; i++) {
    const errors = columns.next(text.charCodeAt(i));
    if (errors < fewest) [fewest, end] = [errors, i + 1];
    steps += cost;
    if (steps < stepsForTurn) continue;
    yield steps;
    steps = 0;
  }
  yield steps;
  if (end <= 0) return undefined;
  const start = startOf(text, end, pattern, fewest);
  return start < end ? wholeWords(text, start, end) : undefined;
}

/** The longest stretch that ends there and differs in no more. */
function startOf(text: string, end: number, pattern: string, errors: number): number {
  const columns = new Columns(Array.from({ length: pattern.length }, reversed(pattern)).join(''));
  const first = Math.max(0, end - pattern.length - errors);
  let start = end;
  for (let i = end - 1; i >= first; i--) {
    if (columns.next(text.charCodeAt(i)) <= errors) start = i;
  }
  return start;
}

const reversed = (text: string) => (_: unknown, i: number) => text.charAt(text.length - 1 - i);

/**
 * How many errors the pattern has where it ends at the last character that was given, at best.
 * A column holds whether each of its cells is one more or one less than the cell above.
 */
class Columns {
  /** The steps that a character takes. */
  readonly cost: number;
  readonly #more: Int32Array;
  readonly #less: Int32Array;
  readonly #lastBit: number;
  readonly #places = new Map<number, Int32Array>();
  readonly #none: Int32Array;
  #errors: number;

  constructor(pattern: string) {
    this.cost = Math.ceil(pattern.length / 32);
    this.#more = new Int32Array(this.cost).fill(-1);
    this.#less = new Int32Array(this.cost);
    this.#none = new Int32Array(this.cost);
    this.#lastBit = 1 << ((pattern.length - 1) % 32);
    this.#errors = pattern.length;
    for (let i = 0; i < pattern.length; i++) {
      const character = pattern.charCodeAt(i);
      let places = this.#places.get(character);
      if (!places) this.#places.set(character, (places = new Int32Array(this.cost)));
      places[i >> 5] = (places[i >> 5] as number) | (1 << (i & 31));
    }
  }

  next(character: number): number {
    const places = this.#places.get(character) ?? this.#none;
    const [more, less, blocks] = [this.#more, this.#less, this.cost];
    let carried = 0;
    for (let block = 0; block < blocks; block++) {
      const [up, down] = [more[block] as number, less[block] as number];
      let equal = places[block] as number;
      const vertical = equal | down;
      if (carried < 0) equal |= 1;
      const horizontal = (((equal & up) + up) ^ up) | equal;
      let rises = down | ~(horizontal | up);
      let falls = up & horizontal;
      const bit = block === blocks - 1 ? this.#lastBit : 1 << 31;
      const handedOn = rises & bit ? 1 : falls & bit ? -1 : 0;
      rises = (rises << 1) | (carried > 0 ? 1 : 0);
      falls = (falls << 1) | (carried < 0 ? 1 : 0);
      more[block] = falls | ~(vertical | rises);
      less[block] = rises & vertical;
      carried = handedOn;
    }
    this.#errors += carried;
    return this.#errors;
  }
}

/** A text without spaces has no words to widen to. */
const maxWordLength = 50;

function wholeWords(text: string, start: number, end: number): Stretch {
  const [first, last] = [Math.max(0, start - maxWordLength), end + maxWordLength];
  let [from, to] = [start, end];
  while (from > first && isLetter(text, from - 1) && isLetter(text, from)) from--;
  while (to < Math.min(text.length, last) && isLetter(text, to - 1) && isLetter(text, to)) to++;
  return { from, to };
}

const isLetter = (text: string, at: number) => /[^\s\p{P}\p{S}]/u.test(text.charAt(at));
