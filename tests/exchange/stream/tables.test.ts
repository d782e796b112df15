import { describe, expect, it } from 'vitest';
import { csvMapping } from '../../../src/knowledge/exchange/formats/csvMapping.js';
import { reading } from './reading.js';

const mapping = csvMapping.parse({
  type: 'Person',
  fields: { name: 'name', identifiers: { row: 'id' } },
});
const read = (content: string | Buffer, options: object = {}) =>
  reading(content, 'csv', { mapping, ...options });
const person = (id: string, name: string) => ({ type: 'Person', name, identifiers: { row: id } });

const utf16 = (text: string, isBig = false) => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

describe('the encoding of a table', () => {
  const text = 'id,name\r\n1,Ada\r\n2,Börse „€“ 北京 😀\r\n';
  const people = [person('1', 'Ada'), person('2', 'Börse „€“ 北京 😀')];

  it('is UTF-8, or UTF-16 where a byte order mark says so', async () => {
    expect((await read(text)).records).toEqual(people);
    expect((await read(`\uFEFF${text}`)).records).toEqual(people);
    expect((await read(utf16(`\uFEFF${text}`))).records).toEqual(people);
    expect((await read(utf16(`\uFEFF${text}`, true))).records).toEqual(people);
  });

  it('may be named', async () => {
    expect((await read(utf16(text), { encoding: 'utf-16le' })).records).toEqual(people);
    expect((await read(utf16(text, true), { encoding: 'utf-16be' })).records).toEqual(people);
    const windows = Buffer.concat([
      Buffer.from('id,name\n1,Ada\n2,B'),
      Buffer.from([0xf6, 0x72, 0x73, 0x65, 0x20, 0x84, 0x80, 0x93, 10]),
    ]);
    for (const encoding of ['windows-1252', 'latin1', 'iso-8859-1']) {
      expect((await read(windows, { encoding })).records).toEqual([
        person('1', 'Ada'),
        person('2', 'Börse „€“'),
      ]);
    }
    const cyrillic = Buffer.from([0xc8, 0xe2, 0xe0, 0xed]);
    const file = Buffer.concat([Buffer.from('id,name\n1,'), cyrillic]);
    expect((await read(file, { encoding: 'windows-1251' })).records).toEqual([person('1', 'Иван')]);
  });

  it('is reported with the line if it is another one', async () => {
    const windows = Buffer.concat([
      Buffer.from('id,name\n1,Ada\n2,B'),
      Buffer.from([0xf6]),
      Buffer.from('rse\n3,Cy\n'),
    ]);
    expect((await read(windows)).records).toEqual([
      person('1', 'Ada'),
      '3: the file is not UTF-8: save it as UTF-8, or give its encoding, as in --encoding windows-1252',
    ]);
    expect((await read(utf16(text))).records).toEqual([
      '1: the file seems to be UTF-16 without a byte order mark: give --encoding utf-16le',
    ]);
    expect((await read(utf16(text, true))).records).toEqual([expect.stringMatching(/utf-16be$/)]);
    const half = utf16(`id,name\n1,Ada\n2,B\uD800x\n`);
    expect((await read(half, { encoding: 'utf-16le' })).records).toEqual([
      person('1', 'Ada'),
      expect.stringMatching(/^\d: the file is not valid utf-16le from here on/),
    ]);
    const nothing = Buffer.from([0x81]);
    const file = Buffer.concat([Buffer.from('id,name\n1,Ada\n2,'), nothing]);
    expect((await read(file, { encoding: 'windows-1252' })).records).toEqual([
      person('1', 'Ada'),
      expect.stringMatching(/^\d: the file is not valid windows-1252 from here on/),
    ]);
  });
});

describe('a row that is wrong', () => {
  it.each([
    ['has too many cells', '2,Bo,extra', /^3: the row has 3 cells, but the table has 2 columns/],
    ['has too few cells', '2', /^3: the row has 1 cell, but the table has 2 columns/],
    [
      'has a stray quotation mark',
      '2,Pub 5" Bar',
      /^3: the table is not CSV: an? \w* ?cell contains a quotation mark/,
    ],
    ['has two', '2,The "Pub" Bar', /^3: the table is not CSV: an unquoted cell contains/],
    [
      'has one behind the end of a cell',
      '2,"Pub" Bar',
      /^3: the table is not CSV: an? \w+ cell contains a quotation mark/,
    ],
    [
      'opens a cell and does not close it',
      '2,"Bo',
      /^3: the table is not CSV: a quotation mark is opened and not closed/,
    ],
  ])('costs that row where it %s', async (_, row, problem) => {
    for (const end of ['\n', '\r\n']) {
      const { records } = await read(['id,name', '1,Ada', row, '3,Cy', '4,Di'].join(end));
      expect(records).toEqual([
        person('1', 'Ada'),
        expect.stringMatching(problem),
        person('3', 'Cy'),
        person('4', 'Di'),
      ]);
    }
  });

  it('costs that row where a later row has quotation marks as well', async () => {
    const { records } = await read('id,name\n1,"Ada\n2,"Bo"\n3,"Cy ""C"" Dee"\n4,E"\n5,"Ef,\ng"\n');
    expect(records).toEqual([
      expect.stringMatching(/^2: /),
      person('2', 'Bo'),
      person('3', 'Cy "C" Dee'),
      expect.stringMatching(/^5: /),
      person('5', 'Ef,\ng'),
    ]);
  });

  it('is looked at a few times only, however many there are', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${i},"Bo`);
    const { records } = await read(['id,name', ...rows, '', '7,Cy'].join('\n'));
    expect(records).toHaveLength(5001);
    expect(records.at(-1)).toEqual(person('7', 'Cy'));
  });
});

describe('a table', () => {
  it('may have empty lines, empty rows and empty columns at its ends', async () => {
    const { records, skipped } = await read('\n id ,name,,\r\n\r\n1,Ada,,\r\n,,,\r\n2,Bo,,,,\r\n');
    expect(records).toEqual([person('1', 'Ada'), person('2', 'Bo')]);
    expect(skipped).toEqual({});
  });

  it('may end its lines as old files do', async () => {
    expect((await read('id,name\r1,Ada\r2,Bo\r')).records).toEqual([
      person('1', 'Ada'),
      person('2', 'Bo'),
    ]);
  });

  it.each([';', '\t', '|', ','])(
    'may be delimited by %j, as its first line shows',
    async (delimiter) => {
      const text = ['id,name', '1,Ada', '2,"Bo;\t|,c"'].join('\n');
      const parted = text.replace(/^([^,]*),/gm, `$1${delimiter}`);
      expect((await read(parted)).records).toEqual([person('1', 'Ada'), person('2', 'Bo;\t|,c')]);
      expect((await read(`sep=${delimiter}\r\n${parted}`)).records).toHaveLength(2);
    },
  );

  it('must not have two columns of one name', async () => {
    expect((await read('id,name, name\n1,Ada,Bo\n')).records).toEqual([
      '1: the columns 2 and 3 are both called "name": rename one of them',
    ]);
  });

  it('is suggested if the mapping misspells it', async () => {
    expect((await read('id,Name\n1,Ada\n')).records).toEqual([
      '1: the table has no column "name" (did you mean "Name"?): correct the mapping',
    ]);
  });

  it('is reported by columns if the mapping has no field for them', async () => {
    const { skipped } = await read('id,name,party,,note\n1,Ada,Left,x,\n2,Bo,Right,,\n');
    expect(skipped).toEqual({ 'column "party"': 2, 'column 4, which has no name': 1 });
  });

  it('may name columns as fields of every object are', async () => {
    const fields = { name: 'constructor', identifiers: { row: '__proto__' } };
    const odd = csvMapping.parse({ type: 'Person', fields });
    const { records } = await read('__proto__,constructor\n1,Ada\n', { mapping: odd });
    expect(records).toEqual([person('1', 'Ada')]);
  });
});

describe('several names in a cell', () => {
  const text = 'id,name,alias,tongue\n1,Ada Moser / A. Moser / Ady,Ada|阿达,de|zh\n2,Bo,,\n';
  const withNames = (fields: object) => csvMapping.parse({ type: 'Person', fields });

  it('become items of a list, the first one the name', async () => {
    const { records } = await read(text, {
      mapping: withNames({
        name: { column: 'name', split: '/', take: 'first' },
        names: [{ name: { column: 'name', split: '/', take: 'rest' }, kind: { value: 'SHORT' } }],
      }),
    });
    expect(records).toEqual([
      {
        type: 'Person',
        name: 'Ada Moser',
        names: [
          { name: 'A. Moser', kind: 'SHORT' },
          { name: 'Ady', kind: 'SHORT' },
        ],
      },
      { type: 'Person', name: 'Bo' },
    ]);
  });

  it('go together with what another cell has for each of them', async () => {
    const paired = withNames({
      name: { column: 'name' },
      names: [
        { name: { column: 'alias', split: '|' }, language: { column: 'tongue', split: '|' } },
      ],
    });
    expect((await read(text, { mapping: paired })).records[0]).toMatchObject({
      names: [
        { name: 'Ada', language: 'de' },
        { name: '阿达', language: 'zh' },
      ],
    });
    expect((await read(text.replace('de|zh', 'de'), { mapping: paired })).records[0]).toBe(
      '2: "name" and "language" must have the same number of values',
    );
  });
});
