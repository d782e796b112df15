import { beforeAll, describe, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('filters', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      places:
        - { slug: japan-territory, name: Japan, kind: COUNTRY, isoCode: JP }
        - { slug: tokyo, name: Tokyo, kind: CITY, within: japan-territory }
      organizations:
        - { slug: japan, name: Japan, kind: STATE, home: japan-territory }
        - { slug: nato, name: NATO, kind: ALLIANCE }
        - { slug: quad, name: Quad, kind: ALLIANCE }
      people: [{ slug: ann, name: Ann }, { slug: bob, name: Bob }]
      offices: [{ slug: office, name: Office, kind: LIAISON, organization: nato, place: tokyo }]
      positions:
        - { person: ann, organization: japan, title: Minister, kind: MINISTER, start: 2020, end: 2021 }
        - { person: ann, organization: nato, title: Adviser, kind: OFFICIAL, start: 2022, end: 2023 }
        - { person: bob, organization: nato, title: Envoy, kind: MINISTER, start: 2022, end: 2023 }
      memberships:
        - { member: japan, organization: nato, role: PARTNER, start: 2014 }
        - { member: japan, organization: quad, role: MEMBER, start: 2007 }
      articles:
        - { slug: news, title: News, body: Ann met Bob., mentions: [ann, bob] }
        - { slug: other, title: Other, body: Bob left., mentions: [bob] }
      events:
        - { slug: there, name: There, kind: MEETING, place: tokyo, participants: [nato] }
        - { slug: elsewhere, name: Elsewhere, kind: MEETING, participants: [tokyo] }
      statements:
        - { article: news, speaker: ann, kind: INDIRECT, text: Ann greets., place: tokyo }
        - { article: news, speaker: bob, kind: INDIRECT, text: Bob likes Tokyo., about: [tokyo] }`);
  });

  const slugs = async (query: string): Promise<string[]> => {
    const { data, errors } = await base.execute(query);
    expect(errors).toBeUndefined();
    const [list] = Object.values(data ?? {}) as [{ nodes: { slug: string }[] }];
    return list.nodes.map(({ slug }) => slug);
  };
  const idOf = async (slug: string): Promise<string> => {
    const { data } = await base.execute(`{ entity(slug: "${slug}") { id } }`);
    return (data?.['entity'] as { id: string }).id;
  };

  it('match nothing with an empty list or an unknown slug, everything with null', async () => {
    const fields = [
      ['organizations', 'kind'],
      ['organizations', 'parent'],
      ['offices', 'status'],
      ['offices', 'place'],
      ['articles', 'mentioning'],
      ['positions', 'person'],
    ] as const;
    for (const [list, field] of fields) {
      const total = async (filter: string) => {
        const { data, errors } = await base.execute(
          `{ ${list}(filter: { ${filter} }) { totalCount } }`,
        );
        expect(errors).toBeUndefined();
        return (data?.[list] as { totalCount: number }).totalCount;
      };
      expect(await total(`${field}: []`), `${list}.${field}`).toBe(0);
      expect(await total(`${field}: null`), `${list}.${field}`).toBe(await total(''));
      expect(await total(''), list).toBeGreaterThan(0);
    }
    expect(
      await slugs('{ articles(filter: { mentioning: ["unknown"] }) { nodes { slug } } }'),
    ).toEqual([]);
  });

  describe('of facts', () => {
    const people = (filter: string) => slugs(`{ people(filter: ${filter}) { nodes { slug } } }`);
    const organizations = (filter: string) =>
      slugs(`{ organizations(filter: ${filter}) { nodes { slug } } }`);

    it('select people by one position that matches as a whole', async () => {
      expect(await people('{ positions: { some: { organization: ["nato"] } } }')).toEqual([
        'ann',
        'bob',
      ]);
      expect(
        await people('{ positions: { some: { organization: ["nato"], kind: [MINISTER] } } }'),
      ).toEqual(['bob']);
      expect(
        await people('{ positions: { some: { organization: ["nato"], asOf: "2021" } } }'),
      ).toEqual([]);
      expect(await people('{ positions: { some: { kind: [MINISTER], asOf: "2021" } } }')).toEqual([
        'ann',
      ]);
      expect(await people('{ positions: { some: { person: ["bob"] } } }')).toEqual(['bob']);
      expect(await people('{ positions: { some: { referenced: true } } }')).toEqual([]);
      expect(await people('{ positions: { some: {} } }')).toEqual(['ann', 'bob']);
      expect(await people('{ positions: {} }')).toEqual(['ann', 'bob']);
    });

    it('select organizations by a membership', async () => {
      expect(await organizations('{ memberships: { some: { organization: ["nato"] } } }')).toEqual([
        'japan',
      ]);
      expect(
        await organizations(
          '{ memberships: { some: { organization: ["nato"], role: [MEMBER] } } }',
        ),
      ).toEqual([]);
      expect(
        await organizations('{ memberships: { some: { role: [PARTNER], asOf: "2015" } } }'),
      ).toEqual(['japan']);
    });

    it('select articles by the entities that they mention', async () => {
      expect(
        await slugs('{ articles(filter: { mentioning: ["ann"] }) { nodes { slug } } }'),
      ).toEqual(['news']);
      expect(
        await slugs(
          '{ articles(filter: { mentioning: ["ann", "bob"] }, orderBy: { field: TITLE }) { nodes { slug } } }',
        ),
      ).toEqual(['news', 'other']);
    });

    it('name the whole path in errors', async () => {
      const { errors } = await base.execute(
        '{ people(filter: { positions: { some: { asOf: "[..2020]" } } }) { totalCount } }',
      );
      expect(errors?.[0]).toMatchObject({
        message: expect.stringContaining('filter.positions.some.asOf must be a year') as string,
        extensions: { code: 'BAD_USER_INPUT', argument: 'filter.positions.some.asOf' },
      });
    });
  });

  describe('that name records', () => {
    it('take ids and slugs alike', async () => {
      for (const name of ['nato', await idOf('nato')]) {
        expect(
          await slugs(`{ offices(filter: { organization: ["${name}"] }) { nodes { slug } } }`),
        ).toEqual(['office']);
        const { data } = await base.execute(
          `query ($name: ID!) {
            path(from: $name, to: "ann") { length }
            neighbours(of: $name) { nodes { slug } }
            timeline(of: $name) { totalCount }
          }`,
          { name },
        );
        expect(data).toMatchObject({
          path: { length: 1 },
          neighbours: { nodes: expect.arrayContaining([{ slug: 'ann' }]) as unknown },
          timeline: { totalCount: expect.any(Number) as number },
        });
      }
    });

    it.each([
      [
        'a state in place of its territory',
        'offices(filter: { country: ["japan"] })',
        'filter.country must name a place, but "japan" is an organization; its home is the place "japan-territory"',
      ],
      [
        'an organization without a home',
        'places(filter: { within: ["nato"] })',
        'filter.within must name a place, but "nato" is an organization',
      ],
      [
        'a place in place of an organization',
        'offices(filter: { organization: ["nato", "tokyo"] })',
        'filter.organization must name an organization, but "tokyo" is a place',
      ],
      [
        'a place as a speaker',
        'statements(filter: { speaker: ["tokyo"] })',
        'filter.speaker must name a person or an organization, but "tokyo" is a place',
      ],
      [
        'a person in the filter of a fact',
        'people(filter: { positions: { some: { organization: ["ann"] } } })',
        'filter.positions.some.organization must name an organization, but "ann" is a person',
      ],
    ])('report %s', async (_what, query, message) => {
      const { errors } = await base.execute(`{ ${query} { totalCount } }`);
      expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
    });

    it('report the id of a record of another type', async () => {
      const { errors } = await base.execute(
        `{ offices(filter: { place: ["${await idOf('ann')}"] }) { totalCount } }`,
      );
      expect(errors?.[0]?.message).toMatch(
        /^filter.place must name a place, but "PER_.*" is a person$/,
      );
    });

    it('match nothing by an unknown slug', async () => {
      expect(
        await slugs('{ offices(filter: { country: ["atlantis"] }) { nodes { slug } } }'),
      ).toEqual([]);
    });
  });

  describe('by what names a record', () => {
    beforeAll(async () => {
      await base.importDossier(`
        organizations:
          - { slug: known, name: Known, kind: COMPANY, identifiers: { wikidata: Q1 } }
          - { slug: seated, name: Seated, kind: COMPANY, identifiers: { seat: { value: "12", source: parliament } } }
        people: [{ slug: cy, name: Cy, identifiers: { wikidata: Q2 } }]
        articles: [{ slug: on-the-web, title: On the web, url: 'https://example.org/1' }]`);
    });
    const found = (list: string, filter: string) =>
      slugs(`{ ${list}(filter: { ${filter} }) { nodes { slug } } }`);

    it.each([
      ['people', 'slug: ["bob", "ann", "nobody"]', ['ann', 'bob']],
      ['organizations', 'slug: ["nato"], kind: [ALLIANCE]', ['nato']],
      ['organizations', 'slug: ["nato"], kind: [STATE]', []],
      ['organizations', 'slug: []', []],
      ['offices', 'slug: ["office"]', ['office']],
      ['places', 'slug: ["tokyo"]', ['tokyo']],
      ['events', 'slug: ["there"]', ['there']],
      ['articles', 'slug: ["news"]', ['news']],
      ['articles', 'url: ["https://example.org/1", "https://example.org/2"]', ['on-the-web']],
      ['people', 'identifier: [{ scheme: "wikidata", value: "Q2" }]', ['cy']],
      ['people', 'identifier: [{ scheme: "wikidata", value: "Q1" }]', []],
      [
        'organizations',
        'identifier: [{ scheme: "wikidata", value: "Q1" }, { scheme: "seat", value: "12", source: "parliament" }]',
        ['known', 'seated'],
      ],
      ['organizations', 'identifier: [{ scheme: "seat", value: "12" }]', []],
      [
        'organizations',
        'identifier: [{ scheme: "wikidata", value: "Q1" }], slug: ["nato", "known"]',
        ['known'],
      ],
    ])('finds %s(filter: { %s })', async (list, filter, wanted) => {
      expect(await found(list, filter)).toEqual(wanted);
    });

    it.each([
      [
        'people(filter: { slug: ["nato"] })',
        'filter.slug must name a person, but "nato" is an organization',
      ],
      [
        'events(filter: { slug: ["EVE_x"] })',
        'filter.slug must be a slug, but is an id ("EVE_x"); find the record with node(id:)',
      ],
    ])('rejects %s', async (query, message) => {
      const { errors } = await base.execute(`{ ${query} { totalCount } }`);
      expect(errors).toMatchObject([{ message, extensions: { argument: 'filter.slug' } }]);
    });
  });

  it('select positions and memberships of the whole knowledge base', async () => {
    const { data, errors } = await base.execute(`{
      positions(filter: { kind: [MINISTER] }, first: 1) {
        totalCount
        nodes { title person { slug } organization { slug } }
        pageInfo { hasNextPage }
      }
      oldest: positions(orderBy: { field: START }) { nodes { title } groups(by: [KIND]) { count } }
      memberships(filter: { member: ["japan"], asOf: "2010" }) { nodes { organization { slug } role } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      positions: {
        totalCount: 2,
        nodes: [{ title: 'Envoy', person: { slug: 'bob' }, organization: { slug: 'nato' } }],
        pageInfo: { hasNextPage: true },
      },
      oldest: {
        nodes: [{ title: 'Minister' }, { title: 'Adviser' }, { title: 'Envoy' }],
        groups: [{ count: 2 }, { count: 1 }],
      },
      memberships: { nodes: [{ organization: { slug: 'quad' }, role: 'MEMBER' }] },
    });
  });

  it('of a place tell what happened in it from what it took part in', async () => {
    const { data } = await base.execute(`{
      place(slug: "tokyo") {
        eventsHere { totalCount nodes { slug } }
        events { nodes { slug } }
        statementsHere(filter: { speaker: ["ann"] }) { nodes { text } }
        statementsAbout { nodes { text } }
      }
    }`);
    expect(data).toEqual({
      place: {
        eventsHere: { totalCount: 1, nodes: [{ slug: 'there' }] },
        events: { nodes: [{ slug: 'elsewhere' }] },
        statementsHere: { nodes: [{ text: 'Ann greets.' }] },
        statementsAbout: { nodes: [{ text: 'Bob likes Tokyo.' }] },
      },
    });
  });

  it.each(['entity', 'organization', 'person', 'office', 'place', 'article', 'event'])(
    '%s(slug:) reports an id, which is no slug',
    async (field) => {
      const id = await idOf('nato');
      const { errors } = await base.execute(`{ ${field}(slug: "${id}") { id } }`);
      expect(errors).toMatchObject([
        {
          message: `slug must be a slug, but is an id ("${id}"); find the record with node(id:)`,
          extensions: { code: 'BAD_USER_INPUT', argument: 'slug' },
        },
      ]);
    },
  );
});
