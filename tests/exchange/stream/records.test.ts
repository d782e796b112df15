import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { fillWithSample } from '../../../src/knowledge/exchange/dossier/sample.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase } from '../../support/knowledgeBase.js';
import { dump, sum, importAll } from './support.js';

const nato = { type: 'Organization', slug: 'nato', name: 'NATO', kind: 'ALLIANCE' };
const jens = {
  type: 'Person',
  slug: 'jens-stoltenberg',
  name: 'Jens Stoltenberg',
  identifiers: { wikidata: 'Q57665' },
};
const post = {
  type: 'Position',
  person: 'wikidata:Q57665',
  organization: 'nato',
  title: 'Secretary General',
  kind: 'HEAD_OF_ORGANIZATION',
  start: '2014-10-01',
};
const article = {
  type: 'Article',
  slug: 'visit',
  title: 'A visit',
  publishedOn: '2023-05-03',
  body: 'NATO plans an office. Mr. Stoltenberg said “we will be there” on Monday.',
  mentions: ['nato'],
};
const statement = {
  type: 'Statement',
  article: 'visit',
  speaker: 'jens-stoltenberg',
  kind: 'DIRECT',
  text: 'We will be there',
  about: ['nato'],
  references: [{ exact: 'said "we will be there"' }],
};
const cited = { ...nato, references: [{ article: 'visit', exact: 'NATO plans an office.' }] };

describeOnEachDatabase('a stream', ({ open }) => {
  it('brings everything back as it was, byte for byte', async () => {
    const [one, other] = [await open(), await open()];
    await fillWithSample(one);
    const before = await dump(one);
    expect(before.length).toBeGreaterThan(50);
    const { created, rejections } = await importAll(
      other,
      before.map((line) => JSON.parse(line) as object),
    );
    expect(rejections).toEqual([]);
    expect(sum(created)).toBeGreaterThan(before.length);
    expect(await dump(other)).toEqual(before);
  });

  it('takes records in any order, whatever they name', async () => {
    const database = await open();
    const records = [post, statement, cited, article, jens];
    const { rejections, created } = await importAll(database, records);
    expect(rejections).toEqual([]);
    expect(created).toMatchObject({ positions: 1, statements: 1, organizations: 1, references: 2 });
    const again = await importAll(database, records.toReversed());
    expect(again.rejections).toEqual([]);
    expect(sum(again.created) + sum(again.updated)).toBe(0);
  });

  it('says what is wrong with each record, by line, and takes the others', async () => {
    const database = await open();
    const { rejections, refused, created } = await importAll(database, [
      nato,
      { type: 'Organisation', name: 'UN' },
      { type: 'Person', slug: 'a', name: 'A', birthDate: '2023-13' },
      { type: 'Person', slug: 'b', name: 'B', birhtDate: '2023' },
      { ...post, person: 'nobody' },
      { ...post, organization: 'wikidata:Q1' },
      { type: 'Place', slug: 'c', name: 'with \u0000', kind: 'CITY' },
      { type: 'Place', slug: 'd', name: 'D', kind: 'CITY', within: 'd' },
      { ...nato, name: 'Told again' },
      jens,
      { type: 'Place', slug: 'jens-stoltenberg', name: 'No place', kind: 'CITY' },
      { type: 'Person', name: 'Ann Smith' },
    ]);
    expect(rejections.sort((a, b) => Number.parseInt(a) - Number.parseInt(b)))
      .toMatchInlineSnapshot(`
      [
        "2: "type" "Organisation" is unknown (did you mean "Organization"?): use one of Place, Organization, Person, Office, Article, Event, Position, Membership, Statement",
        "3: "birthDate" "2023-13" is a date that does not exist: correct it",
        "4: unknown field "birhtDate" (did you mean "birthDate"?)",
        "5: no person has the slug "nobody": declare it or correct the slug",
        "6: no organization has the identifier "wikidata:Q1": declare it or correct the identifier",
        "7: "name" holds a NUL character, which cannot be stored: remove it",
        "8: "within" goes in a circle: d → d",
        "9: the slug "nato" is declared twice, first at line 1",
        "11: the slug "jens-stoltenberg" is declared twice, first at line 10",
        "12: nothing distinguishes the record from others with its name: add a "slug" or "identifiers"",
      ]
    `);
    expect(refused).toBe(10);
    expect(created).toMatchObject({ organizations: 1, people: 1 });
  });

  it('writes nothing of a batch with an invalid record, unless keepGoing is set', async () => {
    const database = await open();
    const wrong = importAll(database, [nato, { type: 'Person' }, jens], { keepGoing: false });
    await expect(wrong).rejects.toThrow('records.jsonl:2: "name" is required');
    expect(await dump(database)).toEqual([]);
  });

  it('knows a record again by its identifier, and its links by the slug that it has here', async () => {
    const database = await open();
    await importAll(database, [nato, jens]);
    const elsewhere = { ...jens, slug: 'stoltenberg', birthDate: '1959-03-16' };
    const { updated, created, rejections } = await importAll(database, [
      { ...post, person: 'stoltenberg' },
      elsewhere,
    ]);
    expect(rejections).toEqual([]);
    expect(updated.people).toBe(1);
    expect(created).toMatchObject({ people: 0, positions: 1 });
    const base = knowledgeBase(database);
    expect(
      await base.execute(
        '{ person(slug: "jens-stoltenberg") { birthDate positions { nodes { title } } } }',
      ),
    ).toEqual({
      data: {
        person: { birthDate: '1959-03-16', positions: { nodes: [{ title: 'Secretary General' }] } },
      },
    });
  });

  it('never knows a record again by its name', async () => {
    const database = await open();
    const smith = (id: string) => ({ type: 'Person', name: 'Ann Smith', identifiers: { x: id } });
    const { created, rejections } = await importAll(database, [smith('1'), smith('2')]);
    expect([created.people, rejections]).toEqual([2, []]);
    const { created: more } = await importAll(database, [smith('3')]);
    expect(more.people).toBe(1);
    const base = knowledgeBase(database);
    expect(await base.execute('{ people(orderBy: { field: NAME }) { nodes { slug } } }')).toEqual({
      data: {
        people: {
          nodes: [{ slug: 'ann-smith' }, { slug: 'ann-smith-2' }, { slug: 'ann-smith-3' }],
        },
      },
    });
  });

  describe('of a knowledge base with a past', () => {
    let one: Database;
    beforeAll(async () => {
      one = await open();
      await importAll(one, [nato, jens, article, statement, post, cited]);
      await importAll(one, [
        { ...article, body: 'NATO plans an office. Mr. Stoltenberg said nothing.' },
      ]);
      await importAll(one, [
        { type: 'Person', slug: 'draft', name: 'Draft', status: 'DRAFT' },
        {
          type: 'Person',
          slug: 'gone',
          name: 'Gone',
          deletedAt: '2024-01-01T00:00:00Z',
          deletionReason: 'hoax',
        },
        { type: 'Person', slug: 'jens', name: 'Jens', mergedInto: 'jens-stoltenberg' },
      ]);
    });

    it('keeps drafts, what was deleted or merged, broken citations and history', async () => {
      const before = await dump(one);
      expect(before.filter((line) => line.includes('"verified":false'))).toHaveLength(1);
      const other = await open();
      const { rejections } = await importAll(
        other,
        before.map((line) => JSON.parse(line) as object),
      );
      expect(rejections).toEqual([]);
      expect(await dump(other)).toEqual(before);
    });

    it('shows the public only what is public', async () => {
      const lines = await dump(one, true);
      expect(lines.some((line) => /"slug":"(draft|gone|jens)"/.test(line))).toBe(false);
      expect(lines.some((line) => line.includes('revisions'))).toBe(false);
    });
  });
});
