import { describe, expect, it } from 'vitest';
import { Body } from '../../src/knowledge/quotation/body.js';
import { findMentions } from '../../src/knowledge/quotation/mentions.js';
import { findQuotation, type Passage } from '../../src/knowledge/quotation/quotation.js';

const find = (body: string, exact: string, context = {}) =>
  findQuotation(new Body(body), { exact, ...context });

const found = (body: string, exact: string, context = {}): Passage => {
  const search = find(body, exact, context);
  if (!('found' in search)) throw new Error(`not found: ${JSON.stringify(search)}`);
  return search.found;
};

describe('a quotation', () => {
  it('is found in the words of the body, with its place and 32 characters of context', () => {
    const body = `It began at noon in the capital. They said “yes” today. Nobody had expected that, they said.`;
    expect(found(body, 'said "yes"')).toEqual({
      exact: 'said “yes”',
      start: 38,
      end: 48,
      prefix: 'an at noon in the capital. They ',
      suffix: ' today. Nobody had expected that',
    });
  });

  it.each([
    ['curly for straight quotation marks', 'he said “no”', 'said "no"'],
    ['straight for curly ones', 'he said "no"', 'said “no”'],
    ['guillemets', 'il dit «\u00a0non\u00a0»', 'dit "non"'],
    ['German ones', 'er sagt „nein“', 'sagt "nein"'],
    ['apostrophes and primes', 'China’s NATO‘s 5′', "China's NATO's 5'"],
    ['dashes of any length', 'open — at last – now − 1', 'open - at last -- now - 1'],
    ['a non-breaking hyphen', 'Asia\u2011Pacific', 'Asia-Pacific'],
    ['marks of direction', 'نعم \u202bقال\u200f الوزير', 'قال الوزير'],
    ['isolates and Arabic marks of direction', '\u2066قال\u2069 \u061cالوزير', 'قال الوزير'],
    ['joiners without width', 'او می\u200cخواهد', 'میخواهد'],
    ['Hebrew quotation marks', 'דובר צה״ל וג׳ורג׳', "צה\"ל וג'ורג'"],
    ['Hebrew hyphens', 'תל־אביב', 'תל-אביב'],
    ['letters that are apostrophes', 'Марʼяна, Hawaiʻi', "Мар'яна, Hawai'i"],
    [
      'an ellipsis as one character or as three dots',
      'wait … and . . . see...',
      'wait ... and … see…',
    ],
    ['spaces, tabs and line breaks', 'one\n   two\u00a0three', 'one two three'],
    ['soft hyphens and zero-width spaces', 'co\u00adoperation\u200b now', 'cooperation now'],
    ['accents as one character or as two', 'Chis\u0327ina\u0306u', 'Chi\u015fin\u0103u'],
    ['Hangul in letters or in syllables', '\u1112\u1161\u11ab\u1100\u116e\u11a8', '한국'],
  ])('may have %s', (_, body, exact) => {
    const { start, end } = found(`${body}.`, exact);
    expect(Array.from(body).slice(start, end).join('')).toBe(
      body.slice(body.length - (end - start)),
    );
  });

  it.each([
    ['another case', 'NATO', 'Nato'],
    ['another accent', 'résumé', 'resume'],
    ['a double for a single quotation mark', 'say "no"', "say 'no'"],
    ['a part of an ellipsis', 'so…', 'so.'],
  ])('may not have %s', (_, body, exact) => {
    expect(find(body, exact)).not.toHaveProperty('found');
  });

  it('is counted in code points, of which an emoji is one', () => {
    expect(found('😀😀 NATO 👍', 'NATO')).toMatchObject({ start: 3, end: 7, suffix: ' 👍' });
  });

  it('does not cut an accented letter in two', () => {
    expect(find('cafe\u0301', 'cafe')).not.toHaveProperty('found');
  });

  it('that occurs twice needs words before or behind it to tell which one is meant', () => {
    const body = 'NATO opens an office. Japan opens an office too.';
    expect(find(body, 'opens an office')).toEqual({ ambiguous: 2 });
    expect(found(body, 'opens an office', { prefix: 'Japan ' }).start).toBe(28);
    expect(found(body, 'opens an office', { suffix: '.' }).start).toBe(5);
    expect(find(body, 'opens an office', { prefix: 'China ' })).toEqual({ ambiguous: 2 });
  });

  it('that is not there is answered with the nearest passage that is', () => {
    const body = 'Tokyo agreed. NATO will open its first office in Asia next year. China objected.';
    expect(find(body, 'Nato will open the first office in Asia')).toMatchObject({
      nearest: { exact: 'NATO will open its first office in Asia', start: 14 },
    });
    expect(find(body, 'qqqqqqqq zzzzzzzz')).toEqual({ nearest: undefined });
  });

  it('of 500 characters is looked for in 100 KB in a few seconds of processor time at most', () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `w${(i * 7919) % 10_007}`);
    const body = words.join(' ');
    const exact = body.slice(50_000, 50_500).replaceAll('7', 'x');
    const before = process.cpuUsage();
    expect(find(body, exact)).toHaveProperty('nearest.exact');
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(5);
  });
});

describe('a mention', () => {
  const mentions = (body: string, ...words: string[]) =>
    findMentions(new Body(body), words).map(({ start, end }) => [start, end]);

  it('is a whole word in the same case, wherever it stands', () => {
    expect(mentions('US, us, USA, US-led, the US’s', 'US')).toEqual([
      [0, 2],
      [13, 15],
      [25, 27],
    ]);
  });

  it('is one where words overlap', () => {
    expect(mentions('UN Security Council', 'UN', 'UN Security Council')).toEqual([[0, 19]]);
  });

  it('needs no spaces around it in a script that has none', () => {
    expect(mentions('日本は北大西洋条約機構と', '北大西洋条約機構')).toEqual([[3, 11]]);
  });

  it('may be spelled with other apostrophes', () => {
    expect(mentions('in Cote d’Ivoire', "Cote d'Ivoire")).toEqual([[3, 16]]);
  });
});
