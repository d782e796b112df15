import fc from 'fast-check';
import { isReversed } from '../../src/knowledge/values/partialDate.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { insert, insertEntity, violationOf, rowOf, rowsOf } from './rows.js';

describeOnEachDatabase('dates', ({ open }) => {
  let database: Database;
  let member: string;
  let organization: string;
  beforeAll(async () => {
    database = await open();
    member = await insertEntity(database, 'ORGANIZATION', 'japan', { kind: 'STATE' });
    organization = await insertEntity(database, 'ORGANIZATION', 'quad', { kind: 'ALLIANCE' });
  });

  const person = (slug: string, birthDate: string | null, deathDate: string | null = null) =>
    insertEntity(database, 'PERSON', slug, { birth_date: birthDate, death_date: deathDate });

  describe('that are partial', () => {
    it.each([
      ['2023', '2023-01-01', '2024-01-01'],
      ['2023-05', '2023-05-01', '2023-06-01'],
      ['2023-12', '2023-12-01', '2024-01-01'],
      ['2023-05-03', '2023-05-03', '2023-05-04'],
      ['2024-02-29', '2024-02-29', '2024-03-01'],
      ['0794', '0794-01-01', '0795-01-01'],
    ])('%s means the days from %s until %s', async (date, from, until) => {
      const [days] = await rowsOf(
        database,
        `select lower(range)::text as from, upper(range)::text as until from partial_date_range('${date}') as range`,
      );
      expect(days).toEqual({ from, until });
      expect(await violationOf(person(`born-${date}`, date))).toBeUndefined();
    });

    it.each([
      '',
      '23',
      '202',
      '20235',
      '2023-5',
      '2023-',
      '2023/05',
      '2023-00',
      '2023-13',
      '2023-05-00',
      '2023-05-32',
      '2023-02-29',
      '2023-02-30',
      '2023-05-03T10:00',
      '2023-05-03 ',
      ' 2023',
      '2023\n',
      '+202',
      '-202',
      '0000',
      '20x3',
      'May 2023',
      '２０２３',
      '2023~',
      '[..]',
      '[2023]',
      '[..2023',
      '..2023',
      '[2023..2021]',
      '[2023-13..]',
      '[2019...2023]',
      '[2019,2023]',
      '[ ..2023]',
      '...',
      'infinity',
    ])('%j is none', async (date) => {
      expect(await violationOf(person('nobody', date))).toMatch(/^(partial_date_|22)/);
    });
  });

  describe('of a start and an end', () => {
    it.each([
      ['2023', '2023'],
      ['2023-05', '2023'],
      ['2023', '2023-05'],
      ['2023-05-03', '2023-05-03'],
      ['2023-05-03', null],
      [null, '2023'],
      [null, null],
    ])('%s to %s can be', async (start, end) => {
      expect(await violationOf(membership('MEMBER', start, end))).toBeUndefined();
      await rowsOf(database, 'delete from membership');
    });

    it.each([
      ['2024', '2023'],
      ['2023-06', '2023-05'],
      ['2023-06-01', '2023-05'],
      ['2023-05-03', '2023-05-02'],
    ])('%s to %s cannot', async (start, end) => {
      expect(await violationOf(membership('MEMBER', start, end))).toBe('22000');
      expect(await violationOf(person('nobody', start, end))).toBe('22000');
    });
  });

  describe('of what holds', () => {
    it.each([
      ['2023', '2024', '[2023-01-01,2025-01-01)', '[2023-12-31,2024-01-01)'],
      ['2023-05', '2023-07', '[2023-05-01,2023-08-01)', '[2023-05-31,2023-07-01)'],
      ['2023', '2023', '[2023-01-01,2024-01-01)', 'empty'],
      ['2023-05-03', '2023-05-03', '[2023-05-03,2023-05-04)', 'empty'],
      ['2023', null, '[2023-01-01,)', '[2023-12-31,)'],
      [null, '2023', '(,2024-01-01)', '(,2023-01-01)'],
      ['2019', '[..2023]', '[2019-01-01,2024-01-01)', 'empty'],
      ['2019', '[2021..2023]', '[2019-01-01,2024-01-01)', '[2019-12-31,2021-01-01)'],
      ['[2019..]', null, '[2019-01-01,)', 'empty'],
      ['[..2019]', '..', '(,)', '[2019-12-31,)'],
    ])('from %s to %s possibly on %s, certainly on %s', async (start, end, during, certain) => {
      const id = await membership('OBSERVER', start, end);
      const [row] = await rowsOf(
        database,
        `select during::text, certain::text from membership where id = '${id}'`,
      );
      expect(row).toEqual({ during, certain });
      await rowsOf(database, 'delete from membership');
    });

    it.each([
      ['2019', '2021', '[2019-12-31,2021-01-02)', true],
      ['2023', '2023', '[2023-01-01,2024-01-01)', false],
      ['2023-05-03', '2023-05-03', '[2023-05-03,2023-05-04)', true],
      ['2019', null, '[2019-01-01,2020-01-01)', false],
      ['2019', '..', '[2019-12-31,)', true],
      [null, '2019', '[2019-01-01,2020-01-01)', false],
      [null, '[..2019]', 'empty', false],
      ['2010', '[..2019]', '[2010-01-01,2011-01-01)', false],
      ['[..2010]', '[2019..]', '[2010-12-31,2019-01-02)', true],
      ['[..2010]', '..', '[2010-12-31,)', true],
      ['[2009..2010]', '2012', '[2010-12-31,2012-01-02)', true],
      ['..', '2012', '(,2012-01-02)', true],
      [null, null, 'empty', false],
    ])('from %s to %s is known to have held on %s', async (start, end, held, throughout) => {
      const id = await membership('CANDIDATE', start, end);
      const [row] = await rowsOf(
        database,
        `select held::text, held_throughout as throughout from membership where id = '${id}'`,
      );
      expect(row).toEqual({ held, throughout });
      await rowsOf(database, 'delete from membership');
    });

    it('certainly on no day on which it did not possibly, and in any time around one in which it did', async () => {
      const days = fc
        .date({ min: new Date('1900-01-01'), max: new Date('1905-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10));
      const plain = fc
        .tuple(days, fc.constantFrom(4, 7, 10))
        .map(([date, length]) => date.slice(0, length));
      const end = fc.oneof(
        plain,
        plain.map((date) => `[..${date}]`),
        plain.map((date) => `[${date}..]`),
        fc
          .tuple(plain, plain)
          .map((two) => two.toSorted())
          .map(([a, b]) => `[${a?.slice(0, 4)}..${b}]`),
        fc.constantFrom('..', null),
      );
      const periods = fc
        .array(fc.tuple(end, end, days), { minLength: 300, maxLength: 300 })
        .map((triples) => triples.filter(([start, last]) => !isReversed({ start, end: last })));
      const list = (values: (string | null)[]) =>
        `array[${values.map((value) => (value === null ? 'null' : `'${value}'`)).join()}]::text[]`;
      const condition = (days: string) => `(held && ${days} and (throughout or held <@ ${days}))`;
      await fc.assert(
        fc.asyncProperty(periods, async (triples) => {
          const [starts, ends, dates] = [0, 1, 2].map((i) =>
            triples.map((each) => each[i] ?? null),
          );
          const rows = await rowsOf(
            database,
            `with held as (
              select s, e, possible_period(s, e) as possible, certain_span(s, e) as held,
                certain_throughout(s, e) as throughout, partial_date_range(d) as day,
                partial_date_range(left(d, 7)) as month, partial_date_range(left(d, 4)) as year
              from unnest(${list(starts ?? [])}, ${list(ends ?? [])}, ${list(dates ?? [])}) as given (s, e, d))
            select s, e, day::text from held where
              (${condition('day')} and not possible && day) or (${condition('month')} and not possible && month)
              or (${condition('year')} and not possible && year) or (${condition('day')} and not ${condition('month')})
              or (${condition('month')} and not ${condition('year')})`,
          );
          expect(rows).toEqual([]);
        }),
        { numRuns: 5 },
      );
    });

    it('sort what is undated before everything', async () => {
      const id = await membership('PARTNER', null, null);
      const [row] = await rowsOf(
        database,
        `select start_sort::text from membership where id = '${id}'`,
      );
      expect(row).toEqual({ start_sort: '-infinity' });
      expect(await rowOf(database, 'membership', id)).toMatchObject({ live: true });
    });
  });

  const membership = (role: string, start: string | null, end: string | null) =>
    insert(database, 'membership', {
      member_id: member,
      organization_id: organization,
      role,
      start,
      end,
    });
});
