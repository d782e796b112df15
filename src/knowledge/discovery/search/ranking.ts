/** Which of the names that were found answers a query best. */
import { setImmediate } from 'node:timers/promises';
import { spellingOf } from '../../values/names.js';
import { hasPhrase, matchName, Similarities } from './nameMatch.js';
import type { FoundName } from './names.js';
import type { SearchQuery, Term } from './query.js';

export interface RankedName {
  name: FoundName;
  score: number;
  /** For each group of the query how well the name answers it, from 0 to 1. */
  qualities: number[];
  /** Whether it answers all of them. */
  isWhole: boolean;
  /** The words of the name that answer. */
  matched: string[];
  /** The words of the query that it answers. */
  matchedFor: ReadonlySet<string>;
  /** Which part of the name they are. */
  precision: number;
  /** Whether it is spelled as the query is, accents included. */
  isSpelled: boolean;
}

/** For how long names are compared in one turn of the event loop, in milliseconds. */
const maxTurnMs = 2;

/**
 * The best name of each entity, the best first; names that answer nothing are left out. Other
 * requests get their turn in between.
 *
 * @param counts How many names have a word: a word that many have says little.
 */
export async function rankNames(
  names: readonly FoundName[],
  query: SearchQuery,
  words: readonly string[],
  counts: ReadonlyMap<string, number>,
): Promise<RankedName[]> {
  const weights = query.groups.map((terms) =>
    Math.max(...terms.map((term) => rarity(term, counts))),
  );
  const similarities = new Similarities(words);
  const best = new Map<string, RankedName>();
  let turnStart = performance.now();
  for (const name of new Set(names)) {
    if (performance.now() - turnStart > maxTurnMs) {
      await setImmediate();
      turnStart = performance.now();
    }
    const ranked = rankName(name, query, words, weights, similarities);
    const other = best.get(name.entityId);
    if (ranked && (!other || other.score < ranked.score)) best.set(name.entityId, ranked);
  }
  return spelledFirst([...best.values()]).sort(
    (a, b) => b.score - a.score || (a.name.entityId < b.name.entityId ? -1 : 1),
  );
}

/** A prominent entity is worth up to a quarter more. */
export const renown = (prominence: number): number => 0.8 + 0.2 * Math.min(1, prominence / 48);

// Private:

function rankName(
  name: FoundName,
  { groups, excluded }: SearchQuery,
  words: readonly string[],
  weights: readonly number[],
  similarities: Similarities,
): RankedName | undefined {
  const { sortName, likeness } = name;
  if (excluded.some((term) => ` ${sortName} `.includes(` ${term.words.join(' ')} `)))
    return undefined;
  const { qualities: ofWords, matched, precision } = matchName(sortName, words, similarities);
  const qualityOf = ({ words: own }: Term) => {
    if (own.length > 1 && !hasPhrase(sortName, own)) return 0;
    const each = own.map((word) => ofWords[words.indexOf(word)] ?? 0);
    return each.includes(0) ? 0 : each.reduce((sum, quality) => sum + quality, 0) / each.length;
  };
  const qualities = groups.map((terms) => Math.max(...terms.map(qualityOf)));
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const covered =
    qualities.reduce((sum, quality, g) => sum + quality * (weights[g] ?? 0), 0) / total;
  // As a whole it may be more alike than its words are.
  const answer = Math.max(covered * (0.6 + 0.4 * precision), 0.85 * likeness);
  if (answer === 0) return undefined;
  const isWhole =
    likeness >= 0.7 || qualities.every((quality, g) => quality > 0 || weights[g] === 0);
  const score = answer * standing(name) * renown(name.prominence);
  const matchedFor = new Set(words.filter((_, w) => (ofWords[w] ?? 0) > 0));
  const spelling = ` ${spellingOf(name.name)} `;
  const isSpelled =
    isWhole &&
    groups.every(
      (terms, g) =>
        weights[g] === 0 || terms.some((term) => spelling.includes(` ${spellingOf(term.text)} `)),
    );
  return { name, score, qualities, isWhole, matched, matchedFor, precision, isSpelled };
}

/**
 * A name that is spelled as the query is comes before those of which no greater part answers and that
 * are only folded alike, however prominent they are: `Muller` before `Müller`.
 */
function spelledFirst(names: RankedName[]): RankedName[] {
  const most = Math.max(...names.map(({ isSpelled, precision }) => (isSpelled ? precision : -1)));
  return names.map((name) =>
    name.isSpelled || name.precision > most ? name : { ...name, score: name.score * foldedWorth },
  );
}

/** What prominence, and a name of old, can make up for; see `renown` and `standing`. */
const foldedWorth = 0.7;

/** The name that an entity bears now is worth more than others. */
const standing = ({ kind, former }: FoundName): number => (former ? 0.9 : kind === null ? 1 : 0.97);

/** From 1 for a word that one name has down to 0. A word that no name has is one of texts. */
function rarity({ words }: Term, counts: ReadonlyMap<string, number>): number {
  const weights = words.map((word) => {
    const count = counts.get(word);
    if (count === undefined) return 1;
    return count === 0 ? 0.8 : 1 / (1 + Math.log10(count));
  });
  return Math.max(...weights);
}
