import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { congress } from '../../examples/datasets/congress.ts';
import { countryPlace } from '../../examples/datasets/countries.ts';
import { embassies } from '../../examples/datasets/embassies.ts';
import type { StreamRecord } from '../../examples/datasets/rows.ts';
import { wikinews } from '../../examples/datasets/wikinews.ts';

const folder = '../shared/data';

it('a country is one place under all the names that data sets have for it', () => {
  const slugOf = (name: string) => countryPlace(name).slug;
  expect(slugOf('United States of America')).toBe(slugOf('United States'));
  expect(slugOf("People's Republic of China")).toBe('china-territory');
  expect(slugOf('Bosnia & Herzegovina')).toBe('bosnia-and-herzegovina-territory');
  expect(countryPlace('France')).toEqual({
    type: 'Place',
    slug: 'france-territory',
    name: 'France',
    kind: 'COUNTRY',
    isoCode: 'FR',
  });
});

describe.skipIf(!existsSync(folder))('the data sets', () => {
  async function recordsOf(records: AsyncIterable<StreamRecord>): Promise<StreamRecord[]> {
    const all: StreamRecord[] = [];
    for await (const record of records) all.push(record);
    return all;
  }

  it('have one place for each country, and the same one', async () => {
    const sets = [embassies, congress, wikinews].map((load) => recordsOf(load(folder, () => {})));
    const slugs = new Map<unknown, Set<unknown>>();
    for (const set of await Promise.all(sets)) {
      const countries = set.filter(({ type, kind }) => type === 'Place' && kind === 'COUNTRY');
      expect(new Set(countries.map(({ slug }) => slug)).size).toBe(countries.length);
      for (const { name, slug, isoCode } of countries) {
        const key = isoCode ?? name;
        slugs.set(key, (slugs.get(key) ?? new Set()).add(slug));
      }
    }
    expect([...slugs].filter(([, each]) => each.size > 1)).toEqual([]);
    expect(slugs.get('FR')).toEqual(new Set(['france-territory']));
  });

  it('say of each mission that no status is told', async () => {
    const offices = (await recordsOf(embassies(folder, () => {}))).filter(
      ({ type }) => type === 'Office',
    );
    expect(offices).toHaveLength(9852);
    for (const { description, statuses } of offices) {
      expect([description, statuses]).toEqual([
        'The source does not say since when it is open, or whether it still is.',
        undefined,
      ]);
    }
  });
});
