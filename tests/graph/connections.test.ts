import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

describeOnEachDatabase('connections', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      articles: [{ slug: paper, title: Paper }]
      organizations:
        - { slug: acme, name: Acme, kind: ALLIANCE }
        - { slug: press, name: Press, kind: NEWS_MEDIUM }
      people: [{ slug: ada, name: Ada }]
      offices: [${letters.map((letter) => `{ slug: office-${letter}, name: Office ${letter}, kind: FIELD, organization: acme }`).join()}]
      statements:
        - { article: paper, speaker: ada, kind: DIRECT, text: undated, onBehalfOf: acme }
        - { article: paper, speaker: ada, kind: DIRECT, text: early, saidOn: 2022-06, about: [acme, press] }
        - { article: paper, speaker: acme, kind: DIRECT, text: late, saidOn: 2023-03-07, about: [press] }
        - { article: paper, speaker: acme, onBehalfOf: acme, kind: DIRECT, text: latest, saidOn: 2023-05, about: [press, acme] }
    `);
  });

  it.each(['NAME', 'CREATED_AT'])(
    'walk forward and backward over the whole list by %s',
    async (field) => {
      for (const direction of ['ASC', 'DESC']) {
        const forward = await walk(
          base,
          'first',
          'after',
          'endCursor',
          'hasNextPage',
          field,
          direction,
        );
        const backward = await walk(
          base,
          'last',
          'before',
          'startCursor',
          'hasPreviousPage',
          field,
          direction,
        );
        const expected = letters.map((letter) => `Office ${letter}`);
        if (direction === 'DESC') expected.reverse();
        expect(forward.flat()).toEqual(expected);
        expect(backward.reverse().flat()).toEqual(expected);
      }
    },
  );

  it('keep their place while rows are added', async () => {
    const first = await page(base, 'first: 3');
    await base.importDossier(`
      organizations: [{ slug: acme, name: Acme, kind: ALLIANCE }]
      offices: [{ slug: office-0, name: Office 0, kind: OTHER, organization: acme }]
    `);
    const second = await page(base, `first: 3, after: "${first.pageInfo.endCursor}"`);
    expect(second.nodes.map(({ name }) => name)).toEqual(['Office d', 'Office e', 'Office f']);
    expect(second.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
  });

  it('count without reading a row, and give no row for first: 0', async () => {
    const { data } = await base.execute(
      '{ a: offices(filter: { kind: [FIELD] }) { totalCount } b: offices(first: 0) { nodes { id } } }',
    );
    expect(data).toEqual({ a: { totalCount: letters.length }, b: { nodes: [] } });
  });

  it('report further pages even when no row is selected', async () => {
    const { data } = await base.execute('{ offices(first: 0) { pageInfo { hasNextPage } } }');
    expect(data).toEqual({ offices: { pageInfo: { hasNextPage: true } } });
  });

  it('give edges through fragments and aliases as well', async () => {
    const { data } = await base.execute(`
      query { offices(first: 1) { ...page } }
      fragment page on OfficeConnection { count: totalCount ... on OfficeConnection { rows: edges { node { slug } } } }`);
    expect(data).toMatchObject({ offices: { rows: [{ node: { slug: 'office-0' } }] } });
  });

  it('put the undated first when ordered from the oldest', async () => {
    const { data } = await base.execute(
      '{ statements(orderBy: { field: SAID_ON }) { nodes { text } } }',
    );
    expect(data).toEqual({
      statements: { nodes: ['undated', 'early', 'late', 'latest'].map((text) => ({ text })) },
    });
  });

  it('count what an organization said itself and what was said on its behalf, each once', async () => {
    const { data } = await base.execute(`{ organization(slug: "acme") {
      statements(first: 2) { totalCount nodes { text } pageInfo { hasNextPage endCursor } } } }`);
    expect(data).toMatchObject({
      organization: {
        statements: {
          totalCount: 3,
          nodes: [{ text: 'latest' }, { text: 'late' }],
          pageInfo: { hasNextPage: true },
        },
      },
    });
    const { organization } = data as {
      organization: { statements: { pageInfo: { endCursor: string } } };
    };
    const rest = await base.execute(`{ organization(slug: "acme") {
      statements(first: 2, after: "${organization.statements.pageInfo.endCursor}") { nodes { text } } } }`);
    expect(rest.data).toEqual({ organization: { statements: { nodes: [{ text: 'undated' }] } } });
  });

  it('give what is about several entities once, page by page', async () => {
    const page = async (rest: string) => {
      const { data } =
        await base.execute(`{ statements(filter: { about: ["acme", "press"] }, ${rest}) {
        totalCount nodes { text } pageInfo { hasNextPage endCursor } } }`);
      return (data as { statements: { pageInfo: { endCursor: string } } }).statements;
    };
    for (const order of ['', 'orderBy: { field: CREATED_AT, direction: DESC }, ']) {
      const first = await page(`${order}first: 2`);
      expect(first).toMatchObject({
        totalCount: 3,
        nodes: [{ text: 'latest' }, { text: 'late' }],
        pageInfo: { hasNextPage: true },
      });
      const after = `after: "${first.pageInfo.endCursor}"`;
      expect(await page(`${order}first: 2, ${after}`)).toMatchObject({
        totalCount: 3,
        nodes: [{ text: 'early' }],
        pageInfo: { hasNextPage: false },
      });
    }
  });

  it('find a record again by its id, whatever its type', async () => {
    const { data } = await base.execute(
      '{ statements(first: 1) { nodes { id speaker { ... on Person { id } ... on Organization { id } } article { id } } } }',
    );
    const [statement] = (
      data as {
        statements: { nodes: { id: string; speaker: { id: string }; article: { id: string } }[] };
      }
    ).statements.nodes;
    const ids = [statement?.id, statement?.article.id, statement?.speaker.id];
    const found = await base.execute(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
      {
        ids,
      },
    );
    expect(found.data).toEqual({
      nodes: ['Statement', 'Article', 'Organization'].map((__typename, i) => ({
        __typename,
        id: ids[i],
      })),
    });
  });

  it('list an office under everybody to whom it is accredited, once', async () => {
    await base.importDossier(`
      organizations: [{ slug: host, name: Host, kind: STATE }, { slug: neighbour, name: Neighbour, kind: STATE }]
      offices: [{ slug: embassy, name: Embassy, kind: EMBASSY, organization: acme, accreditedTo: host, alsoAccreditedTo: [host, neighbour] }]`);
    for (const slug of ['host', 'neighbour']) {
      const { data } = await base.execute(
        `{ organization(slug: "${slug}") { accreditedOffices { totalCount nodes { slug } } }
          offices(filter: { accreditedTo: ["${slug}"] }) { totalCount } }`,
      );
      expect(data).toEqual({
        organization: { accreditedOffices: { totalCount: 1, nodes: [{ slug: 'embassy' }] } },
        offices: { totalCount: 1 },
      });
    }
  });

  it("do not count another's words among a person's, though said on the person's behalf", async () => {
    await base.importDossier(`
      articles: [{ slug: paper, title: Paper }]
      people: [{ slug: bo, name: Bo }]
      statements: [{ article: paper, speaker: ada, onBehalfOf: bo, kind: DIRECT, text: for Bo }]`);
    const { data } = await base.execute(
      '{ person(slug: "bo") { statements { totalCount } } statements(filter: { onBehalfOf: ["bo"] }) { totalCount } }',
    );
    expect(data).toEqual({
      person: { statements: { totalCount: 0 } },
      statements: { totalCount: 1 },
    });
  });
});

const letters = 'a b c d e f g h i j'.split(' ');

interface OfficePage {
  nodes: { name: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string;
    endCursor: string;
  };
}

async function page(base: KnowledgeBase, args: string): Promise<OfficePage> {
  const { data, errors } = await base.execute(`{ organization(slug: "acme") {
    offices(filter: { kind: [FIELD] }, ${args}) {
      nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`);
  expect(errors).toBeUndefined();
  return (data as { organization: { offices: OfficePage } }).organization.offices;
}

async function walk(
  base: KnowledgeBase,
  size: string,
  from: string,
  cursor: 'startCursor' | 'endCursor',
  more: 'hasNextPage' | 'hasPreviousPage',
  field: string,
  direction: string,
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let at = ''; ;) {
    const { nodes, pageInfo } = await page(
      base,
      `${size}: 3, orderBy: { field: ${field}, direction: ${direction} } ${at}`,
    );
    pages.push(nodes.map(({ name }) => name));
    if (!pageInfo[more]) return pages;
    at = `, ${from}: "${pageInfo[cursor]}"`;
  }
}
