import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { audit } from '../../src/knowledge/history/audit.js';
import { fillWithSample } from '../../src/knowledge/exchange/dossier/sample.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { mutationOf, make, mutate } from './support.js';

describeOnEachDatabase("an editor's day", ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  let article: string;
  let bob: string;
  let post: string;
  beforeAll(async () => {
    database = await open();
    await fillWithSample(database);
    base = knowledgeBase(database);
  });

  it('begins with an article that reports news', async () => {
    const added = await make<{ id: string; slug: string; revision: number }>(
      base,
      'Article',
      `{ title: "Bob Miller takes over", publisher: "nikkei-asia", publishedOn: "2024-05-04", language: "en",
         body: "Bob Miller became ambassador of Japan to NATO on 3 May 2024. “It is an honour,” he said." }`,
      { fields: 'id slug revision' },
    );
    expect(added).toMatchObject({ slug: 'bob-miller-takes-over', revision: 1 });
    article = added.id;
  });

  it('a draft is seen by editors only, until it is published', async () => {
    const input = `{ name: "Bob Miller", names: [{ name: "Robert Miller" }], birthDate: "1970",
      identifiers: [{ scheme: "wikidata", value: "Q1" }],
      references: [{ article: "bob-miller-takes-over", exact: "Bob Miller became ambassador" }] }`;
    ({ id: bob } = await make(base, 'Person', input, { isDraft: true }));
    const look = `{ person(slug: "bob-miller") { publicationStatus names { name } references { nodes { verified } } } }`;
    expect(await base.execute(look)).toEqual({ data: { person: null } });
    expect((await base.executeAs('EDITOR', look)).data).toEqual({
      person: {
        publicationStatus: 'DRAFT',
        names: [{ name: 'Robert Miller' }],
        references: { nodes: [{ verified: true }] },
      },
    });
    const queue = `{ reviewQueue { totalCount nodes { recordType record { id caption } } } }`;
    expect((await base.executeAs('EDITOR', queue)).data).toEqual({
      reviewQueue: {
        totalCount: 1,
        nodes: [{ recordType: 'PERSON', record: { id: bob, caption: 'Bob Miller' } }],
      },
    });
    const byType = `{
      people: reviewQueue(filter: { recordType: [PERSON, PLACE] }) { totalCount }
      places: reviewQueue(filter: { recordType: [PLACE] }) { totalCount }
    }`;
    expect((await base.executeAs('EDITOR', byType)).data).toEqual({
      people: { totalCount: 1 },
      places: { totalCount: 0 },
    });
    await mutate(base, mutationOf(`publish(id: "${bob}")`, 'RecordPayload { revision }'));
    expect((await base.execute(look)).data).toMatchObject({
      person: { publicationStatus: 'PUBLISHED' },
    });
    expect((await base.executeAs('EDITOR', queue)).data).toEqual({
      reviewQueue: { totalCount: 0, nodes: [] },
    });
  });

  it('a draft is turned down with a reason, which history keeps', async () => {
    const { id } = await make(base, 'Person', '{ name: "Bobby Miler" }', { isDraft: true });
    const without = await base.executeAs(
      'EDITOR',
      `mutation { reject(id: "${id}") { __typename } }`,
    );
    expect(without.errors?.[0]?.message).toMatch(/reason/);
    const rejected = await mutate(
      base,
      mutationOf(
        `reject(id: "${id}", reason: "told twice, and misspelt")`,
        'RecordPayload { revision }',
      ),
    );
    expect(rejected).toMatchObject({ revision: 2 });
    const { data } = await base.executeAs(
      'EDITOR',
      `{ reviewQueue { totalCount } node(id: "${id}") { id } }`,
    );
    expect(data).toEqual({ reviewQueue: { totalCount: 0 }, node: null });
    await mutate(base, mutationOf(`restore(id: "${id}")`, 'RecordPayload { revision }'));
    const again = await base.executeAs(
      'EDITOR',
      `{ reviewQueue { totalCount } node(id: "${id}") { ... on Person { history { nodes { action reason } } } } }`,
    );
    expect(again.data).toMatchObject({
      reviewQueue: { totalCount: 1 },
      node: {
        history: {
          nodes: [
            { action: 'RESTORE' },
            { action: 'DELETE', reason: 'told twice, and misspelt' },
            { action: 'CREATE' },
          ],
        },
      },
    });
    await mutate(
      base,
      mutationOf(`reject(id: "${id}", reason: "still")`, 'RecordPayload { revision }'),
    );
  });

  it('adds a position with a reference, whose quotation has to occur in its source', async () => {
    ({ id: post } = await make<{ id: string }>(
      base,
      'Position',
      `{ person: "${bob}", organization: "nato", title: "Ambassador of Japan", kind: AMBASSADOR, start: "2024-05-03" }`,
      { fields: 'id' },
    ));
    const cite = (exact: string) =>
      mutationOf(
        `cite(input: { target: "${post}", article: "bob-miller-takes-over", exact: "${exact}", field: "title" })`,
        'RecordPayload { revision record { ... on Position { references { nodes { exact start verified } } } } }',
      );
    expect(await mutate(base, cite('became the ambassador of Japan'))).toMatchObject({
      __typename: 'ValidationError',
      issues: [
        {
          path: 'input.exact',
          message:
            '"became the ambassador of Japan" is not in the body of bob-miller-takes-over: the nearest passage is "became ambassador of Japan"',
        },
      ],
    });
    expect(await mutate(base, cite('became ambassador of Japan to NATO'))).toMatchObject({
      revision: 2,
      record: {
        references: {
          nodes: [{ exact: 'became ambassador of Japan to NATO', start: 11, verified: true }],
        },
      },
    });
  });

  it("a post's end is corrected; what an editor has not seen is not overwritten", async () => {
    const update = (input: string, revision: number) =>
      mutationOf(
        `updatePosition(id: "${post}", input: ${input}, expectedRevision: ${revision}, reason: "he left")`,
        'PositionPayload { revision position { start end } }',
      );
    expect(await mutate(base, update('{ end: "2025", start: "2024-05" }', 2))).toMatchObject({
      revision: 3,
      position: { start: '2024-05', end: '2025' },
    });
    expect(await mutate(base, update('{ end: null }', 2))).toMatchObject({
      __typename: 'ConflictError',
      revision: 3,
      current: { __typename: 'Position', id: post },
    });
  });

  it('lists in history the author, the changes and the reason of each revision', async () => {
    const { data } = await base.executeAs(
      'EDITOR',
      `{ node(id: "${post}") { ... on Position { history { totalCount nodes {
        number action author { name } reason fields { name before after } } } } } }`,
    );
    expect(data).toMatchObject({
      node: {
        history: {
          totalCount: 3,
          nodes: [
            {
              number: 3,
              action: 'UPDATE',
              author: { name: 'editor' },
              reason: 'he left',
              fields: expect.arrayContaining([
                { name: 'start', before: '2024-05-03', after: '2024-05' },
                { name: 'end', before: null, after: '2025' },
              ]) as unknown,
            },
            { number: 2, fields: [{ name: 'references' }] },
            { number: 1, action: 'CREATE' },
          ],
        },
      },
    });
  });

  it('a record goes back to what it was', async () => {
    const result = await mutate(
      base,
      mutationOf(
        `revert(id: "${post}", toRevision: 2)`,
        'RecordPayload { revision record { ... on Position { start end references { totalCount } } } }',
      ),
    );
    expect(result).toMatchObject({
      revision: 4,
      record: { start: '2024-05-03', end: null, references: { totalCount: 1 } },
    });
  });

  it('two records of one person become one, and two again', async () => {
    const { id: rob } = await make(
      base,
      'Person',
      `{ name: "Rob Miller", birthDate: "1971", description: "A diplomat",
         identifiers: [{ scheme: "isni", value: "7" }] }`,
    );
    const profileQuery = `{ person(slug: "rob-miller") { slug description names { name } identifiers { scheme } positions { totalCount } } }`;
    await make(
      base,
      'Position',
      '{ person: "rob-miller", organization: "nato", title: "Ambassador of Japan", kind: AMBASSADOR, start: "2024" }',
      { fields: 'id' },
    );
    await make(
      base,
      'Position',
      '{ person: "rob-miller", organization: "nato", title: "Adviser", kind: OFFICIAL, start: "2020", end: "2022" }',
      { fields: 'id' },
    );
    const merged = await mutate(
      base,
      mutationOf(
        `merge(from: "${rob}", into: "${bob}")`,
        'MergePayload { changeId warnings { code message } differences { field kept dropped } }',
      ),
    );
    expect(merged).toMatchObject({
      warnings: [
        {
          code: 'DUPLICATE_DELETED',
          message: 'a position that both records had was deleted: Ambassador of Japan',
        },
      ],
      differences: [{ field: 'birthDate', kept: '1970', dropped: '1971' }],
    });
    expect((await base.execute(profileQuery)).data).toEqual({
      person: {
        slug: 'bob-miller',
        description: 'A diplomat',
        names: [{ name: 'Robert Miller' }, { name: 'Rob Miller' }],
        identifiers: [{ scheme: 'isni' }, { scheme: 'wikidata' }],
        positions: { totalCount: 2 },
      },
    });
    const undone = await mutate(
      base,
      mutationOf(`undo(changeId: "${merged.changeId}")`, 'UndoPayload { changeId }'),
    );
    expect(undone).toMatchObject({ __typename: 'UndoPayload' });
    expect((await base.execute(profileQuery)).data).toEqual({
      person: {
        slug: 'rob-miller',
        description: 'A diplomat',
        names: [],
        identifiers: [{ scheme: 'isni' }],
        positions: { totalCount: 2 },
      },
    });
  });

  it('reports the passages that a new text of an article lacks, and restores the old text', async () => {
    const update = await mutate(
      base,
      mutationOf(
        `updateArticle(id: "${article}", input: { body: "Bob Miller became envoy." })`,
        'ArticlePayload { brokenReferences { reference { verified } article { slug } record { caption } field exact } }',
      ),
    );
    expect(update).toMatchObject({
      brokenReferences: [
        {
          reference: { verified: false },
          article: { slug: 'bob-miller-takes-over' },
          record: { caption: 'Bob Miller' },
          field: null,
          exact: 'Bob Miller became ambassador',
        },
        { record: { caption: 'Ambassador of Japan' }, field: 'title' },
      ],
    });
    const back = await mutate(
      base,
      mutationOf(
        `revert(id: "${article}", toRevision: 1)`,
        'RecordPayload { brokenReferences { exact } record { ... on Article { body citedBy { nodes { verified } } } } }',
      ),
    );
    expect(back).toMatchObject({
      brokenReferences: [],
      record: {
        body: expect.stringContaining('“It is an honour,”') as unknown,
        citedBy: { nodes: [{ verified: true }, { verified: true }] },
      },
    });
  });

  it('an office opens, with its organization, in one change or not at all', async () => {
    const batch = (organization: string) =>
      mutationOf(
        `batch(operations: [
          { createOrganization: { slug: "acme", name: "Acme", kind: COMPANY } },
          { createOffice: { name: "Acme Tokyo", organization: "${organization}", kind: FIELD,
              statuses: [{ status: OPEN, start: "2024-05",
                references: [{ article: "bob-miller-takes-over", exact: "on 3 May 2024" }] }] } }])`,
        'BatchPayload { changeId payloads { revision } }',
      );
    expect(await mutate(base, batch('akme'))).toMatchObject({
      __typename: 'ValidationError',
      operation: 1,
      issues: [{ path: 'operations[1].createOffice.organization' }],
    });
    expect((await base.execute('{ organization(slug: "acme") { id } }')).data).toEqual({
      organization: null,
    });
    const made = await mutate(base, batch('acme'));
    expect(made).toMatchObject({ payloads: [{ revision: 1 }, { revision: 1 }] });
    const open = '{ offices(filter: { organization: ["acme"], status: [OPEN] }) { totalCount } }';
    expect((await base.execute(open)).data).toEqual({ offices: { totalCount: 1 } });
    await mutate(
      base,
      mutationOf(`undo(changeId: "${made.changeId}")`, 'UndoPayload { changeId }'),
    );
    expect((await base.execute(open)).data).toEqual({ offices: { totalCount: 0 } });
  });

  it('what is deleted is gone for all, and comes back with what hangs on it', async () => {
    const look =
      '{ organization(slug: "nato") { positions(filter: { person: ["bob-miller"] }) { totalCount } } person(slug: "bob-miller") { slug } }';
    await mutate(
      base,
      mutationOf(
        `delete(id: "${bob}", reason: "entered by mistake")`,
        'RecordPayload { revision }',
      ),
    );
    expect((await base.execute(look)).data).toEqual({
      organization: { positions: { totalCount: 0 } },
      person: null,
    });
    await mutate(base, mutationOf(`restore(id: "${bob}")`, 'RecordPayload { revision }'));
    expect((await base.execute(look)).data).toEqual({
      organization: { positions: { totalCount: 1 } },
      person: { slug: 'bob-miller' },
    });
  });

  it('a reference is withdrawn and cited again', async () => {
    const { data } = await base.execute(
      `{ node(id: "${post}") { ... on Position { references { nodes { id } } } } }`,
    );
    const { node } = data as { node: { references: { nodes: { id: string }[] } } };
    const id = node.references.nodes[0]?.id;
    const left = 'RecordPayload { record { ... on Position { references { totalCount } } } }';
    expect(
      await mutate(base, mutationOf(`withdraw(id: "${id}", reason: "wrong")`, left)),
    ).toMatchObject({
      record: { references: { totalCount: 0 } },
    });
    const cite = `cite(input: { target: "${post}", article: "${article}", exact: "became ambassador of Japan to NATO", field: "title" })`;
    expect(await mutate(base, mutationOf(cite, left))).toMatchObject({
      record: { references: { totalCount: 1 } },
    });
  });

  it('ends with a clean audit', async () => {
    const { discrepancies, records, references } = await audit(database);
    expect(discrepancies).toEqual([]);
    expect(records).toBeGreaterThan(90);
    expect(references).toBeGreaterThan(50);
  });
});
