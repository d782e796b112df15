import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { openDatabase } from '../../src/database/open.js';
import { createChancery } from '../../src/chancery.js';
import { ChangeAborted, curate } from '../../src/knowledge/curation/curate.js';
import type { Edit } from '../../src/knowledge/curation/edit.js';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { lockWriting } from '../../src/knowledge/writing/lock.js';
import { describeOnEachDatabase, describeOnEachServer } from '../support/databases.js';
import { knowledgeBase } from '../support/knowledgeBase.js';
import { importAll } from '../exchange/stream/support.js';

const author = { identity: 'cli:test', actor: 'test', reason: null };

const person = (name: string): Edit => ({
  kind: 'create',
  recordType: 'people',
  fields: { name },
  isDraft: false,
});

const people = async ({ db }: Database) =>
  (await readRows<{ slug: string }>(db, sql`select slug from entity order by slug`)).map(
    ({ slug }) => slug,
  );

describeOnEachDatabase('an aborted change', ({ open }) => {
  it.each([
    ['before it begins', 0],
    ['after its first edit', 1],
    ['after its last edit, before it is committed', 3],
  ])('%s leaves nothing behind', async (_when, edits) => {
    const controller = new AbortController();
    let written = 0;
    const database = await open({
      onStatement: (text) => {
        if (/insert into "?revision"?/i.test(text) && ++written === edits) controller.abort();
      },
    });
    if (edits === 0) controller.abort();
    const change = ['Ann', 'Bob', 'Zoë'].map(person);
    await expect(
      curate(database, change, author, { signal: controller.signal, idempotencyKey: 'k' }),
    ).rejects.toThrow(ChangeAborted);
    expect(written).toBe(edits);
    expect(await people(database)).toEqual([]);
    const { outcomes } = await curate(database, change, author, { idempotencyKey: 'k' });
    expect(outcomes).toHaveLength(3);
  });
});

describeOnEachServer('a request that is answered 504', ({ newDatabase }) => {
  it('writes no more once its turn comes, in none of its fields', async () => {
    const url = await newDatabase();
    const chancery = await createChancery({ database: { url }, limits: { seconds: 1 } });
    const beside = await openDatabase({ url });
    const { key } = await createApiKey(chancery.database, { name: 'Ann', role: 'EDITOR' });
    let isAnswered = (): void => {};
    const answered = new Promise<void>((resolve) => (isAnswered = resolve));
    let isLocked = (): void => {};
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    const held = beside.db.transaction(async (tx) => {
      await lockWriting(tx);
      isLocked();
      await answered;
    });
    await locked;
    const fields = [1, 2, 3].map(
      (i) =>
        `b${i}: batch(operations: [{ createPerson: { name: "P ${i}" } }, { createPerson: { name: "Q ${i}" } }]) { __typename }`,
    );
    const response = await chancery.fetch(
      new Request('http://test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ query: `mutation { ${fields.join(' ')} }` }),
      }),
    );
    expect(response.status).toBe(504);
    isAnswered();
    await held;
    // The next change waits for every change in progress.
    await curate(chancery.database, [person('Later')], author);
    await expect.poll(async () => people(beside)).toEqual(['later']);
    await chancery.close();
    expect(await people(beside)).toEqual(['later']);
    await beside.close();
  });
});

describeOnEachDatabase('a name that many have', ({ open }) => {
  it('gets the next number by one look-up, however many there are', async () => {
    const statements: string[] = [];
    const database = await open({ onStatement: (text) => statements.push(text) });
    const counts: number[] = [];
    for (let round = 0; round < 3; round++) {
      statements.length = 0;
      await curate(
        database,
        Array.from({ length: 20 }, () => person('Ann Example')),
        author,
      );
      counts.push(statements.length);
    }
    expect(new Set(counts).size).toBe(1);
    const expected = Array.from({ length: 60 }, (_, i) => `ann-example${i ? `-${i + 1}` : ''}`);
    expect((await people(database)).sort()).toEqual(expected.sort());
  });
});

describeOnEachDatabase('what is not reviewed', ({ open }) => {
  it('is neither published nor hidden by a merge, a revert, an undo or an import', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const execute = async (text: string) => {
      const { data, errors } = await base.executeAs('EDITOR', `mutation { it: ${text} }`);
      expect(errors).toBeUndefined();
      return (data as { it: Record<string, unknown> & { issues?: { path: string }[] } }).it;
    };
    const errorFields =
      '... on MutationError { __typename message } ... on ValidationError { issues { path } }';
    const make = async (name: string, isDraft: boolean) => {
      const made = await execute(
        `createPerson(publicationStatus: ${isDraft ? 'DRAFT' : 'PUBLISHED'}, input: { name: "${name}" }) { ... on PersonPayload { changeId person { id } } }`,
      );
      return {
        changeId: made['changeId'] as string,
        id: (made['person'] as { id: string }).id,
      };
    };
    const isPublic = async (slug: string) =>
      (await base.execute(`{ person(slug: "${slug}") { name } }`)).data?.['person'] !== null;
    const published = await make('Published', false);
    const draft = await make('Draft', true);
    const merge = (from: string, into: string) =>
      execute(`merge(from: "${from}", into: "${into}") { ${errorFields} }`);
    expect(await merge(draft.id, published.id)).toMatchObject({ issues: [{ path: 'from' }] });
    expect(await merge(published.id, draft.id)).toMatchObject({ issues: [{ path: 'into' }] });
    expect(
      await execute(
        `batch(operations: [{ merge: { from: "${draft.id}", into: "${published.id}" } }]) { ${errorFields} }`,
      ),
    ).toMatchObject({ __typename: 'ValidationError' });
    expect(await isPublic('draft')).toBe(false);

    const reviewed = await make('Reviewed', true);
    await execute(
      `updatePerson(id: "${reviewed.id}", input: { description: "x" }) { ${errorFields} }`,
    );
    const payload = '... on RecordPayload { changeId revision }';
    const publishing = await execute(`publish(id: "${reviewed.id}") { ${payload} }`);
    await execute(`revert(id: "${reviewed.id}", toRevision: 1) { ${payload} ${errorFields} }`);
    expect(await isPublic('reviewed')).toBe(true);
    expect(
      await execute(`undo(changeId: "${reviewed.changeId}") { ${errorFields} }`),
    ).toMatchObject({
      __typename: 'ConflictError',
    });
    expect(await isPublic('reviewed')).toBe(true);

    // What an undo says that it takes back, it does; but it is no way to publish.
    const hiding = await execute(
      `undo(changeId: "${String(publishing['changeId'])}") { ... on UndoPayload { changeId } ${errorFields} }`,
    );
    expect(await isPublic('reviewed')).toBe(false);
    expect(
      await execute(`undo(changeId: "${String(hiding['changeId'])}") { ${errorFields} }`),
    ).toMatchObject({
      issues: [{ path: 'changeId' }],
    });
    await execute(`revert(id: "${reviewed.id}", toRevision: 3) { ${payload} ${errorFields} }`);
    expect(await isPublic('reviewed')).toBe(false);
    await importAll(database, [
      { type: 'Person', slug: 'reviewed', name: 'Reviewed', status: 'PUBLISHED' },
      { type: 'Person', slug: 'published', name: 'Published', status: 'DRAFT' },
    ]);
    expect(await isPublic('reviewed')).toBe(false);
    expect(await isPublic('published')).toBe(true);
    await execute(`publish(id: "${reviewed.id}") { ${payload} }`);
    expect(await isPublic('reviewed')).toBe(true);
    const other = await make('Other', true);
    expect(await merge(other.id, draft.id)).not.toHaveProperty('issues');
  });
});
