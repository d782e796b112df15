import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type Chancery } from 'chancery';
import { examplesIn } from './support/manual.js';
import { inMemory } from './support/inMemory.js';

describe('what the manual shows', () => {
  let chancery: Chancery;
  beforeAll(async () => {
    chancery = await createChancery({ database: await inMemory(), sample: true });
  });
  afterAll(() => chancery.close());

  it('answers: the query of the README', async () => {
    const [query] = await examplesIn('README.md', 'graphql');
    const response = await chancery.fetch(
      new Request('http://test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      }),
    );
    expect(await response.json()).toMatchObject({
      data: { organization: { offices: { totalCount: 7 } } },
    });
  });

  it.each(['docs/search.md', 'docs/exploring.md'])('answers: the queries of %s', async (page) => {
    const queries = await examplesIn(page, 'graphql');
    expect(queries).not.toEqual([]);
    for (const query of queries) {
      const response = await chancery.fetch(
        new Request('http://test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        }),
      );
      expect(await response.json(), query).not.toHaveProperty('errors');
    }
  });

  it('imports: the dossier of docs/dossier.md', async () => {
    const [text] = await examplesIn('docs/dossier.md', 'yaml');
    const { created } = await chancery.importDossier({ name: 'docs/dossier.md', text: text ?? '' });
    expect(created).toMatchObject({ articles: 1, offices: 1, positions: 1, statements: 1 });
  });
});
