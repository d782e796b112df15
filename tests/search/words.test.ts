import { beforeAll, describe, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('words', ({ open }) => {
  let base: KnowledgeBase;
  const slugs = async (query: string, types = '') => {
    const { data, errors } = await base.ask(
      `query ($query: String!) { search(query: $query, first: 100 ${types}) { nodes { node {
        ... on Entity { slug } ... on Article { slug } ... on Statement { text } } } } }`,
      { query },
    );
    expect(errors).toBeUndefined();
    return (data?.['search'] as { nodes: { node: { slug?: string; text?: string } }[] }).nodes.map(
      ({ node }) => node.slug ?? node.text,
    );
  };

  describe('that tell nothing', () => {
    beforeAll(async () => {
      base = knowledgeBase(await open());
      const named = (name: string) =>
        Array.from(
          { length: 30 },
          (_, i) =>
            `- { slug: ${name.toLowerCase()}-${i}, name: ${name} of Land ${i}, kind: COMMITTEE }`,
        );
      await base.tell(`
        organizations:
          - { slug: who, name: World Health Organization, kind: OTHER, names: [{ name: WHO, kind: ACRONYM }] }
          ${[...named('Court'), ...named('Parliament')].join('\n          ')}
        articles:
          - { slug: ruling, title: Judges speak on prorogation, language: en, body: The supreme court ruled on a prorogation that parliament had not asked for. }
          - { slug: untold, title: Prorogation unlawful, body: Parliament heard of court rules. }
          - { slug: arret, title: Le tribunal annule la prorogation, language: fr, body: Le Parliament a parlé., mentions: [{ entity: parliament-0, as: [Le Parliament] }] }
          - { slug: virus, title: A report, language: en, body: A report of the World Health Organization on a virus., mentions: [{ entity: who }] }
          - { slug: other, title: Another report, language: en, body: A report on nobody. }
      `);
    });

    it.each([
      ['prorogation of parliament', ['ruling', 'untold', 'arret']],
      ['the prorogation of a parliament', ['ruling', 'untold', 'arret']],
      ['court rules prorogation of parliament', ['ruling', 'untold']],
      ['COURT RULES OF PROROGATION', ['ruling', 'untold']],
    ])('are required of nothing: %s', async (query, wanted) => {
      const found = await slugs(query, ', types: [ARTICLE]');
      expect(found.toSorted()).toEqual(wanted.toSorted());
    });

    it('do not put names that have one word before a text that has all', async () => {
      const found = await slugs('prorogation of parliament');
      expect(found.slice(0, 3).toSorted()).toEqual(['arret', 'ruling', 'untold']);
    });

    it('are looked for where a query has nothing else, or has them in capitals', async () => {
      expect((await slugs('WHO'))[0]).toBe('who');
      expect((await slugs('who'))[0]).toBe('who');
      expect(await slugs('report by the WHO', ', types: [ARTICLE]')).toEqual(['virus']);
    });
  });
});
