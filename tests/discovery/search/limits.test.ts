import { afterEach, beforeAll, expect, it, describe, vi } from 'vitest';
import fc from 'fast-check';
import type { Database } from '../../../src/database/database.js';
import { createKnowledge } from '../../../src/knowledge/knowledge.js';
import { published } from '../../../src/knowledge/reading/visibility.js';
import { didYouMean } from '../../../src/knowledge/validation/didYouMean.js';
import { findPassage } from '../../../src/knowledge/discovery/search/highlight.js';
import { Marks } from '../../../src/knowledge/discovery/search/highlightMarks.js';
import { editDistance } from '../../../src/knowledge/values/editDistance.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';

afterEach(() => vi.restoreAllMocks());

/** How many turns of the event loop others get while something runs. */
async function turnsDuring(run: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const others = (): void => {
    turns++;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  await run();
  isOver = true;
  return turns;
}

describe('a passage', () => {
  const marks = () => new Marks(['grain', 'corridor'], [], 2);

  it('is the part with most of the words, wherever that is', async () => {
    const filler = 'grain and nothing else is told here. '.repeat(20_000);
    const { text, offset, found } = await findPassage(
      `${filler}The grain corridor stays open. ${filler}`,
      marks(),
    );
    expect(text).toContain('grain corridor stays open');
    expect(offset).toBeGreaterThan(filler.length - 240);
    expect(found).toBe(2);
  });

  it('costs one look at each word of a text in which every word is marked', async () => {
    const look = vi.spyOn(Marks.prototype, 'of');
    await findPassage('grain '.repeat(200_000), marks());
    expect(look).toHaveBeenCalledTimes(200_000);
  });

  it('leaves turns to others while a long text is looked through', async () => {
    expect(await turnsDuring(() => findPassage('grain '.repeat(200_000), marks()))).toBeGreaterThan(
      40,
    );
  });

  it('counts in code points, and does not cut a character in two', async () => {
    const { text, offset, ranges } = await findPassage(`${'🗾'.repeat(400)} grain`, marks());
    const whole = Array.from(`${'🗾'.repeat(400)} grain`);
    expect(whole.slice(offset).join('').startsWith(text)).toBe(true);
    expect(ranges.map(({ start, end }) => Array.from(text).slice(start, end).join(''))).toEqual([
      'grain',
    ]);
    expect(text).not.toMatch(/\p{Cs}/u);
  });
});

describe('the edit distance', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

  it('is the same with a bound, up to that bound', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 4 }), (a, b, most) => {
        const distance = editDistance(a, b);
        const bounded = editDistance(a, b, most);
        expect(bounded > most ? Infinity : bounded).toBe(distance > most ? Infinity : distance);
      }),
      { numRuns: 2000 },
    );
  });

  it('is not worked out of words that are longer by more than the bound', () => {
    const word = 'x'.repeat(100_000);
    expect(editDistance(word, 'x', 2)).toBe(Infinity);
    expect(didYouMean(word, Array(100_000).fill('y'.repeat(99_990)) as string[])).toBe('');
  });

  it('still suggests a correction', () => {
    expect(didYouMean('organizatoin', ['person', 'organization'])).toBe(
      ' (did you mean "organization"?)',
    );
  });
});

describeOnEachDatabase('a search that is hard to answer', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    await base.importDossier(`
      people: [{ slug: ann, name: Ann Example }]
      articles:
        - { slug: grain, title: Notes, language: en, body: The grain corridor stays open. }`);
  });

  it.each([
    ['made-up words', (n: number) => `w${((n * 7919) % 9973).toString(36)}`],
    [
      'long words',
      (n: number) => `${'abcdefghij'.slice(n % 10)}${n.toString(36).padStart(9, 'x')}`,
    ],
    ['letters', (n: number) => String.fromCodePoint(0x61 + (n % 26), 0x61 + (n >> 3))],
  ])('of 240 %s looks up a few of them in names, and few things at all', async (_what, word) => {
    const looks: Record<string, number> = {};
    const knowledge = createKnowledge(database, published, {
      watcher: {
        fetched: (_batch, shape, keys, fetch) => {
          looks[shape] = (looks[shape] ?? 0) + keys;
          return fetch();
        },
      },
    });
    const text = Array.from({ length: 240 }, (_, n) => word(n))
      .join(' ')
      .slice(0, 1000);
    const { hits } = await knowledge.search.find({}, text);
    expect(hits).toEqual([]);
    const names = Object.entries(looks).filter(([shape]) => shape.includes('names'));
    expect(names.reduce((sum, [, keys]) => sum + keys, 0)).toBeLessThanOrEqual(40);
    expect(looks['documents exist'] ?? 0).toBeLessThanOrEqual(12);
  });

  it('looks for a passage once, however many fields show it', async () => {
    const count = async (fields: string) => {
      const look = vi.spyOn(Marks.prototype, 'of');
      const { errors } = await base.execute(
        `{ search(query: "grain corridor", filter: { recordType: [ARTICLE] }) { nodes { ${fields} } } }`,
      );
      expect(errors).toBeUndefined();
      const { length } = look.mock.calls;
      look.mockRestore();
      return length;
    };
    const once = await count('highlight');
    expect(once).toBeGreaterThan(0);
    const often = Array.from({ length: 20 }, (_, i) => `h${i}: highlight p${i}: passage { text }`);
    expect(await count(often.join(' '))).toBe(once);
  });
});
