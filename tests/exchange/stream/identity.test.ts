import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import {
  parseRecords,
  type StreamFormat,
} from '../../../src/knowledge/exchange/formats/importFormats.js';
import { importRecords } from '../../../src/knowledge/exchange/stream/import.js';
import type {
  StreamImportOptions,
  StreamSummary,
} from '../../../src/knowledge/exchange/stream/importOptions.js';
import {
  canonicalValue,
  schemeName,
  worldwideSchemes,
} from '../../../src/knowledge/values/schemes.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase } from '../../support/knowledgeBase.js';
import { dump, sum } from './support.js';

interface Outcome extends StreamSummary {
  rejections: string[];
  warnings: string[];
}

/** Reads a file with this content, as `chancery import` does. */
async function read(
  database: Database,
  name: string,
  content: string | object,
  options: StreamImportOptions & { format?: StreamFormat } = {},
): Promise<Outcome> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const file = { name, open: () => Readable.from([Buffer.from(text)]) };
  const { format = name.endsWith('.jsonl') ? 'jsonl' : 'popolo', ...rest } = options;
  const rejections: string[] = [];
  const warnings: string[] = [];
  const summary = await importRecords(
    database,
    parseRecords(file, format, { source: rest.source }),
    {
      keepGoing: true,
      onRefused: ({ origin, reasons }) =>
        void rejections.push(`${origin.line}: ${reasons.join('; ')}`),
      onWarning: ({ origin, message }) => void warnings.push(`${origin.line}: ${message}`),
      ...rest,
    },
  );
  return { ...summary, rejections, warnings };
}

const lines = (...records: object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

const changes = ({ created, updated }: StreamSummary): number => sum(created) + sum(updated);

const people = '{ people(orderBy: { field: NAME }) { nodes { name birthDate } } }';

describeOnEachDatabase('two sources', ({ open }) => {
  const local = (id: string, rest: object) => ({
    persons: [{ id, identifiers: [{ scheme: 'legacy', identifier: '149' }], ...rest }],
  });
  const a = local('a1', { name: 'Alma Aas', birth_date: '1950' });
  const b = local('b1', { name: 'Bela Boz' });

  it('may give one identifier to two people where the scheme holds only within them', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const both = {
      data: {
        people: {
          nodes: [
            { name: 'Alma Aas', birthDate: '1950' },
            { name: 'Bela Boz', birthDate: null },
          ],
        },
      },
    };
    for (let i = 0; i < 2; i++) {
      const first = await read(database, 'a.popolo.json', a);
      const second = await read(database, 'b.popolo.json', b);
      expect([first.rejections, second.rejections]).toEqual([[], []]);
      expect([first, second].map(changes)).toEqual(i === 0 ? [1, 1] : [0, 0]);
      expect(first.sources).toEqual(['a.popolo.json']);
      expect(await base.execute(people)).toEqual(both);
    }
    const owner = (source: string) =>
      base.execute(`{ entityByIdentifier(scheme: "legacy", value: "149"${source}) { name } }`);
    expect(await owner(', source: "b.popolo.json"')).toEqual({
      data: { entityByIdentifier: { name: 'Bela Boz' } },
    });
    expect(await owner('')).toEqual({ data: { entityByIdentifier: null } });
  });

  it('are one where they are named alike, from whatever folder; a trusted scheme joins them', async () => {
    const database = await open();
    await read(database, 'a/people.json', a, { source: 'parliament.example' });
    const moved = await read(database, 'b/people.json', a, { source: 'parliament.example' });
    expect(changes(moved)).toBe(0);
    const other = await open();
    const trustSchemes = ['Legacy'];
    await read(other, 'a.json', a, { trustSchemes });
    const joined = await read(other, 'b.json', local('b1', { name: 'Aas, Alma' }), {
      trustSchemes,
    });
    expect([joined.created.people, joined.apart]).toEqual([0, 0]);
  });

  it('keep people, parties and terms apart that have the same ids', async () => {
    const database = await open();
    const parliament = (country: string) => ({
      persons: [{ id: '1', name: `Member of country ${country}` }],
      organizations: [
        { id: 'ind', name: `Independents of country ${country}`, classification: 'party' },
      ],
      events: [{ id: 'term/1', name: `First term of country ${country}`, start_date: '2001' }],
    });
    for (let i = 0; i < 2; i++) {
      for (const country of ['a', 'b']) {
        const name = `${country}/parliament.json`;
        expect(changes(await read(database, name, parliament(country)))).toBe(i === 0 ? 3 : 0);
      }
    }
    const base = knowledgeBase(database);
    const counted = '{ people { totalCount } organizations { totalCount } events { totalCount } }';
    const two = { totalCount: 2 };
    expect(await base.execute(counted)).toEqual({
      data: { people: two, organizations: two, events: two },
    });
  });

  it('join by an identifier that is unique in the world, and keep what the other has beside', async () => {
    const database = await open();
    const ada = (id: string, rest: object) => ({
      persons: [{ id, name: 'Ada Moser', birth_date: '1950', ...rest }],
    });
    const wikidata = (identifier: string, scheme = 'wikidata') => [{ scheme, identifier }];
    await read(database, 'a.json', ada('a1', { identifiers: wikidata('Q42') }));
    const address = 'http://www.wikidata.org/entity/q42';
    const second = ada('b1', { identifiers: wikidata(address, 'WikiData') });
    const joined = await read(database, 'b.json', second);
    expect([joined.created.people, joined.warnings]).toEqual([0, []]);
    const again = await read(database, 'a.json', ada('a1', { identifiers: wikidata('Q42') }));
    expect(changes(again)).toBe(0);
    const base = knowledgeBase(database);
    expect(
      await base.execute(
        '{ entityByIdentifier(scheme: "Wikidata", value: "q42") { identifiers { scheme value source } } }',
      ),
    ).toEqual({
      data: {
        entityByIdentifier: {
          identifiers: [
            { scheme: 'popolo', value: 'a1', source: 'a.json' },
            { scheme: 'popolo', value: 'b1', source: 'b.json' },
            { scheme: 'wikidata', value: 'Q42', source: null },
          ],
        },
      },
    });
  });

  it.each([
    ['were born in different years', { birthDate: '1950' }, { birthDate: '1980-02' }],
    ['died on different days', { deathDate: '1950-01-01' }, { deathDate: '1950-01-02' }],
    ['cannot have met', { deathDate: '1900' }, { birthDate: '1950' }],
  ])('keep two people apart who %s, and say so', async (_, one, other) => {
    const database = await open();
    const person = (dates: object) =>
      lines(
        { type: 'Person', name: 'Ann Lee', identifiers: { wikidata: 'Q1' }, ...dates },
        { type: 'Organization', slug: 'nato', name: 'NATO', kind: 'ALLIANCE' },
        {
          type: 'Position',
          person: 'wikidata:Q1',
          organization: 'nato',
          title: `Adviser ${JSON.stringify(dates)}`,
          kind: 'OFFICIAL',
        },
      );
    await read(database, 'one.jsonl', person(one));
    for (let i = 0; i < 2; i++) {
      const kept = await read(database, 'other.jsonl', person(other));
      expect([kept.rejections, kept.apart, changes(kept)]).toEqual([[], 1, i === 0 ? 2 : 0]);
      expect(kept.warnings).toEqual([
        expect.stringMatching(
          /^1: the identifier wikidata "Q1" of "Ann Lee".* belongs to "Ann Lee" \(ann-lee\), and the two are different records, because /,
        ),
      ]);
    }
    const base = knowledgeBase(database);
    const { data } = (await base.execute(
      '{ people { nodes { identifiers { scheme value } positions { totalCount } } } }',
    )) as { data: { people: { nodes: object[] } } };
    expect(data.people.nodes).toHaveLength(2);
    expect(JSON.stringify(data).match(/"Q1"/g)).toHaveLength(1);
    // The post of each is his own.
    expect(JSON.stringify(data).match(/"totalCount":1/g)).toHaveLength(2);
  });

  it('keep apart what shares neither a word nor a date, and is of another kind', async () => {
    const database = await open();
    const named = (name: string, type = 'Person', rest: object = {}) =>
      lines({ type, name, identifiers: { lei: '5493000IBP32UQZ0KL24' }, ...rest });
    await read(database, 'one.jsonl', named('Alma de Aas'));
    const company = { kind: 'COMPANY' };
    const stranger = await read(database, 'other.jsonl', named('Bela de Boz'));
    const members = { names: [{ name: 'Dr Bela Boz MP' }] };
    await read(
      database,
      'one.jsonl',
      named('Alma de Aas', 'Person', { names: [{ name: 'Dr Alma de Aas MP' }] }),
    );
    const member = await read(database, 'members.jsonl', named('Bela de Boz', 'Person', members));
    expect(member.apart).toBe(1);
    const firm = await read(database, 'firms.jsonl', named('Alma Aas', 'Organization', company));
    expect([stranger.apart, firm.apart]).toEqual([1, 1]);
    expect(stranger.warnings[0]).toMatch(/their names have no word in common/);
    expect(firm.warnings[0]).toMatch(/one is an organization, the other a person/);
    const same = await read(
      database,
      'third.jsonl',
      named('Aas, A.', 'Person', { names: [{ name: 'Алма' }] }),
    );
    expect([same.created.people, same.apart]).toEqual([0, 0]);
  });

  it('never share what a scheme has no such value for', async () => {
    const database = await open();
    const unknown = (name: string) =>
      lines({ type: 'Person', name, identifiers: { wikidata: 'n/a', isni: '7' } });
    const one = await read(database, 'one.jsonl', unknown('Ann Lee'));
    await read(database, 'other.jsonl', unknown('Ann Lee'));
    expect(one.warnings).toEqual([
      expect.stringContaining('the wikidata identifier "n/a" does not have the form of its scheme'),
      expect.stringContaining('the isni identifier "7" does not have the form of its scheme'),
    ]);
    const base = knowledgeBase(database);
    expect(await base.execute('{ people { totalCount } }')).toEqual({
      data: { people: { totalCount: 2 } },
    });
  });

  it('know no identifiers of each other, and say so; the standard input has no name', async () => {
    const database = await open();
    const ann = { type: 'Person', name: 'Ann Lee', identifiers: { row: '1' } };
    const org = { type: 'Organization', slug: 'nato', name: 'NATO', kind: 'ALLIANCE' };
    const post = { type: 'Position', person: 'row:1', organization: 'nato', title: 'Adviser' };
    await read(database, 'people.jsonl', lines(ann, org));
    const posts = lines({ ...post, kind: 'OFFICIAL' });
    const { rejections } = await read(database, 'posts.jsonl', posts);
    expect(rejections).toEqual([
      '1: no person has the identifier "row:1": declare it or correct the identifier; identifiers of the scheme "row" are unique only within their source: files of one publisher need the same --source',
    ]);
    const imported = await read(database, 'posts.jsonl', posts, { source: 'people.jsonl' });
    expect(imported.created.positions).toBe(1);
    const piped = await read(database, '-', lines(ann), { format: 'jsonl' });
    expect(piped.rejections).toEqual([
      '1: its identifiers are unique only within their source, and standard input has no name: give the source with --source',
    ]);
  });

  it('in one import are reported together', async () => {
    const database = await open();
    async function* both() {
      for (const [name, id] of [
        ['a.json', 'a1'],
        ['b.json', 'b1'],
      ] as const) {
        const text = JSON.stringify({
          persons: [
            { id, name: 'Ada Moser', identifiers: [{ scheme: 'viaf', identifier: '12' }] },
            { id: `${id}-2`, name: 'Ada Moser' },
          ],
        });
        const file = { name, open: () => Readable.from([Buffer.from(text)]) };
        yield* parseRecords(file, 'popolo');
      }
    }
    const summary = await importRecords(database, both());
    expect([summary.created.people, summary.updated.people]).toEqual([3, 1]);
    expect(changes(await importRecords(database, both()))).toBe(0);
  });
});

describeOnEachDatabase('identifiers', ({ open }) => {
  it('are unique within the class of what has them', async () => {
    const database = await open();
    const { rejections, created } = await read(database, 'ids.popolo.json', {
      persons: [
        { id: '1', name: 'Ada One' },
        { id: '2', name: 'Bert Two' },
      ],
      organizations: [{ id: '1', name: 'House One', classification: 'legislature' }],
      areas: [{ id: '1', name: 'Area One' }],
      events: [{ id: '1', name: 'Term One', organization_id: '1' }],
      memberships: [{ person_id: '2', organization_id: '1', role: 'member' }],
    });
    expect(rejections).toEqual([]);
    expect(created).toMatchObject({
      people: 2,
      organizations: 1,
      places: 1,
      positions: 1,
      events: 1,
    });
    const base = knowledgeBase(database);
    const execute = (type = '') =>
      base.execute(
        `{ entityByIdentifier(scheme: "popolo", value: "1", source: "ids.popolo.json"${type}) { name } }`,
      );
    expect(await execute(', type: PERSON')).toEqual({
      data: { entityByIdentifier: { name: 'Ada One' } },
    });
    expect(JSON.stringify(await execute())).toContain(
      'type is needed: entities of several types have this identifier',
    );
    expect(await base.execute('{ events { nodes { participants { name } } } }')).toMatchObject({
      data: { events: { nodes: [{ participants: [{ name: 'House One' }] }] } },
    });
  });

  it('keep all their digits where files have them as numbers', async () => {
    const database = await open();
    const [one, other] = ['9007199254740993', '9007199254740992'];
    const popolo = `{"persons":[{"id":${one},"name":"Ada"},{"id":${other},"name":"Bert"}]}`;
    const person = (id: string) =>
      `{"type":"Person","name":"Cora","identifiers":{"row":${id},"tag":[{"value":${id}}]}}\n`;
    const entity = (id: string) =>
      `{"id":${id},"schema":"Person","properties":{"name":["Dora"]}}\n`;
    const files = [
      await read(database, 'a.json', popolo),
      await read(database, 'a.jsonl', person(one) + person(other)),
      await read(database, 'a.ftm.json', entity(one) + entity(other), { format: 'ftm' }),
      await read(database, 'b.json', '{"type":"person","id":9007199254740993,"name":"Emil"}\n'),
    ];
    expect(files.map(({ rejections }) => rejections)).toEqual([[], [], [], []]);
    const base = knowledgeBase(database);
    await base.importDossier(
      `people: [{ slug: fred, name: Fred, birthDate: 1950, identifiers: { row: ${one}, seat: 12 } }]`,
    );
    const answer = JSON.stringify(
      await base.execute('{ people { nodes { name identifiers { value } } } }'),
    );
    expect(answer.match(/"9007199254740993"/g)).toHaveLength(6);
    expect(answer.match(/"9007199254740992"/g)).toHaveLength(4);
    expect(answer).toContain('{"value":"12"}');
  });

  it('of several classes are distinguished in links', async () => {
    const database = await open();
    const both = [
      { type: 'Person', name: 'Ann Lee', identifiers: { row: '1' } },
      { type: 'Organization', name: 'Lee Inc.', kind: 'COMPANY', identifiers: { row: '1' } },
    ];
    const event = (participant: string) => ({
      type: 'Event',
      slug: participant.replace(/\W/g, '').toLowerCase(),
      name: 'Meeting',
      kind: 'OTHER',
      participants: [participant],
    });
    const { rejections, created } = await read(
      database,
      'rows.jsonl',
      lines(...both, event('row:1'), event('Person:row:1')),
    );
    expect(rejections).toEqual([
      '3: "row:1" names several records (lee-inc, ann-lee): write the type before it, as in Person:row:1',
    ]);
    expect(created.events).toBe(1);
  });

  it('go out and come in with their sources, byte for byte', async () => {
    const [one, other] = [await open(), await open()];
    await read(one, 'a/parliament.json', {
      persons: [
        { id: '1', name: 'Ada', identifiers: [{ scheme: 'viaf', identifier: '77' }] },
        { id: '2', name: 'Bert', identifiers: [{ scheme: 'viaf', identifier: 'unknown' }] },
      ],
    });
    await read(one, 'b/parliament.json', { persons: [{ id: '1', name: 'Cora' }] });
    const lines = await dump(one);
    expect(lines.join('\n')).toContain('{"value":"1","source":"b/parliament.json"}');
    const back = await read(other, 'export.jsonl', lines.map((line) => `${line}\n`).join(''));
    expect([back.rejections, back.warnings]).toEqual([[], []]);
    expect(await dump(other)).toEqual(lines);
  });
});

describe('schemes that are unique in the world', () => {
  it('each have a form, and an example in it', () => {
    for (const scheme of worldwideSchemes) {
      expect([scheme.name, canonicalValue(scheme, scheme.example)]).toEqual([
        scheme.name,
        scheme.example,
      ]);
      expect(canonicalValue(scheme, 'n/a')).toBeUndefined();
      expect(scheme.reference).toMatch(/^https:\/\//);
    }
  });

  it.each([
    ['wikidata', 'https://www.wikidata.org/wiki/Q42', 'Q42'],
    ['wikidata', 'Q042', undefined],
    ['orcid', 'https://orcid.org/0000-0002-1825-0097', '0000-0002-1825-0097'],
    ['orcid', '0000-0002-1825-0098', undefined],
    ['isni', '0000 0001 2103 2683', '0000000121032683'],
    ['lei', '5493000ibp32uqz0kl24', '5493000IBP32UQZ0KL24'],
    ['lei', '5493000IBP32UQZ0KL25', undefined],
    ['viaf', 'http://viaf.org/viaf/146830104/', '146830104'],
    ['lccn', 'n 79-21614', 'n79021614'],
    ['bic', 'DEUTDEFFXXX', 'DEUTDEFF'],
    ['iso3166-1', 'jp', 'JP'],
  ])('%s %s is %s', (name, given, value) => {
    const scheme = worldwideSchemes.find((each) => each.name === name);
    expect(scheme && canonicalValue(scheme, given)).toBe(value);
  });

  it('have one name, however it is spelled', () => {
    expect(
      ['Wikidata', 'wikidata_id', 'ISO 3166-1', 'ISO_3166-1_alpha-2', 'ORCID iD'].map(schemeName),
    ).toEqual(['wikidata', 'wikidata', 'iso3166-1', 'iso3166-1', 'orcid']);
    expect(schemeName('Parliament of X, no.')).toBe('parliament-of-x-no');
  });
});
