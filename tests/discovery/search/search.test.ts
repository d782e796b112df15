import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { fillWithSample } from '../../../src/knowledge/exchange/dossier/sample.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';

interface Found {
  totalCount: number;
  nodes: {
    score: number;
    highlight: string;
    node: { __typename: string; name?: string; text?: string; title?: string };
  }[];
}

const query = `query ($query: String!, $filter: SearchFilter, $first: Int, $after: String) {
  search(query: $query, filter: $filter, first: $first, after: $after) {
    totalCount
    nodes { score highlight node { __typename ... on Entity { name } ... on Statement { text } ... on Article { title } } }
  }
}`;

async function find(base: KnowledgeBase, words: string, more: object = {}): Promise<Found> {
  const { data, errors } = await base.execute(query, { query: words, first: 10, ...more });
  expect(errors).toBeUndefined();
  return data?.['search'] as Found;
}

/** What was found, as a reader would name it. */
const named = ({ nodes }: Found): string[] =>
  nodes.map(({ node }) => node.name ?? node.title ?? node.text ?? '');

describeOnEachDatabase('search', ({ open }) => {
  describe('in the sample', () => {
    let base: KnowledgeBase;
    beforeAll(async () => {
      const database = await open();
      await fillWithSample(database);
      base = knowledgeBase(database);
    });

    it('finds a person, a country and what was said for a misspelt query', async () => {
      const { data } = await base.execute(
        '{ search(query: "stoltenburg japan", first: 5) { nodes { __typename score highlight node { id ... on Person { name } ... on Statement { text } ... on Article { title } } } } }',
      );
      const { nodes } = data?.['search'] as Found;
      expect(nodes).toHaveLength(5);
      expect(nodes[0]?.node).toMatchObject({ name: 'Jens Stoltenberg' });
      expect(nodes[0]?.highlight).toBe('Jens <mark>Stoltenberg</mark>');
      expect(nodes.some(({ node }) => node.text !== undefined)).toBe(true);
      const scores = nodes.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    });

    it('finds a statement by its speaker, whom its text does not name', async () => {
      const { nodes } = await find(base, 'stoltenberg japan', {
        filter: { recordType: ['STATEMENT'] },
      });
      expect(nodes.length).toBeGreaterThan(0);
      expect(nodes.some(({ node }) => !/stoltenberg/i.test(node.text ?? ''))).toBe(true);
    });

    it('finds an office by who keeps it, its kind and where it stands', async () => {
      const found = await find(base, 'nato liaison tokyo', { filter: { recordType: ['OFFICE'] } });
      expect(named(found)[0]).toMatch(/tokyo/i);
    });

    it('finds an article by a phrase of its text and marks it there', async () => {
      const { data } = await base.execute(
        '{ search(query: "\\"liaison office\\"", filter: { recordType: [ARTICLE] }) { nodes { highlight passage { field text offset ranges { start end } } node { ... on Article { body } } } } }',
      );
      const [hit] = (data?.['search'] as { nodes: unknown[] }).nodes as {
        highlight: string;
        passage: {
          field: string;
          text: string;
          offset: number;
          ranges: { start: number; end: number }[];
        };
        node: { body: string };
      }[];
      expect(hit?.passage.field).toBe('BODY');
      expect(hit?.highlight).toMatch(/<mark>liaison<\/mark> <mark>office<\/mark>/);
      const { text, offset, ranges } = hit?.passage ?? { text: '', offset: 0, ranges: [] };
      expect(
        Array.from(hit?.node.body ?? '')
          .slice(offset)
          .join('')
          .startsWith(text),
      ).toBe(true);
      const marked = ranges.map(({ start, end }) => Array.from(text).slice(start, end).join(''));
      expect(marked).toEqual(expect.arrayContaining(['liaison', 'office']));
    });

    it('pages through what it found without gaps or doubles', async () => {
      const whole = await find(base, 'nato or japan', { first: 100 });
      expect(whole.totalCount).toBe(whole.nodes.length);
      const paged: unknown[] = [];
      let after: string | null = null;
      do {
        const { data } = await base.execute(
          'query ($after: String) { search(query: "nato or japan", first: 7, after: $after) { nodes { score node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }',
          { after },
        );
        const page = data?.['search'] as {
          nodes: unknown[];
          pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string };
        };
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        paged.push(...page.nodes);
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      expect(paged).toHaveLength(whole.nodes.length);
      expect(new Set(paged.map((node) => JSON.stringify(node))).size).toBe(paged.length);
    });

    it('counts what it found by type, year and publisher', async () => {
      const { data } = await base.execute(
        '{ search(query: "japan") { facets { truncated recordTypes { values { text } count } years { values { text } count } organizations { count values { entity { name } } } } } }',
      );
      const { facets } = data?.['search'] as {
        facets: {
          truncated: boolean;
          recordTypes: { values: { text: string }[]; count: number }[];
          years: { values: { text: string }[]; count: number }[];
          organizations: { values: { entity: { name: string } | null }[]; count: number }[];
        };
      };
      expect(facets.truncated).toBe(false);
      const statements =
        facets.recordTypes.find(({ values }) => values[0]?.text === 'STATEMENT')?.count ?? 0;
      const all = await find(base, 'japan', { filter: { recordType: ['STATEMENT'] }, first: 100 });
      expect(all.totalCount).toBe(statements);
      expect(facets.years.map(({ values }) => values[0]?.text)).toContain('2023');
      expect(facets.organizations[0]?.values[0]?.entity?.name).toBeTruthy();
    });

    it('keeps to the dates and organizations of the filter', async () => {
      const in2023 = await find(base, 'japan', {
        filter: { date: { from: '2023', to: '2023' } },
        first: 100,
      });
      expect(in2023.totalCount).toBeGreaterThan(0);
      for (const { node } of in2023.nodes)
        expect(['Article', 'Statement']).toContain(node.__typename);
      expect(await find(base, 'japan', { filter: { date: { to: '1950' } } })).toMatchObject({
        totalCount: 0,
      });
      const ofNato = await find(base, 'office', {
        filter: { organization: ['nato'], recordType: ['OFFICE'] },
      });
      expect(ofNato.totalCount).toBeGreaterThan(0);
      expect(await find(base, 'japan', { filter: { organization: ['nobody'] } })).toMatchObject({
        totalCount: 0,
      });
    });

    it.each([
      ['nothing', ''],
      ['spaces', '   '],
      ['one letter', 'j'],
      ['only small words', 'the of and'],
      ['an open quote', '"liaison office'],
      ['only quotes', '""""'],
      ['only operators', '- or OR -'],
      ['what PostgreSQL takes for operators', "a & b | !c <-> (d):* 'e' \\ f:A"],
      ['an attempt on the database', "'; drop table entity; --"],
      ['control characters', 'ja\u0000pan\u0007 \u202e'],
      ['half a character', '\ud83d japan'],
      ['emoji', '🇯🇵 🗾'],
      ['text from right to left', 'ينس ستولتنبرغ'],
      ['Japanese', '日本の事務所'],
      ['one long word', 'x'.repeat(1000)],
      ['a long word of letters that take three bytes', '語'.repeat(1000)],
      ['many words', 'a b c d e '.repeat(100)],
      ['many quoted letters', '"a" '.repeat(250)],
    ])('answers %s', async (_what, words) => {
      const { data, errors } = await base.execute(query, { query: words, first: 3 });
      expect(errors).toBeUndefined();
      expect((data?.['search'] as Found).nodes.length).toBeLessThanOrEqual(3);
    });

    it('rejects overlong queries and invalid pages', async () => {
      const code = { extensions: { code: 'BAD_USER_INPUT' } };
      expect(await base.execute(query, { query: 'x'.repeat(10_000) })).toMatchObject({
        errors: [
          {
            message:
              'query must have at most 1000 characters, but has 10000; a few distinctive words find it best',
            ...code,
          },
        ],
      });
      expect(await base.execute(query, { query: 'x', first: 101 })).toMatchObject({
        errors: [code],
      });
      expect(await base.execute(query, { query: 'x', after: 'nonsense' })).toMatchObject({
        errors: [code],
      });
      expect(
        await base.execute(query, { query: 'x', filter: { date: { from: '2024', to: '2023' } } }),
      ).toMatchObject({ errors: [code] });
    });

    it('says which types it finds, where another one is given', async () => {
      const filter = { recordType: ['OFFICE', 'MEMBERSHIP'] };
      expect(await base.execute(query, { query: 'x', filter })).toMatchObject({
        errors: [
          {
            message:
              'filter.recordType must be among the types that search finds, ARTICLE, STATEMENT, ORGANIZATION, PERSON, OFFICE, PLACE, POSITION, but names MEMBERSHIP',
            extensions: { code: 'BAD_USER_INPUT', argument: 'filter.recordType' },
          },
        ],
      });
    });
  });

  describe('in a knowledge base of its own', () => {
    let base: KnowledgeBase;
    let database: Database;
    beforeAll(async () => {
      database = await open();
      base = knowledgeBase(database);
      await base.importDossier(
        `
        people:
          - { slug: ze, name: Volodymyr Zelenskyy, names: [{ name: Володимир Зеленський, kind: TRANSLITERATION, language: uk }] }
          - { slug: erdogan, name: Recep Tayyip Erdoğan }
          - { slug: js1, name: John Smith }
          - { slug: js2, name: Joanna Smythe }
        organizations:
          - { slug: tr, name: Türkiye, kind: STATE, names: [{ name: Turkey, kind: FORMER }] }
          - { slug: ba, name: Bosnia and Herzegovina, kind: STATE, names: [{ name: Bosnia & Herzegovina }] }
          - { slug: gazette, name: Gazette, kind: NEWS_MEDIUM }
        places:
          - { slug: kyiv, name: Kyiv, kind: CITY, names: [{ name: Kiev, kind: FORMER }] }
          - { slug: lodz, name: Łódź, kind: CITY }
        articles:
          - slug: talks
            title: Ministers met in Kyiv
            language: en
            publisher: gazette
            publishedOn: 2022-05-01
            body: '<b>Ministers</b> & countries discussed in Kyiv the grain corridor.'
            mentions: [{ entity: kyiv, as: [Kyiv] }]
          - { slug: entretiens, title: Les ministres se sont rencontrés, language: fr, publishedOn: 2021, body: Ils ont parlé de céréales. }
        statements:
          - { article: talks, speaker: ze, kind: INDIRECT, text: The corridor stays open., about: [kyiv] }
      `,
      );
    });

    it.each([
      ['zelensky', 'Volodymyr Zelenskyy'],
      ['zelenski', 'Volodymyr Zelenskyy'],
      ['Зеленський', 'Volodymyr Zelenskyy'],
      ['V. Zelenskyy', 'Volodymyr Zelenskyy'],
      ['erdogan', 'Recep Tayyip Erdoğan'],
      ['ERDOĞAN', 'Recep Tayyip Erdoğan'],
      ['turkey', 'Türkiye'],
      ['turkiye', 'Türkiye'],
      ['Bosnia & Herzegovina', 'Bosnia and Herzegovina'],
      ['bosnia hercegovina', 'Bosnia and Herzegovina'],
      ['kiev', 'Kyiv'],
      ['lodz', 'Łódź'],
      ['JohnSmith', 'John Smith'],
      ['jo hn smith', 'John Smith'],
      ['jhon smith', 'John Smith'],
    ])('%s is %s', async (words, name) => {
      const [first] = named(await find(base, words));
      expect(first).toBe(name);
    });

    it('finds records about an entity by any of its names', async () => {
      const found = await find(base, 'kiev corridor');
      expect(named(found)).toEqual(
        expect.arrayContaining(['The corridor stays open.', 'Ministers met in Kyiv']),
      );
    });

    it("finds words in all their forms, by the rules of the record's language", async () => {
      expect(named(await find(base, 'country', { filter: { recordType: ['ARTICLE'] } }))).toEqual([
        'Ministers met in Kyiv',
      ]);
      expect(
        named(await find(base, 'ministre rencontrer', { filter: { recordType: ['ARTICLE'] } })),
      ).toEqual(['Les ministres se sont rencontrés']);
      expect(named(await find(base, 'cereales', { filter: { recordType: ['ARTICLE'] } }))).toEqual([
        'Les ministres se sont rencontrés',
      ]);
    });

    it('leaves out what the query excludes, and finds either of two', async () => {
      expect(
        named(await find(base, 'minister -kyiv', { filter: { recordType: ['ARTICLE'] } })),
      ).toEqual([]);
      expect(
        named(await find(base, 'grain or céréales', { filter: { recordType: ['ARTICLE'] } })),
      ).toHaveLength(2);
      expect(
        named(await find(base, 'smith -john', { filter: { recordType: ['PERSON'] } })),
      ).not.toContain('John Smith');
    });

    it('counts the results of the requested types', async () => {
      const { data } = await base.execute(
        '{ search(query: "kyiv", filter: { recordType: [PLACE] }) { facets { truncated recordTypes { values { text } count } } } }',
      );
      expect(data).toEqual({
        search: {
          facets: { truncated: false, recordTypes: [{ values: [{ text: 'PLACE' }], count: 1 }] },
        },
      });
    });

    it('finds and counts nothing for an empty list of types', async () => {
      const { data } = await base.execute(
        '{ search(query: "kyiv", filter: { recordType: [] }) { totalCount facets { truncated recordTypes { count } } } }',
      );
      expect(data).toEqual({
        search: { totalCount: 0, facets: { truncated: false, recordTypes: [] } },
      });
    });

    it('answers a query of very many words', async () => {
      const letters = Array.from({ length: 500 }, (_, i) => String.fromCodePoint(0x4e00 + i));
      expect(named(await find(base, letters.slice(0, 499).join(' ')))).toEqual([]);
      const words = 'ministers countries discussed grain corridor kyiv met and the in';
      expect(named(await find(base, words, { filter: { recordType: ['ARTICLE'] } }))).toEqual([
        'Ministers met in Kyiv',
      ]);
    });

    it('marks words as HTML that is safe to show', async () => {
      const { nodes } = await find(base, 'country grain', { filter: { recordType: ['ARTICLE'] } });
      expect(nodes[0]?.highlight).toBe(
        '&lt;b&gt;Ministers&lt;/b&gt; &amp; <mark>countries</mark> discussed in Kyiv the <mark>grain</mark> corridor.',
      );
    });

    it('knows of a change in the transaction that makes it, and forgets one that is undone', async () => {
      const change = (statement: string) => database.db.execute(sql.raw(statement));
      await change(
        `update entity set name = 'Joan Smithers', sort_name = 'joan smithers' where slug = 'js2'`,
      );
      expect(named(await find(base, 'smithers'))).toEqual(['Joan Smithers']);
      expect(named(await find(base, 'smythe'))).not.toContain('Joan Smithers');
      await change(
        `update article_body set text = 'Nothing but barley.' where article_id = (select id from article where slug = 'entretiens')`,
      );
      expect(named(await find(base, 'barley'))).toEqual(['Les ministres se sont rencontrés']);
      await expect(
        database.db.transaction(async (tx) => {
          await tx.execute(sql`update statement set text = 'Rye.'`);
          throw new Error('undone');
        }),
      ).rejects.toThrow('undone');
      expect(named(await find(base, 'rye', { filter: { recordType: ['STATEMENT'] } }))).toEqual([]);
      await change(`update statement set text = 'Rye.'`);
      expect(named(await find(base, 'rye', { filter: { recordType: ['STATEMENT'] } }))).toEqual([
        'Rye.',
      ]);
    });

    it('shows nothing that readers may not see', async () => {
      const change = (statement: string) => database.db.execute(sql.raw(statement));
      await change(`update entity set status = 'DRAFT' where slug = 'js1'`);
      expect(named(await find(base, 'john smith'))).not.toContain('John Smith');
      await change(`update article set status = 'DRAFT' where slug = 'talks'`);
      const found = await find(base, 'corridor', { first: 100 });
      expect(found).toMatchObject({ totalCount: 0, nodes: [] });
      const { data } = await base.execute(
        '{ search(query: "corridor") { facets { recordTypes { count } } } }',
      );
      expect(data).toEqual({ search: { facets: { recordTypes: [] } } });
    });
  });

  describe('where thousands of texts share words', () => {
    let base: KnowledgeBase;
    beforeAll(async () => {
      const database = await open();
      base = knowledgeBase(database);
      // A day for each: the even ones mention barley, the odd ones copper, the first three both.
      await database.db.execute(sql`
        insert into article (id, slug, title, sort_title, language, published_on)
        select gen_random_uuid(), 'a' || n, title, lower(title), 'en',
          to_char(date '2019-12-31' + n, 'YYYY-MM-DD')
        from generate_series(1, 2000) n cross join lateral (
          select 'Report ' || n || case when n <= 3 then ' on barley and copper'
            when n % 2 = 0 then ' on barley' else ' on copper' end as title) as titled`);
      await database.db.execute(sql`analyze`);
    });

    it('finds the newest of them first', async () => {
      const found = await find(base, 'report barley', { first: 3 });
      expect(named(found)).toEqual([2000, 1998, 1996].map((n) => `Report ${n} on barley`));
      expect(found.totalCount).toBe(100);
    });

    it('finds the few that have two of the words, however old they are', async () => {
      expect(named(await find(base, 'barley copper'))).toEqual(
        [3, 2, 1].map((n) => `Report ${n} on barley and copper`),
      );
    });

    it('finds the newest until a day, and within a time', async () => {
      const until = await find(base, 'report barley', {
        filter: { date: { to: '2020-12-31' } },
        first: 2,
      });
      expect(named(until)).toEqual([366, 364].map((n) => `Report ${n} on barley`));
      const within = { from: '2020-01-05', to: '2020-01-09' };
      expect(named(await find(base, 'report barley', { filter: { date: within } }))).toEqual(
        [8, 6].map((n) => `Report ${n} on barley`),
      );
    });

    it('takes a word that is written twice for one', async () => {
      expect(await find(base, 'barley Barley')).toEqual(await find(base, 'barley'));
    });
  });
});
