import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  daysOf,
  isPlainDate,
  isReversed,
  overlap,
} from '../../src/knowledge/values/partialDate.js';
import { partialDate, periodDate } from '../../src/knowledge/validation/values.js';

const day = fc
  .date({ min: new Date('1000-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const plain = fc
  .tuple(day, fc.constantFrom(4, 7, 10))
  .map(([date, length]) => date.slice(0, length));
const interval = fc.oneof(
  plain.map((date) => `[..${date}]`),
  plain.map((date) => `[${date}..]`),
  fc.tuple(plain, plain).map(([a, b]) => (a <= b ? `[${a}..${b}]` : `[${b}..${a}]`)),
);
const any = fc.oneof(plain, interval, fc.constant('..'));

describe('a date', () => {
  it.each([
    ['2023', '2023-01-01', '2023-12-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['[..1950]', '', '1950-12-31'],
    ['[1950..]', '1950-01-01', '9999-99'],
    ['[1949-05..1951]', '1949-05-01', '1951-12-31'],
    ['..', '', '9999-99'],
  ])('%s means a day from %j to %j', (date, first, last) => {
    expect(daysOf(date)).toEqual({ first, last });
  });

  it.each([
    '[..]',
    '[1950]',
    '[1951..1949]',
    '[..1950',
    '1950..',
    '[1949,1951]',
    '...',
    '',
    '2023-13',
  ])('%j is none', (date) => expect(daysOf(date)).toBeUndefined());

  it('holds all days of the dates that bound it, and comes through its form unchanged', () => {
    fc.assert(
      fc.property(any, (date) => {
        const days = daysOf(date);
        expect(days && days.first <= days.last).toBe(true);
        expect(periodDate.parse(date)).toBe(date);
        expect(partialDate.safeParse(date).success).toBe(date !== '..');
        if (isPlainDate(date)) {
          expect(daysOf(`[..${date}]`)).toMatchObject({ last: days?.last });
          expect(daysOf(`[${date}..]`)).toMatchObject({ first: days?.first });
          expect(daysOf(`[${date}..${date}]`)).toEqual(days);
        }
      }),
    );
  });

  it('that is less known excludes no more', () => {
    const wider = (date: string) => (isPlainDate(date) ? `[..${date}]` : date);
    fc.assert(
      fc.property(any, any, any, any, (a, b, c, d) => {
        const [one, other] = [
          { start: a, end: b },
          { start: c, end: d },
        ];
        if (!overlap(one, other)) {
          expect(overlap({ start: a, end: wider(b) }, other)).toBe(false);
        }
        expect(overlap(one, other)).toBe(overlap(other, one));
        expect(isReversed({ start: a, end: '..' })).toBe(false);
      }),
    );
  });
});
