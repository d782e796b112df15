import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { insert, insertEntity, violationOf, rowOf, rowsOf, update } from './rows.js';

describeOnEachDatabase('the database itself', ({ open }) => {
  let database: Database;
  let unique = 0;
  let nato: string;
  let office: string;
  const slug = () => `n-${++unique}`;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    nato = await insertEntity(database, 'ORGANIZATION', slug(), { kind: 'ALLIANCE' });
    office = await insertEntity(database, 'OFFICE', slug(), {
      organization_id: nato,
      kind: 'LIAISON',
    });
  });

  describe('keeps the history of an office free of contradictions:', () => {
    const status = (value: string, start: string | null, end: string | null) =>
      insert(database, 'office_status', { office_id: office, status: value, start, end });

    it.each([
      ['2020', '2021', '2021', null],
      ['2020', '2021-06', '2021', '2022'],
      ['2020-01-01', '2021-05-03', '2021-05-03', null],
      [null, '2020', '2020', null],
      ['2020', '2022', '2023', '2024'],
    ])('%s to %s leaves room for %s to %s', async (start, end, nextStart, nextEnd) => {
      await status('PLANNED', start, end);
      expect(await violationOf(status('OPEN', nextStart, nextEnd))).toBeUndefined();
    });

    it.each([
      ['2020', '2023', '2021', null],
      ['2020', null, '2022', null],
      ['2020-01-01', '2021-05-03', '2021-05-02', null],
      [null, null, '2020', null],
      [null, null, null, null],
    ])('%s to %s leaves no room for %s to %s', async (start, end, nextStart, nextEnd) => {
      await status('PLANNED', start, end);
      const violation = await violationOf(status('OPEN', nextStart, nextEnd));
      expect(violation).toBe('office_status_one_at_a_time');
    });

    it('its current status is the last of it', async () => {
      const current = async () => (await rowOf(database, 'office', office))['current_status'];
      expect(await current()).toBeNull();
      const opened = await status('OPEN', '2021', '2023');
      const planned = await status('PLANNED', null, '2020');
      expect(await current()).toBe('OPEN');
      const closed = await status('CLOSED', '2023-05', null);
      expect(await current()).toBe('CLOSED');
      await update(database, 'office_status', closed, { status: 'SUSPENDED' });
      expect(await current()).toBe('SUSPENDED');
      await rowsOf(database, `delete from office_status where id = '${closed}'`);
      expect(await current()).toBe('OPEN');
      await rowsOf(database, `delete from office_status where id in ('${opened}', '${planned}')`);
      expect(await current()).toBeNull();
    });

    it('a status that moves to another office is current there only', async () => {
      const columns = { organization_id: nato, kind: 'LIAISON' };
      const other = await insertEntity(database, 'OFFICE', slug(), columns);
      const opened = await status('OPEN', '2021', null);
      await update(database, 'office_status', opened, { office_id: other });
      expect(await rowOf(database, 'office', office)).toMatchObject({ current_status: null });
      expect(await rowOf(database, 'office', other)).toMatchObject({ current_status: 'OPEN' });
    });
  });

  describe('lets places lie in each other, but in no circle:', () => {
    const place = (kind: string, within: string | null = null) =>
      insertEntity(database, 'PLACE', slug(), { kind, within_id: within });
    const countryOf = async (id: string) => (await rowOf(database, 'place', id))['country_id'];

    it('not within itself, nor within what lies in it', async () => {
      const region = await place('REGION');
      const city = await place('CITY', region);
      const site = await place('SITE', city);
      for (const within of [region, city, site]) {
        expect(await violationOf(update(database, 'place', region, { within_id: within }))).toBe(
          'place_within_check',
        );
      }
      expect(await rowOf(database, 'place', region)).toMatchObject({ within_id: null });
    });

    it('the country of a place is the nearest above it, and moves with what holds it', async () => {
      const japan = await place('COUNTRY');
      const austria = await place('COUNTRY');
      const region = await place('REGION', japan);
      const city = await place('CITY', region);
      const site = await place('SITE', city);
      expect(await countryOf(japan)).toBe(japan);
      expect(await countryOf(site)).toBe(japan);
      await update(database, 'place', region, { within_id: austria });
      expect(await countryOf(city)).toBe(austria);
      expect(await countryOf(site)).toBe(austria);
      await update(database, 'place', city, { kind: 'COUNTRY' });
      expect(await countryOf(site)).toBe(city);
      await update(database, 'place', region, { within_id: null });
      expect(await countryOf(region)).toBeNull();
      expect(await countryOf(site)).toBe(city);
      await update(database, 'place', city, { kind: 'CITY' });
      expect(await countryOf(site)).toBeNull();
    });

    it('the country of a place cannot be set', async () => {
      const japan = await place('COUNTRY');
      const elsewhere = await place('COUNTRY');
      const city = await place('CITY', japan);
      await update(database, 'place', city, { country_id: elsewhere });
      expect(await countryOf(city)).toBe(japan);
    });
  });
});
