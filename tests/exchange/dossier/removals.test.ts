import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { importDossier } from '../../../src/knowledge/exchange/dossier/import.js';
import { mutationOf, mutate } from '../../curation/support.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';

describeOnEachDatabase('a list that replaces another', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  const removedBy = async (text: string) =>
    (await importDossier(database, { name: 'test.yaml', text })).removed;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    expect(
      await removedBy(`
articles: [{ slug: visit, title: A visit, body: Ann met Bob and Cy., mentions: [ann, bob, cy] }]
people:
  - { slug: ann, name: Ann, names: [{ name: Annie }, { name: Nan }], identifiers: { wikidata: [Q1, Q2] } }
  - { slug: bob, name: Bob }
  - { slug: cy, name: Cy }
organizations: [{ slug: acme, name: Acme, kind: COMPANY }]
offices: [{ slug: o, name: O, kind: FIELD, organization: acme, statuses: [{ status: PROPOSED, start: 2019 }, { status: OPEN, start: 2020 }] }]
events: [{ slug: talks, name: Talks, kind: MEETING, participants: [ann, bob] }]`),
    ).toEqual([]);
  });

  it('reports what is removed with it', async () => {
    expect(await removedBy('articles: [{ slug: visit, title: A visit, mentions: [ann] }]')).toEqual(
      [
        {
          recordType: 'articles',
          record: 'visit',
          field: 'mentions',
          items: ['bob', 'cy'],
          message: 'visit: the new list replaces mentions and removes bob, cy',
        },
      ],
    );
    const more = await removedBy(`
people: [{ slug: ann, name: Ann, names: [{ name: Nan, kind: SHORT }], identifiers: { wikidata: Q2 } }]
offices: [{ slug: o, name: O, kind: FIELD, organization: acme, statuses: [{ status: OPEN, start: 2021 }] }]
events: [{ slug: talks, name: Talks, kind: MEETING, participants: null }]`);
    expect(more.map(({ field, items }) => [field, items])).toEqual([
      ['names', ['Annie']],
      ['identifiers', ['wikidata:Q1']],
      ['statuses', ['PROPOSED from 2019']],
      ['participants', ['ann', 'bob']],
    ]);
  });

  it('reports nothing if it only adds, or is left out', async () => {
    expect(
      await removedBy(`
articles: [{ slug: visit, title: A visit to Cy, mentions: [ann, cy] }]
people: [{ slug: ann, name: Ann }]`),
    ).toEqual([]);
  });

  it('is reported to editors, too', async () => {
    const { data } = await base.execute('{ article(slug: "visit") { id } }');
    const { id } = data?.['article'] as { id: string };
    const change = `updateArticle(id: "${id}", input: { mentions: [{ entity: "ann" }] })`;
    expect(
      await mutate(base, mutationOf(change, 'ArticlePayload { warnings { message } }')),
    ).toMatchObject({
      warnings: [
        {
          message: expect.stringMatching(
            /the new list replaces mentions and removes cy$/,
          ) as unknown,
        },
      ],
    });
  });
});
