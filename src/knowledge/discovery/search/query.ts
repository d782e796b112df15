/** A query as people write it: words, "phrases", one or the other, -without. */
import { foldName } from '../../values/names.js';

/** A word, or several that stand next to each other. */
export interface Term {
  /** As it was written. */
  text: string;
  /** Folded; never empty. */
  words: string[];
}

export interface SearchQuery {
  /** Of each group one term has to be found. */
  groups: Term[][];
  excluded: Term[];
}

/**
 * Reads a query; whatever is written is one.
 *
 *     parseQuery('"liaison office" tokyo or japan -kuwait')
 *     // groups: [[liaison office], [tokyo, japan]], excluded: [kuwait]
 */
export function parseQuery(text: string): SearchQuery {
  const query: SearchQuery = { groups: [], excluded: [] };
  let isAlternative = false;
  for (const [whole, minus, phrase, word] of readable(text).matchAll(
    /(-?)(?:"([^"]*)"?|([^\s"]+))/gu,
  )) {
    if (/^or$/i.test(whole)) {
      isAlternative = query.groups.length > 0;
      continue;
    }
    const given = (phrase ?? word ?? '').replace(/\p{C}+/gu, ' ').trim();
    const words = foldName(given).split(' ').filter(Boolean);
    if (words.length === 0) continue;
    const term = { text: given, words };
    const last = query.groups.at(-1);
    if (minus) query.excluded.push(term);
    else if (isAlternative && last) last.push(term);
    else if (!query.groups.some(([only, more]) => !more && isSame(only, term))) {
      query.groups.push([term]);
    }
    isAlternative = false;
  }
  return query;
}

/** The first groups of a query, with so many words at most; all of it where it has no more. */
export function beginningOf(query: SearchQuery, most: number): SearchQuery {
  let count = 0;
  const end = query.groups.findIndex((terms) => {
    count += terms.reduce((sum, { words }) => sum + words.length, 0);
    return count > most;
  });
  return end < 0 ? query : { ...query, groups: query.groups.slice(0, end) };
}

/** All words that are looked for. */
export const wordsOf = ({ groups }: SearchQuery): string[] => [
  ...new Set(groups.flat().flatMap(({ words }) => words)),
];

// Private:

/** Without what is invisible; the quotation mark within a Hebrew acronym (צה"ל) is part of it. */
const readable = (text: string): string =>
  text.replace(/\p{Cf}+/gu, '').replace(/(?<=\p{sc=Hebr})"(?=\p{sc=Hebr})/gu, '״');

const isSame = (one: Term | undefined, other: Term): boolean =>
  one?.words.join(' ') === other.words.join(' ');
