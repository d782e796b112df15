import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { createChancery, type Chancery } from '../../src/chancery.js';
import { createApiKey } from '../../src/knowledge/auth/apiKeys.js';
import { run } from '../support/command.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase } from '../support/knowledgeBase.js';
import { temporaryFolder } from '../support/temporary.js';
import { dump, importAll } from '../exchange/stream/support.js';
import { inMemory } from '../support/inMemory.js';
import { bearerOf } from '../support/bearer.js';

const people: Record<string, { id: string; name: string; role: 'EDITOR' }> = {
  ann: { id: 'u1', name: 'import', role: 'EDITOR' },
  bob: { id: 'u2', name: 'import', role: 'EDITOR' },
  long: { id: 'u3', name: 'x'.repeat(3000), role: 'EDITOR' },
  hidden: { id: 'u4', name: 'Ann\u202e', role: 'EDITOR' },
};

describe('whose change it is', () => {
  let chancery: Chancery;
  beforeAll(async () => {
    chancery = await createChancery({
      database: await inMemory(),
      identify: (request) => people[bearerOf(request) ?? ''],
    });
  });
  afterAll(() => chancery.close());

  const send = async (credentials: string, query: string) => {
    const response = await chancery.fetch(
      new Request('http://test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${credentials}` },
        body: JSON.stringify({ query }),
      }),
    );
    const { data, errors } = (await response.json()) as {
      data?: Record<string, { person: { id: string } }>;
      errors?: { message: string }[];
    };
    return { status: response.status, data, message: errors?.[0]?.message };
  };
  const create = async (credentials: string, name: string, key?: string) => {
    const { data, message } = await send(
      credentials,
      `mutation { made: createPerson(${key ? `idempotencyKey: "${key}", ` : ''}input: { name: "${name}" }) {
        ... on PersonPayload { person { id } } } }`,
    );
    return data?.['made']?.person.id ?? message;
  };
  const historyOf = async (id: unknown) => {
    const { data } = await send(
      'ann',
      `{ node(id: "${String(id)}") { ... on Person { history { nodes { author { name identity } importedBy } } } } }`,
    );
    return (data as unknown as { node: { history: { nodes: object[] } } }).node.history.nodes;
  };

  it('is identified by an identity beside the name, which two authors may share', async () => {
    const { id, key } = await createApiKey(chancery.database, { name: 'import', role: 'EDITOR' });
    for (const [credentials, identity] of [
      [key, `key:${id}`],
      ['ann', 'app:u1'],
      ['bob', 'app:u2'],
    ] as const) {
      expect(await historyOf(await create(credentials, 'Zoë'))).toEqual([
        { author: { name: 'import', identity }, importedBy: null },
      ]);
    }
    await chancery.importRecords([{ type: 'Person', slug: 'imported', name: 'Imported' }]);
    const { data } = await send('ann', '{ person(slug: "imported") { id } }');
    expect(await historyOf((data as unknown as { person: { id: string } }).person.id)).toEqual([
      { author: { name: 'import', identity: 'app:import' }, importedBy: null },
    ]);
  });

  it('a key for a repetition holds for one identity, not for all that have its name', async () => {
    const first = await create('ann', 'Repeated', 'k1');
    expect(await create('bob', 'Repeated', 'k1')).not.toBe(first);
    expect(await create('ann', 'Repeated', 'k1')).toBe(first);
    const one = await createApiKey(chancery.database, { name: 'import', role: 'EDITOR' });
    const other = await createApiKey(chancery.database, { name: 'import', role: 'EDITOR' });
    const made = await create(one.key, 'Repeated', 'k1');
    expect([first, await create(other.key, 'Repeated', 'k1')]).not.toContain(made);
    expect(await create(one.key, 'Repeated', 'k1')).toBe(made);
  });

  it('is rejected with 401 where the name is too long or has control characters', async () => {
    expect(await send('long', '{ __typename }')).toMatchObject({
      status: 401,
      message: 'the id or the name of the user has 3000 characters, of 200 at most',
    });
    expect(await send('hidden', '{ __typename }')).toMatchObject({
      status: 401,
      message: 'the id or the name of the user contains control or invisible characters',
    });
    expect(await send('nobody', '{ __typename }')).toMatchObject({ status: 401 });
  });

  it('is not shown to readers', async () => {
    const id = await create('ann', 'Written');
    const response = await chancery.fetch(
      new Request('http://test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: `{ node(id: "${id}") { ... on Person { history { nodes { author { identity } } } } } }`,
        }),
      }),
    );
    expect(await response.text()).not.toContain('app:u1');
  });
});

describe('the name of a key', () => {
  it.each(['x'.repeat(201), ' ', 'Ann\nBob', 'Ann\u202e', 'Ann\u200b', '\ud800'])(
    'is not %j',
    async (name) => {
      const untouched = {} as Database;
      await expect(createApiKey(untouched, { name, role: 'EDITOR' })).rejects.toThrow(RangeError);
    },
  );

  it('is rejected by the commands before anything is written', async () => {
    const env = { CHANCERY_DATA_DIR: await temporaryFolder() };
    expect(
      await run(['keys', 'create', '--role', 'editor', '--name', 'Ann\tBob'], env),
    ).toMatchObject({
      code: 2,
      stderr: 'chancery: --name contains control or invisible characters\n',
    });
    expect(await run(['import', 'x.yaml', '--actor', 'x'.repeat(201)], env)).toMatchObject({
      code: 2,
      stderr: 'chancery: --actor has 201 characters, of 200 at most\n',
    });
  });
});

describeOnEachDatabase('history that is brought along', ({ open }) => {
  const revision = {
    id: '01890000-0000-7000-8000-000000000001',
    at: '2024-05-04T10:00:00Z',
    actor: 'Ann Example',
    identity: 'key:01890000-0000-7000-8000-00000000000a',
    action: 'CREATE',
    changes: {},
  };
  const person = (revisions: object[]) => ({
    type: 'Person',
    slug: 'p',
    name: 'P',
    id: '01890000-0000-7000-8000-0000000000ff',
    revisions,
  });
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });

  it('keeps its authors, records the importer, and is exported as it was imported', async () => {
    await importAll(database, [person([revision])], { actor: 'Bob', identity: 'cli:import' });
    const rows = await readRows(
      database.db,
      sql`select actor, identity, imported_by as "importedBy" from revision`,
    );
    expect(rows).toEqual([
      { actor: 'Ann Example', identity: revision.identity, importedBy: 'cli:import' },
    ]);
    const [line = ''] = await dump(database);
    const exported = JSON.parse(line) as { revisions: Record<string, unknown>[] };
    expect(exported.revisions).toHaveLength(1);
    expect(exported.revisions[0]).toMatchObject({
      actor: 'Ann Example',
      identity: revision.identity,
    });
    expect(exported.revisions[0]).not.toHaveProperty('importedBy');
  });

  it('may name fields that no record has, which leads nowhere', async () => {
    const other = '01890000-0000-7000-8000-0000000000';
    await importAll(database, [
      {
        ...person([
          { ...revision, id: `${other}a1`, changes: { name: { before: null, after: 'Odd' } } },
          {
            ...revision,
            id: `${other}a2`,
            action: 'UPDATE',
            changes: { constructor: { before: null, after: 'nato' }, toString: { after: [] } },
          },
        ]),
        id: `${other}aa`,
        slug: 'odd',
      },
    ]);
    const base = knowledgeBase(database);
    const { data } = await base.executeAs('EDITOR', '{ person(slug: "odd") { id } }');
    const { id } = (data as { person: { id: string } }).person;
    for (const to of [1, 2]) {
      const { errors } = await base.executeAs(
        'EDITOR',
        `mutation { revert(id: "${id}", toRevision: ${to}) { __typename } }`,
      );
      expect(errors).toBeUndefined();
    }
  });

  it.each([
    ['actor', 'x'.repeat(201)],
    ['actor', ''],
    ['actor', 'Ann\u0007'],
    ['identity', 'x'.repeat(1001)],
    ['identity', 'key:\n1'],
  ])('is rejected with its line where %s is out of bounds', async (field, value) => {
    const { refused, rejections } = await importAll(database, [
      { ...person([{ ...revision, [field]: value }]), slug: 'q', id: undefined },
    ]);
    expect(refused).toBe(1);
    expect(rejections.join()).toContain(`1: revisions[0].${field}`);
  });
});
