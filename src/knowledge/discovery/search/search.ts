/**
 * One ranked list of articles, statements and entities for a query in words. See docs/search.md for
 * what is found and in which order.
 */
import type { Batcher } from '../../reading/batcher.js';
import type { Queries } from '../../reading/queries.js';
import type { Visibility } from '../../reading/visibility.js';
import type { View } from '../../reading/view.js';
import { Bodies, type BodyPart } from './bodies.js';
import { Documents, type Facets, type FoundDocument, type Stems } from './documents.js';
import { allOf, exactly, lexemesOf, nearly, oneOf } from './lexemes.js';
import { Marks } from './highlightMarks.js';
import type { SearchTerms } from './conditions.js';
import type { DocumentFilter, SearchType } from './documentFilter.js';
import { Names, type FoundName } from './names.js';
import { beginningOf, parseQuery, wordsOf, type SearchQuery } from './query.js';
import { rankNames, renown, type RankedName } from './ranking.js';
import { Statistics, type WordStatistics } from './statistics.js';
import { stopTerms, without } from './stopWords.js';
import { suggest, type SuggestOptions } from './suggest.js';
import { formsOf, maxStandIns, recordsOf } from './terms.js';

export interface SearchHit {
  id: string;
  type: SearchType;
  /** From 1 for the best answer that there can be down to 0. */
  score: number;
  /** Of an entity: the name that answers, where one does. */
  name: string | undefined;
}

export interface SearchResults {
  /** The best first; `maxRanked` names and as many records at most. */
  hits: SearchHit[];
  /** What to mark in a text that was found: folded words, and beginnings of words. */
  marks: Marks;
  facets(): Promise<Facets>;
  /** Where in an article's text to look for the words; see `Bodies.partsOf`. */
  bodyPartsOf: (articleId: string) => Promise<BodyPart[]>;
}

/** Names are worth most; what is linked to names, posts, and texts, less. */
const linkWorth = 0.7;
const postWorth = 0.45;
const textWorth = 0.34;

export class Search {
  readonly #names: Names;
  readonly #documents: Documents;
  readonly #bodies: Bodies;
  readonly #statistics: Statistics;

  constructor(queries: Queries, batcher: Batcher, visibility: Visibility) {
    this.#names = new Names(queries, batcher);
    this.#documents = new Documents(queries, batcher);
    this.#bodies = new Bodies(queries, batcher, visibility);
    this.#statistics = new Statistics(queries);
  }

  suggest(view: View, prefix: string, options: SuggestOptions): Promise<FoundName[]> {
    return suggest(this.#names, view, prefix, options);
  }

  async find(view: View, text: string, filter: DocumentFilter = {}): Promise<SearchResults> {
    const query = parseQuery(text);
    if (query.groups.length === 0 || filter.types?.length === 0) return nothing;
    const beginning = beginningOf(query, maxNamed);
    const [stems, statistics, exact] = await Promise.all([
      this.#stemsOf(query),
      this.#statistics.current(),
      this.#exactNames(view, beginning),
    ]);
    const stops = stopTerms(query, stems);
    const named: NameQuery = {
      whole: beginning,
      telling: without(beginning, stops),
      stopWords: [...stops].flatMap(({ words }) => words),
      isCut: beginning !== query,
    };
    const { names, unanswered } = await this.#findNames(view, named, exact);
    let wanted = recordsOf(query, stops, names, stems, statistics);
    let documents = await this.#documentsOf(view, wanted, filter);
    let found = names;
    if (
      documents.length === 0 &&
      (await this.#areStrange(view, query, unanswered, stems, statistics))
    ) {
      const words = wordsOf(named.telling).slice(0, maxPerName);
      const alike = await this.#names.similar(view, words.join(' '), undefined, 20);
      found = await rank([...alike, ...names.map(({ name }) => name)], named, new Map());
      wanted = recordsOf(query, stops, found, stems, statistics);
      documents = await this.#documentsOf(view, wanted, filter);
    }
    return {
      hits: hitsOf(found, documents, filter),
      marks: marksOf(without(query, stops), found, stems, new Set(named.stopWords)),
      bodyPartsOf: (id) => this.#bodies.partsOf(view, id, wanted),
      facets: async () => (wanted ? this.#documents.facets(view, wanted, filter) : noFacets),
    };
  }

  // Private:

  #documentsOf(
    view: View,
    wanted: SearchTerms | undefined,
    filter: DocumentFilter,
  ): Promise<FoundDocument[]> {
    if (!wanted) return Promise.resolve([]);
    return this.#documents.matching(view, wanted, filter);
  }

  /** The names that have all the words. */
  #exactNames(view: View, query: SearchQuery): Promise<FoundName[]> {
    if (query.groups.length === 0) return Promise.resolve([]);
    return this.#names.matching(view, namesOf(query, exactly), undefined, 100);
  }

  /**
   * The names that answer, from the surest way to look for them to the more tolerant: each is
   * gone only while the ones before it leave a word without an answer.
   *
   * @param exact The names that have all the words
   * @returns with the words that no name answers, where no name answers all
   */
  async #findNames(
    view: View,
    query: NameQuery,
    exact: FoundName[],
  ): Promise<{ names: RankedName[]; unanswered: string[] }> {
    const find = (tsquery: string, limit: number) =>
      this.#names.matching(view, tsquery, undefined, limit, limit * 5);
    // How many names have a word.
    const counts = new Map<string, number>();
    const words = wordsOf(query.telling);
    const ranked = await rank(exact, query, counts);
    if (words.length === 1 ? ranked.length > 0 : ranked.some(({ isWhole }) => isWhole)) {
      return { names: ranked, unanswered: [] };
    }
    if (words.length === 0) return { names: ranked, unanswered: [] };
    const ways = [];
    if (words.length <= maxPerName) ways.push(find(namesOf(query.telling, nearly), 100));
    const tried = words.slice(0, maxPerName);
    if (words.length > 1) {
      const each = tried.map(async (word) => {
        const same = await find(exactly(word), 50);
        const like = same.length > 0 ? same : await find(nearly(word), 50);
        counts.set(word, like.length);
        return like;
      });
      ways.push(...each, ...joined(wordsOf(query.whole)).map((form) => find(form, 20)));
    }
    const names = await rank([...exact, ...(await Promise.all(ways)).flat()], query, counts);
    if (names.some(({ isWhole }) => isWhole)) return { names, unanswered: [] };
    const answered = new Set(names.flatMap(({ matchedFor }) => [...matchedFor]));
    return { names, unanswered: tried.filter((word) => !answered.has(word)) };
  }

  /** Whether no record has a term with one of the words: it may be a name with more than one slip. */
  async #areStrange(
    view: View,
    { groups }: SearchQuery,
    words: readonly string[],
    stems: Stems,
    statistics: WordStatistics | undefined,
  ): Promise<boolean> {
    const isFrequent = (form: string) =>
      lexemesOf(form).every((stem) => statistics?.isFrequent(stem));
    const terms = groups.flat().filter((term) => term.words.some((word) => words.includes(word)));
    const rare = terms
      .map(({ text }) => formsOf(text, stems))
      .filter((forms) => !forms.some(isFrequent));
    const known = await Promise.all(
      rare.map(async (forms) => forms.length > 0 && this.#documents.exist(view, oneOf(forms))),
    );
    return known.includes(false);
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
    const score = rank * worthOf(type, prominence);
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

function worthOf(type: SearchType, prominence: number): number {
  if (type === 'ARTICLE' || type === 'STATEMENT') return textWorth;
  return type === 'POSITION' ? postWorth : linkWorth * renown(prominence);
}

const noFacets: Facets = { types: [], years: [], organizations: [], isCut: false };

const nothing: SearchResults = {
  hits: [],
  marks: new Marks([], [], 0),
  facets: () => Promise.resolve(noFacets),
  bodyPartsOf: () => Promise.resolve([]),
};

/** Names with all the words of a query, each in a form. */
const namesOf = ({ groups }: SearchQuery, form: (word: string) => string): string =>
  allOf(groups.map((terms) => oneOf(terms.map((term) => allOf(term.words.map(form))))));

/** A query as names are compared with it. */
interface NameQuery {
  /** As it was written. */
  whole: SearchQuery;
  /** Without stop words. */
  telling: SearchQuery;
  stopWords: readonly string[];
  /** Whether it goes on: then no name answers all of it. */
  isCut: boolean;
}

/** The first words of a query may be a name, or names: so many of them are looked for in names. */
const maxNamed = 24;

/** So many of them are looked for one by one, and with slips; each two of them are tried as one. */
const maxPerName = 12;

/** @param counts How many names have a word */
async function rank(
  names: readonly FoundName[],
  { whole, stopWords, isCut }: NameQuery,
  counts: ReadonlyMap<string, number>,
): Promise<RankedName[]> {
  const all = new Map([...counts, ...stopWords.map((word) => [word, Infinity] as const)]);
  const ranked = await rankNames(names, whole, wordsOf(whole), all);
  return isCut ? ranked.map((each) => ({ ...each, isWhole: false })) : ranked;
}

/** With each two neighbours as one word, as a space may have been put into it. */
const joined = (words: readonly string[]): string[] =>
  words.length > maxPerName
    ? []
    : words.slice(1).map((word, i) => {
        const whole = `${words[i]}${word}`;
        return allOf([...words.slice(0, i), whole, ...words.slice(i + 2)].map(exactly));
      });

/** Whether a name may be a result under the filter. */
function answers(
  { types, from, to, organization }: DocumentFilter,
  type: SearchType,
  isFound: boolean,
): boolean {
  if (types && !types.includes(type)) return false;
  return isFound || (from === undefined && to === undefined && organization === undefined);
}

function marksOf(
  query: SearchQuery,
  names: readonly RankedName[],
  stems: Stems,
  stopWords: ReadonlySet<string>,
): Marks {
  const words = wordsOf(query);
  const forms = query.groups
    .flat()
    .flatMap(({ text }) => (stems.get(text) ?? []).flatMap((stem) => lexemesOf(stem.query)));
  const matched = names
    .slice(0, maxStandIns)
    .flatMap((name) => name.matched)
    .filter((word) => !stopWords.has(word));
  const texts = query.groups.flat().map(({ text }) => text);
  return new Marks([...words, ...matched], forms, words.length, texts);
}

/** Scores travel in cursors, so they must be the same wherever they are worked out. */
const rounded = (hit: SearchHit): SearchHit => ({
  ...hit,
  score: Math.round(hit.score * 1e4) / 1e4,
});
