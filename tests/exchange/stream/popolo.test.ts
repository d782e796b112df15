import { describe, expect, it } from 'vitest';
import { reading } from './reading.js';

const read = (document: unknown, name = 'file.popolo.json', indent?: number) =>
  reading(JSON.stringify(document, null, indent), 'popolo', { scheme: 'f', name });

/** The records of one type, without what every one has. */
async function recordsOf(type: string, document: unknown): Promise<Record<string, unknown>[]> {
  const { records } = await read(document);
  expect(records.filter((record) => typeof record === 'string')).toEqual([]);
  return (records as Record<string, unknown>[]).filter((record) => record['type'] === type);
}

const names = async (...persons: object[]) =>
  (await recordsOf('Person', { persons: persons.map((each, i) => ({ id: `${i}`, ...each })) })).map(
    ({ name }) => name,
  );

describe('the name of a person in Popolo', () => {
  it('is made of its parts if it is not given', async () => {
    expect(
      await names(
        { given_name: 'Ada', family_name: 'Moser' },
        { given_name: 'Ada', additional_name: 'Maria', family_name: 'Moser' },
        { given_name: 'Ivan', patronymic_name: 'Petrovich', family_name: 'Sidorov' },
        { honorific_prefix: 'Lord', family_name: 'Moser' },
        { family_name: 'Moser' },
        { sort_name: 'Moser, Ada' },
        { other_names: [{ note: 'Main', given_name: 'Ada', family_name: 'Moser' }] },
        { other_names: [{ name: 'Ada' }] },
        { given_name: { en: 'Ada' }, family_name: { en: 'Moser', el: 'Μόζερ' } },
      ),
    ).toEqual([
      'Ada Moser',
      'Ada Maria Moser',
      'Ivan Petrovich Sidorov',
      'Lord Moser',
      'Moser',
      'Ada Moser',
      'Ada Moser',
      'Ada',
      'Ada Moser',
    ]);
  });

  it('may be given in several languages', async () => {
    const persons = [
      { id: '1', name: { fr: 'Ada la Grande', en: 'Ada the Great' } },
      { id: '2', name__en: 'Bo', name__zh_Hant: '博' },
      { id: '3', name_de: 'Cy', names: { el: 'Σάι' } },
      { id: '4', name: 'Di', names: ['Dee', { name: 'Δι', lang: 'el' }] },
    ];
    expect(await recordsOf('Person', { persons })).toMatchObject([
      { name: 'Ada the Great', names: [{ name: 'Ada la Grande', language: 'fr' }] },
      { name: 'Bo', names: [{ name: '博', language: 'zh-Hant' }] },
      { name: 'Cy', names: [{ name: 'Σάι', language: 'el' }] },
      { name: 'Di', names: [{ name: 'Dee' }, { name: 'Δι', language: 'el' }] },
    ]);
  });

  it.each([
    [
      'values with their languages',
      {
        name: [
          { '@value': 'Ада', '@language': 'ru' },
          { '@value': 'Ada', '@language': 'en' },
        ],
      },
      'Ada',
      [{ name: 'Ада', language: 'ru' }],
    ],
    [
      'lists by language',
      { name: { en: ['Ada', 'Adah'], ru: ['Ада'] } },
      'Ada',
      [
        { name: 'Adah', language: 'en' },
        { name: 'Ада', language: 'ru' },
      ],
    ],
    ['a list of texts', { name: ['Ada', 'Adah'] }, 'Ada', [{ name: 'Adah' }]],
    ['a single value', { name: { '@value': 'Ada', '@language': 'en' } }, 'Ada', undefined],
    ['a value without language', { name: [{ '@value': 'Ada' }] }, 'Ada', undefined],
    [
      'a list of JSON-LD',
      { name: { '@list': [{ '@value': 'Ada' }, 'Adah'] } },
      'Ada',
      [{ name: 'Adah' }],
    ],
    [
      'values with other names for the same',
      {
        name: [
          { value: 'Ada', lang: 'en' },
          { text: 'Ада', language: 'ru' },
        ],
      },
      'Ada',
      [{ name: 'Ада', language: 'ru' }],
    ],
    ['no language', { name: { '@none': 'Ada', und: ['Adah'] } }, 'Ada', [{ name: 'Adah' }]],
    [
      'lists in fields of languages',
      { name__en: ['Ada', 'Adah'], name_ru: [{ '@value': 'Ада' }] },
      'Ada',
      [
        { name: 'Adah', language: 'en' },
        { name: 'Ада', language: 'ru' },
      ],
    ],
    [
      'other names by language',
      { name: 'Ada', names: { ru: ['Ада', 'Адочка'] }, other_names: { en: 'Adah' } },
      'Ada',
      [
        { name: 'Ада', language: 'ru' },
        { name: 'Адочка', language: 'ru' },
        { name: 'Adah', language: 'en' },
      ],
    ],
    [
      'other names as values and texts',
      {
        name: 'Ada',
        other_names: [
          { '@value': 'Ада', '@language': 'ru' },
          'Adah',
          { name: [{ '@value': 'Adi', '@language': 'de' }], end_date: '1970' },
          { name: ['A.', 'M.'], lang: 'en' },
        ],
      },
      'Ada',
      [
        { name: 'Ада', language: 'ru' },
        { name: 'Adah' },
        { name: 'Adi', language: 'de', kind: 'FORMER', end: '1970' },
        { name: 'A.', language: 'en' },
        { name: 'M.', language: 'en' },
      ],
    ],
    [
      'parts of a name',
      {
        given_name: [{ '@value': 'Ada', '@language': 'en' }],
        family_name: { en: ['Moser'] },
      },
      'Ada Moser',
      undefined,
    ],
  ])('may be given as JSON-LD: %s', async (_what, data, name, others) => {
    const { records, skipped } = await read({ persons: [{ id: '1', ...data }] });
    expect(records).toEqual([
      {
        type: 'Person',
        name,
        identifiers: { f: '1' },
        ...(others && { names: others }),
      },
    ]);
    expect(skipped).toEqual({});
  });

  it('and other texts may be given as JSON-LD as well', async () => {
    const { records } = await read({
      persons: [
        {
          id: { '@value': '1' },
          name: [{ '@value': 'Ada' }],
          birth_date: { '@value': '1950-05', '@type': 'xsd:gYearMonth' },
          summary: [
            { '@value': 'Eine Frau', '@language': 'de' },
            { '@value': 'A woman', '@language': 'en' },
          ],
          links: [{ url: { '@id': 'https://ada.example' } }],
        },
      ],
      organizations: [
        {
          name: [{ '@value': 'House', '@language': 'en' }],
          classification: { en: ['legislature'] },
        },
      ],
      memberships: [
        {
          person_id: '1',
          organization_id: 'name:House',
          label: [{ '@value': 'Speaker', '@language': 'en' }],
        },
      ],
    });
    expect(records).toMatchObject([
      { name: 'Ada', birthDate: '1950-05', description: 'A woman', urls: ['https://ada.example'] },
      { name: 'House', kind: 'LEGISLATURE' },
      { title: 'Speaker', organization: 'f:name:House' },
    ]);
  });

  it('is one without honorifics, and one with them', async () => {
    const [ada] = await recordsOf('Person', {
      persons: [
        {
          id: '1',
          given_name: 'Ada',
          family_name: 'Moser',
          honorific_prefix: 'Dr',
          honorific_suffix: 'MP',
        },
      ],
    });
    expect(ada).toMatchObject({ name: 'Ada Moser', names: [{ name: 'Dr Ada Moser MP' }] });
  });

  it('is not its id', async () => {
    const [person] = (await read({ persons: [{ id: 'p-1' }] })).records;
    expect(person).not.toHaveProperty('name');
  });

  it('is taken where another one is too long', async () => {
    const long = 'x'.repeat(501);
    const { records, skipped } = await read({
      persons: [
        { id: '1', name: 'Ada', other_names: [{ name: long }, { name: 'A' }, { name: 'a\0' }] },
      ],
    });
    expect(records).toMatchObject([{ name: 'Ada', names: [{ name: 'A' }] }]);
    expect(skipped).toEqual({ 'name of persons that is too long or cannot be stored': 2 });
  });
});

describe('a date in Popolo', () => {
  it.each([
    ['1950-00-00', '1950'],
    ['1950-05-00', '1950-05'],
    ['1950-00-07', '1950'],
    ['1950-XX-XX', '1950'],
    ['1950-5-3', '1950-05-03'],
    ['1950/05/03', '1950-05-03'],
    ['19500503', '1950-05-03'],
    ['1950-05-03T00:00:00Z', '1950-05-03'],
    ['1950-05-03 12:00:00', '1950-05-03'],
    ['1950-05-03+02:00', '1950-05-03'],
    [1950, '1950'],
    ['0000-00-00', undefined],
    ['0001-01-01T00:00:00', undefined],
    ['9999-12-31', undefined],
    ['unknown', undefined],
    ['', undefined],
    [null, undefined],
  ])('may be written %j', async (birth_date, birthDate) => {
    const { records, skipped } = await read({ persons: [{ id: '1', name: 'Ada', birth_date }] });
    expect(records).toEqual([
      { type: 'Person', name: 'Ada', identifiers: { f: '1' }, ...(birthDate && { birthDate }) },
    ]);
    expect(skipped).toEqual({});
  });

  it('costs a person no more than the date where it is none', async () => {
    const { records, skipped } = await read({
      persons: [
        { id: '1', name: 'Ada', birth_date: 'around 1950' },
        { id: '2', name: 'Bo', death_date: '1950-02-30' },
      ],
    });
    expect(records).toMatchObject([{ name: 'Ada' }, { name: 'Bo' }]);
    expect(skipped).toEqual({
      'birth_date of persons that is not a date': 1,
      'death_date of persons that is not a date': 1,
    });
  });
});

const house = { id: 'h', name: 'House', classification: 'legislature' };
const base = {
  persons: [{ id: 'a', name: 'Ann' }],
  organizations: [house],
  areas: [{ id: 's', name: 'Southmark' }],
};
const titles = async (document: object) =>
  (await recordsOf('Position', { ...base, ...document })).map(({ title, kind }) => [title, kind]);

describe('a post in Popolo', () => {
  const post = { id: 'p', role: 'Member', organization_id: 'h' };
  const membership = { person_id: 'a', post_id: 'p' };
  it.each([
    ['of the post by id', { posts: [{ ...post, area_id: 's' }], memberships: [membership] }],
    [
      'of the post itself',
      { posts: [{ ...post, area: { id: 's2', name: 'Southmark' } }], memberships: [membership] },
    ],
    [
      'of the post, without an id',
      { posts: [{ ...post, area: { name: 'Southmark' } }], memberships: [membership] },
    ],
    ['of the membership by id', { posts: [post], memberships: [{ ...membership, area_id: 's' }] }],
    [
      'of the membership itself',
      { posts: [post], memberships: [{ ...membership, area: { name: 'Southmark' } }] },
    ],
    [
      'of the membership, as a text',
      { posts: [post], memberships: [{ ...membership, area: 'Southmark' }] },
    ],
    [
      'of a post within the membership',
      { memberships: [{ person_id: 'a', post: { ...post, area: { name: 'Southmark' } } }] },
    ],
  ])('is for the area %s', async (_, document) => {
    expect(await titles(document)).toEqual([['Member for Southmark', 'LEGISLATOR']]);
  });
});

describe('an object within another one in Popolo', () => {
  const council = { id: 'c', name: 'Council' };
  const position = [{ person: 'f:a', organization: 'f:c', title: 'Chair' }];
  it.each([
    [
      'a person',
      {
        persons: [
          { id: 'a', name: 'Ann', memberships: [{ role: 'chair', organization: council }] },
        ],
      },
    ],
    [
      'an organization',
      {
        organizations: [
          { ...council, memberships: [{ role: 'chair', person: { id: 'a', name: 'Ann' } }] },
        ],
      },
    ],
    [
      'a post',
      {
        posts: [
          {
            id: 'p',
            label: 'Chair',
            organization: council,
            memberships: [{ person: { id: 'a', name: 'Ann' } }],
          },
        ],
      },
    ],
    [
      'an organization with its posts',
      {
        organizations: [{ ...council, posts: [{ id: 'p', role: 'chair' }] }],
        memberships: [{ person: { id: 'a', name: 'Ann' }, post_id: 'p' }],
      },
    ],
    [
      'a membership',
      { memberships: [{ role: 'chair', person: { id: 'a', name: 'Ann' }, organization: council }] },
    ],
    [
      'a membership whose member is a person',
      {
        memberships: [
          {
            role: 'chair',
            member: { id: 'a', name: 'Ann', birth_date: '1950' },
            organization: council,
          },
        ],
      },
    ],
  ])('is an object of its own: %s', async (_, document) => {
    expect(await recordsOf('Position', document)).toMatchObject(position);
    expect(await recordsOf('Person', document)).toMatchObject([{ name: 'Ann' }]);
    expect(await recordsOf('Organization', document)).toMatchObject([{ name: 'Council' }]);
  });

  it('may be its parent, at any height', async () => {
    const organizations = [
      {
        id: '1',
        name: 'Unit',
        parent: { id: '2', name: 'Office', parent: { id: '3', name: 'Ministry' } },
      },
    ];
    const areas = [{ id: '1', name: 'Ward', parent: { id: '2', name: 'City' } }];
    expect(await recordsOf('Organization', { organizations })).toMatchObject([
      { name: 'Office', parent: 'f:3' },
      { name: 'Ministry' },
      { name: 'Unit', parent: 'f:2' },
    ]);
    expect(await recordsOf('Place', { areas })).toMatchObject([
      { name: 'City' },
      { name: 'Ward', within: 'f:2' },
    ]);
  });

  it('that has nothing but its id only names one', async () => {
    const persons = [
      { id: 'a', name: 'Ann', memberships: [{ role: 'chair', organization: { id: 'c' } }] },
    ];
    expect(await recordsOf('Organization', { persons, organizations: [council] })).toHaveLength(1);
  });
});

describe('terms in Popolo', () => {
  const held = async (...dates: object[]) =>
    (
      await recordsOf('Position', {
        ...base,
        memberships: dates.map((each) => ({ person_id: 'a', organization_id: 'h', ...each })),
      })
    ).map(({ start = '', end = '' }) => [start, end].join('/'));

  it('that have dates beat those without, whichever comes first', async () => {
    expect(await held({}, { start_date: '2010' })).toEqual(['2010/']);
    expect(await held({ start_date: '2010' }, {})).toEqual(['2010/']);
    expect(await held({}, {})).toEqual(['/']);
  });

  it('that overlap are joined', async () => {
    const [first, second] = [
      { start_date: '2010', end_date: '2014' },
      { start_date: '2012-05', end_date: '2016' },
    ];
    expect(await held(first, second)).toEqual(['2010/2016']);
    expect(await held(second, first)).toEqual(['2010/2016']);
    expect(await held(first, { start_date: '2012-05' })).toEqual(['2010/']);
    expect(await held(first, { start_date: '2010' })).toEqual(['2010/2014']);
    expect(await held(first, { start_date: '2010-06', end_date: '2014' })).toEqual([
      '2010-06/2014',
    ]);
    expect(await held(first, { end_date: '2014' })).toEqual(['2010/2014']);
  });

  it('that do not overlap stay apart', async () => {
    const terms = [
      { start_date: '2010', end_date: '2014' },
      { start_date: '2014', end_date: '2018' },
      { start_date: '2020' },
    ];
    expect(await held(...terms)).toEqual(['2010/2014', '2014/2018', '2020/']);
  });

  it('are counted where they are joined', async () => {
    const memberships = [1, 2, 3].map(() => ({ person_id: 'a', organization_id: 'h' }));
    const { skipped } = await read({ ...base, memberships });
    expect(skipped).toEqual({ 'term that was joined with another one of the same post': 2 });
  });
});

describe('a Popolo file', () => {
  const ann = { id: 'a', name: 'Ann', birth_date: '1950' };
  const bo = { id: 'b', name: 'Bo', gender: 'male' };
  const both = [{ name: 'Ann' }, { name: 'Bo' }];
  it.each([
    ['a document', { persons: [ann, bo] }],
    ['a list', [ann, bo]],
    ['a page of results', { total: 2, page: 1, results: [ann, bo] }],
    ['a page with its result', { result: [ann, bo] }],
    ['a result with lists', { result: { persons: [ann, bo] } }],
    ['a map by ids', { persons: { a: { ...ann, id: undefined }, b: bo } }],
  ])('may be %s, on one line or on many', async (_, document) => {
    for (const indent of [undefined, 2]) {
      const { records } = await read(document, 'file.json', indent);
      expect(records).toMatchObject(both);
    }
  });

  it('may be a single object', async () => {
    const memberships = [{ role: 'member', organization: house }];
    for (const indent of [undefined, 2]) {
      for (const person of [
        { ...ann, memberships },
        { memberships, ...ann },
      ]) {
        const { records } = await read(person, 'file.json', indent);
        expect(records).toMatchObject([{ name: 'House' }, { name: 'Ann' }, { title: 'Member' }]);
      }
    }
  });

  it('may give the class of its objects in its name', async () => {
    const { records } = await read([{ id: 'a', name: 'Ann' }], 'data/people.json');
    expect(records).toMatchObject([{ type: 'Person', name: 'Ann' }]);
    const { records: none } = await read([{ id: 'a', name: 'Ann' }], 'data/x.json');
    expect(none).toEqual([
      '1: the class of the object "Ann" is unknown: add a "type", one of person, organization, membership, post, area, event',
    ]);
  });

  it('may have a list in place of the one id that there can be', async () => {
    const memberships = [{ person_id: ['a'], organization_id: 'h', role: 'member' }];
    expect(await titles({ memberships })).toEqual([['Member', 'LEGISLATOR']]);
  });

  it('reports by field what is not imported', async () => {
    const { skipped } = await read({
      meta: { source: 'x' },
      motions: [{ id: '1' }, { id: '2' }],
      persons: [
        {
          ...bo,
          image: 'x',
          sources: [{ url: 'x' }],
          email: null,
          sort_name: 'Bo, M.',
          images: [],
        },
        { ...ann, image: 'y', contact_details: [{ type: 'email', value: 'a@b' }] },
      ],
      organizations: [
        { ...house, founding_date: '1900' },
        { id: 'x', name: 'X', classification: 'xyz' },
      ],
    });
    expect(skipped).toEqual({
      motions: 2,
      'image of persons': 2,
      'sources of persons': 1,
      'gender of persons': 1,
      'contact_details of persons': 1,
      'sort_name of persons': 1,
      'founding_date of organizations': 1,
      'classification of organizations': 1,
    });
  });

  it.each([
    ['a list', '{"persons":[\n{"id":"a","name":"Ann","x":', '[', ''],
    ['objects', '{"persons":[\n{"id":"a","name":"Ann","x":', '{"x":', ''],
    [
      'a list on a line',
      '{"id":"b","name":"Bo","gender":"x"}\n{"id":"a","name":"Ann","x":',
      '[',
      ']',
    ],
    ['an array', '[\n', '[', ''],
  ])('is reported with its line if it is nested too deeply: %s', async (_, start, open, close) => {
    const text = `${start}${open.repeat(200_000)}${close.repeat(200_000)}${close && '}'}`;
    const { records } = await reading(text, 'popolo');
    expect(records.at(-1)).toMatch(/^2: .*nested more than 100 levels deep/);
  });
});

describe('what is wrong in Popolo', () => {
  it('costs a date of a term, and not the term', async () => {
    const { records, skipped } = await reading(
      JSON.stringify({
        persons: [{ id: 'a', name: 'Ada' }],
        organizations: [{ id: 'h', name: 'House' }],
        memberships: [
          { person_id: 'a', organization_id: 'h', start_date: '12 May 2010', end_date: '2014' },
        ],
      }),
      'popolo',
    );
    expect(records.at(-1)).toMatchObject({ type: 'Position', end: '2014' });
    expect(records.at(-1)).not.toHaveProperty('start');
    expect(skipped).toEqual({ 'start_date of memberships that is not a date': 1 });
  });

  it.each([
    ['a comma too many', '"b",,', /^5: the file is not a valid Popolo document: /],
    ['another encoding', '"Ä",', /^\d: the file is not UTF-8: .*--encoding windows-1252$/],
  ])('is reported with its line: %s', async (_, value, problem) => {
    const text = `{"persons": [\n{"id": "a",\n "name": "A"},\n{\n "name": ${value}\n "id": "b"}\n]}`;
    const { records } = await reading(Buffer.from(text, 'latin1'), 'popolo');
    expect(records.at(-1)).toMatch(problem);
  });
});
