import { describe, expect, it } from 'vitest';
import {
  capitalized,
  plural,
  shortened,
  withArticle,
  wordsOf,
} from '../../src/knowledge/values/english.js';

describe('English', () => {
  it.each([
    ['article', 'an article'],
    ['office', 'an office'],
    ['event', 'an event'],
    ['person', 'a person'],
    ['union', 'a union'],
    ['university', 'a university'],
    ['uninvited guest', 'an uninvited guest'],
    ['hour', 'an hour'],
    ['one-off', 'a one-off'],
    ['URL', 'a URL'],
    ['ISO code', 'an ISO code'],
    ['PartialDate', 'a PartialDate'],
  ])('puts the article before %j by its sound', (noun, expected) => {
    expect(withArticle(noun)).toBe(expected);
  });

  it.each([
    ['person', 'people'],
    ['timeline entry', 'timeline entries'],
    ['search result', 'search results'],
    ['day', 'days'],
    ['address', 'addresses'],
  ])('has more than one %j', (noun, expected) => {
    expect(plural(noun)).toBe(expected);
  });

  it('takes a type’s name apart', () => {
    expect(wordsOf('TimelineEntry')).toBe('timeline entry');
    expect(capitalized(withArticle(wordsOf('OfficeStatus')))).toBe('An office status');
  });
});

describe('shortened', () => {
  it('cuts a long text off, without half a character or a space before the ellipsis', () => {
    expect(shortened('a'.repeat(10), 10)).toBe('a'.repeat(10));
    expect(shortened('a'.repeat(11), 10)).toBe(`${'a'.repeat(7)}…`);
    expect(shortened('a'.repeat(11), 10, 9)).toBe(`${'a'.repeat(9)}…`);
    expect(shortened(`${'a'.repeat(6)}😀${'a'.repeat(6)}`, 10)).toBe(`${'a'.repeat(6)}…`);
    expect(shortened(`${'a'.repeat(6)} ${'a'.repeat(6)}`, 10)).toBe(`${'a'.repeat(6)}…`);
  });
});
