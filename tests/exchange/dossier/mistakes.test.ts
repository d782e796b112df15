import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { checkDossier } from '../../../src/knowledge/exchange/dossier/import.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { importErrors, rowCount, importCounts } from './support.js';

describeOnEachDatabase('a mistake in a dossier', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await importCounts(
      database,
      `
articles: [{ slug: old, title: Old, url: "https://example.org/old", body: Yes. No. Yes. }]
organizations: [{ slug: nato, name: NATO, kind: ALLIANCE, identifiers: { wikidata: Q7184 } }]
people: [{ slug: ann, name: Ann }]
places: [{ slug: japan, name: Japan, kind: COUNTRY, isoCode: JP }]
positions:
  - { person: ann, organization: nato, title: Clerk, kind: OFFICIAL, start: 2020, end: 2022 }`,
    );
  });

  it('is reported with file, line and column, all at once, and nothing is written', async () => {
    const before = await rowCount(database);
    const found = await importErrors(
      database,
      `organizations:
  - slug: acme
    name: Acme
    kind: COMPANNY
    knd: COMPANY
    home: nowhere
  - name: Nameless
    kind: COMPANY
people:
  - { slug: good, name: Good }
  - { slug: bad, name: Bad, birthDate: 2023-13 }
memberships:
  - { member: acme, organization: ann, role: MEMBER }`,
    );
    expect(found).toEqual([
      expect.stringMatching(
        /^test.yaml:4:11: "kind" "COMPANNY" is unknown \(did you mean "COMPANY"\?\): use one of ALLIANCE, /,
      ),
      'test.yaml:5:5: unknown field "knd" (did you mean "kind"?)',
      'test.yaml:6:11: no place has the slug "nowhere": declare it or correct the slug',
      'test.yaml:7:5: "slug" is required',
      'test.yaml:11:40: "birthDate" "2023-13" is a date that does not exist: correct it',
      'test.yaml:13:35: "ann" is a person, but an organization is needed here',
    ]);
    expect(await rowCount(database)).toBe(before);
  });

  it.each([
    ['no mapping', '- a', '1:1: a dossier is a mapping of sections such as "articles:", not ["a"]'],
    ['bad YAML', 'people: [', /^1:10: .*\(YAML syntax\)$/],
    ['a key twice', 'people: []\npeople: []', '2:1: Map keys must be unique (YAML syntax)'],
    ['itself', '&a [*a]', '1:4: nested too deeply for a dossier'],
    ['depth', '['.repeat(3000), /nested too deeply/],
    ['a misspelled section', 'peple: []', '1:1: unknown field "peple" (did you mean "people"?)'],
    ['no list', 'people: { a: b }', '1:9: "people" is a list of records, not {"a":"b"}'],
    [
      'a number for a text',
      'people: [{ slug: a, name: 1984 }]',
      '1:27: "name" must be a text, not 1984: put it in quotes',
    ],
    [
      'a bad slug',
      'people: [{ slug: A b, name: A }]',
      /^1:18: "slug" "A b" is not a slug: use lower-case/,
    ],
    ['an empty text', 'people: [{ slug: a, name: " " }]', /^1:27: "name" " " is empty/],
    [
      'a name too long to sort by',
      `people: [{ slug: a, name: ${'x'.repeat(501)} }]`,
      /is too long: at most 500 characters/,
    ],
    [
      'two digits for a year',
      'people: [{ slug: a, name: A, birthDate: 99 }]',
      /"birthDate" 99 is not a date/,
    ],
    [
      'a NUL character',
      'people: [{ slug: a, name: "a\\0" }]',
      '1:27: "name" holds a NUL character, which cannot be stored: remove it',
    ],
    [
      'half a surrogate pair',
      'people: [{ slug: a, name: "a\\ud800" }]',
      /^1:27: "name" holds half of a surrogate pair/,
    ],
    [
      'no date',
      'people: [{ slug: a, name: A, birthDate: May }]',
      '1:41: "birthDate" "May" is not a date: write 2023, 2023-05 or 2023-05-03',
    ],
    [
      'a day that does not exist',
      'people: [{ slug: a, name: A, birthDate: 2023-02-30 }]',
      /2023-02-30" is a date that does not exist/,
    ],
    [
      'an end before the start',
      'people: [{ slug: a, name: A, birthDate: 2000, deathDate: 1999-12 }]',
      '1:58: "deathDate" "1999-12" is before "birthDate" "2000"',
    ],
    [
      'no language',
      'articles: [{ slug: a, title: A, language: english! }]',
      /is not a language tag/,
    ],
    [
      'no web address',
      'articles: [{ slug: a, title: A, url: example.org }]',
      /is not a web address/,
    ],
    [
      'a slug twice',
      'people: [{ slug: a, name: A }]\nplaces: [{ slug: a, name: A, kind: CITY }]',
      '2:18: the slug "a" is declared twice, first at people[0]',
    ],
    [
      'a slug of another type',
      'people: [{ slug: nato, name: A }]',
      '1:18: "nato" is an organization in the knowledge base: choose another slug',
    ],
    [
      'a latitude alone',
      'places: [{ slug: a, name: A, kind: CITY, latitude: 5 }]',
      '1:52: "latitude" needs a "longitude" too',
    ],
    [
      'half a person',
      'offices: [{ slug: a, name: A, kind: FIELD, organization: nato, staffCount: 0.5 }]',
      '1:76: "staffCount" must be a whole number, not 0.5',
    ],
    [
      "another's identifier",
      'people: [{ slug: a, name: A, identifiers: { wikidata: Q7184 } }]',
      /^1:55: .* belongs to "nato" in the knowledge base/,
    ],
    [
      "another's web address",
      'articles: [{ slug: a, title: A, url: "https://example.org/old" }]',
      /^1:38: .* belongs to "old" in the knowledge base/,
    ],
    [
      "another's ISO code",
      'places: [{ slug: a, name: A, kind: COUNTRY, isoCode: JP }]',
      /^1:54: .* belongs to "japan"/,
    ],
    [
      'a circle',
      'places: [{ slug: a, name: A, kind: REGION, within: b }, { slug: b, name: B, kind: REGION, within: a }]',
      '1:52: "within" goes in a circle: a → b → a',
    ],
    [
      'a member of itself',
      'memberships: [{ member: nato, organization: nato, role: MEMBER }]',
      /cannot be a member of itself/,
    ],
    [
      'a fact twice',
      'memberships: [{ member: a, organization: nato, role: MEMBER }, { member: a, organization: nato, role: MEMBER }]\norganizations: [{ slug: a, name: A, kind: STATE }]',
      '1:64: this is given twice, first at memberships[0]',
    ],
    [
      'a post held already',
      'positions: [{ person: ann, organization: nato, title: Clerk, kind: OFFICIAL, start: 2021 }]',
      /^1:13: from "2021" to null overlaps the same from "2020" to "2022" in the knowledge base/,
    ],
    [
      'a place that speaks',
      'statements: [{ article: old, speaker: japan, kind: DIRECT, text: Yes }]',
      '1:39: "japan" is a place, but a person or an organization is needed here',
    ],
  ])('%s', async (_, dossier, message) => {
    const [found, ...more] = await importErrors(database, dossier);
    const expected =
      typeof message === 'string' ? message : (expect.stringMatching(message) as string);
    expect(found?.replace('test.yaml:', '')).toEqual(expected);
    expect(more).toEqual([]);
  });

  it('in statuses that overlap names both', async () => {
    const dossier = `offices:
  - slug: o
    name: O
    kind: FIELD
    organization: nato
    statuses:
      - { status: OPEN, start: 2020, end: 2025 }
      - { status: CLOSED, start: 2022 }`;
    expect(await importErrors(database, dossier)).toEqual([
      'test.yaml:8:9: the status CLOSED from "2022" overlaps OPEN from "2020" at offices[0].statuses[0]: an office has one status at a time',
    ]);
  });

  it('in a quotation shows the nearest passage, or how often it occurs', async () => {
    const dossier = `cite: new
articles:
  - slug: new
    title: New
    body: NATO will open an office. Later, NATO will open another.
    mentions: [ann, { entity: nato, as: [Nato] }]
people:
  - slug: bea
    name: Bea
    references:
      - exact: Nato will open an ofice
      - exact: NATO will open
      - { exact: "Yes", article: old, suffix: . No }
      - { exact: office, field: nam }`;
    expect(await importErrors(database, dossier)).toEqual([
      'test.yaml:6:16: "ann", searched for as "Ann", does not occur in the body of new: list the words that name it in "as"',
      'test.yaml:6:21: "Nato" does not occur in the body of new: correct the words',
      'test.yaml:11:16: "Nato will open an ofice" is not in the body of new: the nearest passage is "NATO will open an office"',
      'test.yaml:12:16: "NATO will open" occurs 2 times in the body of new: give the words before it as "prefix" or those behind it as "suffix"',
      'test.yaml:14:33: "field" "nam" is unknown (did you mean "name"?): use one of name, names, description, urls, identifiers, birthDate, deathDate',
    ]);
  });

  it('in data that is no file is reported by its path', async () => {
    const data = { offices: [{ slug: 'o', name: 'O', kind: 'FIELD', organization: 'nobody' }] };
    await expect(checkDossier(database, { name: 'data', data })).rejects.toThrow(
      'data: offices[0].organization: no organization has the slug "nobody"',
    );
  });
});
