import type { CharacterRange } from '../../database/tables/index.js';
import type { Body } from './body.js';
import type { MatchingBudget } from './budget.js';
import { normalizeWords } from './normalize.js';

/**
 * Where any of the words stands in the body, as a whole word and in the same case: `US` is in
 * `US-led` and in `the US’s`, not in `USA`. Ranges that overlap are one.
 */
export function findMentions(
  body: Body,
  words: readonly string[],
  budget?: MatchingBudget,
): CharacterRange[] {
  const ranges = words.flatMap((given) => {
    const word = normalizeWords(given);
    const places = body.occurrences(word, budget);
    budget?.spend(stepsForPlace * places.length);
    return places
      .filter((at) => isWhole(body.normal, at, at + word.length))
      .map((at) => body.rangeOf(at, at + word.length));
  });
  return united(ranges.sort((a, b) => a.start - b.start));
}

/** Whether this place of a text is in the middle of a word. */
export const splitsWord = (text: string, at: number): boolean =>
  isLetter(before(text, at)) && isLetter(after(text, at));

// Private:

/** Whether it is a whole word is a longer look than a comparison. */
const stepsForPlace = 100;

const isWhole = (text: string, from: number, to: number): boolean =>
  !splitsWord(text, from) && !splitsWord(text, to);

const before = (text: string, at: number) =>
  Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? '';
const after = (text: string, at: number) => String.fromCodePoint(text.codePointAt(at) ?? 32);

/** A letter of a script that sets words apart: Chinese, Japanese and Thai do not. */
const isLetter = (character: string) =>
  /[\p{L}\p{N}\p{M}_]/u.test(character) &&
  !/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/u.test(character);

function united(sorted: CharacterRange[]): CharacterRange[] {
  const ranges: CharacterRange[] = [];
  for (const range of sorted) {
    const last = ranges.at(-1);
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end);
    else ranges.push({ ...range });
  }
  return ranges;
}
