import type { Database } from '../../src/database/database.js';
import { createKnowledge } from '../../src/knowledge/knowledge.js';
import type { PageRequest } from '../../src/knowledge/reading/page.js';
import { publicView, type View } from '../../src/knowledge/reading/view.js';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import { readerExamples } from '../../src/server/http/graphiql/examples.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';

const liaisonOffices = readerExamples[0]?.query ?? '';

describeOnEachDatabase('reading in batches', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  let statements: string[] = [];
  beforeAll(async () => {
    database = await open({ onStatement: (sql) => statements.push(sql) });
    await fillWithSample(database);
    base = knowledgeBase(database);
    await base.importDossier(manyLiaisonOffices(60));
  });
  beforeEach(() => {
    statements = [];
  });

  it('answers the liaison offices of an organization with a statement for each relation', async () => {
    const { errors } = await base.execute(liaisonOffices);
    expect(errors).toBeUndefined();
    // The organization, its offices, whom they are accredited to, their places, the countries of
    // these, references with their articles, and the articles' publishers.
    expect(statements.length).toBeLessThanOrEqual(7);
  });

  it('needs no more statements for more offices', async () => {
    const { data } = await base.execute(
      liaisonOffices.replace('"nato"', '"busy"').replace('20', '100'),
    );
    expect(data).toMatchObject({ organization: { offices: { totalCount: 60 } } });
    expect(statements.length).toBeLessThanOrEqual(7);
  });

  it('needs hardly more statements for a hundred equal queries at once than for one', async () => {
    await base.execute(liaisonOffices);
    const forOne = statements.length;
    statements = [];
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => base.execute(liaisonOffices)),
    );
    // A hundred queries take several turns of the event loop to arrive; each turn is a batch.
    expect(statements.length).toBeLessThanOrEqual(3 * forOne);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('gives each of 200 different queries at once its own answer', async () => {
    const slugs = ['nato', 'busy', 'japan', 'china', 'quad', 'nobody', 'united-nations'];
    const query = `query ($slug: String!, $first: Int!) {
      organization(slug: $slug) { slug offices(first: $first) { totalCount nodes { organization { slug } } } }
    }`;
    const requests = Array.from({ length: 200 }, (_, i) => ({
      slug: slugs[i % slugs.length] ?? '',
      first: 1 + (i % 30),
    }));
    const answers = await Promise.all(requests.map((variables) => base.execute(query, variables)));
    for (const [i, { data, errors }] of answers.entries()) {
      expect(errors).toBeUndefined();
      const organization = data?.['organization'] as Organization | null;
      const { slug, first } = requests[i] ?? { slug: '', first: 0 };
      expect(organization?.slug).toBe(slug === 'nobody' ? undefined : slug);
      if (!organization) continue;
      const { totalCount, nodes } = organization.offices;
      expect(nodes).toHaveLength(Math.min(first, totalCount));
      for (const office of nodes) expect(office.organization.slug).toBe(slug);
    }
  });

  it('does not fail the neighbours of a key that the database cannot read', async () => {
    const query = 'query ($slug: String!) { entity(slug: $slug) { name } }';
    const [good, bad, other] = await Promise.all(
      ['nato', 'na\u0000to', 'japan'].map((slug) => base.execute(query, { slug })),
    );
    expect(good).toEqual({ data: { entity: { name: 'NATO' } } });
    expect(other).toEqual({ data: { entity: { name: 'Japan' } } });
    expect(bad?.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });

  it('shares a statement between requests that read the same', async () => {
    const { entities, offices } = createKnowledge(database);
    const nato = await entities.bySlug(publicView, 'nato');
    const id = nato?.id ?? '';
    const page: PageRequest<'NAME'> = {
      order: { field: 'NAME', direction: 'ASC' },
      rows: ['name'],
      cursors: false,
      limit: 5,
      backward: false,
      count: false,
    };
    const list = { parent: { relation: 'organization' as const, id }, page };
    const reads: ((view: View) => Promise<unknown>)[] = [
      (view) => entities.get(view, id),
      (view) => entities.bySlug(view, 'nato'),
      (view) => entities.byIdentifier(view, 'test', 'none'),
      (view) => entities.names.of(view, id),
      (view) => offices.page(view, list),
    ];
    for (const read of reads) {
      statements = [];
      await Promise.all([publicView, { reads: new Set<string>() }].map((view) => read(view)));
      expect(statements).toHaveLength(1);
    }
  });

  it('reads only the columns of selected fields', async () => {
    await base.execute('{ place(slug: "tokyo") { name } }');
    expect(statements).toHaveLength(1);
    expect(statements[0]).toContain('"name"');
    expect(statements[0]).not.toMatch(/description|latitude|"place"\./);
  });

  it('shares a statement between lists that filter by other values', async () => {
    const query =
      'query ($kind: OfficeKind!, $of: ID!) { offices(filter: { kind: [$kind], organization: [$of] }) { totalCount } }';
    await base.execute(query, { kind: 'LIAISON', of: 'nato' });
    statements = [];
    const answers = await Promise.all(
      [
        { kind: 'LIAISON', of: 'nato' },
        { kind: 'LIAISON', of: 'busy' },
        { kind: 'EMBASSY', of: 'busy' },
      ].map((variables) => base.execute(query, variables)),
    );
    expect(answers.map(({ data }) => data?.['offices'])).toEqual([
      { totalCount: 8 },
      { totalCount: 60 },
      { totalCount: 0 },
    ]);
    expect(statements).toHaveLength(2);
  });

  it('reads the text of an article only when it is selected', async () => {
    await base.execute('{ articles { nodes { title } } }');
    expect(statements.join()).not.toContain('article_body');
    await base.execute('{ articles { nodes { body } } }');
    expect(statements.join()).toContain('article_body');
  });
});

interface Organization {
  slug: string;
  offices: { totalCount: number; nodes: { organization: { slug: string } }[] };
}

const manyLiaisonOffices = (count: number) =>
  JSON.stringify({
    articles: [{ slug: 'busy-report', title: 'Busy', body: 'They are busy.' }],
    organizations: [{ slug: 'busy', name: 'Busy', kind: 'ALLIANCE' }],
    offices: Array.from({ length: count }, (_, i) => ({
      slug: `busy-${i}`,
      name: `Busy ${i}`,
      kind: 'LIAISON',
      organization: 'busy',
      place: i % 2 ? 'tokyo' : 'vienna',
      accreditedTo: i % 3 ? 'japan' : 'nato',
      statuses: [{ status: 'OPEN' }],
      references: [{ article: 'busy-report', exact: 'busy' }],
    })),
  });
