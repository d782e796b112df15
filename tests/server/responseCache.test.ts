import { sql } from 'drizzle-orm';
import { beforeAll, afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { DatabaseLocation } from '../../src/database/open.js';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { readerExamples } from '../../src/server/http/graphiql/examples.js';
import { ResponseCache } from '../../src/server/execution/responseCache.js';
import { describeOnEachServer } from '../support/databases.js';
import { inMemory } from '../support/inMemory.js';
import { eventually } from '../support/waiting.js';

/** What between them looks at every table, in lists, look-ups, parts and counts. */
const queries = [
  ...readerExamples.map(({ query }) => query),
  `{ organization(slug: "nato") { name names { name } identifiers { value } urls description
     offices(first: 2) { totalCount nodes { name statuses { status start } alsoAccreditedTo { name } } }
     members { totalCount } positions { nodes { title person { name } } } } }`,
  '{ organization(slug: "the-new-one") { name } }',
  '{ entityByIdentifier(scheme: "wikidata", value: "Q7184") { name } }',
  '{ person(slug: "jens-stoltenberg") { name statements { totalCount } mentions { totalCount } } }',
  '{ articles { totalCount nodes { title body citedBy { totalCount } } } }',
  '{ statements(filter: { about: ["japan"] }) { totalCount nodes { text about { name } audience { name } } } }',
  '{ statements(filter: { publisher: ["cnn"] }) { totalCount } }',
  '{ offices(filter: { status: [OPEN], asOf: "2023-04" }) { totalCount nodes { slug } } }',
  '{ places { totalCount nodes { name country { name } offices { totalCount } } } }',
  '{ events { nodes { name participants { name } statements { totalCount } } } }',
];

/** Changes to the tables by editors and programs, none of which is undone. */
const changes = {
  'a name': sql`update entity set name = 'NATO!', updated_at = now() where slug = 'nato'`,
  'a sort name': sql`update entity set sort_name = 'zzz' where slug = 'nato-liaison-office-kyiv' or slug like 'nato-%ukraine%'`,
  'another name': sql`insert into entity_name (id, entity_id, name, sort_name)
    select gen_random_uuid(), id, 'The Alliance', 'the alliance' from entity where slug = 'nato'`,
  'an identifier': sql`insert into entity_identifier (entity_id, scheme, value)
    select id, 'test', 'T1' from entity where slug = 'nato'`,
  'the text of a statement': sql`update statement set text = 'Something else' where id = (select id from statement order by id limit 1)`,
  'what a statement is about': sql`delete from statement_subject where statement_id =
    (select statement_id from statement_subject order by statement_id limit 1)`,
  'to whom it was said': sql`delete from statement_audience`,
  'the title of articles': sql`update article set title = title || '!'`,
  'how much of articles readers may see': sql`update article set body_access = 'PASSAGES'`,
  'offices, deleted': sql`update entity set deleted_at = now() where type = 'OFFICE'`,
  'offices, restored': sql`update entity set deleted_at = null where type = 'OFFICE'`,
  'a status': sql`update office_status set status = 'CLOSED' where office_id = (select id from office order by id limit 1)`,
  'a person, made a draft': sql`update entity set status = 'DRAFT' where slug = 'jens-stoltenberg'`,
  'a person, published again': sql`update entity set status = 'PUBLISHED' where slug = 'jens-stoltenberg'`,
  'an article, deleted': sql`update article set deleted_at = now()`,
  'an article, restored': sql`update article set deleted_at = null`,
  'the text of an article': sql`update article_body set text = text || ' More.'`,
  'a reference': sql`update reference set deleted_at = now() where id = (select id from reference order by id limit 1)`,
  'a post': sql`update position set title = 'Chief' where id = (select id from position order by id limit 1)`,
  'a membership': sql`delete from reference where membership_id is not null`,
  'a mention': sql`delete from mention where id = (select id from mention order by id limit 1)`,
  'a place': sql`update entity set name = 'Edo' where slug = 'tokyo'`,
  'the slug of an organization': sql`update entity set slug = 'the-new-one' where slug = 'quad'`,
  'a merge': sql`update entity set merged_into_id = (select id from entity where slug = 'nato') where slug = 'the-new-one'`,
  'what it was merged into': sql`update entity set name = 'NATO again' where slug = 'nato'`,
};

describeOnEachServer('the response cache', ({ newDatabase }) => {
  describeCache(async () => ({ url: await newDatabase() }));

  describe('on two servers', () => {
    let one: Chancery;
    let other: Chancery;
    beforeAll(async () => {
      const database = { url: await newDatabase() };
      one = await createChancery({ database, sample: true });
      other = await createChancery({ database });
    });
    afterAll(async () => {
      await one.close();
      await other.close();
    });

    it('gives no answer from before a change for longer than a second', async () => {
      const query = '{ organization(slug: "nato") { description } }';
      for (let i = 0; i < 5; i++) {
        await execute(one, query);
        await execute(other, query);
        const description = `Changed ${i} times`;
        await one.importDossier({ name: 'a.yaml', text: dossier(description) });
        expect(await execute(one, query)).toEqual({ data: { organization: { description } } });
        await eventually(async () =>
          expect(await execute(other, query)).toEqual({ data: { organization: { description } } }),
        );
      }
    });
  });
});

describe('the response cache (PGlite)', () => {
  describeCache(inMemory);
});

describe('the size of the response cache', () => {
  const current = { isCurrent: () => true };

  it('stays within its bytes, whatever is cached', () => {
    const cache = new ResponseCache(1_000_000, current);
    for (let i = 0; i < 10_000; i++) {
      const recording = cache.record();
      for (let read = 0; read < i % 50; read++) recording.reads.add(`${i} ${read}`);
      cache.keep(`${i}`, 'x'.repeat(i % 3000), recording);
      expect(cache.size.bytes).toBeLessThanOrEqual(1_000_000);
    }
    expect(cache.size.answers).toBeGreaterThan(50);
    cache.drop('everything');
    expect(cache.size).toEqual({ answers: 0, bytes: 0 });
  });

  it('keeps nothing that was read while something changed', () => {
    const cache = new ResponseCache(1_000_000, current);
    const recording = cache.record();
    cache.drop(['something else']);
    cache.keep('key', 'body', recording);
    expect(cache.get('key')).toBeUndefined();
  });

  it('gives nothing while it is not certain that changes are heard', () => {
    let isCurrent = true;
    const cache = new ResponseCache(1_000_000, { isCurrent: () => isCurrent });
    cache.keep('key', 'body', cache.record());
    expect(cache.get('key')).toBe('body');
    isCurrent = false;
    expect(cache.get('key')).toBeUndefined();
  });
});

function describeCache(place: () => Promise<DatabaseLocation>): void {
  let documents = 0;
  let statements: string[] = [];
  let chancery: Chancery;
  beforeAll(async () => {
    const onStatement = (text: string): void => {
      if (!text.includes('pg_notify')) statements.push(text);
    };
    chancery = await createChancery({ database: await place(), sample: true, onStatement });
  });
  afterAll(() => chancery.close());
  const all = [...queries];
  beforeAll(async () => {
    // What has no slug is found by its id alone.
    const { data } = (await execute(
      chancery,
      `{ organization(slug: "nato") { offices { nodes { statuses { id } } } }
         articles { nodes { citedBy { nodes { id } } mentions { nodes { id } } statements { nodes { id } } } } }`,
    )) as { data: unknown };
    const ids = JSON.stringify(data).match(/(?<="id":)"[^"]+"/g) ?? [];
    expect(ids.length).toBeGreaterThan(10);
    all.push(
      ...ids.slice(0, 60).map(
        (id) => `{ node(id: ${id}) { id
          ... on Reference { exact prefix article { title bodyHash } }
          ... on Mention { article { title } entity { name } }
          ... on Statement { text article { title } }
          ... on DatedOfficeStatus { status start } } }`,
      ),
    );
  });
  beforeEach(() => {
    statements = [];
  });

  it('answers again without a statement', async () => {
    // The cache serves only once it listens for changes.
    await eventually(async () => {
      statements = [];
      await execute(chancery, queries[0] ?? '');
      expect(statements).toEqual([]);
    });
    for (const query of queries) {
      const first = await execute(chancery, query);
      expect(first).not.toHaveProperty('errors');
      statements = [];
      expect(await execute(chancery, query)).toEqual(first);
      expect(statements).toEqual([]);
    }
  });

  it('keeps nothing of who comes with credentials, and gives him nothing kept', async () => {
    const query = '{ organization(slug: "nato") { name slug } }';
    await execute(chancery, query);
    const { key } = await createApiKey(chancery.database, { name: 'ann', role: 'EDITOR' });
    statements = [];
    for (let i = 0; i < 2; i++) {
      await execute(chancery, query, { authorization: `Bearer ${key}` });
      expect(statements.some((text) => text.includes('"entity"'))).toBe(true);
      statements = [];
    }
  });

  it('keeps what a change has nothing to do with', async () => {
    const kept = '{ organization(slug: "quad") { name } }';
    await execute(chancery, kept);
    await chancery.importDossier({ name: 'a.yaml', text: dossier('Described anew') });
    statements = [];
    await execute(chancery, kept);
    expect(statements).toEqual([]);
  });

  for (const [what, change] of Object.entries(changes)) {
    it(`forgets what is no longer true: ${what}`, async () => {
      for (const query of all) await execute(chancery, query);
      await chancery.database.db.execute(change);
      // A dossier without news: when it is done, all that was committed before has been heard.
      await chancery.importDossier({ name: 'a.yaml', text: '{}' });
      for (const query of all) {
        const given = await execute(chancery, query);
        // A document that no client has sent before is executed.
        expect(given).toEqual(await execute(chancery, `# ${++documents}\n${query}`));
      }
    });
  }

  it('lets clients revalidate responses to GET', async () => {
    const url = `http://test/graphql?query=${encodeURIComponent('{ place(slug: "vienna") { name } }')}`;
    const first = await chancery.fetch(new Request(url));
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^".{43}"$/);
    expect(first.headers.get('cache-control')).toBe('public, no-cache');
    expect(await first.json()).toEqual({ data: { place: { name: 'Vienna' } } });
    const headers = { 'if-none-match': etag };
    const second = await chancery.fetch(new Request(url, { headers }));
    expect(second.status).toBe(304);
    expect(await second.text()).toBe('');
    await chancery.database.db.execute(sql`update entity set name = 'Wien' where slug = 'vienna'`);
    await chancery.importDossier({ name: 'a.yaml', text: '{}' });
    const third = await chancery.fetch(new Request(url, { headers }));
    expect(await third.json()).toEqual({ data: { place: { name: 'Wien' } } });
  });
}

async function execute(chancery: Chancery, query: string, headers?: Record<string, string>) {
  const response = await chancery.fetch(
    new Request('http://test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    }),
  );
  return (await response.json()) as { data?: unknown };
}

const dossier = (description: string) =>
  JSON.stringify({
    organizations: [{ slug: 'nato', name: 'NATO', kind: 'ALLIANCE', description }],
  });
