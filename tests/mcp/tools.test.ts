import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { inMemory } from '../support/inMemory.js';
import { connect, type Call } from './client.js';
import { bearerOf } from '../support/bearer.js';

interface Passage {
  exact: string;
  article: string;
  start: number;
  end: number;
  id: string;
}

type Item = Record<string, unknown> & { passages: Passage[] | 'none' };

const limitOf = (budget: number, answer: { tokens: number }) =>
  expect(answer.tokens).toBeLessThanOrEqual(budget);

let chancery: Chancery;
let call: Call;
let callAsEditor: Call;

beforeAll(async () => {
  chancery = await createChancery({
    database: await inMemory(),
    sample: true,
    identify: (request) => {
      const role = (['READER', 'EDITOR', 'ADMIN'] as const).find(
        (each) => each === bearerOf(request),
      );
      return role && { id: role.toLowerCase(), name: role.toLowerCase(), role };
    },
    limits: { seconds: 600, waitSeconds: 600 },
  });
  call = await connect(chancery);
  callAsEditor = await connect(chancery, 'EDITOR');
});
afterAll(() => chancery.close());

const execute = async (query: string, variables = {}) => {
  const response = await chancery.fetch(
    new Request('http://test/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer EDITOR',
      },
      body: JSON.stringify({ query, variables }),
    }),
  );
  return (await response.json()) as { data: Record<string, never>; errors?: unknown };
};

describe('the tool facts', () => {
  it('lists the liaison offices of NATO with what proves each, in one call under 2,000 tokens', async () => {
    const answer = await call('facts', { entity: 'nato', include: ['offices'], kind: ['LIAISON'] });
    limitOf(2000, answer);
    const offices = answer.json['offices'] as Item[];
    expect(offices).toHaveLength(8);
    const sources = answer.json['sources'] as Record<string, Record<string, string>>;
    const body = await bodyOf('nato-to-open-first-asian-office-in-japan');
    for (const { passages } of offices) {
      expect(passages).not.toBe('none');
      for (const { exact, start, end, article } of passages as Passage[]) {
        expect(body.slice(start, end).join('')).toBe(exact);
        expect(sources[article]).toMatchObject({
          title: 'NATO to open its 1st Asian office in Japan',
          publishedOn: '2023-05',
          publisher: 'Chancery Briefs',
          id: expect.stringMatching(/^ART_/) as string,
        });
      }
    }
    expect(offices.filter(({ status }) => status === 'OPEN')).toHaveLength(7);
  });

  it('finds the entity by slug, id, name and other names', async () => {
    const { json } = await call('entity', { entity: 'nato' });
    for (const entity of [json['id'], 'NATO', 'North Atlantic Treaty Organization']) {
      const answer = await call('facts', { entity, include: ['positions'] });
      expect(answer.json['entity'], String(entity)).toBe('NATO (nato)');
    }
  });

  it('proposes similar entities where there is none', async () => {
    const answer = await call('facts', { entity: 'jens-stoltenburg' });
    expect(answer).toMatchObject({
      isError: true,
      text: expect.stringContaining('jens-stoltenberg') as string,
    });
  });

  it('says of a fact without a passage that it has none', async () => {
    await execute(`mutation { createPerson(input: { name: "Ann Unproven" }) { __typename } }`);
    const created = await execute(
      `mutation { createPosition(input: { person: "ann-unproven", organization: "nato", kind: OFFICIAL, title: "Clerk" }) {
        __typename ... on PositionPayload { position { id } } } }`,
    );
    expect(created.data).toMatchObject({ createPosition: { __typename: 'PositionPayload' } });
    const { json } = await callAsEditor('facts', {
      entity: 'ann-unproven',
      include: ['positions'],
    });
    expect((json['positions'] as Item[])[0]).toMatchObject({ position: 'Clerk', passages: 'none' });
  });

  it('represents each kind of fact within a small budget, and counts what it leaves out', async () => {
    const whole = await call('facts', { entity: 'nato', maxTokens: 20_000 });
    const all = totalsOf(whole.json);
    for (const maxTokens of [300, 500, 1000, 2000, 3000]) {
      const answer = await call('facts', { entity: 'nato', maxTokens });
      limitOf(maxTokens, answer);
      expect(totalsOf(answer.json), String(maxTokens)).toEqual(all);
    }
    expect(all).toMatchObject({ offices: 8, statementsAbout: 9 });
  });

  it('walks through a list by cursors, each fact once', async () => {
    const seen: unknown[] = [];
    let after: string | undefined;
    do {
      const answer = await call('facts', {
        ...{ entity: 'nato', include: ['offices'], maxTokens: 600 },
        ...(after !== undefined && { after }),
      });
      limitOf(600, answer);
      seen.push(...(answer.json['offices'] as Item[]).map(({ id }) => id));
      const more = answer.json['more'] as { left: number; after: string } | undefined;
      expect(seen.length + (more?.left ?? 0)).toBe(8);
      after = more?.after;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(8);
  });

  it.each([
    ['zzz', /cursor/],
    ['3.zzz', /must be a cursor of this list/],
  ])('rejects the wrong cursor %s', async (after, message) => {
    const answer = await call('facts', { entity: 'nato', include: ['offices'], after });
    expect(answer.isError).toBe(true);
    expect(answer.text).toMatch(message);
  });

  it('names the kinds that there are where a kind is wrong', async () => {
    const answer = await call('facts', { entity: 'nato', include: ['offices'], kind: ['CASTLE'] });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('EMBASSY');
  });
});

describe('the other tools', () => {
  it('search finds records, with the passages of those that are facts', async () => {
    const answer = await call('search', { query: 'stoltenburg japan' });
    limitOf(2000, answer);
    const hits = answer.json['hits'] as Item[];
    expect(hits[0]).toMatchObject({ type: 'Person', slug: 'jens-stoltenberg' });
    const statement = hits.find(({ type }) => type === 'Statement');
    expect(statement?.passages).not.toBe('none');
    const articles = await call('search', { query: 'first Asian office', types: ['ARTICLE'] });
    expect(articles.json['hits']).toMatchObject([{ type: 'Article', article: 'a1' }]);
  });

  it('statements selects by speaker, subject and date', async () => {
    const answer = await call('statements', {
      speaker: 'Jens Stoltenberg',
      about: 'japan',
      from: '2023',
    });
    const list = answer.json['statements'] as Item[];
    expect(list).toHaveLength(3);
    for (const { speaker, passages } of list) {
      expect(speaker).toBe('Jens Stoltenberg (jens-stoltenberg)');
      expect(passages).not.toBe('none');
    }
  });

  it('path shows each step with its passages', async () => {
    const answer = await call('path', { from: 'yoshimasa-hayashi', to: 'nato' });
    expect(answer.json).toMatchObject({ outcome: 'found', length: 2, isShortest: true });
    expect((answer.json['steps'] as Item[]).map(({ passages }) => passages.length > 0)).toEqual([
      true,
      true,
    ]);
  });

  it('entity shows values, their passages, and how many facts there are', async () => {
    const answer = await call('entity', { entity: 'nato-liaison-office-tokyo' });
    expect(answer.json).toMatchObject({
      ...{ status: 'PROPOSED', staffCount: 1, place: 'Tokyo (tokyo)' },
      passages: [{ exact: 'one-person liaison office in Tokyo' }, { field: 'staffCount' }],
      facts: { statementsAbout: 4 },
    });
  });

  it('query runs a query, and cuts its lists to the budget', async () => {
    const query = '{ organizations(first: 100) { totalCount nodes { slug name } } }';
    const answer = await call('query', { query, maxTokens: 300 });
    limitOf(300, answer);
    const { organizations } = answer.json['data'] as {
      organizations: { totalCount: number; nodes: object[] };
    };
    const left = organizations.totalCount - organizations.nodes.length;
    expect(answer.json['leftOut']).toEqual([`${left} of organizations.nodes`]);
  });

  it.each([
    ['mutation { delete(id: "nato", reason: "x") { __typename } }', 'a mutation is rejected'],
    [
      'mutation A { delete(id: "nato", reason: "x") { __typename } } query B { stats { articles } }',
      'Could not determine',
    ],
    ['subscription { articleAdded { cursor } }', 'a subscription is rejected'],
    ['{ nope }', 'Cannot query field'],
    ['{ organizations(', 'Syntax Error'],
    [
      '{ organizations(first: 100) { nodes { positions(first: 100) { nodes { references(first: 100) { nodes { id } } } } } } }',
      'QUERY_TOO_COMPLEX',
    ],
  ])('query rejects %s, and changes nothing', async (query, message) => {
    const answer = await callAsEditor('query', { query });
    expect(answer).toMatchObject({
      isError: true,
      text: expect.stringContaining(message) as string,
    });
    expect((await execute('{ organization(slug: "nato") { name } }')).data).toEqual({
      organization: { name: 'NATO' },
    });
  });

  it('schema shows a part of the schema by words or by a type', async () => {
    const byWords = await call('schema', { words: 'office status', maxTokens: 600 });
    limitOf(600, byWords);
    expect(byWords.text).toMatch(/^Office\.status\(.*\): OfficeStatus #/);
    const byName = await call('schema', { words: 'Reference' });
    expect(byName.text).toMatch(/^type Reference implements Node #[^]*\n {2}verified: Boolean!/);
    limitOf(2000, await call('schema', {}));
    expect(await call('schema', { words: 'xylophone' })).toMatchObject({ isError: true });
  });

  it('reject arguments that they do not have, and name them', async () => {
    const answer = await call('facts', { entity: 'nato', includes: ['offices'] });
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain('includes');
  });

  it('say that a tool does not exist', async () => {
    await expect(call('delete_everything')).rejects.toThrow(/delete_everything not found/);
  });
});

describe('the rights of a client', () => {
  it('are those of its credentials in every tool: drafts are shown to editors only', async () => {
    await execute(
      `mutation { createPerson(input: { name: "Drafted Person", description: "secretword" }, publicationStatus: DRAFT) { __typename } }`,
    );
    const query = '{ person(slug: "drafted-person") { name } }';
    const calls: [string, Record<string, unknown>][] = [
      ['entity', { entity: 'drafted-person' }],
      ['facts', { entity: 'drafted-person' }],
      ['query', { query }],
    ];
    for (const [tool, args] of calls) {
      // Before and after an editor's call, so that nothing of it is kept.
      expect((await call(tool, args)).text, tool).not.toMatch(/Drafted Person|secretword/);
      expect((await callAsEditor(tool, args)).text, tool).toContain('rafted');
      expect((await call(tool, args)).text, tool).not.toMatch(/Drafted Person|secretword/);
    }
  });
});

describe('a text that may not be shown', () => {
  it('is neither read nor searched by readers, whose passages end where they are cited', async () => {
    await execute(
      `mutation { createArticle(input: { title: "Closed text", slug: "closed-text", bodyAccess: PASSAGES,
        body: "Ann Example took the floor in Ulm. The hidden remainder mentions zugzwang." }) { __typename } }`,
    );
    const query = '{ article(slug: "closed-text") { body citedBy { totalCount } } }';
    expect((await call('query', { query })).text).toContain('"body":null');
    expect((await callAsEditor('query', { query })).text).toContain('zugzwang');
    expect((await call('search', { query: 'zugzwang' })).json).toMatchObject({ totalCount: 0 });
    expect((await callAsEditor('search', { query: 'zugzwang' })).text).toContain('closed-text');
  });
});

// Private:

/** The facts that an answer shows and those that it leaves out. */
function totalsOf(json: Record<string, unknown>): Record<string, number> {
  const { how: _, ...totals } = (json['more'] ?? {}) as Record<string, number>;
  for (const [key, value] of Object.entries(json)) {
    if (Array.isArray(value)) totals[key] = (totals[key] ?? 0) + value.length;
  }
  return totals;
}

async function bodyOf(slug: string): Promise<string[]> {
  const { data } = await execute('query ($slug: String!) { article(slug: $slug) { body } }', {
    slug,
  });
  return Array.from((data as unknown as { article: { body: string } }).article.body);
}
