import { editDistance } from '../values/editDistance.js';

/** Words are not compared beyond so many slips, however long they are. */
const maxEdits = 5;

/** Of very many candidates only so many of a fitting length are compared. */
const maxCompared = 1000;

/** ` (did you mean "organization"?)`, or nothing where no candidate is near to the word. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  let best: string | undefined;
  let least = Math.min(Math.max(1, Math.floor(word.length / 3)), maxEdits) + 1;
  let compared = 0;
  const wanted = word.toLowerCase();
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    if (++compared > maxCompared) break;
    const distance = editDistance(wanted, candidate.toLowerCase(), least - 1);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best === undefined ? '' : ` (did you mean ${JSON.stringify(best)}?)`;
}
