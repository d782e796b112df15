import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase } from '../../support/knowledgeBase.js';
import { sum, importAll } from './support.js';

describeOnEachDatabase('an import of names without a letter', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });

  const parties = ['-', '…', '—', '***'].map((name) => ({
    type: 'Organization',
    name,
    kind: 'PARTY',
    identifiers: { file: name },
  }));

  it('numbers them, as the mutations that create records do', async () => {
    const { created, rejections } = await importAll(database, parties);
    expect([created.organizations, rejections]).toEqual([4, []]);
    const base = knowledgeBase(database);
    expect(await base.execute('{ organizations { nodes { slug } } }')).toEqual({
      data: {
        organizations: {
          nodes: expect.arrayContaining([
            { slug: 'organization' },
            { slug: 'organization-2' },
            { slug: 'organization-3' },
            { slug: 'organization-4' },
          ]) as unknown,
        },
      },
    });
    const again = await importAll(database, parties);
    expect(sum(again.created) + sum(again.updated)).toBe(0);
  });

  it('and includes an identifier if that distinguishes them', async () => {
    const { rejections } = await importAll(database, [
      { type: 'Person', name: '北京', identifiers: { wikidata: 'Q956' } },
      { type: 'Person', name: '東京', identifiers: { file: '東京' } },
    ]);
    expect(rejections).toEqual([]);
    const base = knowledgeBase(database);
    expect(await base.execute('{ people { nodes { slug name } } }')).toEqual({
      data: {
        people: {
          nodes: expect.arrayContaining([
            { slug: 'person-q956', name: '北京' },
            { slug: 'person', name: '東京' },
          ]) as unknown,
        },
      },
    });
  });
});
