import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

interface Entry {
  date: string;
  kind: string;
}

interface Timeline {
  totalCount: number;
  nodes: Entry[];
  edges: { cursor: string; node: Entry }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string;
    endCursor: string;
  };
}

describeOnEachDatabase('timelines', ({ open }) => {
  let base: KnowledgeBase;
  let database: Database;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    await base.importDossier(`
      people: [{ slug: ann, name: Ann, birthDate: 1960-05, deathDate: 2024 }, { slug: bob, name: Bob }]
      organizations:
        - { slug: acme, name: Acme, kind: ALLIANCE }
        - { slug: forum, name: Forum, kind: ALLIANCE }
      places: [{ slug: town, name: Town, kind: CITY }]
      offices:
        - slug: post
          name: Post
          kind: LIAISON
          organization: acme
          place: town
          statuses: [{ status: PLANNED, start: 2022-11, end: 2023-05-02 }, { status: OPEN, start: 2023-05-02 }]
      positions:
        - { person: ann, organization: acme, title: Chair, kind: HEAD_OF_ORGANIZATION, start: 2019-01-01, end: 2023 }
        - { person: bob, organization: acme, title: Clerk, kind: OFFICIAL }
      memberships: [{ member: acme, organization: forum, role: MEMBER, start: 2010 }]
      events: [{ slug: summit, name: Summit, kind: SUMMIT, start: 2021-06-14, participants: [acme] }]
      articles:
        - { slug: news, title: News, publishedOn: 2022-03-01, body: Acme and Ann., mentions: [{ entity: acme, as: [Acme] }, { entity: ann, as: [Ann] }] }
        - { slug: undated, title: Undated, body: Acme., mentions: [{ entity: acme, as: [Acme] }] }
      statements:
        - { article: news, speaker: ann, kind: INDIRECT, text: On Acme., about: [acme], saidOn: 2022-02-28, references: [{ exact: Acme and Ann }] }
        - { article: undated, speaker: ann, kind: INDIRECT, text: Some time., about: [acme] }
    `);
  });

  async function timeline(of: string, args = ''): Promise<Timeline> {
    const { data, errors } = await base.execute(
      `{ timeline(of: "${of}" ${args}) { totalCount nodes { date kind } edges { cursor node { date kind } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    );
    expect(errors).toBeUndefined();
    return data?.['timeline'] as Timeline;
  }

  const dated = ({ nodes }: Timeline) => nodes.map(({ date, kind }) => `${date} ${kind}`);

  const acme = [
    '2010 MEMBERSHIP_BEGUN',
    '2019-01-01 POST_TAKEN',
    '2021-06-14 EVENT',
    '2022-02-28 STATEMENT_ABOUT',
    '2022-03-01 ARTICLE',
    '2022-11 OFFICE_STATUS',
    '2023 POST_LEFT',
    '2023-05-02 OFFICE_STATUS',
  ];

  it('hold every dated fact about an organization, a person, an office and a place', async () => {
    const whole = await timeline('acme');
    expect(dated(whole)).toEqual(acme);
    expect(whole.totalCount).toBe(acme.length);
    expect(dated(await timeline('ann'))).toEqual([
      '1960-05 BIRTH',
      '2019-01-01 POST_TAKEN',
      '2022-02-28 STATEMENT_BY',
      '2022-03-01 ARTICLE',
      '2023 POST_LEFT',
      '2024 DEATH',
    ]);
    const statuses = ['2022-11 OFFICE_STATUS', '2023-05-02 OFFICE_STATUS'];
    expect(dated(await timeline('post'))).toEqual(statuses);
    expect(dated(await timeline('town'))).toEqual(statuses);
    expect(dated(await timeline('bob'))).toEqual([]);
  });

  it('lead from each entry to the record and the passages that say so', async () => {
    const { data } = await base.execute(`{
      organization(slug: "acme") {
        timeline(filter: { kind: [STATEMENT_ABOUT, OFFICE_STATUS] }, orderBy: { field: DATE, direction: DESC }) {
          nodes {
            date
            fact { ... on Statement { text } ... on DatedOfficeStatus { status office { name } } }
            references { nodes { exact article { title } } }
          }
        }
      }
    }`);
    expect(data).toEqual({
      organization: {
        timeline: {
          nodes: [
            {
              date: '2023-05-02',
              fact: { status: 'OPEN', office: { name: 'Post' } },
              references: { nodes: [] },
            },
            {
              date: '2022-11',
              fact: { status: 'PLANNED', office: { name: 'Post' } },
              references: { nodes: [] },
            },
            {
              date: '2022-02-28',
              fact: { text: 'On Acme.' },
              references: { nodes: [{ exact: 'Acme and Ann', article: { title: 'News' } }] },
            },
          ],
        },
      },
    });
  });

  it.each([
    ['first', 'after', 'ASC', acme],
    ['first', 'after', 'DESC', acme.toReversed()],
    ['last', 'before', 'ASC', acme],
    ['last', 'before', 'DESC', acme.toReversed()],
  ])('page by %s and %s, %s, without gaps or doubles', async (size, beyond, direction, whole) => {
    let all: string[] = [];
    let cursor = '';
    for (let pages = 0; ; pages++) {
      const page = await timeline(
        'acme',
        `${size}: 3 ${cursor} orderBy: { field: DATE, direction: ${direction} }`,
      );
      const entries = dated(page);
      all = size === 'first' ? [...all, ...entries] : [...entries, ...all];
      const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
      expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
      if (!(size === 'first' ? hasNextPage : hasPreviousPage)) break;
      cursor = `${beyond}: "${size === 'first' ? endCursor : startCursor}"`;
      expect(pages).toBeLessThan(5);
    }
    expect(all).toEqual(whole);
  });

  it('keep to what may lie between two dates, which may be partial', async () => {
    expect(
      dated(await timeline('acme', 'filter: { date: { from: "2022-03", to: "2022" } }')),
    ).toEqual(['2022-03-01 ARTICLE', '2022-11 OFFICE_STATUS']);
    // Some day of 2023 may be one after May.
    expect(dated(await timeline('acme', 'filter: { date: { from: "2023-06" } }'))).toEqual([
      '2023 POST_LEFT',
    ]);
    const old = await timeline('acme', 'filter: { date: { to: "2010-06" } }');
    expect(dated(old)).toEqual(['2010 MEMBERSHIP_BEGUN']);
    expect(old.totalCount).toBe(1);
  });

  it('reject an invalid range, an empty list of kinds and an unknown entity', async () => {
    const rejected = async (args: string): Promise<unknown> => {
      const { errors } = await base.execute(`{ timeline(of: "acme", ${args}) { totalCount } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      return errors?.[0]?.extensions?.['argument'];
    };
    expect(await rejected('filter: { date: { from: "2023", to: "2022" } }')).toBe('filter.date');
    expect(await rejected('filter: { date: { from: "2023-13" } }')).toBe('filter.date.from');
    expect(await rejected('filter: { kind: [] }')).toBe('filter.kind');
    expect(await rejected('after: "x"')).toBe('after');
  });

  it('is null for an unknown entity', async () => {
    const { data, errors } = await base.execute(
      '{ timeline(of: "unknown") { totalCount } other: timeline(of: "acme") { nodes { kind } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ timeline: null, other: { nodes: expect.any(Array) as unknown } });
  });

  it('list once an event at a place that also takes part in it', async () => {
    await base.importDossier(`
      places: [{ slug: here, name: Here, kind: COUNTRY }]
      events: [{ slug: fair, name: Fair, kind: OTHER, start: 2020, place: here, participants: [here] }]`);
    const { data } = await base.execute('{ timeline(of: "here") { totalCount nodes { kind } } }');
    expect(data).toEqual({ timeline: { totalCount: 1, nodes: [{ kind: 'EVENT' }] } });
  });

  it('show nothing that readers may not see', async () => {
    await database.db.execute(sql`update article set status = 'DRAFT' where slug = 'news'`);
    await database.db.execute(sql`update position set status = 'DRAFT' where title = 'Chair'`);
    const seen = await timeline('acme');
    expect(dated(seen)).toEqual(acme.filter((entry) => !/STATEMENT|ARTICLE|POST/.test(entry)));
    expect(seen.totalCount).toBe(4);
  });
});
