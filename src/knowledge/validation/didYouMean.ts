import { editDistance } from '../values/editDistance.js';

/** The maximum edit distance of a suggestion, whatever the word's length. */
const maxEdits = 5;

/** The maximum number of candidates of similar length to compare. */
const maxCompared = 1000;

/** ` (did you mean "organization"?)`, or an empty text if no candidate is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  let best: string | undefined;
  let least = Math.min(Math.max(1, Math.floor(word.length / 3)), maxEdits) + 1;
  let compared = 0;
  const lowerCased = word.toLowerCase();
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    if (++compared > maxCompared) break;
    const distance = editDistance(lowerCased, candidate.toLowerCase(), least - 1);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best === undefined ? '' : ` (did you mean ${JSON.stringify(best)}?)`;
}
