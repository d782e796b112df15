/** Marks in a text what a search found. */
import { setImmediate } from 'node:timers/promises';
import type { Mark, Marks } from './highlightMarks.js';

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

/** So many of them stand before the first mark. */
const lead = longest / 4;

/**
 * The passage of the text that has most of what was found; without ranges where it has nothing of
 * it. Long texts are gone through a part at a time, so that other requests get their turn.
 */
export async function findPassage(whole: string, marks: Marks): Promise<Passage> {
  const found: Mark[] = [];
  let next = part;
  for (const { 0: word, index } of whole.matchAll(words)) {
    if (index > next) {
      await setImmediate();
      next = index + part;
    }
    found.push(...marks.in(word, index));
  }
  const { start, end } = windowOf(whole, found);
  const text = whole.slice(start, end);
  const inText = found.filter((range) => range.start >= start && range.end <= end);
  const points = codePoints(text);
  return {
    text,
    found: new Set(inText.map(({ answers }) => answers)).size,
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

/** So much of a text, in UTF-16 units, is gone through in one turn of the event loop. */
const part = 20_000;

/** A letter, with what is invisible, but without those used as apostrophes. */
const letter = '(?:(?![\\u02bb-\\u02bd\\u02ee])[\\p{L}\\p{N}\\p{M}\\p{Cf}])';

/** A letter of the scripts in which initialisms are written with dots. */
const initial =
  '[\\p{sc=Latn}\\p{sc=Grek}\\p{sc=Cyrl}\\p{sc=Armn}\\p{sc=Geor}\\p{sc=Hebr}\\p{sc=Arab}]\\p{M}*';

/** Letters in a row, or with dots between them where they stand alone, as in `U.S.`. */
const words = new RegExp(`${initial}(?:\\.${initial})+(?!${letter})|${letter}+`, 'gu');

interface Span {
  start: number;
  end: number;
}

/** The part to show: the one with most different words, and then most marks; from and to a space. */
function windowOf(text: string, found: readonly Mark[]): Span {
  if (text.length <= longest) return { start: 0, end: text.length };
  const best = densest(found);
  const start = best <= lead ? 0 : afterSpace(text, best - lead, best);
  if (text.length - start <= longest) return { start, end: text.length };
  const space = text.slice(best + 1, start + longest + 1).lastIndexOf(' ');
  const end = space < 0 ? start + longest : best + 1 + space;
  return { start: whole(text, start), end: whole(text, end) };
}

/** Where the window begins that has most; each mark enters and leaves it once. */
function densest(found: readonly Mark[]): number {
  const counts = new Map<string, number>();
  let best = { start: 0, different: 0, count: 0 };
  let behind = 0;
  for (const [first, { start, answers }] of found.entries()) {
    for (
      let mark = found[behind];
      mark && mark.end <= start + longest - lead;
      mark = found[behind]
    ) {
      counts.set(mark.answers, (counts.get(mark.answers) ?? 0) + 1);
      behind++;
    }
    const [different, count] = [counts.size, behind - first];
    if (different > best.different || (different === best.different && count > best.count)) {
      best = { start, different, count };
    }
    if (behind === first) behind++;
    else if (counts.get(answers) === 1) counts.delete(answers);
    else counts.set(answers, (counts.get(answers) ?? 0) - 1);
  }
  return best.start;
}

function afterSpace(text: string, from: number, before: number): number {
  const space = text.slice(from, before).indexOf(' ');
  return space >= 0 ? from + space + 1 : whole(text, before);
}

/** The same place, or the one before it where that is within a character. */
const whole = (text: string, at: number): number =>
  isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1)) ? at - 1 : at;

/** From places in UTF-16 to places in code points. */
function codePoints(text: string): (index: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (index) => index;
  return (index) => {
    let count = index;
    for (let i = 1; i < index; i++) {
      if (isLow(text.charCodeAt(i)) && isHigh(text.charCodeAt(i - 1))) count--;
    }
    return count;
  };
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

const escapeHtml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (character) =>
      ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? '',
  );
