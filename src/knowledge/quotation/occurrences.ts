/**
 * Where words occur in a text. Horspool's algorithm skips most of an ordinary text; where a text
 * is made so that it does not, that of Knuth, Morris and Pratt goes on, which reads each character
 * once. `String.indexOf` takes as many steps as text and words are long, multiplied.
 */
import type { MatchingBudget } from './budget.js';

/**
 * Where every occurrence begins, overlapping ones included.
 *
 * @throws BudgetSpent
 */
export function occurrencesOf(text: string, words: string, budget?: MatchingBudget): number[] {
  if (words.length === 0 || words.length > text.length) return [];
  if (words.length <= shortWords) return occurrencesOfShort(text, words, budget);
  const found: number[] = [];
  const stopped = skipThrough(text, words, found, budget);
  if (stopped !== undefined) readThrough(text, words, stopped, found, budget);
  return found;
}

// Private:

/** So short that their length is no factor. */
const shortWords = 4;

function occurrencesOfShort(text: string, words: string, budget?: MatchingBudget): number[] {
  const found: number[] = [];
  budget?.spend(text.length >> 3);
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) found.push(at);
  budget?.spend(found.length);
  return found;
}

/** Returns from where on another algorithm is to go on; undefined when the text is through. */
function skipThrough(
  text: string,
  words: string,
  found: number[],
  budget?: MatchingBudget,
): number | undefined {
  const last = words.length - 1;
  // By the low byte: characters that share one share the smaller skip.
  const skips = new Int32Array(256).fill(words.length);
  for (let i = 0; i < last; i++) skips[words.charCodeAt(i) & 255] = last - i;
  const patience = 2 * text.length + 1000;
  let steps = 256 + words.length;
  let at = 0;
  for (; at + last < text.length && steps < patience;) {
    let i = last;
    while (i >= 0 && text.charCodeAt(at + i) === words.charCodeAt(i)) i--;
    steps += last - i + 1;
    if (i < 0) found.push(at);
    at += i < 0 ? 1 : (skips[text.charCodeAt(at + last) & 255] as number);
  }
  budget?.spend(steps);
  return at + last < text.length ? at : undefined;
}

function readThrough(
  text: string,
  words: string,
  from: number,
  found: number[],
  budget?: MatchingBudget,
): void {
  budget?.spend(2 * (words.length + text.length - from));
  /** Of each beginning of the words, how long the longest other one is with which it ends. */
  const falls = new Int32Array(words.length);
  for (let i = 1, length = 0; i < words.length; i++) {
    while (length > 0 && words.charCodeAt(i) !== words.charCodeAt(length)) {
      length = falls[length - 1] as number;
    }
    if (words.charCodeAt(i) === words.charCodeAt(length)) length++;
    falls[i] = length;
  }
  for (let i = from, length = 0; i < text.length; i++) {
    while (length > 0 && text.charCodeAt(i) !== words.charCodeAt(length)) {
      length = falls[length - 1] as number;
    }
    if (text.charCodeAt(i) === words.charCodeAt(length)) length++;
    if (length < words.length) continue;
    found.push(i - length + 1);
    length = falls[length - 1] as number;
  }
}
