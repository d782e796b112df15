import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { csvMapping } from '../../../src/knowledge/exchange/formats/csvMapping.js';
import {
  parseRecords,
  type StreamFormat,
  type ReadingOptions,
} from '../../../src/knowledge/exchange/formats/importFormats.js';
import type { LeftOutCounts } from '../../../src/knowledge/exchange/formats/leftOut.js';
import {
  isUnreadable,
  type ParsedRecord,
} from '../../../src/knowledge/exchange/stream/parsedRecord.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase } from '../../support/knowledgeBase.js';
import { sum, importAll } from './support.js';

/** The records of a file with this content; errors take the place of records. */
async function read(
  content: string | Buffer,
  format: StreamFormat,
  options?: ReadingOptions,
): Promise<unknown[]> {
  const bytes = Buffer.from(content as string);
  // In small pieces, as a slow disk or a pipe gives them.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
    bytes.subarray(i * 7, i * 7 + 7),
  );
  const source = { name: `file.${format}`, open: () => Readable.from(pieces) };
  const records: ParsedRecord[] = [];
  for await (const some of parseRecords(source, format, options)) records.push(...some);
  return records.map((record) =>
    isUnreadable(record) ? `${record.origin.line}: ${record.problem}` : record.data,
  );
}

const countsOf = (kinds: LeftOutCounts) =>
  [...kinds].map(([what, { count }]): [string, number] => [what, count]);

const lines = (...records: object[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe('a file of lines', () => {
  const [one, other] = [
    { type: 'Place', slug: 'a' },
    { type: 'Place', slug: 'ä' },
  ];

  it('may have a byte order mark, carriage returns and empty lines, and be packed', async () => {
    const text = `\uFEFF${JSON.stringify(one)}\r\n\r\n${JSON.stringify(other)}`;
    expect(await read(text, 'jsonl')).toEqual([one, other]);
    expect(await read(gzipSync(text), 'jsonl')).toEqual([one, other]);
  });

  it('reports the line of an entry that is no record', async () => {
    const text = Buffer.concat([
      Buffer.from(`${JSON.stringify(one)}\n[1]\n"text"\n`),
      Buffer.from([0xff, 0xfe, 10]),
      Buffer.from(`${JSON.stringify(other)}\n{"type":"Pla`),
    ]);
    expect(await read(text, 'jsonl')).toEqual([
      one,
      '2: the line is not a JSON object',
      '3: the line is not a JSON object',
      '4: the line is not valid UTF-8: save it as UTF-8, or give its encoding, as in --encoding windows-1252',
      other,
      expect.stringMatching(/^6: the line is not JSON: .* The file may be truncated$/),
    ]);
  });

  it('reports an empty file, and a truncated gzip file', async () => {
    expect(await read('', 'jsonl')).toEqual(['1: the file contains no record']);
    expect(await read('\n\n', 'jsonl')).toEqual(['1: the file contains no record']);
    const packed = gzipSync(lines(one, other).repeat(1000));
    const cut = await read(packed.subarray(0, packed.length - 20), 'jsonl');
    expect(cut.at(-1)).toMatch(/^\d+: the gzip file ends too early: download it again$/);
  });

  it('holds no line in full that is too long', async () => {
    const long = Buffer.concat([
      Buffer.alloc(17 * 1024 * 1024, 'x'),
      Buffer.from(`\n${lines(one)}`),
    ]);
    const source = {
      name: 'long',
      open: () => Readable.from([long.subarray(0, 9e6), long.subarray(9e6)]),
    };
    const records: ParsedRecord[] = [];
    for await (const some of parseRecords(source, 'jsonl')) records.push(...some);
    expect(records).toMatchObject([
      { origin: { line: 1 }, problem: 'the line is longer than 16 MB, the maximum' },
      { origin: { line: 2 }, data: one },
    ]);
  });
});

const parliament = {
  areas: [{ id: 'area/north', name: 'North Wales', type: 'constituency' }],
  persons: [
    {
      id: 'p1',
      name: 'Adam Price',
      birth_date: '1968-09-23',
      identifiers: [{ scheme: 'wikidata', identifier: 'Q3405033' }],
      other_names: [
        { lang: 'ja', name: 'アダム・プライス', note: 'multilingual' },
        { lang: 'de', name: 'Adam Price', note: 'multilingual' },
      ],
      links: [{ note: 'website', url: 'https://adamprice.example/' }],
    },
  ],
  memberships: [
    {
      person_id: 'p1',
      organization_id: 'assembly',
      on_behalf_of_id: 'party/plaid',
      area_id: 'area/north',
      legislative_period_id: 'term/4',
      role: 'member',
    },
    {
      person_id: 'p1',
      organization_id: 'assembly',
      on_behalf_of_id: 'party/plaid',
      area_id: 'area/north',
      legislative_period_id: 'term/5',
      start_date: '2016-05-09',
      role: 'member',
    },
  ],
  organizations: [
    { id: 'party/plaid', name: 'Plaid Cymru', classification: 'party' },
    { id: 'assembly', name: 'National Assembly for Wales', classification: 'legislature' },
  ],
  events: [
    {
      id: 'term/4',
      name: '4th Assembly',
      classification: 'legislative period',
      start_date: '2011-05-05',
      end_date: '2016-04-05',
      organization_id: 'assembly',
    },
    {
      id: 'term/5',
      name: '5th Assembly',
      classification: 'legislative period',
      start_date: '2016-05-05',
      organization_id: 'assembly',
    },
  ],
};

const ftm = lines(
  {
    id: 'occ-1',
    schema: 'Occupancy',
    properties: { holder: ['Q1'], post: ['pos-1'], startDate: ['2020-01-01T00:00:00'] },
  },
  {
    id: 'occ-2',
    schema: 'Occupancy',
    properties: { holder: ['Q1'], post: ['pos-2'], endDate: ['2019'] },
  },
  {
    id: 'pos-1',
    schema: 'Position',
    caption: 'Minister of Health',
    properties: { name: ['Minister of Health'], country: ['md'] },
  },
  {
    id: 'pos-2',
    schema: 'Position',
    caption: 'Judge',
    properties: { name: ['Judge'], organization: ['court'] },
  },
  {
    id: 'Q1',
    schema: 'Person',
    caption: 'Ana Rusu',
    properties: {
      name: ['Ana Rusu', 'Ana Russu'],
      alias: ['A. Rusu'],
      birthDate: ['1970-01'],
      wikidataId: ['Q1'],
      topics: ['role.pep'],
    },
  },
  {
    id: 'court',
    schema: 'PublicBody',
    caption: 'Supreme Court',
    properties: { name: ['Supreme Court'] },
  },
  {
    id: 'co',
    schema: 'Company',
    caption: 'Acme',
    properties: { name: ['Acme'], leiCode: ['X1'], parent: ['holding'] },
  },
  { id: 'holding', schema: 'LegalEntity', caption: 'Holding', properties: { name: ['Holding'] } },
  {
    id: 'dir',
    schema: 'Directorship',
    properties: { director: ['Q1'], organization: ['co'], role: ['Chair'] },
  },
  { id: 'mem', schema: 'Membership', properties: { member: ['co'], organization: ['holding'] } },
  {
    id: 'art',
    schema: 'Article',
    properties: {
      title: ['News'],
      publishedAt: ['2021-02-03'],
      sourceUrl: ['https://news.example/1'],
    },
  },
  { id: 'men', schema: 'Mention', properties: { document: ['art'], resolved: ['Q1'] } },
  { id: 'v', schema: 'Vessel', properties: { name: ['Titanic'] } },
);

const table = `Name of mission,Type,Sender,Others,QID,Opened,Lat,Lon
"Embassy of A, in B",Embassy,Q1,Q3;Q4,Q10,09.05.1999,1.5,-2
Office of A,Desk,Q1,,,,,
`;
const mapping = csvMapping.parse({
  type: 'Office',
  fields: {
    name: 'Name of mission',
    kind: { column: 'Type', map: { Embassy: 'EMBASSY' }, default: 'OTHER' },
    organization: { column: 'Sender', prefix: 'wikidata:' },
    alsoAccreditedTo: { column: 'Others', split: ';', prefix: 'wikidata:' },
    identifiers: { wikidata: 'QID' },
    latitude: { column: 'Lat', number: true },
    longitude: { column: 'Lon', number: true },
    statuses: [{ status: { value: 'OPEN' }, start: { column: 'Opened', date: 'DD.MM.YYYY' } }],
  },
});

describe('a table', () => {
  it('becomes records by its mapping', async () => {
    expect(await read(table, 'csv', { mapping })).toEqual([
      {
        type: 'Office',
        name: 'Embassy of A, in B',
        kind: 'EMBASSY',
        organization: 'wikidata:Q1',
        alsoAccreditedTo: ['wikidata:Q3', 'wikidata:Q4'],
        identifiers: { wikidata: 'Q10' },
        latitude: 1.5,
        longitude: -2,
        statuses: [{ status: 'OPEN', start: '1999-05-09' }],
      },
      { type: 'Office', name: 'Office of A', kind: 'OTHER', organization: 'wikidata:Q1' },
    ]);
  });

  it('says which cell or column is wrong', async () => {
    const wrong = table.replace('09.05.1999', 'May 1999').replace('1.5', 'north');
    expect(await read(wrong, 'csv', { mapping })).toMatchObject([
      '2: column "Lat" must hold a number, not "north"',
      { name: 'Office of A' },
    ]);
    expect(await read(table.replace('Sender', 'From'), 'csv', { mapping })).toEqual([
      '1: the table has no column "Sender": correct the mapping',
    ]);
    const [, , problem] = await read(`${table}"open`, 'csv', { mapping });
    expect(problem).toMatch(/^\d+: the table is not CSV: /);
  });
});

describeOnEachDatabase('other formats', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });

  it('a Popolo document becomes people, parties, seats and terms', async () => {
    for (const text of [JSON.stringify(parliament), JSON.stringify(parliament, null, 2)]) {
      const { rejections } = await importAll(
        database,
        (await read(text, 'popolo', { scheme: 'wales' })) as object[],
      );
      expect(rejections).toEqual([]);
    }
    const base = knowledgeBase(database);
    const query = `{ person(slug: "adam-price") {
      birthDate names { name language } urls identifiers { scheme value }
      positions(orderBy: { field: START, direction: ASC }) { totalCount nodes { title kind start end organization { name kind } } } } }`;
    expect(await base.execute(query)).toMatchInlineSnapshot(`
      {
        "data": {
          "person": {
            "birthDate": "1968-09-23",
            "identifiers": [
              {
                "scheme": "wales",
                "value": "p1",
              },
              {
                "scheme": "wikidata",
                "value": "Q3405033",
              },
            ],
            "names": [
              {
                "language": "ja",
                "name": "アダム・プライス",
              },
            ],
            "positions": {
              "nodes": [
                {
                  "end": "2016-04-05",
                  "kind": "LEGISLATOR",
                  "organization": {
                    "kind": "LEGISLATURE",
                    "name": "National Assembly for Wales",
                  },
                  "start": "2011-05-05",
                  "title": "Member for North Wales",
                },
                {
                  "end": "2016-04-05",
                  "kind": "OTHER",
                  "organization": {
                    "kind": "PARTY",
                    "name": "Plaid Cymru",
                  },
                  "start": "2011-05-05",
                  "title": "Member",
                },
                {
                  "end": null,
                  "kind": "LEGISLATOR",
                  "organization": {
                    "kind": "LEGISLATURE",
                    "name": "National Assembly for Wales",
                  },
                  "start": "2016-05-09",
                  "title": "Member for North Wales",
                },
                {
                  "end": null,
                  "kind": "OTHER",
                  "organization": {
                    "kind": "PARTY",
                    "name": "Plaid Cymru",
                  },
                  "start": "2016-05-09",
                  "title": "Member",
                },
              ],
              "totalCount": 4,
            },
            "urls": [
              "https://adamprice.example/",
            ],
          },
        },
      }
    `);
  });

  it('a Popolo file may have one object a line', async () => {
    const other = await open();
    const objects = [
      ...parliament.organizations.map((data) => ({ type: 'organization', ...data })),
      {
        type: 'person',
        id: 'p2',
        name: 'Bethan Jenkins',
        memberships: [{ organization_id: 'assembly', role: 'member' }],
      },
    ];
    const { rejections, created } = await importAll(
      other,
      (await read(lines(...objects), 'popolo')) as object[],
    );
    expect(rejections).toEqual([]);
    expect(created).toMatchObject({ people: 1, organizations: 2, positions: 1 });
  });

  it('a Popolo file may give the same object within several others', async () => {
    const other = await open();
    const organization = { id: 'o', name: 'Council', classification: 'committee' };
    const persons = ['a', 'b'].map((id) => ({
      id,
      name: `Person ${id}`,
      memberships: [{ organization, role: 'Chair' }],
    }));
    const records = await read(
      JSON.stringify({ persons, organizations: [organization] }),
      'popolo',
    );
    const { rejections, created } = await importAll(other, records as object[]);
    expect(rejections).toEqual([]);
    expect(created).toMatchObject({ people: 2, organizations: 1, positions: 2 });
  });

  it('reports where a Popolo document ends early', async () => {
    const text = JSON.stringify(parliament, null, 2);
    const cut = await read(text.slice(0, text.indexOf('"memberships"') + 40), 'popolo');
    expect(cut.at(-1)).toMatch(/^\d+: the file is not a valid Popolo document: /);
  });

  it('FollowTheMoney entities become people, organizations, posts and articles', async () => {
    const skipped: [string, number][] = [];
    const records = await read(ftm, 'ftm', {
      onSkipped: (kinds) => skipped.push(...countsOf(kinds)),
    });
    const { rejections, created } = await importAll(database, records as object[]);
    expect(rejections).toEqual([]);
    expect(skipped).toEqual([
      ['topics of Person', 1],
      ['Vessel', 1],
    ]);
    expect(created).toMatchObject({
      people: 1,
      organizations: 4,
      positions: 3,
      memberships: 1,
      articles: 1,
    });
    const base = knowledgeBase(database);
    const query = `{ person(slug: "ana-rusu") { birthDate names { name }
      positions(orderBy: { field: START, direction: ASC }) { nodes { title kind start end organization { name kind } } }
      mentions { nodes { article { title } } } } }`;
    expect(await base.execute(query)).toMatchInlineSnapshot(`
      {
        "data": {
          "person": {
            "birthDate": "1970-01",
            "mentions": {
              "nodes": [
                {
                  "article": {
                    "title": "News",
                  },
                },
              ],
            },
            "names": [
              {
                "name": "Ana Russu",
              },
              {
                "name": "A. Rusu",
              },
            ],
            "positions": {
              "nodes": [
                {
                  "end": "2019",
                  "kind": "JUDGE",
                  "organization": {
                    "kind": "COURT",
                    "name": "Supreme Court",
                  },
                  "start": null,
                  "title": "Judge",
                },
                {
                  "end": null,
                  "kind": "OTHER",
                  "organization": {
                    "kind": "COMPANY",
                    "name": "Acme",
                  },
                  "start": null,
                  "title": "Chair",
                },
                {
                  "end": null,
                  "kind": "MINISTER",
                  "organization": {
                    "kind": "STATE",
                    "name": "Moldova",
                  },
                  "start": "2020-01-01",
                  "title": "Minister of Health",
                },
              ],
            },
          },
        },
      }
    `);
    const twin = { id: 'Q2', schema: 'Person', properties: { name: ['Twin'], wikidataId: ['Q1'] } };
    const left: [string, number][] = [];
    const twins = await read(ftm + lines(twin), 'ftm', {
      onSkipped: (kinds) => left.push(...countsOf(kinds)),
    });
    expect((await importAll(await open(), twins as object[])).rejections).toEqual([]);
    expect(left).toContainEqual(['identifier that another entity of the file has', 1]);
    const again = await importAll(database, (await read(ftm, 'ftm')) as object[]);
    expect(again.rejections).toEqual([]);
    expect(sum(again.created) + sum(again.updated)).toBe(0);
  });
});
