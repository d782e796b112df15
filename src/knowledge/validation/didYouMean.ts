import { editDistance } from '../values/editDistance.js';

/** The maximum edit distance of a suggestion, whatever the word's length. */
const maxEdits = 5;

/** The maximum number of candidates of similar length to compare. */
const maxCompared = 1000;

/** The maximum number of suggestions. */
const maxSuggestions = 3;

/** ` (did you mean "organization"?)`, or an empty text if no candidate is close. */
export const didYouMean = (word: string, candidates: Iterable<string>): string =>
  suggestion(closestTo(word, candidates));

/** The same for candidates that were compared already. */
export const suggestion = ([best]: readonly string[]): string =>
  best === undefined ? '' : ` (did you mean ${JSON.stringify(best)}?)`;

/** The candidates that are close to a word, closest first. */
export function closestTo(word: string, candidates: Iterable<string>): string[] {
  const most = Math.min(Math.max(1, Math.floor(word.length / 3)), maxEdits);
  const close: { candidate: string; distance: number }[] = [];
  let compared = 0;
  const lowerCased = word.toLowerCase();
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > most) continue;
    if (++compared > maxCompared) break;
    const distance = editDistance(lowerCased, candidate.toLowerCase(), most);
    if (distance <= most) close.push({ candidate, distance });
  }
  return close
    .sort((a, b) => a.distance - b.distance)
    .slice(0, maxSuggestions)
    .map(({ candidate }) => candidate);
}
