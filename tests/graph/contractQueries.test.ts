import { beforeAll, expect, it } from 'vitest';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import { readerExamples } from '../../src/server/http/graphiql/examples.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

const [liaisonOffices, quotations, whoSaidWhat, article, members] = readerExamples.map(
  ({ query }) => query,
) as [string, string, string, string, string];

describeOnEachDatabase('the example queries, on the sample', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    const database = await open();
    await fillWithSample(database);
    base = knowledgeBase(database);
  });

  it('finds seven open liaison offices of NATO and, with any status, the proposed one too', async () => {
    const open = await base.execute(liaisonOffices, { status: ['OPEN'] });
    expect(open).toMatchObject({
      data: { organization: { name: 'NATO', offices: { totalCount: 7 } } },
    });
    const all = await base.execute(liaisonOffices);
    const { offices } = all.data?.['organization'] as {
      offices: { totalCount: number; nodes: Office[] };
    };
    expect(offices.totalCount).toBe(8);
    const proposed = offices.nodes.filter(({ status }) => status === 'PROPOSED');
    expect(proposed).toMatchObject([
      { staffCount: 1, place: { name: 'Tokyo', country: { name: 'Japan' } } },
    ]);
    for (const office of offices.nodes) {
      expect(office.references.nodes, office.slug).not.toEqual([]);
      for (const reference of office.references.nodes) expect(reference.verified).toBe(true);
    }
    expect(
      offices.nodes.map(({ accreditedTo, place }) => `${accreditedTo?.name} in ${place?.name}`),
    ).toEqual(
      expect.arrayContaining([
        'United Nations in New York',
        expect.stringMatching(/^Organization for Security and Co-operation in Europe in Vienna$/),
      ]),
    );
  });

  it('finds what Stoltenberg is quoted as saying about Japan, and the post that he held', async () => {
    const { data, errors } = await base.execute(quotations);
    expect(errors).toBeUndefined();
    const person = data?.['person'] as {
      positions: { nodes: unknown[] };
      statements: { nodes: { kind: string; references: { nodes: { exact: string }[] } }[] };
    };
    expect(person.positions.nodes).toEqual([
      {
        title: 'Secretary General',
        organization: { name: 'NATO' },
        start: '2014-10-01',
        end: '2024-10-01',
      },
    ]);
    expect(person.statements.nodes.map(({ kind }) => kind).sort()).toEqual(
      expect.arrayContaining(['DIRECT', 'MIXED']),
    );
    for (const { references } of person.statements.nodes) {
      expect(references.nodes[0]).toMatchObject({
        start: expect.any(Number) as number,
        end: expect.any(Number) as number,
      });
    }
  });

  it('lists in order who said what about an Asia-Pacific NATO, and on whose behalf', async () => {
    const { data, errors } = await base.execute(whoSaidWhat);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      statements: {
        totalCount: 2,
        edges: [
          { node: { saidOn: '2022-06', speaker: { __typename: 'Organization', name: 'China' } } },
          {
            node: {
              saidOn: '2023-03',
              speaker: { __typename: 'Person', name: 'Qin Gang' },
              onBehalfOf: { name: 'China' },
            },
          },
        ],
        pageInfo: { hasNextPage: false },
      },
    });
  });

  it('leads from an article to all that it supports', async () => {
    const { data, errors } = await base.execute(article);
    expect(errors).toBeUndefined();
    const found = data?.['article'] as {
      publishedOn: string;
      statements: { totalCount: number; nodes: { reportedBy: unknown }[] };
      mentions: { nodes: { entity: { name: string } }[] };
      citedBy: { totalCount: number };
    };
    expect(found.publishedOn).toBe('2023-05');
    expect(found.statements.totalCount).toBe(found.statements.nodes.length);
    expect(found.statements.nodes).toContainEqual(
      expect.objectContaining({ reportedBy: { name: 'Nikkei Asia' } }),
    );
    expect(found.mentions.nodes.map(({ entity }) => entity.name)).toEqual(
      expect.arrayContaining(['NATO', 'Japan', 'Jens Stoltenberg', 'China', 'Nikkei Asia']),
    );
    expect(found.citedBy.totalCount).toBeGreaterThan(20);
  });

  it("lists the Quad's members and NATO's partners", async () => {
    const { data, errors } = await base.execute(members);
    expect(errors).toBeUndefined();
    const namesIn = (organization: unknown) =>
      (organization as Members).members.nodes.map(({ member }) => member.name).sort();
    expect(namesIn(data?.['organization'])).toEqual([
      'Australia',
      'India',
      'Japan',
      'United States',
    ]);
    expect(namesIn(data?.['nato'])).toEqual(['Australia', 'Japan', 'New Zealand', 'South Korea']);
  });

  it.each(readerExamples.slice(5).map(({ query }) => [query.slice(2, query.indexOf('\n')), query]))(
    'answers: %s',
    async (_title, query) => {
      const { data, errors } = await base.execute(query);
      expect(errors).toBeUndefined();
      const [answer] = Object.values(data ?? {});
      expect(answer).not.toMatchObject({ totalCount: 0 });
      expect(answer).not.toEqual([]);
    },
  );

  it('connects Hayashi with NATO by whom he spoke to, and shows the article', async () => {
    const path = readerExamples.find(({ query }) => query.includes('query Path'))?.query ?? '';
    const { data } = await base.execute(path);
    expect(data?.['path']).toMatchObject({
      outcome: 'FOUND',
      length: 2,
      steps: [
        { from: { name: 'Yoshimasa Hayashi' }, to: { name: 'Jens Stoltenberg' } },
        { relation: 'POSITION', to: { name: 'NATO' } },
      ],
    });
  });
});

interface Office {
  slug: string;
  status: string;
  accreditedTo: { name: string } | null;
  place: { name: string } | null;
  references: { nodes: { verified: boolean }[] };
}

interface Members {
  members: { nodes: { member: { name: string } }[] };
}
