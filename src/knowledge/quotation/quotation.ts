import type { Body } from './body.js';
import type { MatchingBudget } from './budget.js';
import { nearestPassage, nearestPassageInTurns } from './nearest.js';
import { normalizeWords } from './normalize.js';

/** A passage as a person quotes it; the context decides which, where it occurs more than once. */
export interface QuotationSelector {
  exact: string;
  prefix?: string | null | undefined;
  suffix?: string | null | undefined;
  /** Where it stood when it was last looked up; of several occurrences, the one there is meant. */
  start?: number | null | undefined;
}

/** A passage in the body's own words, with its place and some context. */
export interface Passage {
  exact: string;
  prefix: string;
  suffix: string;
  start: number;
  end: number;
}

export type QuotationMatch = { found: Passage } | { ambiguous: number } | { missing: true };

export type QuotationSearch =
  { found: Passage } | { ambiguous: number } | { nearest: Passage | undefined };

/**
 * Looks for a quoted passage.
 *
 *     findQuotation(new Body('They said “yes” today.'), { exact: 'said "yes"' })
 *     // { found: { exact: 'said “yes”', start: 5, end: 15, prefix: 'They ', suffix: ' today.' } }
 *
 * @returns the passage; or how often it occurs when the context does not decide which one is
 *   meant; or the nearest passage there is, if any is near.
 */
export function findQuotation(body: Body, selector: QuotationSelector): QuotationSearch {
  const match = matchQuotation(body, selector);
  if (!('missing' in match)) return match;
  const nearest = nearestPassage(body.normal, normalizeWords(selector.exact));
  return { nearest: nearest && passageAt(body, nearest.from, nearest.to) };
}

/**
 * The same without a search for the nearest passage, which takes much longer.
 *
 * @throws BudgetSpent
 */
export function matchQuotation(
  body: Body,
  selector: QuotationSelector,
  budget?: MatchingBudget,
): QuotationMatch {
  const exact = normalizeWords(selector.exact);
  const everywhere = body.occurrences(exact, budget);
  const found =
    everywhere.length > 1 ? inContext(body, everywhere, exact, selector, budget) : everywhere;
  if (found.length > 1) return { ambiguous: found.length };
  if (found[0] !== undefined) {
    return { found: passageAt(body, found[0], found[0] + exact.length) };
  }
  return { missing: true };
}

/** The passage that differs least, in turns with others and as far as the budget goes. */
export async function nearestTo(
  body: Body,
  exact: string,
  budget: MatchingBudget,
): Promise<Passage | undefined> {
  const nearest = await nearestPassageInTurns(body.normal, normalizeWords(exact), budget);
  return nearest && passageAt(body, nearest.from, nearest.to);
}

/** The number of code points of context stored on either side. */
export const contextLength = 32;

// Private:

/** The occurrences between the given prefix and suffix; all if none is given. */
function inContext(
  body: Body,
  occurrences: number[],
  exact: string,
  { prefix, suffix, start }: QuotationSelector,
  budget?: MatchingBudget,
): number[] {
  const { normal } = body;
  const ahead = normalizeWords(prefix ?? '');
  const behind = normalizeWords(suffix ?? '');
  // Found once instead of at each place, as both may be many.
  const placesAhead = ahead ? new Set(body.occurrences(ahead, budget)) : undefined;
  const placesBehind = behind ? new Set(body.occurrences(behind, budget)) : undefined;
  budget?.spend(10 * occurrences.length);
  const matching = occurrences.filter((at) => {
    let [before, after] = [at, at + exact.length];
    while (normal[before - 1] === ' ') before--;
    while (normal[after] === ' ') after++;
    return (placesAhead?.has(before - ahead.length) ?? true) && (placesBehind?.has(after) ?? true);
  });
  const left = matching.length > 0 ? matching : occurrences;
  const there = typeof start === 'number' ? placeOf(body, left, start) : undefined;
  return there === undefined ? left : [there];
}

/** The one of these places that begins there in the text as stored; they are in order. */
function placeOf(body: Body, places: readonly number[], start: number): number | undefined {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = places[middle] as number;
    if (body.rangeOf(at, at + 1).start < start) low = middle + 1;
    else high = middle;
  }
  const at = places[low];
  return at !== undefined && body.rangeOf(at, at + 1).start === start ? at : undefined;
}

function passageAt(body: Body, from: number, to: number): Passage {
  const { start, end } = body.rangeOf(from, to);
  return {
    exact: body.slice(start, end),
    prefix: body.slice(start - contextLength, start),
    suffix: body.slice(end, end + contextLength),
    start,
    end,
  };
}
