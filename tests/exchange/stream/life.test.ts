import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { audit } from '../../../src/knowledge/history/audit.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { dump, importAll } from './support.js';

const person = (slug: string, more: object = {}) => ({ type: 'Person', slug, name: slug, ...more });
const post = {
  type: 'Position',
  person: 'jens',
  organization: 'nato',
  title: 'Secretary General',
  kind: 'HEAD_OF_ORGANIZATION',
};
const records = [
  { type: 'Organization', slug: 'nato', name: 'NATO', kind: 'ALLIANCE' },
  person('jens', { references: [{ article: 'visit', exact: 'Mr. Stoltenberg' }] }),
  person('jens-stoltenberg'),
  {
    type: 'Article',
    slug: 'visit',
    title: 'A visit',
    body: 'Mr. Stoltenberg said “we will be there” on Monday.',
    mentions: [{ entity: 'jens', as: ['Mr. Stoltenberg'] }],
  },
  post,
  {
    type: 'Statement',
    article: 'visit',
    speaker: 'jens',
    kind: 'DIRECT',
    text: 'we will be there',
  },
];
const deleted = { deletedAt: '2024-01-01T00:00:00.000000Z', deletionReason: 'a hoax' };

interface Line {
  slug?: string;
  person?: string;
  deletedAt?: string;
  deletionReason?: string;
  revisions: { action: string }[];
}

const lineOf = async (database: Database, words: string): Promise<Line> =>
  JSON.parse((await dump(database)).find((line) => line.includes(words)) ?? '{}') as Line;

describeOnEachDatabase('a stream with', ({ open }) => {
  let database: Database;

  beforeAll(async () => {
    database = await open();
    expect((await importAll(database, records)).rejections).toEqual([]);
  });

  describe('the merge of a record that is not merged here', () => {
    it.each([
      [
        'jens-stoltenberg',
        '1: "jens" was merged into "jens-stoltenberg" where this comes from, but is not merged here: merge the two with the mutation "merge", or leave the record out',
      ],
      ['jens', '1: "jens" cannot be merged into itself: name the record that stays'],
      ['nato', '1: "nato" is an organization, but a person is needed here'],
      ['nobody', '1: no person has the slug "nobody": declare it or correct the slug'],
    ])('into "%s" is rejected and writes nothing', async (mergedInto, message) => {
      const before = await dump(database);
      const { rejections } = await importAll(database, [person('jens', { mergedInto })]);
      expect(rejections).toEqual([message]);
      expect(await dump(database)).toEqual(before);
    });
  });

  it('records that are new and merged makes redirects that links follow', async () => {
    const other = await open();
    await importAll(other, records);
    const { rejections } = await importAll(other, [
      person('stoltenberg', { mergedInto: 'jens' }),
      { ...post, person: 'stoltenberg', title: 'Chair' },
    ]);
    expect(rejections).toEqual([]);
    expect((await lineOf(other, '"title":"Chair"')).person).toBe('jens');
    const { rejections: later } = await importAll(other, [
      person('j-s', { mergedInto: 'stoltenberg' }),
      { ...post, person: 'j-s', title: 'Envoy' },
    ]);
    expect(later).toEqual([]);
    expect(await lineOf(other, '"slug":"j-s"')).toMatchObject({ mergedInto: 'jens' });
    expect((await lineOf(other, '"title":"Envoy"')).person).toBe('jens');
    expect((await audit(other)).discrepancies).toEqual([]);
  });

  it('new records that are merged in a circle, or one after the other, has them rejected', async () => {
    const before = await dump(database);
    const { rejections } = await importAll(database, [
      person('a', { mergedInto: 'b' }),
      person('b', { mergedInto: 'a' }),
      person('c', { mergedInto: 'c' }),
    ]);
    expect(rejections).toEqual([
      '1: "b" was merged into another, too: name the record that stays',
      '2: "a" was merged into another, too: name the record that stays',
      '3: "c" cannot be merged into itself: name the record that stays',
    ]);
    expect(await dump(database)).toEqual(before);
  });

  it('the deletion of a record that is in use deletes it, and is no news the next time', async () => {
    const other = await open();
    await importAll(other, records);
    const lines = [person('jens', deleted), { ...post, ...deleted }];
    expect(await importAll(other, lines)).toMatchObject({
      rejections: [],
      updated: { people: 1, positions: 1 },
    });
    for (const words of ['"slug":"jens"', '"type":"Position"']) {
      const line = await lineOf(other, words);
      expect(line).toMatchObject(deleted);
      expect(line.revisions.map(({ action }) => action)).toEqual(['CREATE', 'DELETE']);
    }
    const again = lines.map((line) => ({ ...line, deletedAt: '2025-01-01T00:00:00Z' }));
    expect(await importAll(other, again)).toMatchObject({
      rejections: [],
      unchanged: { people: 1, positions: 1 },
    });
    expect((await audit(other)).discrepancies).toEqual([]);
  });
});
