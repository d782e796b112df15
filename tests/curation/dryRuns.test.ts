import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { make, mutate, mutationOf } from './support.js';

describeOnEachDatabase('a dry run', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    await make(base, 'Person', '{ name: "Ann" }');
    await make(base, 'Article', '{ title: "News", body: "Ann joined in May." }');
    await mutate(
      base,
      mutationOf(
        'cite(input: { target: "ann", article: "news", exact: "Ann joined" })',
        'RecordPayload { revision }',
      ),
    );
  });
  const counts = async () =>
    (
      await readRows(
        database.db,
        sql`select (select count(*)::int from revision) as revisions, (select count(*)::int from entity) as entities,
          (select count(*)::int from idempotent_request) as keys, (select string_agg(text, ',') from article_body) as bodies`,
      )
    )[0];
  const cases: [call: string, payload: string, expected: object][] = [
    [
      'createPerson(input: { slug: "ben", name: "Ben" }, dryRun: true, idempotencyKey: "dry")',
      'PersonPayload { isDryRun action revision person { slug } }',
      { isDryRun: true, action: 'CREATED', revision: 0, person: null },
    ],
    [
      'updatePerson(id: "ann", input: { name: "Anna" }, dryRun: true)',
      'PersonPayload { isDryRun action revision person { name } }',
      { isDryRun: true, action: 'UPDATED', revision: 2, person: { name: 'Ann' } },
    ],
    [
      'upsertPerson(input: { slug: "ann", name: "Ann" }, dryRun: true)',
      'PersonPayload { isDryRun action }',
      { isDryRun: true, action: 'UNCHANGED' },
    ],
    [
      'delete(id: "ann", reason: "x", dryRun: true)',
      'RecordPayload { isDryRun action record { caption } }',
      { isDryRun: true, action: 'DELETED', record: { caption: 'Ann' } },
    ],
    [
      'updateArticle(id: "news", input: { body: "Nothing." }, dryRun: true)',
      'ArticlePayload { isDryRun brokenReferences { record { caption } exact reference { verified } } }',
      {
        isDryRun: true,
        brokenReferences: [
          { record: { caption: 'Ann' }, exact: 'Ann joined', reference: { verified: true } },
        ],
      },
    ],
    [
      'batch(dryRun: true, operations: [{ createPerson: { slug: "cy", name: "Cy" } }, { updatePerson: { id: "cy", input: { description: "d" } } }])',
      'BatchPayload { isDryRun payloads { action record { caption } } }',
      {
        isDryRun: true,
        payloads: [
          { action: 'CREATED', record: null },
          { action: 'UPDATED', record: null },
        ],
      },
    ],
  ];

  it('says what a mutation would do, and changes nothing', async () => {
    const before = await counts();
    for (const [call, payload, expected] of cases) {
      expect(await mutate(base, mutationOf(call, payload)), call).toMatchObject(expected);
    }
    expect(await counts()).toEqual(before);
  });

  it('reports the issues of a mutation', async () => {
    const call = 'createPerson(input: { slug: "ann", name: " " }, dryRun: true)';
    expect(await mutate(base, mutationOf(call, 'PersonPayload { revision }'))).toMatchObject({
      issues: [{ code: 'DUPLICATE', path: 'input.slug' }],
    });
  });

  it('leaves an idempotency key for the mutation itself', async () => {
    const create = (dryRun: boolean) =>
      mutationOf(
        `createPerson(input: { slug: "dee", name: "Dee" }, idempotencyKey: "k", dryRun: ${dryRun})`,
        'PersonPayload { isDryRun person { slug } }',
      );
    expect(await mutate(base, create(true))).toMatchObject({ isDryRun: true, person: null });
    const made = { isDryRun: false, person: { slug: 'dee' } };
    expect(await mutate(base, create(false))).toMatchObject(made);
    expect(await mutate(base, create(false))).toMatchObject(made);
  });
});
