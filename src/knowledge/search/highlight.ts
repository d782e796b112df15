/** Marks in a text what a search found. */
import { foldName } from '../values/names.js';
import type { Marks } from './search.js';

export interface Passage {
  /** The text, or the part of a longer one that has most of the words. */
  text: string;
  /** Where that part begins, in code points of the whole. */
  offset: number;
  /** What is marked, in code points of `text`; neither overlapping nor empty. */
  ranges: { start: number; end: number }[];
  /** How many different words are marked. */
  found: number;
}

/** Longer texts are cut to about so many characters. */
const longest = 240;

/** The passage of the text that has most of what was found; without ranges where it has nothing of it. */
export function findPassage(whole: string, marks: Marks): Passage {
  const found = [...whole.matchAll(/[\p{L}\p{N}\p{M}'’]+/gu)]
    .filter(([word]) => isMarked(word, marks))
    .map(({ 0: word, index }) => ({ start: index, end: index + word.length }));
  const { start, end } = windowOf(whole, found);
  const text = whole.slice(start, end);
  const inText = found.filter((range) => range.start >= start && range.end <= end);
  const points = codePoints(text);
  const different = new Set(inText.map((range) => foldName(whole.slice(range.start, range.end))));
  return {
    text,
    found: different.size,
    offset: codePoints(whole)(start),
    ranges: inText.map((range) => ({
      start: points(range.start - start),
      end: points(range.end - start),
    })),
  };
}

/** The passage as HTML: what is special there is escaped, what was found stands in `<mark>`. */
export function asHtml({ text, ranges }: Passage): string {
  const letters = Array.from(text);
  const part = (start: number, end?: number) => escapeHtml(letters.slice(start, end).join(''));
  let html = '';
  let at = 0;
  for (const { start, end } of ranges) {
    html += `${part(at, start)}<mark>${part(start, end)}</mark>`;
    at = end;
  }
  return html + part(at);
}

// Private:

function isMarked(word: string, { words, stems }: Marks): boolean {
  const folded = foldName(word).replace(/ s$/, '');
  if (words.has(folded)) return true;
  return stems.some((stem) => {
    // What the rules of a language cut off is a short ending; "countries" is held as "countri".
    const isForm = folded.startsWith(stem) && folded.length <= stem.length + 4;
    return isForm || (stem.endsWith('i') && folded === `${stem.slice(0, -1)}y`);
  });
}

interface Span {
  start: number;
  end: number;
}

/** The part to show: the one with the most marks, from and to a space. */
function windowOf(text: string, found: readonly Span[]): Span {
  if (text.length <= longest) return { start: 0, end: text.length };
  let best = { from: 0, count: 0 };
  found.forEach(({ start }, i) => {
    const count = found.filter((other, j) => j >= i && other.end <= start + longest).length;
    if (count > best.count) best = { from: start, count };
  });
  const lead = Math.max(0, best.from - longest / 4);
  const start = lead === 0 ? 0 : afterSpace(text, lead, best.from);
  if (text.length - start <= longest) return { start, end: text.length };
  const end = text.lastIndexOf(' ', start + longest);
  return { start, end: end > best.from ? end : start + longest };
}

function afterSpace(text: string, from: number, before: number): number {
  const space = text.indexOf(' ', from);
  return space >= 0 && space < before ? space + 1 : before;
}

/** From places in UTF-16 to places in code points. */
function codePoints(text: string): (index: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (index) => index;
  return (index) => Array.from(text.slice(0, index)).length;
}

const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (character) =>
      ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? '',
  );
