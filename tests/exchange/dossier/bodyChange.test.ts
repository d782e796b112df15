import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { referencesWith, importCounts } from './support.js';

const article = (slug: string, body: string) => `
articles:
  - slug: ${slug}
    title: An article
    body: ${JSON.stringify(body)}
`;

describeOnEachDatabase('importing another body of an article', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await importCounts(database, '{ organizations: [{ slug: nato, name: NATO, kind: ALLIANCE }] }');
  });

  it('checks quotations again when the body changes, and reports those that do not hold', async () => {
    const statement = `
statements:
  - article: changing
    speaker: nato
    kind: DIRECT
    text: We will open
    references: [{ exact: We will open }]
  - { article: changing, speaker: nato, kind: DIRECT, text: Not soon, references: [{ exact: Not soon }] }`;
    const mentions = '    mentions: [nato]\n';
    const first = article('changing', 'NATO: “We will open.” When? “Not soon.”');
    await importCounts(database, first + mentions + statement);
    expect(await referencesWith(database, 'We will open')).toEqual([
      { start: 7, end: 19, verified: true },
    ]);
    const second = article('changing', 'It said: “We will open.” When? “Tomorrow.”');
    expect(await importCounts(database, second)).toEqual({
      created: {},
      updated: { articles: 1, references: 2 },
      unchanged: {},
      broken: [
        'Not soon: "Not soon" is not found in changing any more',
        'nato: "NATO" is not found in changing any more',
      ],
    });
    expect(await referencesWith(database, 'We will open')).toEqual([
      { start: 10, end: 22, verified: true },
    ]);
    expect(await referencesWith(database, 'Not soon')).toEqual([
      { start: null, end: null, verified: false },
    ]);
    expect(await importCounts(database, second)).toMatchObject({ updated: {}, broken: [] });
    expect(await importCounts(database, first + mentions + statement)).toMatchObject({
      updated: { articles: 1, references: 2 },
      unchanged: { statements: 2 },
      broken: [],
    });
  });

  it('verifies a reference once the body is there', async () => {
    const dossier = (body: string) => `
articles: [{ slug: later, title: Later${body} }]
people:
  - { slug: bea, name: Bea, references: [{ exact: 'Bea "the Bee"', article: later }] }`;
    await importCounts(database, dossier(''));
    expect(await referencesWith(database, 'Bea "the Bee"')).toMatchObject([{ verified: false }]);
    expect(await importCounts(database, dossier(', body: "It is Bea “the Bee”."'))).toMatchObject({
      created: {},
      updated: { articles: 1, references: 1 },
      broken: [],
    });
    expect(await referencesWith(database, 'Bea “the Bee”')).toEqual([
      { start: 6, end: 19, verified: true },
    ]);
    expect(await importCounts(database, dossier(', body: null'))).toMatchObject({
      broken: ['bea: "Bea “the Bee”" is not found in later any more'],
    });
  });

  it('keeps both of two citations that differ in their place only when the body is removed', async () => {
    const dossier = (body: string) => `
articles: [{ slug: twice, title: Twice, body: ${body} }]
people:
  - slug: dan
    name: Dan
    references:
      - { exact: 'Dan is', article: twice, suffix: ' here' }
      - { exact: 'Dan is', article: twice, suffix: ' there' }`;
    await importCounts(database, dossier('Dan is here. Dan is there.'));
    expect(await referencesWith(database, 'Dan is')).toHaveLength(2);
    const gone = await importCounts(
      database,
      '{ articles: [{ slug: twice, title: Twice, body: null }] }',
    );
    expect(gone.broken).toHaveLength(2);
    expect(await referencesWith(database, 'Dan is')).toMatchObject([
      { verified: false },
      { verified: false },
    ]);
  });
});
