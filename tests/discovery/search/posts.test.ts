import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';

describeOnEachDatabase('posts', ({ open }) => {
  let base: KnowledgeBase;
  let database: Database;
  const find = async (query: string, more = '') => {
    const { data, errors } = await base.execute(
      `query ($query: String!) { search(query: $query, first: 20 ${more}) {
        facets { recordTypes { values { text } count } }
        nodes { highlight node { __typename ... on Position { title person { slug } } ... on Entity { slug } } } } }`,
      { query },
    );
    expect(errors).toBeUndefined();
    return data?.['search'] as {
      facets: { recordTypes: { values: { text: string }[]; count: number }[] };
      nodes: {
        highlight: string;
        node: { __typename: string; title?: string; person?: { slug: string }; slug?: string };
      }[];
    };
  };
  const holders = async (query: string, more = ', filter: { recordType: [POSITION] }') =>
    (await find(query, more)).nodes.map(({ node }) => node.person?.slug);

  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    await base.importDossier(`
      organizations:
        - { slug: usa, name: United States of America, kind: STATE, names: [{ name: US, kind: ACRONYM }] }
        - { slug: uk, name: United Kingdom, kind: STATE }
      people:
        - { slug: grew, name: Joseph Grew }
        - { slug: murphy, name: Robert Murphy }
        - { slug: craigie, name: Robert Craigie }
        - { slug: open, name: Ann Open }
        - { slug: undated, name: Ben Undated }
      positions:
        - { person: grew, title: Ambassador to Japan, organization: usa, kind: AMBASSADOR, start: 1932-06-14, end: 1941-12-08 }
        - { person: murphy, title: Ambassador to Japan, organization: usa, kind: AMBASSADOR, start: 1952, end: 1953 }
        - { person: craigie, title: Ambassador to Japan, organization: uk, kind: AMBASSADOR, start: 1937, end: 1941 }
        - { person: open, title: Consul at Osaka, organization: usa, kind: OTHER, start: 2019 }
        - { person: undated, title: Consul at Nagoya, organization: usa, kind: OTHER }`);
  });

  it.each([
    ['US ambassador to Japan 1941', ['grew']],
    ['ambassador japan 1941', ['craigie', 'grew']],
    ['ambassador japan 1935', ['grew']],
    ['ambassador japan 1952', ['murphy']],
    ['united kingdom ambassador japan', ['craigie']],
    ['joseph grew ambassador', ['grew']],
    ['ambassador japan 1932-06-14', ['grew']],
    ['consul osaka 2024', ['open']],
    ['consul osaka 2018', []],
    ['consul nagoya', ['undated']],
    ['consul nagoya 1999', []],
  ])('%s is held by %j', async (query, wanted) => {
    expect((await holders(query)).toSorted()).toEqual(wanted.toSorted());
  });

  it('are among other results, are marked, and are counted', async () => {
    const { nodes, facets } = await find('US ambassador to Japan 1941');
    expect(nodes[0]).toMatchObject({
      highlight: '<mark>Ambassador</mark> to <mark>Japan</mark>',
      node: { __typename: 'Position', person: { slug: 'grew' } },
    });
    expect(facets.recordTypes).toContainEqual({ values: [{ text: 'POSITION' }], count: 1 });
    const both = (await find('ambassador japan')).nodes.map(({ node }) => node.__typename);
    expect(new Set(both)).toEqual(new Set(['Person', 'Position']));
  });

  it('keep to the dates and organizations of the filter', async () => {
    expect(
      await holders(
        'ambassador japan',
        ', filter: { recordType: [POSITION], date: { from: "1950" } }',
      ),
    ).toEqual(['murphy']);
    expect(
      await holders(
        'ambassador japan',
        ', filter: { recordType: [POSITION], organization: ["uk"] }',
      ),
    ).toEqual(['craigie']);
  });

  it('follow what becomes of them', async () => {
    const change = (statement: string) => database.db.execute(sql.raw(statement));
    await change(`update position set title = 'Envoy to Nippon', start = '1801', "end" = '1802'
      where person_id = (select id from entity where slug = 'undated')`);
    expect(await holders('envoy 1802')).toEqual(['undated']);
    expect(await holders('consul nagoya')).toEqual([]);
    await change(`update entity set status = 'DRAFT' where slug = 'undated'`);
    expect(await holders('envoy 1802')).toEqual([]);
    await change(`insert into position (id, person_id, organization_id, title, kind)
      select gen_random_uuid(), p.id, o.id, 'Gardener', 'OTHER' from person p, organization o, entity e
      where e.id = p.id and e.slug = 'open' and o.id = (select id from entity where slug = 'uk')`);
    expect(await holders('gardener')).toEqual(['open']);
    await change(`delete from position where title = 'Gardener'`);
    expect(await holders('gardener')).toEqual([]);
  });
});
