import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.js';
import { createSchema } from '../../src/graph/schema.js';
import { importDossier } from '../../src/knowledge/exchange/dossier/import.js';
import { findErasedSlug } from '../../src/knowledge/erasure/tombstones.js';
import { audit } from '../../src/knowledge/history/audit.js';
import { RevisionEvents } from '../../src/knowledge/history/revisionEvents.js';
import { findRecord } from '../../src/knowledge/exchange/stream/export.js';
import { describeOnEachDatabase } from '../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../support/knowledgeBase.js';
import { mutationOf, make, mutate } from '../curation/support.js';
import { dump, importAll } from '../exchange/stream/support.js';
import { everyList } from './roads.js';
import { columnsWith, fill, marker, otherWords, type World } from './world.js';

const schema = createSchema();

interface Payload {
  __typename: string;
  isDryRun: boolean;
  records: { recordType: string; count: number }[];
  left: { kind: string; count: number }[];
  places: { kind: string; slug: string | null; field: string; excerpt: string }[];
  issues?: { path: string; message: string }[];
}

async function erase(
  base: KnowledgeBase,
  id: string,
  args: string,
  words: string[] = [],
): Promise<Payload> {
  const { data, errors } = await base.executeAs(
    'ADMIN',
    `mutation ($words: [String!]) { erase(id: "${id}", reason: PERSONAL_DATA, words: $words${args && `, ${args}`}) {
      __typename ... on MutationError { message } ... on ValidationError { issues { path message } }
      ... on ErasurePayload { isDryRun records { recordType count } left { kind count } places { kind slug field excerpt } } } }`,
    { words },
  );
  expect(errors).toBeUndefined();
  return data?.['erase'] as Payload;
}

const everything = 'also: [STATEMENTS, PASSAGES, BODIES, TEXTS, REVISIONS]';

describeOnEachDatabase('erasing a draft', ({ open }) => {
  it('shows its existence to editors alone', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const input = '{ slug: "never-shown", name: "Never Shown" }';
    const { id } = await make(base, 'Person', input, { isDraft: true });
    await erase(base, id, '');
    const query = `{ erasure(id: "${id}") { reason } }`;
    expect((await base.execute(query)).data).toEqual({ erasure: null });
    expect((await base.executeAs('READER', query)).data).toEqual({ erasure: null });
    expect((await base.executeAs('EDITOR', query)).data).toEqual({
      erasure: { reason: 'PERSONAL_DATA' },
    });
    expect(await findErasedSlug(database, 'entity', 'never-shown')).toBeUndefined();
  });
});

describeOnEachDatabase('erasing a person', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  let world: World;
  let before: string[];
  let moment: string;
  let events: RevisionEvents;
  const received: string[] = [];
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
    world = await fill(base);
    before = await dump(database);
    await sleep(20);
    moment = new Date().toISOString();
    await sleep(20);
    events = new RevisionEvents(database);
    const stream = await events.listen();
    void (async () => {
      for await (const some of stream) received.push(...some.map((event) => JSON.stringify(event)));
    })();
  });
  afterAll(() => events.close());

  it('is rehearsed: a dry run lists every place and writes nothing', async () => {
    const { isDryRun, records, left, places } = await erase(
      base,
      world.person,
      'dryRun: true',
      otherWords,
    );
    expect(isDryRun).toBe(true);
    expect(records).toEqual(
      expect.arrayContaining([
        { recordType: 'PERSON', count: 2 },
        { recordType: 'POSITION', count: 2 },
        { recordType: 'STATEMENT', count: 1 },
      ]),
    );
    for (const kind of ['STATEMENTS', 'PASSAGES', 'BODIES', 'TEXTS', 'REVISIONS']) {
      expect(left.find((each) => each.kind === kind)?.count, kind).toBeGreaterThan(0);
    }
    expect(places).toContainEqual(
      expect.objectContaining({
        kind: 'BODIES',
        slug: 'news',
        field: 'article_body.text',
        excerpt: expect.stringContaining('Zqxann Smith said that Acme grows') as unknown,
      }),
    );
    expect(await dump(database)).toEqual(before);
  });

  it('takes the record, and counts what was left by choice', async () => {
    const { left } = await erase(base, world.person, '');
    for (const kind of ['STATEMENTS', 'BODIES', 'TEXTS', 'REVISIONS']) {
      expect(left.find((each) => each.kind === kind)?.count, kind).toBeGreaterThan(0);
    }
    expect(await audit(database)).toMatchObject({ erased: 5, discrepancies: [] });
    const { data } = await base.execute(
      '{ article(slug: "news") { body mentions { nodes { entity { slug } } } } event(slug: "meeting") { participants { __typename slug } } }',
    );
    expect(data).toMatchObject({
      article: {
        body: expect.stringContaining('Zqxann Smith') as unknown,
        mentions: { nodes: [{ entity: { slug: 'acme' } }] },
      },
      event: { participants: [{ slug: 'acme' }] },
    });
  });

  it('is erased once', async () => {
    expect((await erase(base, world.person, '')).issues).toMatchObject([
      {
        path: 'id',
        message: expect.stringMatching(/^was erased already \(PERSONAL_DATA, /) as unknown,
      },
    ]);
  });

  it.each([undefined, 'READER', 'EDITOR', 'ADMIN'] as const)(
    'is not visible to %s in any query, now and in the past',
    async (role) => {
      const execute = (query: string) => (role ? base.executeAs(role, query) : base.execute(query));
      const { data } = await execute(
        `{ node(id: "${world.person}") { id } nodes(ids: ["${world.person}", "${world.own}"]) { id }
           person(slug: "${marker}-smith") { name } entity(slug: "${marker}-double") { name }
           entityByIdentifier(scheme: "wikidata", value: "Q99887766") { name } }`,
      );
      expect(data).toEqual({
        node: null,
        nodes: [null, null],
        person: null,
        entity: null,
        entityByIdentifier: null,
      });
      const past = await execute(
        `query @asKnownAt(time: "${moment}") { node(id: "${world.person}") { id } person(slug: "${marker}-smith") { name }
           organization(slug: "acme") { positions { totalCount } } }`,
      );
      expect(past.data).toEqual({
        node: null,
        person: null,
        organization: { positions: { totalCount: 0 } },
      });
      expect(
        (await execute(`{ erasure(id: "${world.person}") { recordType reason recordId } }`)).data,
      ).toEqual({
        erasure: { recordType: 'PERSON', reason: 'PERSONAL_DATA', recordId: world.person },
      });
    },
  );

  it('is gone from linked data, with the reason', async () => {
    expect(await findRecord(database, 'entity', `${marker}-smith`)).toBeUndefined();
    expect(await findErasedSlug(database, 'entity', `${marker}-smith`)).toMatchObject({
      reason: 'PERSONAL_DATA',
    });
    expect(await findErasedSlug(database, 'article', `${marker}-smith`)).toBeUndefined();
  });

  it('notifies subscribers, without contents', async () => {
    await expect.poll(() => received.filter((event) => event.includes('"ERASE"')).length).toBe(5);
    expect(received.join()).toContain('"type":"Person"');
    expect(received.join().toLowerCase()).not.toContain(marker);
  });

  it('cannot be undone, nor can what named the record come back by a revert', async () => {
    const { data } = await base.executeAs(
      'EDITOR',
      `{ event(slug: "meeting") { id history { nodes { change { id } number } } } }`,
    );
    const { id, history } = data?.['event'] as {
      id: string;
      history: { nodes: [{ change: { id: string }; number: number }] };
    };
    const undo = await mutate(
      base,
      mutationOf(`undo(changeId: "${history.nodes[0].change.id}")`, 'UndoPayload { changeId }'),
    );
    expect(undo.issues).toMatchObject([
      {
        code: 'WRONG_STATE',
        path: 'changeId',
        message: 'contains an erasure, which cannot be undone',
      },
    ]);
    const revert = await mutate(
      base,
      mutationOf(`revert(id: "${id}", toRevision: 1)`, 'RecordPayload { revision }'),
    );
    expect(revert.issues).toMatchObject([
      { message: 'the former value of "participants" was erased: edit the record instead' },
    ]);
  });

  it('does not come back by importing the same again', async () => {
    const lines = before.map((line) => JSON.parse(line) as Record<string, unknown>);
    const people = lines.filter(
      ({ type, slug }) => type === 'Person' && slug === `${marker}-smith`,
    );
    const again = people.map(({ id: _, ...person }) => ({ ...person, revisions: undefined }));
    const wasErased =
      /^1: the record was erased from the knowledge base \(PERSONAL_DATA, \d{4}-\d\d-\d\d\) and cannot be added again/;
    expect((await importAll(database, again)).rejections).toEqual([
      expect.stringMatching(wasErased),
    ]);
    expect((await importAll(database, people)).rejections).toEqual([
      expect.stringMatching(wasErased),
    ]);
    const byIdentifier = {
      type: 'Person',
      name: 'Somebody',
      identifiers: { wikidata: 'Q99887766' },
    };
    expect((await importAll(database, [byIdentifier])).rejections).toEqual([
      expect.stringMatching(wasErased),
    ]);
    const post = {
      type: 'Position',
      person: `${marker}-smith`,
      organization: 'acme',
      title: 'Chair',
      kind: 'OTHER',
    };
    expect((await importAll(database, [post])).rejections).toEqual([
      expect.stringContaining('was erased from the knowledge base'),
    ]);
    const dossier = `people:\n  - { slug: ${marker}-smith, name: Ann }\n`;
    await expect(importDossier(database, { name: 'd.yaml', text: dossier })).rejects.toThrow(
      'the record was erased from the knowledge base',
    );
  });

  it('leaves the name to others, with another slug', async () => {
    const { slug } = await make<{ slug: string }>(base, 'Person', '{ name: "Zqxann Smith" }');
    expect(slug).toBe(`${marker}-smith-2`);
    const duplicate = await mutate(
      base,
      mutationOf(
        `createPerson(input: { name: "Ann", slug: "${marker}-smith" })`,
        'PersonPayload { revision }',
      ),
    );
    expect(duplicate.issues).toMatchObject([
      { message: expect.stringContaining('give it another slug') as unknown },
    ]);
  });

  it('is honoured by another knowledge base that takes the export in', async () => {
    const lines = (await dump(database)).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ type }) => type === 'Erasure')).toHaveLength(5);
    const other = await open();
    const { rejections, tombstones } = await importAll(other, lines);
    expect({ rejections, tombstones }).toEqual({ rejections: [], tombstones: 5 });
    expect(await dump(other)).toEqual(await dump(database));
    const person = { type: 'Person', slug: `${marker}-smith`, name: 'Ann' };
    expect((await importAll(other, [person])).rejections).toEqual([
      expect.stringContaining('the record was erased'),
    ]);
    // A knowledge base that has the record reports it, and its editors decide.
    const third = await open();
    await importAll(third, [{ type: 'Person', slug: `${marker}-smith`, name: 'Ann' }]);
    expect(
      (
        await importAll(
          third,
          lines.filter(({ type }) => type === 'Erasure'),
        )
      ).rejections,
    ).toEqual([expect.stringContaining(`exists here as ${marker}-smith: erase it with`)]);
  });
});

describeOnEachDatabase('erasing with everything chosen', ({ open }) => {
  it('leaves no word of the person on any road, nor after an edit on the console', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const world = await fill(base);
    await sleep(20);
    const moment = new Date().toISOString();
    await sleep(20);
    await base.executeAs('ADMIN', `mutation { a: reject(id: "none", reason: "x") { __typename } }`);
    const { data } = await base.executeAs('EDITOR', '{ reviewQueue { nodes { record { id } } } }');
    const { nodes } = data?.['reviewQueue'] as { nodes: { record: { id: string } }[] };
    for (const { record } of nodes) await erase(base, record.id, everything, otherWords);
    const { left } = await erase(base, world.person, everything, otherWords);
    expect(left.filter(({ count }) => count > 0)).toEqual([]);
    for (const role of [undefined, 'EDITOR', 'ADMIN'] as const) {
      for (const query of [...everyList(schema), ...everyList(schema, moment)]) {
        const answer = role ? await base.executeAs(role, query) : await base.execute(query);
        expect(JSON.stringify(answer.data).toLowerCase(), query).not.toContain(marker);
      }
    }
    await database.db.execute(sql`update article set title = 'New'`);
    await database.db.execute(sql`update article_body set text = 'New'`);
    await database.db.execute(sql`update entity set description = 'New'`);
    expect(await columnsWith(database, marker)).toEqual([]);
  });

  it('keeps an export of before from putting names back into other records', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const world = await fill(base);
    const lines = (await dump(database)).map((line) => JSON.parse(line) as Record<string, unknown>);
    const { data } = await base.executeAs('EDITOR', '{ reviewQueue { nodes { record { id } } } }');
    const { nodes } = data?.['reviewQueue'] as { nodes: { record: { id: string } }[] };
    for (const { record } of nodes) await erase(base, record.id, everything, otherWords);
    await erase(base, world.person, everything, otherWords);
    const { rejections } = await importAll(database, lines);
    expect(rejections).toContainEqual(
      expect.stringMatching(/^\d+: a former value was erased from the knowledge base/),
    );
    const withoutIds = lines.map(({ id: _, ...record }) => record);
    await importAll(database, withoutIds);
    expect(await columnsWith(database, marker)).toEqual([]);
  });
});

describeOnEachDatabase('erasing a part', ({ open }) => {
  it('is answered again, not done again, under the same key; and an audit finds what is put back', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const { id } = await make(base, 'Place', '{ name: "Bern", kind: CITY }');
    const first = await erase(base, id, 'idempotencyKey: "k"');
    expect(first.records).toEqual([{ recordType: 'PLACE', count: 1 }]);
    expect(await erase(base, id, 'idempotencyKey: "k"')).toEqual(first);
    await database.db.execute(
      sql`insert into entity (id, type, slug, name, sort_name) select record_id, 'PLACE', 'bern', 'Bern', 'bern' from erasure`,
    );
    await database.db.execute(
      sql`insert into place (id, sort_name, live, kind) select id, sort_name, live, 'CITY' from entity`,
    );
    expect((await audit(database)).discrepancies).toContainEqual(
      expect.objectContaining({ recordType: 'places', message: 'was erased, but exists' }),
    );
  });

  it('takes the replaced bodies of an article, and keeps them from coming back', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const { id } = await make(
      base,
      'Article',
      '{ slug: "news", title: "News", body: "Ann Secret left." }',
    );
    await sleep(20);
    const moment = new Date().toISOString();
    await sleep(20);
    await mutate(
      base,
      mutationOf(
        `updateArticle(id: "${id}", input: { body: "Somebody left." })`,
        'ArticlePayload { revision }',
      ),
    );
    expect((await erase(base, id, 'formerValuesOf: "body", dryRun: true')).places).toMatchObject([
      { field: 'article_body.text', excerpt: 'Ann Secret left.' },
    ]);
    await erase(base, id, 'formerValuesOf: "body"');
    expect(await columnsWith(database, 'ann secret')).toEqual([]);
    const { data } = await base.execute(
      `query @asKnownAt(time: "${moment}") { now: article(slug: "news") { body } }`,
    );
    expect(data).toEqual({ now: { body: null } });
    expect((await base.execute('{ article(slug: "news") { body } }')).data).toEqual({
      article: { body: 'Somebody left.' },
    });
    expect((await audit(database)).discrepancies).toEqual([]);
    const old = { type: 'Article', slug: 'news', title: 'News', body: 'Ann Secret left.' };
    expect((await importAll(database, [old])).rejections).toEqual([
      expect.stringContaining('a former value was erased from the knowledge base'),
    ]);
    const revert = await mutate(
      base,
      mutationOf(`revert(id: "${id}", toRevision: 1)`, 'RecordPayload { revision }'),
    );
    expect(revert.issues).toHaveLength(1);
  });

  it('takes the former names of a person, and a statement alone', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    await make(base, 'Article', '{ slug: "news", title: "News", body: "Bo spoke." }');
    const { id: bo } = await make(
      base,
      'Person',
      '{ name: "Bo Secret", slug: "bo", names: [{ name: "Secret B" }] }',
    );
    await mutate(
      base,
      mutationOf(
        `updatePerson(id: "${bo}", input: { name: "Bo", names: [] })`,
        'PersonPayload { revision }',
      ),
    );
    await erase(base, bo, 'formerValuesOf: "name"');
    await erase(base, bo, 'formerValuesOf: "names"');
    expect(await columnsWith(database, 'secret')).toEqual([]);
    expect((await audit(database)).discrepancies).toEqual([]);
    expect((await erase(base, bo, 'formerValuesOf: "shoe"')).issues).toMatchObject([
      { path: 'formerValuesOf' },
    ]);
    const said = '{ article: "news", speaker: "bo", kind: INDIRECT, text: "Bo told a tale" }';
    const { id } = await make<{ id: string }>(base, 'Statement', said, { fields: 'id' });
    await erase(base, id, '');
    expect(await columnsWith(database, 'told a tale')).toEqual([]);
    const again = {
      type: 'Statement',
      article: 'news',
      speaker: 'bo',
      kind: 'INDIRECT',
      text: 'Bo told a tale',
    };
    expect((await importAll(database, [again])).rejections).toEqual([
      expect.stringContaining('the record was erased'),
    ]);
  });

  it('takes an article with what is quoted from it, beside an editor who writes', async () => {
    const database = await open();
    const base = knowledgeBase(database);
    const { person, article, acme } = await fill(base);
    const [erased, ...edits] = await Promise.all([
      erase(base, article, ''),
      mutate(
        base,
        mutationOf(
          `updateOrganization(id: "${acme}", input: { description: "one" })`,
          'OrganizationPayload { revision }',
        ),
      ),
      mutate(
        base,
        mutationOf(
          `updatePerson(id: "${person}", input: { description: "two" })`,
          'PersonPayload { revision }',
        ),
      ),
      erase(base, article, ''),
    ]);
    expect([erased.__typename, edits.at(-1)?.__typename].sort()).toEqual([
      'ErasurePayload',
      'ValidationError',
    ]);
    const { data } = await base.execute(
      '{ statements { totalCount } organization(slug: "acme") { description references { totalCount } } }',
    );
    expect(data).toEqual({
      statements: { totalCount: 0 },
      organization: { description: 'one', references: { totalCount: 0 } },
    });
    expect((await audit(database)).discrepancies).toEqual([]);
  });
});
