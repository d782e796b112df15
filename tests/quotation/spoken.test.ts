import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Body } from '../../src/knowledge/quotation/body.js';
import { findMissing } from '../../src/knowledge/quotation/spoken.js';

const article = new Body(
  `“It was high time,” said Ada Moser, who chairs the League. Later she added: “We’ll open the bureau,
  he called it ‘small but ours’, and 5% more will follow. Often we won’t.” Mr Born spoke of an
  “attempt to gang up”. 「私たちは行く」と彼は言った。 İstanbul hosts it.`,
);

describe('the words of a DIRECT statement', () => {
  it.each([
    ['word for word', 'It was high time'],
    ['with marks typed plainly', '"It was high time,"'],
    ['with another mark at the end', 'It was high time.'],
    ['with a gap', 'It was … time'],
    ['with a gap of dots', 'It was ... time'],
    ['with a gap in brackets', 'It was […] time'],
    ['with something put in', 'We’ll open the [Vienna] bureau'],
    ['with a letter changed in brackets', '[I]t was high time'],
    ['with an ending in brackets', 'We’ll open[ed] the bureau'],
    ['with a capital at its beginning', 'Small but ours'],
    ['with other inner marks', 'he called it "small but ours"'],
    ['over a line break', 'the bureau, he called'],
    ['in two quotations', 'It was high time … We’ll open the bureau'],
    ['in a script without spaces', '私たちは行く。'],
    ['behind a letter that grows in lower case', 'Hosts it'],
  ])('may be there %s', (_, text) => {
    expect(findMissing(article, text, 'DIRECT')).toBeUndefined();
  });

  it.each([
    ['We will open ten more bureaus next year', 'We will open ten more bureaus next year'],
    ['It was … closing time', 'closing time'],
    ['It was [really] low time', 'low time'],
    ['We’ll open the bureau … fte', 'fte'],
    ['It was HIGH time', 'It was HIGH time'],
    ['5 more will follow', '5 more will follow'],
    ['igh time', 'igh time'],
  ])('are missing in %j', (text, words) => {
    expect(findMissing(article, text, 'DIRECT')).toMatchObject({ words, isOutOfOrder: false });
  });

  it('have to stand in their order', () => {
    expect(findMissing(article, 'We’ll open the bureau … It was high time', 'DIRECT')).toEqual({
      words: 'It was high time',
      isOutOfOrder: true,
    });
  });

  it('are told with the nearest passage, in the article’s own words', () => {
    expect(findMissing(article, 'We’ll open the burau', 'DIRECT')?.nearest).toBe(
      'We’ll open the bureau',
    );
  });

  it.each(['[We will open ten more bureaus]', '…', '“ … ”', '[…]', '?!'])(
    'are not only %j',
    (text) => expect(findMissing(article, text, 'DIRECT')).toMatchObject({ words: '' }),
  );
});

describe('the words of other statements', () => {
  it.each([
    'He spoke of an “attempt to gang up”.',
    'He spoke of an "attempt … gang up" of some kind',
    "He spoke of an 'attempt to gang up', they say",
    'Ada calls it “small [and] ours”',
    'Nothing is between marks here',
    '彼は「私たちは行く」と言った',
  ])('MIXED: between quotation marks they are there in %j', (text) => {
    expect(findMissing(article, text, 'MIXED')).toBeUndefined();
  });

  it.each([
    ['He spoke of a “grand alliance”.', 'grand alliance'],
    ["He spoke of a 'grand alliance'.", 'grand alliance'],
    ['He said “attempt to gang up” and “high time”', 'high time'],
    ['He spoke of a “grand alliance', 'grand alliance'],
    ['彼は「帰る」と言った', '帰る'],
  ])('MIXED: they are missing in %j', (text, words) => {
    expect(findMissing(article, text, 'MIXED')).toMatchObject({ words });
  });

  it('INDIRECT: they are the article’s or an editor’s', () => {
    expect(findMissing(article, 'Something else', 'INDIRECT')).toBeUndefined();
  });
});

describe('any words of a body', () => {
  const words = fc.array(fc.stringMatching(/^[a-zA-Z0-9éß'-]{1,8}$/), {
    minLength: 1,
    maxLength: 30,
  });

  it('are found, whatever is left out between them and put in', () => {
    const gap = fc.constantFrom('…', '...', '[…]', '[put in]', '( … )');
    fc.assert(
      fc.property(words, gap, fc.nat(), fc.nat(), (given, mark, a, b) => {
        const text = given.join(' ');
        const [from, to] = [a % given.length, b % given.length].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const quoted = [...given.slice(0, from), mark, ...given.slice(to)].join(' ');
        fc.pre(/[a-zA-Z0-9éß]/.test(quoted.replace(/\[.*?\]/g, '')));
        expect(findMissing(new Body(text), quoted, 'DIRECT')).toBeUndefined();
      }),
    );
  });
});
