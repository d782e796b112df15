/** What of a text answers a query. */
import { foldName } from '../../values/names.js';

export interface Mark {
  /** Where it stands, in UTF-16. */
  start: number;
  end: number;
  /** What of the query it answers: equal for forms of one word. */
  answers: string;
}

export class Marks {
  /** How many words the query has. */
  readonly wanted: number;
  readonly #words: ReadonlySet<string>;
  /** Beginnings of words, by their first letters. */
  readonly #stems = new Map<string, string[]>();
  /** Characters in a row, of scripts that are written without spaces. */
  readonly #phrases: readonly string[];
  /** Words that were looked at: texts have few different ones. */
  readonly #known = new Map<string, string | undefined>();

  /**
   * @param words Folded words
   * @param stems What the rules of languages make of words
   * @param texts The terms of the query as they were written
   */
  constructor(
    words: readonly string[],
    stems: readonly string[],
    wanted: number,
    texts: readonly string[] = [],
  ) {
    this.wanted = wanted;
    this.#words = new Set(words.map(composed));
    this.#phrases = [...new Set([...texts.map(foldName), ...words])]
      .filter((text) => isUnspaced.test(composed(text)))
      .map((text) => composed(text).replaceAll(' ', ''));
    for (const stem of new Set(stems)) {
      if (stem.length < shortest) continue;
      const start = stem.slice(0, shortest);
      this.#stems.set(start, [...(this.#stems.get(start) ?? []), stem]);
    }
  }

  /** The marks in a run of letters that begins at `at`. */
  in(run: string, at: number): Mark[] {
    if (!isUnspaced.test(run)) {
      const answers = this.of(run);
      return answers === undefined ? [] : [{ start: at, end: at + run.length, answers }];
    }
    const found = this.#phrasesIn(run, at);
    for (const { 0: word, index } of run.matchAll(spaced)) {
      const answers = this.of(word);
      if (answers === undefined) continue;
      found.push({ start: at + index, end: at + index + word.length, answers });
    }
    return apart(found);
  }

  /** What of the query a word answers; undefined where nothing. */
  of(word: string): string | undefined {
    if (!this.#known.has(word)) {
      if (this.#known.size >= maxKnown) this.#known.clear();
      this.#known.set(word, this.#find(word));
    }
    return this.#known.get(word);
  }

  // Private:

  #find(word: string): string | undefined {
    if (word.length > maxWordLength) return undefined;
    const folded = composed(foldName(word));
    const stem = this.#stems.get(folded.slice(0, shortest))?.find((each) => isForm(folded, each));
    return stem ?? (this.#words.has(folded) ? folded : undefined);
  }

  #phrasesIn(run: string, at: number): Mark[] {
    if (this.#phrases.length === 0) return [];
    let folded = '';
    /** For each unit of `folded` the character that it comes from. */
    const from: { start: number; end: number }[] = [];
    for (const { 0: character, index } of run.matchAll(characters)) {
      const form = composed(foldName(character));
      for (let i = 0; i < form.length; i++) {
        from.push({ start: at + index, end: at + index + character.length });
      }
      folded += form;
    }
    return this.#phrases.flatMap((phrase) => {
      const found: Mark[] = [];
      let place = folded.indexOf(phrase);
      while (place >= 0) {
        const [first, last] = [from[place], from[place + phrase.length - 1]];
        if (first && last) found.push({ start: first.start, end: last.end, answers: phrase });
        place = folded.indexOf(phrase, place + phrase.length);
      }
      return found;
    });
  }
}

// Private:

/** Shorter stems begin too many words. */
const shortest = 3;

/** What is longer is no readable word. */
const maxWordLength = 200;

const maxKnown = 10_000;

/** Scripts that are searched character by character, as `search_fold` in the database takes them apart. */
const isUnspaced =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}ー]/u;

/** What stands between such characters. */
const spaced = new RegExp(`${isUnspaced.source.replace('[', '[^')}+`, 'gu');

/** A character with its marks; half-width kana have theirs as letters. */
const characters = /[^\p{M}ﾞﾟ][\p{M}\p{Cf}ﾞﾟ]{0,30}/gu;

/** As the database has stems. */
const composed = (text: string): string => text.normalize('NFC');

/** In their order, without those that begin within another. */
function apart(marks: Mark[]): Mark[] {
  const found: Mark[] = [];
  for (const mark of marks.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (mark.start >= (found.at(-1)?.end ?? 0)) found.push(mark);
  }
  return found;
}

/** What the rules of a language cut off is a short ending; "countries" is held as "countri". */
const isForm = (folded: string, stem: string): boolean =>
  (folded.startsWith(stem) && folded.length <= stem.length + 4) ||
  (stem.endsWith('i') && folded === `${stem.slice(0, -1)}y`);
