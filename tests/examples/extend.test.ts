import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createChancery, type Chancery } from 'chancery';
import { extension } from '../../examples/extend/extension.ts';
import { inMemory } from '../support/inMemory.js';
import { examplesIn } from '../support/manual.js';

describe('an app that adds fields to organizations', () => {
  let chancery: Chancery;
  let statements: string[] = [];
  let reads: (readonly string[])[] = [];
  beforeAll(async () => {
    chancery = await createChancery({
      database: await inMemory(),
      cacheMegabytes: 0,
      onStatement: (sql) => statements.push(sql),
      extend: extension((slugs) => {
        reads.push(slugs);
        return Promise.resolve(slugs.map((slug) => (slug === 'org-7' ? ['Founded anew.'] : [])));
      }),
    });
    await chancery.importDossier({ name: 'organizations.yaml', text: hundredOrganizations });
  });
  afterAll(() => chancery.close());
  beforeEach(() => {
    statements = [];
    reads = [];
  });

  it('reads them for a hundred organizations with as many statements as for one', async () => {
    const one = await execute(chancery, organizations(1));
    expect(one.errors).toBeUndefined();
    const forOne = statements.length;
    statements = [];
    reads = [];
    const { data, errors } = await execute(chancery, organizations(100));
    expect(errors).toBeUndefined();
    expect(data?.organizations.nodes).toHaveLength(100);
    for (const { slug, homeCountry, notes } of data?.organizations.nodes ?? []) {
      const number = Number(slug.slice('org-'.length));
      expect(homeCountry).toEqual({ name: number % 2 ? 'Oddland' : 'Evenland' });
      expect(notes).toEqual(slug === 'org-7' ? [{ text: 'Founded anew.' }] : []);
    }
    // The organizations, their homes, and the countries of these.
    expect(statements).toHaveLength(3);
    expect(forOne).toBe(3);
    expect(reads.map((slugs) => slugs.length)).toEqual([100]);
  });

  it('reads an earlier state in a query about the past', async () => {
    const { data, errors } = await execute(
      chancery,
      'query @asKnownAt(time: "2020-01-01") { organization(slug: "org-1") { homeCountry { name } } }',
    );
    expect(errors).toBeUndefined();
    expect(data?.organization).toBeNull();
  });

  it('answers fields of the root', async () => {
    expect(await execute(chancery, '{ appVersion }')).toEqual({ data: { appVersion: '1.0.0' } });
  });
});

describe('docs/extending.md', () => {
  it('shows an extension that works', async () => {
    const [code = ''] = await examplesIn('docs/extending.md', 'ts');
    const chancery = await started(code);
    const { data } = await execute(chancery, '{ organization(slug: "nato") { initial } }');
    expect(data).toEqual({ organization: { initial: 'N' } });
    await chancery.close();
  });
});

/** Runs code that makes the constant `chancery`. */
function started(code: string): Promise<Chancery> {
  const body = code.replace(/^import .*$/gm, '');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- It is the manual's own code.
  const run = new Function(
    'createChancery',
    `return (async () => { ${body}; return chancery; })()`,
  ) as (create: typeof createChancery) => Promise<Chancery>;
  return run(createChancery);
}

const hundredOrganizations = [
  'places:',
  ...['even', 'odd'].flatMap((name) => [
    `  - slug: ${name}land`,
    `    name: ${name === 'odd' ? 'Oddland' : 'Evenland'}`,
    '    kind: COUNTRY',
    `  - slug: ${name}ville`,
    `    name: ${name}ville`,
    '    kind: CITY',
    `    within: ${name}land`,
  ]),
  'organizations:',
  ...Array.from({ length: 100 }, (_, i) => [
    `  - slug: org-${i}`,
    `    name: Organization ${i}`,
    '    kind: COMPANY',
    `    home: ${i % 2 ? 'oddville' : 'evenville'}`,
  ]).flat(),
].join('\n');

const organizations = (first: number): string =>
  `{ organizations(first: ${first}) { nodes { slug homeCountry { name } notes { text } } } }`;

interface Organization {
  slug: string;
  homeCountry: { name: string } | null;
  notes: { text: string }[];
}

interface Reply {
  data?: { organizations: { nodes: Organization[] }; organization: Organization | null };
  errors?: { message: string }[];
}

async function execute(chancery: Chancery, query: string): Promise<Reply> {
  const response = await chancery.fetch(
    new Request('http://test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }),
  );
  return (await response.json()) as Reply;
}
