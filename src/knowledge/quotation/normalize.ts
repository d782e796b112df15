/** The form in which quotations and bodies are compared, see README.md. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { CharacterRange } from '../../database/tables/index.js';

/**
 * A text in normal form that knows where each of its characters came from:
 * `“Côte  d’Ivoire”—now…` reads `"Côte d'Ivoire"-now…`.
 */
export class NormalText {
  /** The last texts in normal form: one change cites the same article many times. */
  static readonly #recent = new LRUCache<string, NormalText>({
    maxSize: 5_000_000,
    sizeCalculation: (_, text) => text.length + 1,
  });

  static of(text: string): NormalText {
    let made = NormalText.#recent.get(text);
    if (!made) NormalText.#recent.set(text, (made = new NormalText(text)));
    return made;
  }

  #normal = '';
  /** Token by token, `width` numbers each: where it begins in `normal`, and what it stands for. */
  readonly #tokens: number[] = [];

  constructor(text: string) {
    const forming = this.#form(text);
    while (!forming.next().done);
  }

  /** The same in turns with others, for long texts. */
  static async inTurns(text: string): Promise<NormalText> {
    const recent = NormalText.#recent.get(text);
    if (recent) return recent;
    const made = new NormalText('');
    const forming = made.#form(text);
    while (!forming.next().done) await nextTurn();
    NormalText.#recent.set(text, made);
    return made;
  }

  get normal(): string {
    return this.#normal;
  }

  /** The code points of the original that a stretch of `normal`, at least one long, stands for. */
  rangeOf(from: number, to: number): CharacterRange {
    return { start: this.#standsFor(from).start, end: this.#standsFor(to - 1).end };
  }

  // Private:

  /** Stops after every so many tokens. */
  *#form(text: string): Generator<undefined, void> {
    let count = 0;
    for (let at = 0, from = 0; from < text.length;) {
      tokens.lastIndex = from;
      const [token] = tokens.exec(text) ?? [''];
      from += token.length;
      at = this.#add(token, at);
      if (++count % tokensForTurn === 0) yield;
    }
  }

  /** @returns where the next token begins, in code points of the text */
  #add(token: string, at: number): number {
    const isAstral = isHigh(token.charCodeAt(0));
    if (token.length > 1 && !isSpecial(token) && token.normalize('NFC') === token) {
      // What is no run of its own is a character with its accents, which stand for it together.
      const isRun = !accents.test(token);
      if (isRun) {
        this.#tokens.push(this.#normal.length, at, isAstral ? pairByPair : charByChar);
        this.#normal += token;
        return at + (isAstral ? token.length / 2 : token.length);
      }
    } else if (token.length > 1 && !isSpecial(token) && !accents.test(token)) {
      // A run in which some characters have another form.
      for (const character of token) at = this.#addOne(character, at);
      return at;
    }
    return this.#addOne(token, at);
  }

  #addOne(token: string, at: number): number {
    const length = codePoints(token);
    const form = formOf(token);
    if (form) this.#tokens.push(this.#normal.length, at, at + length);
    this.#normal += form;
    return at + length;
  }

  /** What a UTF-16 unit of `normal` stands for. */
  #standsFor(at: number): CharacterRange {
    const all = this.#tokens;
    let [low, high] = [0, all.length / width - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((all[middle * width] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const [begins = 0, start = 0, end = 0] = all.slice(low * width, (low + 1) * width);
    if (end >= 0) return { start, end };
    const place = start + Math.floor((at - begins) / -end);
    return { start: place, end: place + 1 };
  }
}

/** What remains of a quotation or a word when it is looked for. */
export const normalizeWords = (words: string): string =>
  isNormal.test(words) ? words.trim() : new NormalText(words).normal.trim();

/**
 * A text in normal form in which upper and lower case and single and double quotation marks are
 * alike. As long as the text, so that places in the one are places in the other.
 */
export function foldQuoted(normal: string): string {
  const lower = normal.toLowerCase();
  const folded = lower.length === normal.length ? lower : normal.replace(/\p{Lu}/gu, lowerAlike);
  return withOneMark(folded);
}

/** With single quotation marks in place of double ones. */
export const withOneMark = (normal: string): string => normal.replaceAll('"', "'");

// Private:

const lowerAlike = (letter: string): string => {
  const lower = letter.toLowerCase();
  return lower.length === letter.length ? lower : letter;
};

/** Plain words with single spaces are in normal form as they are. */
const isNormal = /^(?:[0-9A-Za-z,;:!?()]| (?! ))*$/;

const width = 3;

/** In place of an end: each unit of the token stands for itself, or each pair of them. */
const charByChar = -1;
const pairByPair = -2;

const tokensForTurn = 50_000;

/** Accents, and the Hangul vowels and finals that NFC may join to what is before them. */
const joining = String.raw`\p{M}\u1160-\u11FF`;
const accents = new RegExp(`[${joining}]`, 'u');

/** Soft hyphens, spaces and joiners without width, and marks for the direction in which a text runs. */
const invisible =
  '\u00AD\u061C\u180E\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E' +
  '\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206A\u206B\u206C\u206D\u206E\u206F\uFEFF';
const double = '"“”„‟″‶〝〞〟＂״';
const single = "'‘’‚‛‹›′‵`´ʹʻʼʽ׳ꞌ＇";
/** The hyphen last, where it means itself in a class. */
const dash = '‐‑‒–—―−־﹘﹣－-';

/** Characters that stand for themselves: of those beside each other, many are one token. */
const plain = String.raw`[^${joining}\s\u0085${invisible}«»${double}${single}….\u{D800}-\u{DFFF}\u{10000}-\u{10FFFF}${dash}]`;

/**
 * What is compared as one: first the marks with a common form, then everything else, a
 * character together with the accents that NFC may join to it. Thirty of those are more than any
 * language has, and what Unicode's stream-safe form allows: putting thousands in order takes the
 * square of their number. French sets guillemets off by a no-break space, which is part of the
 * mark.
 */
const tokens = new RegExp(
  // eslint-disable-next-line no-misleading-character-class -- the class has each of them apart
  [
    // The single spaces between plain words are plain, so that a whole sentence is one token.
    String.raw`(?:${plain}| (?=${plain})){1,1024}(?![${joining}])`,
    String.raw`[\u{10000}-\u{10FFFF}]{2,512}(?![${joining}])`,
    `[${invisible}]+`,
    String.raw`«[\u00A0\u202F]?|[\u00A0\u202F]?»|[${double}]`,
    `[${single}]`,
    `[${dash}]+`,
    String.raw`…|\.(?:[ \u00A0]?\.){2}`,
    String.raw`(?:(?![\u00A0\u202F]»)[\s\u0085])+`,
    `[^][${joining}]{0,30}`,
  ].join('|'),
  'uy',
);

/** What stands for a token, by its first character. */
const forms = new Map<string, string>([
  ...Array.from(double, (mark): [string, string] => [mark, '"']),
  ...Array.from(single, (mark): [string, string] => [mark, "'"]),
  ...Array.from(dash, (mark): [string, string] => [mark, '-']),
  ...Array.from(invisible, (mark): [string, string] => [mark, '']),
  ['«', '"'],
  ['»', '"'],
  ['…', '…'],
]);

const ellipsis = /^\.[ \u00A0]?\./;
const space = /^[\s\u0085]/;

const isSpecial = (token: string): boolean =>
  forms.has(token.charAt(0)) || ellipsis.test(token) || (space.test(token) && !isWord(token));

/** A run may begin with the space ahead of its first word. */
const isWord = (token: string): boolean => token.length > 1 && !/^[\s\u0085]+»?$/.test(token);

function formOf(token: string): string {
  const form = forms.get(token.charAt(0));
  if (form !== undefined) return form;
  if (ellipsis.test(token)) return '…';
  if (space.test(token)) return token.endsWith('»') ? '"' : ' ';
  return token.normalize('NFC');
}

function codePoints(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    if (isLow(text.charCodeAt(i)) && isHigh(text.charCodeAt(i - 1))) count--;
  }
  return count;
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;
