/** The form in which quotations and bodies are compared, see README.md. */

/** A text in normal form that knows where each of its characters came from. */
export interface NormalText {
  normal: string;
  /** For each UTF-16 unit of `normal`: the code points of the original that it stands for. */
  starts: Int32Array;
  ends: Int32Array;
}

/** `“Côte  d’Ivoire”—now…` reads `"Côte d'Ivoire"-now…`. */
export function normalizeText(text: string): NormalText {
  // Most texts do not grow; what has a longer form leaves room for it.
  const room = text.length + (longestForm - 1) * (text.match(/[^\0-\x7F]/g)?.length ?? 0);
  const starts = new Int32Array(room);
  const ends = new Int32Array(room);
  let normal = '';
  let at = 0;
  for (const match of text.matchAll(tokens)) {
    const [token] = match;
    const length = codePoints(token);
    const plain = match.groups?.['plain'] !== undefined;
    const form = plain ? token : formOf(match);
    for (let i = 0; i < form.length; i++) {
      starts[normal.length + i] = plain ? at + i : at;
      ends[normal.length + i] = plain ? at + i + 1 : at + length;
    }
    normal += form;
    at += length;
  }
  return {
    normal,
    starts: starts.subarray(0, normal.length),
    ends: ends.subarray(0, normal.length),
  };
}

/** What remains of a quotation or a word when it is looked for. */
export const normalizeWords = (words: string): string =>
  isNormal.test(words) ? words.trim() : normalizeText(words).normal.trim();

// Private:

/** Plain words with single spaces are in normal form as they are. */
const isNormal = /^(?:[0-9A-Za-z,;:!?()]| (?! ))*$/;

/** No character's NFC form has more UTF-16 units than this (it is three code points, U+FB2C). */
const longestForm = 6;

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
