import type { Body } from './body.js';
import { nearestPassage } from './nearest.js';
import { normalizeWords } from './normalize.js';

/** A passage as a person quotes it; the context tells which, where it occurs more than once. */
export interface QuotationSelector {
  exact: string;
  prefix?: string | null | undefined;
  suffix?: string | null | undefined;
  /** Where it stood when somebody looked last; of several occurrences, the one there is meant. */
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

export type QuotationSearch =
  { found: Passage } | { ambiguous: number } | { nearest: Passage | undefined };

/**
 * Looks for a quoted passage.
 *
 *     findQuotation(new Body('They said “yes” today.'), { exact: 'said "yes"' })
 *     // { found: { exact: 'said “yes”', start: 5, end: 15, prefix: 'They ', suffix: ' today.' } }
 *
 * @returns the passage; or how often it occurs when the context does not tell which one is
 *   meant; or the nearest passage there is, if any is near.
 */
export function findQuotation(body: Body, selector: QuotationSelector): QuotationSearch {
  const exact = normalizeWords(selector.exact);
  const everywhere = body.occurrences(exact);
  const found = everywhere.length > 1 ? inContext(body, everywhere, exact, selector) : everywhere;
  if (found.length > 1) return { ambiguous: found.length };
  if (found[0] !== undefined) {
    return { found: passageAt(body, found[0], found[0] + exact.length) };
  }
  const nearest = nearestPassage(body.normal, exact);
  return { nearest: nearest && passageAt(body, nearest.from, nearest.to) };
}

// Private:

/** How many code points of context are kept on either side. */
const contextLength = 32;

/** The occurrences between the prefix and the suffix given; all of them where none is. */
function inContext(
  body: Body,
  occurrences: number[],
  exact: string,
  { prefix, suffix, start }: QuotationSelector,
): number[] {
  const ahead = normalizeWords(prefix ?? '');
  const behind = normalizeWords(suffix ?? '');
  const matching = occurrences.filter(
    (at) =>
      body.normal.slice(0, at).trimEnd().endsWith(ahead) &&
      body.normal
        .slice(at + exact.length)
        .trimStart()
        .startsWith(behind),
  );
  const left = matching.length > 0 ? matching : occurrences;
  const there = left.find((at) => body.rangeOf(at, at + exact.length).start === start);
  return there === undefined ? left : [there];
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
