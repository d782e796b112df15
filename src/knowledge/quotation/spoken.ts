/**
 * Whether a body has the words that a statement gives as the speaker's own. An ellipsis marks
 * what was left out, square brackets what was put in; each part between them has to occur, in
 * their order. In a MIXED statement the parts are what stands between quotation marks.
 *
 *     const body = new Body('“It was high time,” she said.');
 *     findMissing(body, 'It was … time', 'DIRECT')        // undefined: nothing is missing
 *     findMissing(body, 'It was never time', 'DIRECT')    // { words: 'It was never time', … }
 */
import type { Body } from './body.js';
import { splitsWord } from './mentions.js';
import type { MatchingBudget } from './budget.js';
import { nearestPassage, nearestPassageInTurns, type Stretch } from './nearest.js';
import { foldQuoted, NormalText, withOneMark } from './normalize.js';
import { occurrencesOf } from './occurrences.js';

/** How the article renders what was said. */
export type SpokenKind = 'DIRECT' | 'INDIRECT' | 'MIXED';

/** The speaker's own words that a body does not have where they should be. */
export interface MissingWords {
  /** As they were looked for; '' where a DIRECT statement has no words but those in brackets. */
  words: string;
  /** The body has them, but only ahead of the words that come before them in the statement. */
  isOutOfOrder: boolean;
  /** The nearest passage in the body's own words, if any is near. */
  nearest?: string | undefined;
}

/** The first words that are missing; undefined where none are. */
export function findMissing(body: Body, text: string, kind: SpokenKind): MissingWords | undefined {
  const missing = matchSpoken(body, text, kind);
  if (!missing?.words || missing.isOutOfOrder) return missing;
  const near = nearestPassage(body.normal, missing.words);
  return { ...missing, nearest: near && wordsOf(body, near) };
}

/** The same in turns with others; the nearest passage is searched for as far as its own budget goes. */
export async function findMissingInTurns(
  body: Body,
  text: string,
  kind: SpokenKind,
  budget: MatchingBudget,
  forNearest: MatchingBudget,
): Promise<MissingWords | undefined> {
  const missing = matchSpoken(body, text, kind, budget);
  if (!missing?.words || missing.isOutOfOrder) return missing;
  const near = await nearestPassageInTurns(body.normal, missing.words, forNearest);
  return { ...missing, nearest: near && wordsOf(body, near) };
}

/**
 * The same without a search for the nearest passage, which takes much longer.
 *
 * @throws BudgetSpent
 */
export function matchSpoken(
  body: Body,
  text: string,
  kind: SpokenKind,
  budget?: MatchingBudget,
): MissingWords | undefined {
  const spoken = spokenIn(text, kind);
  const parts = spoken.flatMap(partsOf);
  if (kind === 'DIRECT' && parts.length === 0) return { words: '', isOutOfOrder: false };
  let from = 0;
  for (const part of parts) {
    const at = find(body, part, from, budget);
    if (at < 0) {
      return { words: part.words, isOutOfOrder: find(body, part, 0, budget) >= 0 };
    }
    from = at + part.words.length;
  }
  return undefined;
}

/** Whether a statement has words that are said to be the speaker's own. */
export const hasSpokenWords = (text: string, kind: SpokenKind): boolean =>
  spokenIn(text, kind).flatMap(partsOf).length > 0;

/** What is missing, in words for the author, and what to do. */
export function describeMissing(
  { words, isOutOfOrder, nearest }: MissingWords,
  article: string,
  kind: SpokenKind,
): string {
  if (!words) {
    return 'this contains no words of the speaker: square brackets contain insertions of an editor';
  }
  if (isOutOfOrder) {
    return `${show(words)} is in the body of ${article} only before the preceding words: the parts of a statement must be in the order of the article`;
  }
  return `${show(words)} is not in the body of ${article}${nearestSpoken(nearest, kind)}`;
}

/** What is put behind that words are missing: the passage that is nearest, and what to do. */
export function nearestSpoken(nearest: string | undefined, kind: SpokenKind): string {
  const where = nearest ? `: the nearest passage is ${show(nearest)}` : '';
  const advice =
    kind === 'DIRECT'
      ? 'give the speaker’s own words, with … for omissions and […] around insertions, or use INDIRECT'
      : 'put only the speaker’s own words between quotation marks';
  return `${where}; ${advice}`;
}

// Private:

function wordsOf(body: Body, { from, to }: Stretch): string {
  const range = body.rangeOf(from, to);
  return body.slice(range.start, range.end);
}

const show = (text: string): string =>
  JSON.stringify(text.length > maxShownLength ? `${text.slice(0, maxShownLength)}…` : text);

const maxShownLength = 200;

/** Words without a break, in normal form. */
interface Part {
  words: string;
  /** Whether a whole word begins it and one ends it; beside a bracket none needs to: `[w]e`, `open[ed]`. */
  whole: [start: boolean, end: boolean];
}

/** The stretches of a statement that are the speaker's own words, in normal form. */
function spokenIn(text: string, kind: SpokenKind): string[] {
  if (kind === 'INDIRECT') return [];
  const { normal } = new NormalText(text);
  return kind === 'DIRECT' ? [normal] : quotedIn(normal);
}

/** What stands between quotation marks; one that is opened and not closed runs to the end. */
function quotedIn(normal: string): string[] {
  const quoted = [...normal.matchAll(/"([^"]*)(?:"|$)|「([^「」]*)」|『([^『』]*)』/g)];
  // Single ones only where there are no others: mostly they are apostrophes.
  const found =
    quoted.length > 0
      ? quoted
      : [...normal.matchAll(/(?<![\p{L}\p{N}])'([^']*(?:'(?=[\p{L}\p{N}])[^']*)*)'/gu)];
  return found.map(([, ...groups]) => groups.find(Boolean) ?? '');
}

/** Parts of nothing but marks are none. */
function partsOf(spoken: string): Part[] {
  const parts: Part[] = [];
  let [from, besideBracket] = [0, false];
  const add = (to: number, bracket: boolean) => {
    const raw = spoken.slice(from, to);
    const words = withoutMarksBehind(raw.replace(marksAhead, ''));
    if (/[\p{L}\p{N}]/u.test(words)) {
      const whole: Part['whole'] = [
        !(besideBracket && raw.startsWith(words)),
        !(bracket && raw.endsWith(words)),
      ];
      parts.push({ words, whole });
    }
  };
  for (const { index, 0: gap } of spoken.matchAll(/…|\[[^[\]]*\]/g)) {
    const bracket = gap !== '…';
    add(index, bracket);
    [from, besideBracket] = [index + gap.length, bracket];
  }
  add(spoken.length, false);
  return parts;
}

/** The article may close a sentence otherwise, and set what is quoted between marks of its own. */
const marksAhead = /^(?:[\s"'.,;:!?()「『]|-(?!\d))+/u;
const markBehind = /[\s"'.,;:!?()「」『』。、-]/u;

function withoutMarksBehind(text: string): string {
  let end = text.length;
  while (end > 0 && markBehind.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Where the part begins in the body's normal form, from there on; -1 where nowhere. */
function find(body: Body, { words, whole }: Part, from: number, budget?: MatchingBudget): number {
  const places = occurrencesOf(body.folded, foldQuoted(words), budget);
  budget?.spend(stepsForPlace * places.length);
  // A quotation may begin with a capital that the sentence does not have.
  const rest = withOneMark(words.slice(firstLetter));
  const restPlaces =
    places.length > 0 && rest ? new Set(occurrencesOf(body.withOneMark, rest, budget)) : undefined;
  const found = places.find((at) => {
    if (at < from || !(restPlaces?.has(at + firstLetter) ?? true)) return false;
    const end = at + words.length;
    return (
      !(whole[0] && splitsWord(body.normal, at)) && !(whole[1] && splitsWord(body.normal, end))
    );
  });
  return found ?? -1;
}

const stepsForPlace = 20;

const firstLetter = 1;
