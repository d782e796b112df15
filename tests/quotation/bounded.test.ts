import { describe, expect, it } from 'vitest';
import { BudgetSpent, MatchingBudget } from '../../src/knowledge/quotation/budget.js';
import { Body } from '../../src/knowledge/quotation/body.js';
import { findMentions } from '../../src/knowledge/quotation/mentions.js';
import { nearestPassage } from '../../src/knowledge/quotation/nearest.js';
import { NormalText } from '../../src/knowledge/quotation/normalize.js';
import { occurrencesOf } from '../../src/knowledge/quotation/occurrences.js';
import {
  findQuotation,
  matchQuotation,
  nearestTo,
} from '../../src/knowledge/quotation/quotation.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase } from '../support/knowledgeBase.js';

const much = 1_000_000_000;

/** How many steps it takes. */
function stepsOf(work: (budget: MatchingBudget) => unknown): number {
  const budget = new MatchingBudget(much);
  work(budget);
  return much - budget.left;
}

const size = 200_000;

describe('looking for a passage takes as many steps as the texts are long, whatever they hold', () => {
  it.each([
    ['one character over and over', 'a'.repeat(size), 'a'.repeat(size / 2)],
    ['that with another ahead', 'a'.repeat(size), `b${'a'.repeat(size / 2)}`],
    ['that with another behind', 'a'.repeat(size), `${'a'.repeat(size / 2)}b`],
    ['that with another in the middle', 'a'.repeat(size), `${'a'.repeat(999)}b${'a'.repeat(999)}`],
    ['two by turns', 'ab'.repeat(size / 2), `${'ab'.repeat(size / 4)}b`],
    ['characters that share a byte', 'aš'.repeat(size / 2), `${'ša'.repeat(500)}a`],
    ['a ruler', '='.repeat(size), '='.repeat(size - 1)],
  ])('%s', (_what, text, words) => {
    expect(stepsOf((budget) => occurrencesOf(text, words, budget))).toBeLessThan(10 * size);
  });

  it('also with a long context', () => {
    const body = new Body('a'.repeat(size));
    const selector = { exact: 'a', prefix: 'a'.repeat(size / 2), suffix: 'a'.repeat(size / 4) };
    expect(stepsOf((budget) => matchQuotation(body, selector, budget))).toBeLessThan(30 * size);
    const { length } = body;
    expect(matchQuotation(body, { ...selector, suffix: null })).toEqual({
      ambiguous: length - length / 2,
    });
  });

  it('finds the same as a plain search', () => {
    let seed = 1;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    const letters = (count: number, of: string) =>
      Array.from({ length: count }, () => of.charAt(random(of.length))).join('');
    for (let i = 0; i < 2000; i++) {
      const text = letters(random(200), i % 2 ? 'ab' : 'abcš ');
      const from = random(text.length + 1);
      const words = text.slice(from, from + 1 + random(20));
      const expected: number[] = [];
      for (let at = words ? text.indexOf(words) : -1; at >= 0; at = text.indexOf(words, at + 1)) {
        expected.push(at);
      }
      expect(occurrencesOf(text, words)).toEqual(expected);
    }
  });

  it('ends where the budget is spent', () => {
    const body = new Body('a'.repeat(size));
    expect(() => findMentions(body, ['aaa'], new MatchingBudget(size))).toThrow(BudgetSpent);
    expect(() => matchQuotation(body, { exact: 'aaaaaab' }, new MatchingBudget(10))).toThrow(
      BudgetSpent,
    );
  });
});

describe('the nearest passage', () => {
  it.each([
    ['a ruler', '='.repeat(30_000), `${'='.repeat(300)}x${'='.repeat(300)}`],
    ['one letter', 'a'.repeat(400_000), `${'a'.repeat(250)}bbb${'a'.repeat(250)}`],
    ['nothing alike', 'a'.repeat(400_000), 'b'.repeat(500)],
  ])('of %s takes sixteen steps a character at most', async (_what, text, words) => {
    const budget = new MatchingBudget(much);
    await nearestTo(new Body(text), words, budget);
    expect(much - budget.left).toBeLessThanOrEqual(16 * text.length);
  });

  it('is searched for as far as the budget goes, and in part of a long text where the caller cannot wait', async () => {
    const far = new Body(`${'x '.repeat(500_000)}the words that were meant`);
    const budget = new MatchingBudget(1000);
    expect(await nearestTo(far, 'the words that was meant', budget)).toBeUndefined();
    expect(budget.left).toBeLessThan(1000);
    const enough = new MatchingBudget(much);
    expect(await nearestTo(far, 'the words that was meant', enough)).toMatchObject({
      exact: 'the words that were meant',
    });
    expect(findQuotation(far, { exact: 'the words that was meant' })).toHaveProperty('nearest');
  });

  it('is not widened to a word that fills the body', () => {
    const found = nearestPassage(`${'a'.repeat(5000)}bcdefgh${'a'.repeat(5000)}`, 'bcdxfgh');
    expect(found && found.to - found.from).toBeLessThan(200);
  });
});

describe('the normal form', () => {
  it('of thousands of accents on one letter is made in pieces', () => {
    const { normal } = new NormalText(`a${'\u0301\u0323'.repeat(100_000)} end`);
    expect(normal).toMatch(/ end$/);
    expect(new Body(`a${'\u0301\u0323'.repeat(10)}`).occurrences('\u1ea1')).toEqual([0]);
  });

  it('knows where each character came from, in pairs as well', () => {
    const body = new Body('😀😀漢字 “é” …👍');
    const found = (exact: string) => {
      const match = matchQuotation(body, { exact });
      return 'found' in match ? [match.found.start, match.found.end] : match;
    };
    expect(found('😀漢')).toEqual([1, 3]);
    expect(found('字 "e\u0301" ...')).toEqual([3, 10]);
    expect(found('👍')).toEqual([10, 11]);
  });
});

describeOnEachDatabase('an editor who cites what is not there', ({ open }) => {
  it.each([
    ['a ruler', '='.repeat(30_000), `${'='.repeat(500)}x`],
    ['one letter', 'a'.repeat(400_000), `${'a'.repeat(400)}bb${'a'.repeat(98)}`],
  ])('in a body of %s is answered, with the nearest passage', async (_what, text, exact) => {
    const base = knowledgeBase(await open());
    const execute = async (query: string, variables: Record<string, unknown>) => {
      const { data, errors } = await base.executeAs('EDITOR', query, variables);
      expect(errors).toBeUndefined();
      return data as { it: { person?: { id: string }; issues?: { message: string }[] } };
    };
    await execute(
      `mutation ($body: String!) { org: createOrganization(input: { slug: "o", name: "O", kind: PARTY }) { __typename }
        it: createArticle(input: { slug: "art", title: "T", publisher: "o", publishedOn: "2024", body: $body }) { __typename } }`,
      { body: text },
    );
    const { it: made } = await execute(
      'mutation { it: createPerson(input: { name: "Ann" }) { ... on PersonPayload { person { id } } } }',
      {},
    );
    const { it: cited } = await execute(
      `mutation ($id: ID!, $exact: String!) { it: cite(input: { target: $id, article: "art", exact: $exact }) {
        ... on ValidationError { issues { message } } } }`,
      { id: made.person?.id, exact },
    );
    expect(cited.issues?.[0]?.message).toMatch(
      /is not in the body of art: the nearest passage is "/,
    );
    const { it: mentioned } = await execute(
      `mutation ($body: String!) { it: createArticle(input: { title: "Many", publisher: "o", publishedOn: "2024", body: $body,
          mentions: [{ entity: "o", names: ["aa", "aaa", "aaaa"] }] }) { ... on ValidationError { issues { message } } } }`,
      { body: 'a'.repeat(400_000) },
    );
    expect(mentioned.issues?.[0]?.message).toContain('matching its quotations takes too long');
  });
});
