/** How well a name answers the words of a query. */
import { editDistance } from '../../values/editDistance.js';

export interface NameMatch {
  /** For each word of the query how well the name has it, from 0 to 1. */
  qualities: number[];
  /** The words of the name that answer one of the query. */
  matched: string[];
  /** Which part of the name that is, initials aside. */
  precision: number;
}

/**
 * How alike the words of a query are to each word of names, compared once for each word: thousands
 * of names share a few hundred.
 */
export class Similarities {
  readonly #words: readonly string[];
  readonly #known = new Map<string, readonly { w: number; quality: number }[]>();

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** The words of the query, by their numbers, that are like this one of a name, or the same. */
  to(own: string): readonly { w: number; quality: number }[] {
    let alike = this.#known.get(own);
    if (!alike) {
      alike = this.#words
        .map((word, w) => ({ w, quality: similarity(word, own) }))
        .filter(({ quality }) => quality > 0);
      this.#known.set(own, alike);
    }
    return alike;
  }
}

/** @param name folded, as the words are */
export function matchName(
  name: string,
  words: readonly string[],
  similarities = new Similarities(words),
): NameMatch {
  const free = name.split(' ');
  const total = free.filter((own) => own.length > 1).length || free.length;
  const qualities = words.map(() => 0);
  const matched: string[] = [];
  // The best pairs first, so that "john johnson" does not take the only "john" for "johnson".
  const pairs = free
    .flatMap((own, n) => similarities.to(own).map(({ w, quality }) => ({ w, n, own, quality })))
    .sort((a, b) => b.quality - a.quality || a.w - b.w || a.n - b.n);
  const taken = new Set<number>();
  for (const { w, n, own, quality } of pairs) {
    if (qualities[w] !== 0 || taken.has(n)) continue;
    qualities[w] = quality;
    taken.add(n);
    matched.push(own);
  }
  words.forEach((word, w) => {
    if (qualities[w] !== 0 || word.length < 5) return;
    const n = free.findIndex(
      (own, i) => near(word, own + (free[i + 1] ?? '')) && i + 1 < free.length,
    );
    if (n < 0) return;
    qualities[w] = 0.85;
    for (const i of [n, n + 1]) {
      if (!taken.has(i)) matched.push(free[i] ?? '');
      taken.add(i);
    }
  });
  words.forEach((word, w) => {
    // The other way round: a space within a word.
    const n =
      qualities[w] === 0 || qualities[w + 1] === 0 ? free.indexOf(word + (words[w + 1] ?? '')) : -1;
    if (n < 0 || w + 1 >= words.length) return;
    qualities[w] = qualities[w + 1] = 0.85;
    matched.push(free[n] ?? '');
    taken.add(n);
  });
  words.forEach((word, w) => {
    // Initials that are written together: "jk" for "joanne kathleen".
    if (qualities[w] !== 0 || word.length < 2 || word.length > maxInitials) return;
    const n = free.findIndex((_, i) => spellsInitials(word, free.slice(i, i + word.length)));
    if (n < 0) return;
    qualities[w] = 0.8;
    for (let i = n; i < n + word.length; i++) {
      if (!taken.has(i)) matched.push(free[i] ?? '');
      taken.add(i);
    }
  });
  return { qualities, matched, precision: Math.min(1, taken.size / total) };
}

/** Whether the words stand next to each other in the name, or nearly those. */
export function hasPhrase(name: string, words: readonly string[]): boolean {
  const own = name.split(' ');
  return own.some((_, at) => words.every((word, i) => similarity(word, own[at + i] ?? '') > 0));
}

// Private:

/** From 1 for the same word over one that differs in a letter to 0 for another one. */
function similarity(word: string, own: string): number {
  if (word === own) return 1;
  const [shorter, longer] = word.length < own.length ? [word, own] : [own, word];
  if (shorter.length === 1) return shorter === longer[0] && shorter === word ? 0.8 : 0;
  if (longer.length - shorter.length > 2 || longer.length < 3 || longer.length > maxWordLength) {
    return 0;
  }
  const distance = editDistance(word, own, shorter.length >= 6 ? 2 : 1);
  if (distance === 1) return 0.9 - 0.4 / longer.length;
  return distance === 2 && shorter.length >= 6 ? 0.6 : 0;
}

/** People have no more. */
const maxInitials = 4;

const spellsInitials = (word: string, names: readonly string[]): boolean =>
  names.length === word.length && names.every((name, i) => name[0] === word[i]);

const near = (word: string, own: string): boolean =>
  own.length <= maxWordLength && editDistance(word, own, 1) <= 1;

/** What is longer is compared letter by letter only where it is the same. */
const maxWordLength = 64;
