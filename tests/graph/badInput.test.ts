import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('bad input', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      articles: [{ slug: paper, title: Paper, language: en }]
      organizations: [{ slug: nato, name: NATO, kind: ALLIANCE }]`);
  });

  const invalid: [what: string, query: string, argument: string, message: RegExp][] = [
    [
      'a page of more than 100',
      '{ articles(first: 101) { nodes { id } } }',
      'first',
      /0 to 100, but is 101/,
    ],
    ['a negative page', '{ articles(last: -1) { nodes { id } } }', 'last', /0 to 100, but is -1/],
    [
      'first with last',
      '{ articles(first: 1, last: 1) { nodes { id } } }',
      'last',
      /together with first/,
    ],
    [
      'a cursor that is none',
      '{ articles(after: "x") { nodes { id } } }',
      'after',
      /must be a cursor/,
    ],
    [
      'an id that is none',
      '{ node(id: "nato") { id } }',
      'id',
      /must be an id as this API gave it/,
    ],
    [
      'an id of a type there is not',
      '{ node(id: "XYZ_AZAAAAAAcACAAAAAAAAAAQ") { id } }',
      'id',
      /must be an id/,
    ],
    [
      'too many ids',
      `{ nodes(ids: [${'"x" '.repeat(101)}]) { id } }`,
      'ids',
      /at most 100, but are 101/,
    ],
    [
      'a month that does not exist',
      '{ offices(filter: { asOf: "2023-13" }) { totalCount } }',
      'filter.asOf',
      /"2023-13" is not a PartialDate/,
    ],
    [
      'a day that does not exist',
      '{ offices(filter: { asOf: "2023-02-30" }) { totalCount } }',
      'filter.asOf',
      /not a PartialDate/,
    ],
    [
      'a range that ends before it begins',
      '{ statements(filter: { saidOn: { from: "2023", to: "2022" } }) { totalCount } }',
      'filter.saidOn',
      /must not end \(2022\) before it begins/,
    ],
    [
      'a filter with the id of something else',
      '{ statements(filter: { speaker: ["ART_AZAAAAAAcACAAAAAAAAAAQ"] }) { totalCount } }',
      'filter.speaker',
      /must name an organization, person, office or place, but is the id of an article/,
    ],
    [
      'a filter with an id that is none',
      '{ statements(filter: { speaker: ["ORG_x"] }) { totalCount } }',
      'filter.speaker',
      /must be an id/,
    ],
  ];
  it.each(invalid)(
    'rejects %s, naming the argument and the rule',
    async (_what, query, argument, message) => {
      const { errors } = await base.execute(query);
      expect(errors).toHaveLength(1);
      expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument } });
      expect(errors?.[0]?.message).toMatch(message);
    },
  );

  it('rejects a date in a variable, naming the variable', async () => {
    const { errors } = await base.execute(
      'query ($asOf: PartialDate) { offices(filter: { asOf: $asOf }) { totalCount } }',
      { asOf: 'yesterday' },
    );
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors?.[0]?.message).toMatch(/\$asOf.*"yesterday" is not a PartialDate/);
  });

  it.each([
    ['a date that is none', ['SAID_ON', 'foo']],
    ['no date', ['SAID_ON', null]],
    ['a date where there is none', ['CREATED_AT', '2023-05-01']],
  ])('rejects a forged cursor with %s', async (_what, [order, sort]) => {
    const cursor = Buffer.from(
      JSON.stringify([order, sort, '01900000-0000-7000-8000-000000000001']),
    ).toString('base64url');
    const { errors } = await base.execute(
      `{ statements(orderBy: { field: ${order} }, after: "${cursor}") { nodes { id } } }`,
    );
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^after must be a cursor of this list/) as string,
      extensions: { argument: 'after' },
    });
  });

  it('accepts long lists of values, and rejects long lists of names', async () => {
    const many = Array.from({ length: 70_000 }, () => 'EN');
    const articles = await base.execute(
      'query ($l: [Locale!]) { articles(filter: { language: $l }) { totalCount } }',
      { l: many },
    );
    expect(articles).toEqual({ data: { articles: { totalCount: 1 } } });
    const { errors } = await base.execute(
      'query ($s: [ID!]) { statements(filter: { speaker: $s }) { totalCount } }',
      { s: many.slice(0, 101) },
    );
    expect(errors?.[0]?.message).toBe('filter.speaker must name at most 100, but names 101');
    const urls = await base.execute(
      'query ($u: [URL!]) { articles(filter: { url: $u }) { totalCount } }',
      { u: many.slice(0, 101).map((_, i) => `https://example.org/${i}`) },
    );
    expect(urls.errors?.[0]?.message).toBe('filter.url must name at most 100, but names 101');
  });

  it('rejects a cursor of another order', async () => {
    const { data } = await base.execute('{ organizations { pageInfo { endCursor } } }');
    const { endCursor } = (data?.['organizations'] as { pageInfo: { endCursor: string } }).pageInfo;
    const { errors } = await base.execute(
      `{ organizations(orderBy: { field: CREATED_AT }, after: "${endCursor}") { nodes { id } } }`,
    );
    expect(errors?.[0]?.message).toMatch(/ordered by NAME, but it is ordered by CREATED_AT now/);
  });

  it('returns null for an unknown record', async () => {
    const { data, errors } = await base.execute(`{
      article(slug: "x") { id } organization(slug: "x") { id } person(slug: "nato") { id }
      office(slug: "x") { id } place(slug: "x") { id } entity(slug: "x") { id } event(slug: "x") { id }
      node(id: "ORG_AZAAAAAAcACAAAAAAAAAAQ") { id }
      statements(filter: { speaker: ["x"] }) { totalCount nodes { id } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      article: null,
      organization: null,
      person: null,
      office: null,
      place: null,
      entity: null,
      event: null,
      node: null,
      statements: { totalCount: 0, nodes: [] },
    });
  });

  it('rejects a NUL character instead of failing', async () => {
    const { errors } = await base.execute(
      'query ($name: ID!) { statements(filter: { speaker: [$name] }) { totalCount } }',
      { name: 'a\u0000b' },
    );
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });
});
