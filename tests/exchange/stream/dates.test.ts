import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import {
  writeRecords,
  type ExportFormat,
} from '../../../src/knowledge/exchange/formats/exportFormats.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { dump, importAll } from './support.js';

const records = [
  { type: 'Organization', slug: 'landland', name: 'Landland', kind: 'STATE' },
  { type: 'Organization', slug: 'union', name: 'Union', kind: 'ALLIANCE' },
  { type: 'Person', slug: 'egon', name: 'Egon', birthDate: '[1949..1951]', deathDate: '..' },
  {
    type: 'Position',
    person: 'egon',
    organization: 'landland',
    title: 'President',
    kind: 'HEAD_OF_STATE',
    start: '2010',
    end: '[..2019-05]',
  },
  { type: 'Membership', member: 'landland', organization: 'union', role: 'MEMBER', end: '..' },
];

describeOnEachDatabase('dates of which only bounds are known', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    expect((await importAll(database, records)).rejections).toEqual([]);
  });
  const exported = async (format: ExportFormat, types?: ['Person']) => {
    let text = '';
    const write = (some: string) => Promise.resolve(void (text += some));
    await writeRecords(database, write, { format, types, base: 'https://example.org/' });
    return text;
  };

  it('come back from an export as they were', async () => {
    const other = await open();
    const lines = await dump(database);
    expect(lines.join('\n')).toContain('"end":"[..2019-05]"');
    await importAll(
      other,
      lines.map((line) => JSON.parse(line) as object),
    );
    expect(await dump(other)).toEqual(lines);
    expect(await exported('csv', ['Person'])).toContain('[1949..1951]');
  });

  it('are literals of EDTF in JSON-LD', async () => {
    const { '@graph': graph } = JSON.parse(await exported('jsonld')) as {
      '@graph': Record<string, unknown>[];
    };
    const edtf = (value: string) => ({
      '@type': 'http://id.loc.gov/datatypes/edtf/EDTF',
      '@value': value,
    });
    expect(graph).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ birthDate: edtf('[1949..1951]'), deathDate: edtf('..') }),
        expect.objectContaining({ startDate: '2010', endDate: edtf('[..2019-05]') }),
      ]),
    );
  });

  it('are left out of FollowTheMoney, which has what they say as a status', async () => {
    const text = await exported('ftm');
    expect(text).not.toContain('..');
    expect(text).toContain('"startDate":["2010"],"status":["ended"]');
  });

  it.each([
    [{ birthDate: '..' }, /"birthDate" ".." is not a date: write 2023, /],
    [{ birthDate: '[1951..1949]' }, /is a date that does not exist/],
    [{ deathDate: '[..1950' }, /is not a date.*or \.\. for what is known to be open/],
  ])('are rejected if they are invalid: %j', async (dates, message) => {
    const { rejections } = await importAll(database, [
      { type: 'Person', slug: 'bo', name: 'Bo', ...dates },
    ]);
    expect(rejections).toEqual([expect.stringMatching(message)]);
  });
});
