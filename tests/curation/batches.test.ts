import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { make, mutate, mutationOf } from './support.js';

describeOnEachDatabase('a batch', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await make(base, 'Organization', '{ name: "Acme", kind: COMPANY }');
    await make(base, 'Article', '{ title: "News", body: "Ann joined Acme in May." }');
  });
  const payload =
    'BatchPayload { changeId payloads { __typename action record { caption } ... on PersonPayload { person { slug } } } }';
  const batch = (operations: string, args = '') =>
    mutate(base, mutationOf(`batch(${args} operations: [${operations}])`, payload));

  it('uses what its earlier operations have made, by slug, and answers each in its own type', async () => {
    const result = await batch(
      `{ createPerson: { slug: "ann", name: "Ann" } }
       { updatePerson: { id: "ann", input: { description: "A baker" } } }
       { createPosition: { person: "ann", organization: "acme", title: "Baker", kind: OTHER } }
       { cite: { target: "ann", article: "news", exact: "Ann joined Acme" } }
       { upsertPerson: { input: { slug: "ann", name: "Ann" } } }
       { createPerson: { slug: "anne", name: "Anne" } }
       { merge: { from: "anne", into: "ann" } }`,
    );
    expect(result, JSON.stringify(result)).toMatchObject({
      payloads: [
        { __typename: 'PersonPayload', action: 'CREATED', person: { slug: 'ann' } },
        { __typename: 'PersonPayload', action: 'UPDATED' },
        { __typename: 'PositionPayload', action: 'CREATED', record: { caption: 'Baker' } },
        { __typename: 'RecordPayload', action: 'UPDATED', record: { caption: 'Ann' } },
        { __typename: 'PersonPayload', action: 'UNCHANGED' },
        { __typename: 'PersonPayload', action: 'CREATED' },
        { __typename: 'MergePayload', action: 'MERGED', record: { caption: 'Ann' } },
      ],
    });
  });

  it('rejects drafts, reverts records, and expects revisions of what it may create', async () => {
    expect(
      await batch(
        `{ createPerson: { slug: "cy", name: "Cy" } } { reject: { id: "cy" } }
         { revert: { id: "ann", toRevision: 1 } }`,
        'publicationStatus: DRAFT, reason: "a trial",',
      ),
    ).toMatchObject({
      payloads: [{ action: 'CREATED' }, { action: 'DELETED' }, { action: 'REVERTED' }],
    });
    const upsert =
      '{ upsertPerson: { input: { slug: "ann", name: "Anna" }, expectedRevision: 1 } }';
    expect(await batch(upsert)).toMatchObject({ __typename: 'ConflictError' });
  });

  it('reports issues at the operation and its field', async () => {
    const pathsOf = async (operations: string) => {
      const { __typename, operation, issues } = await batch(operations);
      return { __typename, operation, paths: issues?.map(({ path }) => path) };
    };
    const first = '{ createPerson: { slug: "dee", name: "Dee" } }';
    const cases: [operation: string, path: string][] = [
      ['{ updatePerson: { id: "PER_bad", input: { name: "x" } } }', 'updatePerson.id'],
      ['{ updatePerson: { id: "dee", input: { name: " " } } }', 'updatePerson.input.name'],
      ['{ createPerson: { slug: "dee", name: "Dee" } }', 'createPerson.slug'],
      [
        '{ createPosition: { person: "x", organization: "acme", title: "t", kind: OTHER } }',
        'createPosition.person',
      ],
      ['{ cite: { target: "dee", article: "news", exact: "nothing of it" } }', 'cite.exact'],
      ['{ merge: { from: "dee", into: "nobody" } }', 'merge.into'],
      ['{ withdraw: "bad" }', 'withdraw'],
      ['{ publish: { id: "dee" } }', 'publish.id'],
    ];
    for (const [operation, path] of cases) {
      expect(await pathsOf(`${first} ${operation}`)).toEqual({
        __typename: 'ValidationError',
        operation: 1,
        paths: [`operations[1].${path}`],
      });
    }
    expect(await pathsOf(`${first} { delete: { id: "dee" } }`)).toMatchObject({
      paths: ['reason'],
    });
    expect((await base.executeAs('EDITOR', '{ person(slug: "dee") { id } }')).data).toEqual({
      person: null,
    });
  });

  it('is undone as a whole, in every record that it changed', async () => {
    const { changeId } = await batch(
      '{ createPerson: { slug: "eve", name: "Eve" } } { updateOrganization: { id: "acme", input: { description: "d" } } }',
    );
    const undone = await mutate(
      base,
      mutationOf(
        `undo(changeId: "${changeId}")`,
        'UndoPayload { isDryRun recordCount payloads { action record { caption } } }',
      ),
    );
    expect(undone).toMatchObject({
      isDryRun: false,
      recordCount: 2,
      payloads: expect.arrayContaining([
        { action: 'DELETED', record: null },
        { action: 'REVERTED', record: { caption: 'Acme' } },
      ]) as unknown,
    });
  });
});
