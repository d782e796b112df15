/** What records have to have to answer a query. */
import type { Stems } from './documents.js';
import { allOf, lexeme, lexemesOf, oneOf } from './lexemes.js';
import { maxRanked } from './candidates.js';
import { type SearchTerms } from './conditions.js';
import type { SearchQuery, Term } from './query.js';
import type { RankedName } from './ranking.js';
import type { WordStatistics } from './statistics.js';
import { acronyms } from './stopWords.js';

/** So many entities may stand for a word of the query in the records that name them. */
export const maxStandIns = 24;
/**
 * So few for a word that more entities are called by: none of them is meant more than the others.
 * None where it is frequent in texts as well, which then answer for themselves.
 */
const fewStandIns = 8;

/**
 * The records that have all the words; undefined where there is nothing to look for. A word is
 * also answered by a link to an entity whose name has it: what Stoltenberg said about Japan is
 * found by both names, whatever its text calls them, and whatever a slip has made of them.
 *
 * @param stops The terms that nothing has to have. Neither has a text those that its own language
 *   skips.
 */
export function recordsOf(
  query: SearchQuery,
  stops: ReadonlySet<Term>,
  names: readonly RankedName[],
  stems: Stems,
  statistics: WordStatistics | undefined,
): SearchTerms | undefined {
  const { groups: allGroups, excluded } = query;
  const telling = acronyms(query);
  // Names were compared with all of them, in this order.
  const places = [...allGroups.keys()].filter(
    (g) => !allGroups[g]?.every((term) => stops.has(term)),
  );
  const groups = places.map((g) => allGroups[g] ?? []);
  const forms = groups.map((terms) => terms.flatMap(({ text }) => formsOf(text, stems)));
  const whole = names.filter(({ isWhole }) => isWhole);
  const candidates = whole.length > 0 ? whole : names;
  const entities = forms.map((own, g) => {
    const some = candidates.filter(
      ({ qualities, isWhole }) => isWhole || (qualities[places[g] ?? 0] ?? 0) >= 0.6,
    );
    if (some.length <= maxStandIns) return some;
    return statistics && own.some((form) => lexemesOf(form).every(statistics.isFrequent))
      ? []
      : some.slice(0, fewStandIns);
  });
  const standIns = entities.map((some) =>
    some.map(({ name }) => lexeme(`@${name.entityId.replaceAll('-', '')}`)),
  );
  const languages = new Set([...stems.values()].flat().map(({ config }) => config));
  const formsIn = (language: string, terms: readonly Term[]): string[] =>
    terms.flatMap(({ text }) => {
      const form = stems.get(text)?.find(({ config }) => config === language)?.query;
      return form ? [form] : [];
    });
  // In any language: the form of another one is not in the text, and would exclude nothing.
  const unwanted = [...new Set(excluded.flatMap(({ text }) => formsOf(text, stems)))];
  const queries = [...languages].flatMap((language) => {
    const isSkipped = ({ text }: Term) =>
      stems.get(text)?.some((stem) => stem.config === language && stem.query === '');
    const required = groups.map((terms) => !terms.every(isSkipped));
    // A text of which the language skips all words is found by links alone.
    const isNothing = !required.includes(true);
    const wanted = groups.flatMap((terms, g) => {
      if (!required[g] && !isNothing && !terms.some((term) => telling.has(term))) return [];
      const either = [...formsIn(language, terms), ...(standIns[g] ?? [])];
      return either.length > 0 ? [oneOf(either)] : [];
    });
    if (wanted.length === 0) return [];
    return [allOf([...wanted, ...unwanted.map((form) => `!(${form})`)])];
  });
  if (queries.length === 0) return undefined;
  const apart = forms.flatMap((own, g) => {
    const either = [...own, ...(standIns[g] ?? [])];
    return either.length > 0 ? [oneOf(either)] : [];
  });
  return {
    all: oneOf([...new Set(queries)]),
    groups: apart,
    excluded: oneOf(unwanted),
    walk: statistics ? walkFor(forms, entities, statistics) : 0,
  };
}

/** A term in all languages. */
export const formsOf = (text: string, stems: Stems): string[] => [
  ...new Set((stems.get(text) ?? []).flatMap(({ query }) => (query ? [query] : []))),
];

// Private:

/**
 * A hundred records with all the words come soonest by looking those up that have them, where
 * they are few, and by going through all records, the newest first, where they are many. Of `n`
 * out of `all` the one looks at `n`, the other at `100 / n * all`, at half the price each. How many
 * there are is a guess: words may come together more seldom than by chance, so a walk ends after
 * twice as many.
 */
function walkFor(
  forms: readonly (readonly string[])[],
  entities: readonly (readonly RankedName[])[],
  { records, withWord }: WordStatistics,
): number {
  const expected = forms.reduce((all, own, g) => {
    // Prominence is in quarters of a power of two of how much is known of an entity.
    const linked = (entities[g] ?? []).map(({ name }) => 2 ** (name.prominence / 4));
    const worded = own.map((form) => Math.min(...lexemesOf(form).map(withWord)));
    const either = [...linked, ...worded];
    if (either.length === 0) return all;
    return all * Math.min(1, either.reduce((sum, count) => sum + count, 0) / records);
  }, records);
  const length = (maxRanked * records) / expected;
  return length < 2 * expected ? Math.ceil(2 * length) : 0;
}
