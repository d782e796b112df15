import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { readRows, type Database } from '../../src/database/database.js';
import { audit } from '../../src/knowledge/history/audit.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { mutationOf, make, mutate } from './support.js';

describeOnEachDatabase('mutations', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  let acme: string;
  let ann: string;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    ({ id: acme } = await make(base, 'Organization', '{ name: "Acme", kind: COMPANY }'));
    ({ id: ann } = await make(base, 'Person', '{ name: "Ann", birthDate: "1970" }'));
  });
  const person = 'PersonPayload { revision person { slug name birthDate description } }';

  it('reports every issue of an input at once, with its path', async () => {
    const call = `createPerson(input: { slug: "Not A Slug", name: "  ", birthDate: "1980", deathDate: "1970",
      urls: ["https://example.org/"], references: [{ article: "nope", exact: "x" }] })`;
    const { issues } = await mutate(base, mutationOf(call, person));
    expect(issues?.map(({ path }) => path)).toEqual(['input.slug', 'input.name']);
    const second = mutationOf(
      'createPerson(input: { name: "X", birthDate: "1980", deathDate: "1970", references: [{ article: "nope", exact: "x" }] })',
      person,
    );
    const { issues: rules } = await mutate(base, second);
    expect(rules).toEqual([
      {
        code: 'UNKNOWN_RECORD',
        path: 'input.references[0].article',
        nearest: [],
        message: expect.stringContaining('no article has the slug "nope"') as unknown,
      },
      {
        code: 'CONTRADICTION',
        path: 'input.deathDate',
        nearest: [],
        message: '"deathDate" "1970" is before "birthDate" "1980"',
      },
    ]);
    expect((await base.execute('{ people { totalCount } }')).data).toEqual({
      people: { totalCount: 1 },
    });
  });

  it('rejects a NUL character with its path', async () => {
    const { issues } = await mutate(
      base,
      `mutation ($name: String!) { createPerson(input: { name: $name }) { __typename ... on ValidationError { issues { code path message nearest } } } }`,
      { name: 'A\u0000' },
    );
    expect(issues).toEqual([
      {
        code: 'INVALID_VALUE',
        path: 'input.name',
        nearest: [],
        message: '"name" holds a NUL character, which cannot be stored: remove it',
      },
    ]);
  });

  it('keeps fields that a patch omits, and clears fields that it sets to null', async () => {
    const update = (input: string) =>
      mutationOf(`updatePerson(id: "${ann}", input: ${input})`, person);
    expect(await mutate(base, update('{ description: "A baker" }'))).toMatchObject({
      person: { birthDate: '1970', description: 'A baker' },
    });
    expect(await mutate(base, update('{ birthDate: null }'))).toMatchObject({
      person: { birthDate: null, description: 'A baker', name: 'Ann' },
    });
    expect(await mutate(base, update('{ name: null }'))).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: 'input.name' }],
    });
  });

  it('a change that changes nothing makes no revision', async () => {
    const again = mutationOf(`updatePerson(id: "${ann}", input: { name: "Ann" })`, person);
    const before = await mutate(base, again);
    expect(await mutate(base, again)).toMatchObject({ revision: before.revision });
  });

  it('an upsert by slug makes a record once and changes it afterwards', async () => {
    const upsert = (name: string) =>
      mutationOf(`upsertPerson(input: { slug: "zoe", name: "${name}" })`, person);
    expect(await mutate(base, upsert('Zoe'))).toMatchObject({ revision: 1 });
    expect(await mutate(base, upsert('Zoë'))).toMatchObject({
      revision: 2,
      person: { slug: 'zoe', name: 'Zoë' },
    });
    expect(await mutate(base, upsert('Zoë'))).toMatchObject({ revision: 2 });
    const create = mutationOf('createPerson(input: { slug: "zoe", name: "Zoe" })', person);
    expect(await mutate(base, create)).toMatchObject({ issues: [{ path: 'input.slug' }] });
  });

  it('records without a slug get one made of their names', async () => {
    const slugs = [];
    for (let i = 0; i < 3; i++) {
      slugs.push((await make(base, 'Person', '{ name: "Éva Nagy" }')).slug);
    }
    expect(slugs).toEqual(['eva-nagy', 'eva-nagy-2', 'eva-nagy-3']);
  });

  it('the same mutation under one key is carried out once', async () => {
    const create = (name: string) =>
      mutationOf(`createPerson(input: { name: "${name}" }, idempotencyKey: "k1")`, person);
    const [first, second] = await Promise.all([
      mutate(base, create('Once Only')),
      mutate(base, create('Once Only')),
    ]);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ person: { slug: 'once-only' } });
    expect(await mutate(base, create('Another'))).toMatchObject({
      issues: [{ path: 'idempotencyKey' }],
    });
  });

  it('a key is forgotten after a day', async () => {
    const count = async () =>
      (await readRows(database.db, sql`select key from idempotent_request where key like 'old%'`))
        .length;
    const touch = (key: string) =>
      mutate(
        base,
        mutationOf(
          `upsertPerson(input: { slug: "zoe", name: "Zoë" }, idempotencyKey: "${key}")`,
          person,
        ),
      );
    await touch('old-1');
    await database.db.execute(sql`update idempotent_request set at = at - interval '23 hours'`);
    await touch('new-1');
    expect(await count()).toBe(1);
    await database.db.execute(sql`update idempotent_request set at = at - interval '2 hours'`);
    await touch('new-2');
    expect(await count()).toBe(0);
  });

  it('reports a conflict to the second of two concurrent editors', async () => {
    const update = (text: string) =>
      mutationOf(
        `updateOrganization(id: "${acme}", input: { description: "${text}" }, expectedRevision: 1)`,
        'OrganizationPayload { revision organization { description } }',
      );
    const results = await Promise.all([mutate(base, update('one')), mutate(base, update('two'))]);
    expect(results.map(({ __typename }) => __typename).sort()).toEqual([
      'ConflictError',
      'OrganizationPayload',
    ]);
  });

  it('a record is not merged into itself, into another kind, or in a circle', async () => {
    const merge = (from: string, into: string) =>
      mutationOf(`merge(from: "${from}", into: "${into}")`, 'MergePayload { changeId }');
    expect(await mutate(base, merge(ann, ann))).toMatchObject({ issues: [{ path: 'from' }] });
    expect(await mutate(base, merge(ann, acme))).toMatchObject({ issues: [{ path: 'into' }] });
    const { id: one } = await make(base, 'Person', '{ name: "One" }');
    const { id: two } = await make(base, 'Person', '{ name: "Two" }');
    expect(await mutate(base, merge(one, two))).toMatchObject({ __typename: 'MergePayload' });
    expect(await mutate(base, merge(two, one))).toMatchObject({ issues: [{ path: 'into' }] });
    expect(await mutate(base, merge(one, two))).toMatchObject({ issues: [{ path: 'from' }] });
  });

  it('redirects take one step after several merges', async () => {
    const ids = [];
    for (const name of ['Chain A', 'Chain B', 'Chain C']) {
      ids.push((await make(base, 'Person', `{ name: "${name}" }`)).id);
    }
    const [a, b, c] = ids;
    for (const [from, into] of [
      [a, b],
      [b, c],
    ]) {
      const merge = `merge(from: "${from}", into: "${into}")`;
      expect(await mutate(base, mutationOf(merge, 'MergePayload { changeId }'))).toMatchObject({
        __typename: 'MergePayload',
      });
    }
    const { data } = await base.execute(
      `{ person(slug: "chain-a") { slug } node(id: "${a}") { id } }`,
    );
    expect(data).toEqual({ person: { slug: 'chain-c' }, node: { id: c } });
  });

  it('a merged record that is reverted has its quotations again, and so has the other one', async () => {
    const { id: article } = await make(
      base,
      'Article',
      '{ title: "Twins", body: "Both were there." }',
    );
    const { id: goes } = await make(base, 'Person', '{ name: "Twin A" }');
    const { id: stays } = await make(base, 'Person', '{ name: "Twin B" }');
    for (const call of [
      `cite(input: { target: "${goes}", article: "${article}", exact: "Both were there" })`,
      `merge(from: "${goes}", into: "${stays}")`,
      `revert(id: "${goes}", toRevision: 2)`,
    ]) {
      const payload = call.startsWith('merge') ? 'MergePayload' : 'RecordPayload';
      expect(await mutate(base, mutationOf(call, `${payload} { changeId }`))).toMatchObject({
        __typename: payload,
      });
    }
    const { data } = await base.execute(
      '{ a: person(slug: "twin-a") { references { nodes { exact } } } b: person(slug: "twin-b") { references { nodes { exact } } } }',
    );
    const quoted = { references: { nodes: [{ exact: 'Both were there' }] } };
    expect(data).toEqual({ a: quoted, b: quoted });
    expect((await audit(database)).discrepancies).toEqual([]);
  });

  it('merged articles keep their quotations, found in the text that stays', async () => {
    const article = async (title: string, body: string) =>
      (
        await make(
          base,
          'Article',
          `{ title: "${title}", body: "${body}", mentions: [{ entity: "acme" }] }`,
        )
      ).id;
    const from = await article('Copy', 'Today Acme hired Ann.');
    const into = await article('Original', 'Acme hired Ann. Bob left.');
    const { id } = await make(
      base,
      'Position',
      '{ person: "ann", organization: "acme", title: "Baker", kind: OTHER, references: [{ article: "copy", exact: "Acme hired Ann" }] }',
      { fields: 'id' },
    );
    await mutate(
      base,
      mutationOf(`merge(from: "${from}", into: "${into}")`, 'MergePayload { changeId }'),
    );
    const { data } = await base.execute(`{ node(id: "${id}") { ... on Position {
      references { nodes { start verified article { slug } } } } } }`);
    expect(data).toEqual({
      node: {
        references: { nodes: [{ start: 0, verified: true, article: { slug: 'original' } }] },
      },
    });
  });

  it('an organization is no part of its own part', async () => {
    const { id: part } = await make(
      base,
      'Organization',
      '{ name: "Part", kind: COMPANY, parent: "acme" }',
    );
    const update = (id: string, parent: string) =>
      mutationOf(
        `updateOrganization(id: "${id}", input: { parent: "${parent}" })`,
        'OrganizationPayload { revision }',
      );
    expect(await mutate(base, update(acme, 'part'))).toMatchObject({
      issues: [{ path: 'input.parent' }],
    });
    expect(await mutate(base, update(part, 'part'))).toMatchObject({
      issues: [{ path: 'input.parent' }],
    });
  });

  it('rejects a position that ends before it begins, and warns of two heads at once', async () => {
    const head = (who: string, period: string) =>
      mutationOf(
        `createPosition(input: { person: "${who}", organization: "acme", title: "Chair", kind: HEAD_OF_ORGANIZATION, ${period} })`,
        'PositionPayload { warnings { code message } }',
      );
    expect(await mutate(base, head('ann', 'start: "2020", end: "2019"'))).toMatchObject({
      issues: [{ path: 'input.end' }],
    });
    expect(await mutate(base, head('ann', 'start: "2020"'))).toMatchObject({ warnings: [] });
    expect(await mutate(base, head('zoe', 'start: "2022"'))).toMatchObject({
      warnings: [
        {
          code: 'CONCURRENT_HEADS',
          message: expect.stringContaining(
            'Ann (ann) is Chair of the same organization',
          ) as unknown,
        },
      ],
    });
    expect(await mutate(base, head('ann', 'start: "2021"'))).toMatchObject({
      __typename: 'ValidationError',
    });
  });

  it('a change is not undone over a later one', async () => {
    const update = (text: string) =>
      mutationOf(
        `updatePerson(id: "${ann}", input: { description: "${text}" })`,
        'PersonPayload { changeId }',
      );
    const { changeId } = await mutate(base, update('first'));
    await mutate(base, update('second'));
    const undo = mutationOf(`undo(changeId: "${changeId}")`, 'UndoPayload { changeId }');
    expect(await mutate(base, undo)).toMatchObject({
      __typename: 'ConflictError',
      current: { id: ann },
    });
  });

  it('what is deleted is not changed, what is published not published again', async () => {
    const { id } = await make(base, 'Person', '{ name: "Short Lived" }');
    const call = (text: string) => mutate(base, mutationOf(text, 'RecordPayload { revision }'));
    expect(await call(`publish(id: "${id}")`)).toMatchObject({ issues: [{ path: 'id' }] });
    expect(await call(`reject(id: "${id}", reason: "x")`)).toMatchObject({
      issues: [{ path: 'id' }],
    });
    expect(await call(`delete(id: "${id}", reason: "x")`)).toMatchObject({ revision: 2 });
    expect(await call(`delete(id: "${id}", reason: "x")`)).toMatchObject({
      issues: [{ path: 'id' }],
    });
    const update = mutationOf(`updatePerson(id: "${id}", input: { name: "X" })`, person);
    expect(await mutate(base, update)).toMatchObject({ issues: [{ path: 'id' }] });
  });

  it('reports a malformed id as an issue, and an unknown id as not found', async () => {
    const wrong = mutationOf('delete(id: "PER_ann", reason: "x")', 'RecordPayload { revision }');
    expect(await mutate(base, wrong)).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ code: 'INVALID_ID', path: 'id' }],
    });
    const none = `PER_${Buffer.alloc(16).toString('base64url')}`;
    expect(
      await mutate(
        base,
        mutationOf(`delete(id: "${none}", reason: "x")`, 'RecordPayload { revision }'),
      ),
    ).toMatchObject({ __typename: 'NotFoundError', path: 'id' });
  });

  it('all of it is in history', async () => {
    expect((await audit(database)).discrepancies).toEqual([]);
  });
});
