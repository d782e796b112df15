/**
 * One ranked list of articles, statements and entities for a query in words. See docs/search.md for
 * what is found and in which order.
 */
import type { Batcher } from '../reading/batcher.js';
import type { Queries } from '../reading/queries.js';
import type { View } from '../reading/view.js';
import {
  Documents,
  type DocumentFilter,
  type Facets,
  type FoundDocument,
  type SearchType,
  type Stem,
} from './documents.js';
import { allOf, exactly, lexeme, nearly, oneOf } from './lexemes.js';
import { Names, type FoundName } from './names.js';
import { parseQuery, wordsOf, type SearchQuery, type Term } from './query.js';
import { rankNames, renown, type RankedName } from './ranking.js';
import { suggest, type SuggestOptions } from './suggest.js';

export interface SearchHit {
  id: string;
  type: SearchType;
  /** From 1 for the best answer that there can be down to 0. */
  score: number;
  /** Of an entity: the name that answers, where one does. */
  name: string | undefined;
}

export interface SearchResults {
  /** The best first; `mostRanked` names and as many records at most. */
  hits: SearchHit[];
  /** What to mark in a text that was found: folded words, and beginnings of words. */
  marks: Marks;
  facets(): Promise<Facets>;
}

export interface Marks {
  words: ReadonlySet<string>;
  stems: readonly string[];
  /** How many words the query has. */
  wanted: number;
}

/** Names are worth most; what is linked to names, and texts, less. */
const linkWorth = 0.7;
const textWorth = 0.34;

/** So many entities may stand for a word of the query in the records that name them. */
const mostStandIns = 24;
/** So few for a word that more entities are called by: none of them is meant more than the others. */
const fewStandIns = 8;

export class Search {
  readonly #names: Names;
  readonly #documents: Documents;

  constructor(queries: Queries, batcher: Batcher) {
    this.#names = new Names(queries, batcher);
    this.#documents = new Documents(queries, batcher);
  }

  suggest(view: View, prefix: string, options: SuggestOptions): Promise<FoundName[]> {
    return suggest(this.#names, view, prefix, options);
  }

  async find(view: View, text: string, filter: DocumentFilter = {}): Promise<SearchResults> {
    const query = parseQuery(text);
    const words = wordsOf(query);
    if (words.length === 0) return nothing;
    const stems = await this.#stemsOf(query);
    const { names, isOpen } = await this.#findNames(view, query, words, stems);
    let wanted = recordsOf(query, names, stems);
    let documents = await this.#documentsOf(view, wanted, filter);
    let found = names;
    // A word that no name and no record has may be a name with more than one slip.
    if (isOpen && documents.length === 0) {
      const alike = await this.#names.similar(view, words.join(' '), undefined, 20);
      found = rankNames([...alike, ...names.map(({ name }) => name)], query, words, new Map());
      wanted = recordsOf(query, found, stems);
      documents = await this.#documentsOf(view, wanted, filter);
    }
    return {
      hits: hitsOf(found, documents, filter),
      marks: marksOf(words, found, stems),
      facets: async () => (wanted ? this.#documents.facets(view, wanted.all, filter) : noFacets),
    };
  }

  // Private:

  #documentsOf(
    view: View,
    wanted: Wanted | undefined,
    filter: DocumentFilter,
  ): Promise<FoundDocument[]> {
    if (!wanted) return Promise.resolve([]);
    return this.#documents.matching(view, wanted.all, wanted.groups, wanted.isRare, filter);
  }

  /**
   * The names that answer, from the surest way to look for them to the more tolerant: each is
   * gone only while the ones before it leave a word without an answer.
   */
  async #findNames(
    view: View,
    query: SearchQuery,
    words: string[],
    stems: Stems,
  ): Promise<{ names: RankedName[]; isOpen: boolean }> {
    const find = (tsquery: string, limit: number) =>
      this.#names.matching(view, tsquery, undefined, limit);
    const all = (form: (word: string) => string) =>
      allOf(query.groups.map((terms) => oneOf(terms.map((term) => allOf(term.words.map(form))))));
    // How many names have a word; small words ("of", "the") tell nothing.
    const counts = new Map(smallWords(query, stems).map((word) => [word, Infinity]));
    const rank = (names: FoundName[]) => rankNames(names, query, words, counts);
    const exact = await find(all(exactly), 100);
    const ranked = rank(exact);
    if (words.length === 1 ? ranked.length > 0 : ranked.some(({ isWhole }) => isWhole)) {
      return { names: ranked, isOpen: false };
    }
    const telling = words.filter((word) => !counts.has(word));
    const found = [...exact, ...(await find(all(nearly), 100))];
    if (words.length > 1) {
      const each = telling.map(async (word) => {
        const same = await find(exactly(word), 50);
        const like = same.length > 0 ? same : await find(nearly(word), 50);
        counts.set(word, like.length);
        return like;
      });
      const pairs = joined(words).map((form) => find(form, 20));
      found.push(...(await Promise.all([...each, ...pairs])).flat());
    }
    const names = rank(found);
    const answered = new Set(names.flatMap(({ matchedFor }) => [...matchedFor]));
    const isOpen =
      !names.some(({ isWhole }) => isWhole) && telling.some((word) => !answered.has(word));
    return { names, isOpen };
  }

  async #stemsOf({ groups, excluded }: SearchQuery): Promise<Stems> {
    const texts = [...new Set([...groups.flat(), ...excluded].map(({ text }) => text))];
    const stems = await Promise.all(texts.map((text) => this.#documents.stems(text)));
    return new Map(texts.map((text, i) => [text, stems[i] ?? []]));
  }
}

// Private:

/** The best first. */
function hitsOf(
  names: readonly RankedName[],
  documents: readonly FoundDocument[],
  filter: DocumentFilter,
): SearchHit[] {
  const hits = new Map<string, SearchHit>();
  for (const { id, type, rank, prominence } of documents) {
    const isText = type === 'ARTICLE' || type === 'STATEMENT';
    const score = rank * (isText ? textWorth : linkWorth * renown(prominence));
    hits.set(id, { id, type, score, name: undefined });
  }
  for (const { name, score } of names) {
    const { entityId: id, type } = name;
    if (!answers(filter, type, hits.has(id))) continue;
    if ((hits.get(id)?.score ?? 0) < score) hits.set(id, { id, type, score, name: name.name });
  }
  // Sorting keeps equals as they are: the newest first.
  return [...hits.values()].map(rounded).sort((a, b) => b.score - a.score);
}

/** The forms of terms in each language, by the terms as they were written. */
type Stems = ReadonlyMap<string, readonly Stem[]>;

const noFacets: Facets = { types: [], years: [], organizations: [], isCut: false };

const nothing: SearchResults = {
  hits: [],
  marks: { words: new Set(), stems: [], wanted: 0 },
  facets: () => Promise.resolve(noFacets),
};

/** The words that a language skips: no record has them, and names say little by them. */
const smallWords = ({ groups }: SearchQuery, stems: Stems): string[] =>
  groups
    .flat()
    .filter(({ text }) => stems.get(text)?.some(({ query }) => query === ''))
    .flatMap(({ words }) => words);

/** With each two neighbours as one word, as somebody may have put a space into it. */
const joined = (words: readonly string[]): string[] =>
  words.slice(1).map((word, i) => {
    const whole = `${words[i]}${word}`;
    return allOf([...words.slice(0, i), whole, ...words.slice(i + 2)].map(exactly));
  });

/** What the records have to have, as tsqueries. */
interface Wanted {
  all: string;
  /** For each group of the query, in whatever language. */
  groups: string[];
  /** Whether a word is answered by entities of which little is told. */
  isRare: boolean;
}

/** So many records, by their prominence, may be linked to the entities for a word that counts as rare. */
const mostOfRare = 2000;

/**
 * The records that have all the words; undefined where there is nothing to look for. A word is
 * also answered by a link to an entity whose name has it: what Stoltenberg said about Japan is
 * found by both names, whatever its text calls them, and whatever a slip has made of them.
 */
function recordsOf(
  { groups, excluded }: SearchQuery,
  names: readonly RankedName[],
  stems: Stems,
): Wanted | undefined {
  const whole = names.filter(({ isWhole }) => isWhole);
  const candidates = whole.length > 0 ? whole : names;
  const entities = groups.map((_, g) => {
    const some = candidates.filter(
      ({ qualities, isWhole }) => isWhole || (qualities[g] ?? 0) >= 0.6,
    );
    return some.length > mostStandIns ? some.slice(0, fewStandIns) : some;
  });
  const standIns = entities.map((some) =>
    some.map(({ name }) => lexeme(`@${name.entityId.replaceAll('-', '')}`)),
  );
  const isRare = entities.some((some) => {
    // Prominence is in quarters of a power of two.
    const linked = some.reduce((sum, { name }) => sum + 2 ** (name.prominence / 4), 0);
    return some.length > 0 && linked <= mostOfRare;
  });
  const languages = new Set([...stems.values()].flat().map(({ config }) => config));
  const formsOf = (terms: readonly Term[], language: string): string[] =>
    terms.flatMap(({ text }) => {
      const form = stems.get(text)?.find(({ config }) => config === language)?.query;
      return form ? [form] : [];
    });
  const queries = [...languages].flatMap((language) => {
    const wanted = groups.flatMap((terms, g) => {
      const either = [...formsOf(terms, language), ...(standIns[g] ?? [])];
      return either.length > 0 ? [oneOf(either)] : [];
    });
    if (wanted.length === 0) return [];
    return [allOf([...wanted, ...formsOf(excluded, language).map((form) => `!(${form})`)])];
  });
  if (queries.length === 0) return undefined;
  const apart = groups.flatMap((terms, g) => {
    const forms = [...languages].flatMap((language) => formsOf(terms, language));
    const either = [...new Set([...forms, ...(standIns[g] ?? [])])];
    return either.length > 0 ? [oneOf(either)] : [];
  });
  return { all: oneOf([...new Set(queries)]), groups: apart, isRare };
}

/** Whether a name may be told as a result under the filter. */
function answers(
  { types, from, to, organization }: DocumentFilter,
  type: SearchType,
  isFound: boolean,
): boolean {
  if (types && !types.includes(type)) return false;
  return isFound || (from === undefined && to === undefined && organization === undefined);
}

function marksOf(words: readonly string[], names: readonly RankedName[], stems: Stems): Marks {
  const forms = [...stems.values()]
    .flat()
    .flatMap(({ query }) => [...query.matchAll(/'((?:[^']|'')+)'/g)]);
  return {
    words: new Set([...words, ...names.slice(0, mostStandIns).flatMap(({ matched }) => matched)]),
    stems: [...new Set(forms.map(([, form]) => form ?? ''))].filter((form) => form.length > 2),
    wanted: words.length,
  };
}

/** Scores travel in cursors, so they must be the same wherever they are worked out. */
const rounded = (hit: SearchHit): SearchHit => ({
  ...hit,
  score: Math.round(hit.score * 1e4) / 1e4,
});
