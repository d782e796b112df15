import { describe, expect, it } from 'vitest';
import { reading } from './reading.js';

interface Given {
  id?: string;
  schema: string;
  caption?: string;
  properties: Record<string, (string | object)[]>;
}

const read = (...entities: Given[]) =>
  reading(
    entities.map((each, i) => `${JSON.stringify({ id: `e${i}`, ...each })}\n`).join(''),
    'ftm',
  );
const person = (properties: Given['properties'], rest: object = {}): Given => ({
  schema: 'Person',
  properties,
  ...rest,
});

describe('the name of a person in FollowTheMoney', () => {
  it.each([
    [person({ firstName: ['Ada'], lastName: ['Moser'] }), 'Ada Moser'],
    [person({ firstName: ['Ada'], lastName: ['Moser'] }, { caption: 'Moser' }), 'Ada Moser'],
    [
      person({ firstName: ['Ivan'], fatherName: ['Petrovich'], lastName: ['Sidorov'] }),
      'Ivan Petrovich Sidorov',
    ],
    [
      person({ firstName: ['A'], secondName: ['B'], middleName: ['C'], lastName: ['D'] }),
      'A B C D',
    ],
    [person({ lastName: ['Moser'] }), 'Moser'],
    [person({ name: ['x'.repeat(501), 'Ada Moser'] }), 'Ada Moser'],
  ])('is composed of its parts if it is not given: %j', async (given, name) => {
    expect((await read(given)).records).toMatchObject([{ name }]);
  });

  it('keeps its language if that is given', async () => {
    const tagged = person({
      name: [{ '@value': 'Ada', '@language': 'en' }],
      alias: [{ value: 'Ада', lang: 'rus' }, 'Adah'],
    });
    const statements = {
      id: 'e1',
      schema: 'Person',
      statements: [
        { prop: 'name', value: 'Bo' },
        { prop: 'alias', value: 'Бо', lang: 'rus' },
        { prop: 'gender', value: 'male', lang: 'eng' },
      ],
    };
    const { records } = await reading(
      [{ id: 'e0', ...tagged }, statements].map((each) => `${JSON.stringify(each)}\n`).join(''),
      'ftm',
    );
    expect(records).toMatchObject([
      { name: 'Ada', names: [{ name: 'Ада', language: 'ru' }, { name: 'Adah' }] },
      { name: 'Bo', names: [{ name: 'Бо', language: 'ru' }] },
    ]);
  });

  it('is not its id', async () => {
    expect(
      (await read(person({ birthDate: ['1950'] }, { caption: 'e0' }))).records[0],
    ).not.toHaveProperty('name');
  });

  it('has another one where the parts say more and are clear', async () => {
    const { records } = await read(
      person({ name: ['MOSER A.'], firstName: ['Ada'], lastName: ['Moser'] }),
      person({ name: ['BO'], firstName: ['Bo', 'Ba'], lastName: ['Boz'] }),
    );
    expect(records).toMatchObject([{ names: [{ name: 'Ada Moser' }] }, { name: 'BO' }]);
    expect(records[1]).not.toHaveProperty('names');
  });

  it('is taken where an alias is too long or cannot be stored', async () => {
    const { records, skipped } = await read(
      person({ name: ['Ada'], alias: ['x'.repeat(501), 'A\0', 'A.'], weakAlias: ['\uD800'] }),
    );
    expect(records).toMatchObject([{ name: 'Ada', names: [{ name: 'A.' }] }]);
    expect(skipped).toEqual({ 'name of Person that is too long or cannot be stored': 3 });
  });
});

const post = (properties: Given['properties']): Given => ({
  id: 'post',
  schema: 'Position',
  properties: { name: ['Minister of Health'], ...properties },
});
const holds = (...[startDate, endDate]: (string | undefined)[]): Given => ({
  schema: 'Occupancy',
  properties: {
    holder: ['e0'],
    post: ['post'],
    ...(startDate && { startDate: [startDate] }),
    ...(endDate && { endDate: [endDate] }),
  },
});

describe('terms in FollowTheMoney', () => {
  const terms = async (...occupancies: Given[]) => {
    const { records, skipped } = await read(
      person({ name: ['Ada'] }),
      post({ country: ['at'] }),
      ...occupancies,
    );
    const positions = (records as Record<string, string>[]).filter(
      ({ type }) => type === 'Position',
    );
    const joined = skipped['term that was joined with another one of the same post'] ?? 0;
    return [...positions.map(({ start, end }) => `${start ?? ''}/${end ?? ''}`), joined];
  };

  it('are kept where they are apart, and joined where they overlap', async () => {
    expect(await terms(holds('2010', '2014'), holds('2012-05', '2016'))).toEqual(['2010/2016', 1]);
    expect(await terms(holds('2010', '2014'), holds('2016', '2018'))).toEqual([
      '2010/2014',
      '2016/2018',
      0,
    ]);
    expect(await terms(holds(), holds('2016'), holds())).toEqual(['2016/', 2]);
  });
});

describe('a country in FollowTheMoney', () => {
  it.each([
    ['at', 'Austria', 'STATE', 'iso3166-1', 'AT'],
    ['GB', 'United Kingdom', 'STATE', 'iso3166-1', 'GB'],
    ['xk', 'Kosovo', 'STATE', 'iso3166-1', 'XK'],
    ['suhh', 'Soviet Union', 'STATE', 'iso3166-3', 'SUHH'],
    ['yucs', 'Yugoslavia', 'STATE', 'iso3166-3', 'YUCS'],
    ['gb-sct', 'Scotland', 'OTHER', 'iso3166-2', 'GB-SCT'],
    ['eu', 'European Union', 'INTERNATIONAL_ORGANIZATION', 'iso3166-1', 'EU'],
  ])('may be %s: %s', async (country, name, kind, scheme, code) => {
    const { records } = await read(
      person({ name: ['Ada'] }),
      post({ country: [country] }),
      holds(),
    );
    expect(records).toEqual([
      expect.objectContaining({ type: 'Person' }),
      { type: 'Organization', name, kind, identifiers: { [scheme]: code } },
      expect.objectContaining({ type: 'Position', organization: `${scheme}:${code}` }),
    ]);
  });

  it.each(['zz', 'ge-ab', 'xa', 'Atlantis'])(
    'is reported if it is unknown: %s',
    async (country) => {
      const { records } = await read(
        person({ name: ['Ada'] }),
        post({ country: [country] }),
        holds(),
      );
      expect(records).toContain(
        `3: the position "Minister of Health" names no organization, and its country "${country}" is not the code of a state: add one`,
      );
    },
  );

  it('may have a part that the post is for', async () => {
    const { records } = await read(
      person({ name: ['Ada'] }),
      post({ name: ['Governor'], country: ['us'], subnationalArea: ['us-ca'] }),
      holds(),
    );
    expect(records).toContainEqual(expect.objectContaining({ title: 'Governor (us-ca)' }));
  });
});

describe('a FollowTheMoney file', () => {
  it('reports by schema and property what is not imported', async () => {
    const { records, skipped } = await read(
      person({
        name: ['Ada'],
        gender: ['female'],
        topics: ['role.pep', 'sanction'],
        birthDate: ['1950', '1951'],
        deathDate: ['never'],
        summary: ['S'],
        notes: ['N'],
        website: ['not an address'],
      }),
      post({ country: ['at'], numberOfSeats: ['3'] }),
      { ...holds('2010'), properties: { ...holds('2010').properties, status: ['current'] } },
      { schema: 'Vessel', properties: { name: ['Titanic'] } },
    );
    expect(records).toHaveLength(3);
    expect(skipped).toEqual({
      'gender of Person': 1,
      'topics of Person': 1,
      'further birthDate of Person': 1,
      'deathDate of Person that is not a date': 1,
      'notes of Person': 1,
      'address of Person that is not a web address': 1,
      'numberOfSeats of Position': 1,
      'status of Occupancy': 1,
      Vessel: 1,
    });
  });

  it('may contain entities with their statements, but not statements alone', async () => {
    const statement = (prop: string, value: string) => ({ prop, value, schema: 'Person' });
    const entity = {
      id: 'p',
      schema: 'Person',
      statements: [statement('id', 'abc'), statement('name', 'Ada'), statement('name', 'Ada')],
    };
    const row = { entity_id: 'p', ...statement('name', 'Ada') };
    const { records } = await reading(
      [entity, row].map((each) => `${JSON.stringify(each)}\n`).join(''),
      'ftm',
    );
    expect(records).toEqual([
      '2: the line is a statement, not an entity: use the file with one entity per line (entities.ftm.json)',
      { type: 'Person', name: 'Ada', identifiers: { ftm: 'p' } },
    ]);
  });

  it('keeps its kinds from words that only hold a term', async () => {
    const { records } = await read({
      schema: 'Organization',
      properties: { name: ['State Registry Agency'] },
    });
    expect(records).toMatchObject([{ kind: 'OTHER' }]);
  });

  it('is reported with its line if it is nested too deeply', async () => {
    const deep = `{"id":"a","schema":"Person","properties":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const { records } = await reading(`\n${deep}\n`, 'ftm');
    expect(records).toEqual([expect.stringMatching(/^2: .*nested more than 100 levels deep/)]);
  });
});

describe('a FollowTheMoney entity within another one', () => {
  const mayor = { id: 'pos', schema: 'Position', properties: { name: ['Mayor'], country: ['at'] } };
  const street = { id: 'ad', schema: 'Address', properties: { full: ['1 High Street'] } };
  const holding = (id: string, holder: string) => ({
    id,
    schema: 'Occupancy',
    properties: { holder: [holder], post: [mayor], startDate: ['2010'] },
  });
  const nested = (id: string, name: string) => ({
    id,
    schema: 'Person',
    properties: {
      name: [name],
      addressEntity: [street],
      positionOccupancies: [holding(`of-${id}`, id)],
    },
  });

  it('is taken over, once where several hold it', async () => {
    const { records, skipped } = await read(nested('p1', 'Ada'), nested('p2', 'Bo'));
    expect(records).toMatchObject([
      { type: 'Place', name: '1 High Street' },
      { type: 'Organization', name: 'Austria' },
      { type: 'Person', name: 'Ada' },
      { type: 'Person', name: 'Bo' },
      { type: 'Position', person: 'ftm:p1', title: 'Mayor', start: '2010' },
      { type: 'Position', person: 'ftm:p2', title: 'Mayor', start: '2010' },
    ]);
    expect(skipped).toEqual({ 'addressEntity of Person': 2 });
  });

  it('is the one of a line of its own, wherever that stands', async () => {
    const flat = { id: 'p2', schema: 'Person', properties: { name: ['Bo'] } };
    const owner = (id: string) => ({
      id,
      schema: 'Organization',
      properties: { name: [`Org ${id}`], members: [{ ...flat }] },
    });
    for (const lines of [
      [owner('c1'), flat],
      [flat, owner('c1'), owner('c2')],
    ]) {
      const { records } = await read(...lines);
      expect(records.filter((each) => (each as { type: string }).type === 'Person')).toHaveLength(
        1,
      );
    }
  });
});

describe('a term in FollowTheMoney', () => {
  it('loses a date that is none, and not more', async () => {
    const { records, skipped } = await read(person({ name: ['Ada'] }), post({ country: ['at'] }), {
      ...holds('12 May 2010'),
      properties: { ...holds('12 May 2010').properties, endDate: ['2014'] },
    });
    expect(records.at(-1)).toMatchObject({ type: 'Position', end: '2014' });
    expect(records.at(-1)).not.toHaveProperty('start');
    expect(skipped).toEqual({ 'startDate of Occupancy that is not a date': 1 });
  });
});

it('a person in FollowTheMoney without another name goes by an alias', async () => {
  const { records } = await read({ schema: 'Person', properties: { alias: ['Al', 'Big Al'] } });
  expect(records).toMatchObject([{ name: 'Al', names: [{ name: 'Big Al' }] }]);
});
