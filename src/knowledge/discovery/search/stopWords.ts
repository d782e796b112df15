/**
 * Words that carry no meaning ("of", "the"). Nothing has to have them: texts skip those of their own
 * language, and those of English, in which most queries and names are, everywhere.
 */
import type { SearchQuery, Term } from './query.js';
import type { Stems } from './documents.js';

/** The terms of which English skips all words; none where the query has nothing else. */
export function stopTerms(query: SearchQuery, stems: Stems): ReadonlySet<Term> {
  const { groups } = query;
  const telling = acronyms(query);
  const isSkipped = (term: Term) =>
    !telling.has(term) &&
    stems.get(term.text)?.some((stem) => stem.config === 'english' && stem.query === '');
  const found = groups.map((terms) => terms.filter(isSkipped));
  const isAll = found.every((terms, g) => terms.length === groups[g]?.length);
  return new Set(isAll ? [] : found.flat());
}

/** Words in capitals in a query that has others: "WHO" is not "who". */
export function acronyms({ groups }: SearchQuery): ReadonlySet<Term> {
  const terms = groups.flat();
  const isShouted = !terms.some(({ text }) => /\p{Ll}/u.test(text));
  return new Set(isShouted ? [] : terms.filter(({ text }) => /^[\p{Lu}.]{2,}$/u.test(text)));
}

/** The query without some of its terms. */
export const without = (query: SearchQuery, terms: ReadonlySet<Term>): SearchQuery => ({
  ...query,
  groups: query.groups
    .map((group) => group.filter((term) => !terms.has(term)))
    .filter((group) => group.length > 0),
});
