/** The form in which quotations and bodies are compared, see README.md. */
import type { CharacterRange } from '../../database/tables/index.js';

/**
 * A text in normal form that knows where each of its characters came from:
 * `“Côte  d’Ivoire”—now…` reads `"Côte d'Ivoire"-now…`.
 */
export class NormalText {
  readonly normal: string;
  /** Token by token, `width` numbers each: where it begins in `normal`, and what it stands for. */
  readonly #tokens: number[] = [];

  constructor(text: string) {
    let normal = '';
    let at = 0;
    for (const match of text.matchAll(tokens)) {
      const [token] = match;
      const length = codePoints(token);
      const plain = match.groups?.['plain'] !== undefined;
      const form = plain ? token : formOf(match);
      if (form) this.#tokens.push(normal.length, at, plain ? charByChar : at + length);
      normal += form;
      at += length;
    }
    this.normal = normal;
  }

  /** The code points of the original that a stretch of `normal`, at least one long, stands for. */
  rangeOf(from: number, to: number): CharacterRange {
    return { start: this.#standsFor(from).start, end: this.#standsFor(to - 1).end };
  }

  // Private:

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
    if (end !== charByChar) return { start, end };
    return { start: start + at - begins, end: start + at - begins + 1 };
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
  return folded.replaceAll('"', "'");
}

// Private:

const lowerAlike = (letter: string): string => {
  const lower = letter.toLowerCase();
  return lower.length === letter.length ? lower : letter;
};

/** Plain words with single spaces are in normal form as they are. */
const isNormal = /^(?:[0-9A-Za-z,;:!?()]| (?! ))*$/;

const width = 3;

/** In place of an end: each character of the token stands for itself. */
const charByChar = -1;

/**
 * What is compared as one: first the marks with a common form, then everything else, a
 * character together with the accents (and Hangul vowels and finals) that NFC may join to it.
 * French sets guillemets off by a no-break space, which is part of the mark.
 */
const tokens = new RegExp(
  [
    // The single spaces between plain words are plain, so that a whole sentence is one token.
    /(?<plain>(?:[0-9A-Za-z,;:!?()]| (?=[0-9A-Za-z,;:!?()]))+(?!\p{M}))/u,
    /(?<invisible>[\u00AD\u200B\u2060\uFEFF]+)/,
    /(?<double>«[\u00A0\u202F]?|[\u00A0\u202F]?»|["“”„‟″‶〝〞〟＂])/,
    /(?<single>['‘’‚‛‹›′‵`´ʼ＇])/,
    /(?<dash>[-‐‑‒–—―−﹘﹣－]+)/,
    /(?<ellipsis>…|\.(?:[ \u00A0]?\.){2})/,
    /(?<space>(?:(?![\u00A0\u202F]»)[\s\u0085])+)/,
    /[^][\p{M}\u1160-\u11FF]*/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gu',
);

function formOf({ groups, 0: token }: RegExpExecArray): string {
  if (groups?.['space'] !== undefined) return ' ';
  if (groups?.['double'] !== undefined) return '"';
  if (groups?.['single'] !== undefined) return "'";
  if (groups?.['dash'] !== undefined) return '-';
  if (groups?.['ellipsis'] !== undefined) return '…';
  if (groups?.['invisible'] !== undefined) return '';
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
