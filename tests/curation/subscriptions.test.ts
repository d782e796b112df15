import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-sse';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/open.js';
import { serve, stop, type RunningServer } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { openEvents, type EventReader } from '../support/events.js';
import { editorAt, editorsKey, type Editor } from './served.js';

const changes = 'subscription { changed { cursor action recordType record { id } } }';
const name = '... on Person { name }';

interface RecordEvent {
  record: { id: string; name?: string } | null;
  action: string;
}

describe('subscriptions to the embedded database', () => {
  let server: RunningServer;
  let ann: Editor;
  let key: string;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chancery-'));
    const env = { CHANCERY_DATA_DIR: folder, CHANCERY_REQUEST_SECONDS: '60' };
    key = await editorsKey(env);
    server = await serve(env);
    ann = editorAt(server.origin, key);
    return async () => {
      await stop(server.process, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    };
  });

  it('notifies a client of graphql-sse of changes', async () => {
    const client = createClient({ url: `${server.origin}/graphql`, retryAttempts: 0 });
    const events = client.iterate<{ changed: RecordEvent }>({
      query: `subscription { changed(recordType: [PERSON]) { action recordType revision record { ${name} } } }`,
    });
    const first = events.next();
    // The client does not report when it is connected; a later subscription connects after it.
    (await openEvents(server.origin, changes)).close();
    await ann.mutate('createOrganization(input: { name: "Not Told", kind: OTHER })');
    await ann.mutate('createPerson(input: { name: "Told" })');
    await ann.mutate(
      'upsertPerson(input: { slug: "told", name: "Told", description: "Told of twice" })',
    );
    expect((await first).value).toMatchObject({
      data: {
        changed: { action: 'CREATE', recordType: 'PERSON', revision: 1, record: { name: 'Told' } },
      },
    });
    expect((await events.next()).value).toMatchObject({
      data: { changed: { action: 'UPDATE', revision: 2 } },
    });
    await events.return?.();
    client.dispose();
  });

  it('sends only changes that concern the entity of the filter', async () => {
    const about = await openEvents(
      server.origin,
      `subscription { changed(entity: "japan") { recordType } }`,
    );
    await ann.mutate('createPerson(input: { slug: "envoy", name: "Envoy" })');
    await ann.mutate(
      'createPosition(input: { person: "envoy", organization: "nato", title: "Envoy", kind: AMBASSADOR })',
    );
    await ann.mutate(
      'createPosition(input: { person: "envoy", organization: "japan", title: "Adviser", kind: OFFICIAL })',
    );
    await ann.mutate(
      'createStatement(input: { article: "nato-to-open-first-asian-office-in-japan", speaker: "envoy", kind: INDIRECT, text: "Japan is a friend.", about: ["japan"] })',
    );
    expect(await about.receive(2)).toEqual([
      { recordType: 'POSITION' },
      { recordType: 'STATEMENT' },
    ]);
    about.close();
  });

  it('filters statements and articles, and sends drafts once they are published', async () => {
    const statements = await openEvents(
      server.origin,
      'subscription { statementAdded(filter: { about: ["nato"], kind: [DIRECT] }) { statement { text } } }',
    );
    const articles = await openEvents(
      server.origin,
      'subscription { articleAdded(filter: { publisher: ["nikkei-asia"] }) { article { title } } }',
    );
    const say = (text: string, kind: string, about: string, isDraft = false) =>
      ann.mutate(
        `createStatement(publicationStatus: ${isDraft ? 'DRAFT' : 'PUBLISHED'}, input: { article: "nato-to-open-first-asian-office-in-japan", speaker: "jens-stoltenberg", kind: ${kind}, text: "${text}", about: ["${about}"] })`,
        '... on StatementPayload { statement { id } }',
      );
    const draft = await say('a new challenge', 'DIRECT', 'nato', true);
    await say('Opinions differ', 'DIRECT', 'nato');
    await say('Wrong kind', 'INDIRECT', 'nato');
    await say('Brief', 'DIRECT', 'japan');
    await say('Both sides', 'DIRECT', 'nato');
    const { id } = draft['statement'] as { id: string };
    await ann.mutate(`publish(id: "${id}")`);
    expect(await statements.receive(3)).toEqual([
      { statement: { text: 'Opinions differ' } },
      { statement: { text: 'Both sides' } },
      { statement: { text: 'a new challenge' } },
    ]);
    await ann.mutate('createArticle(input: { title: "Of nobody" })');
    const named = await openEvents(
      server.origin,
      'subscription { articleAdded(filter: { slug: ["nato-to-open-first-asian-office-in-japan"] }) { article { title } } }',
    );
    const held = await ann.mutate(
      'createArticle(publicationStatus: DRAFT, input: { title: "Held back", publisher: "nikkei-asia" })',
      '... on ArticlePayload { article { id } }',
    );
    await ann.mutate('createArticle(input: { title: "News", publisher: "nikkei-asia" })');
    await ann.mutate(`publish(id: "${(held['article'] as { id: string }).id}")`);
    expect(await articles.receive(2)).toEqual([
      { article: { title: 'News' } },
      { article: { title: 'Held back' } },
    ]);
    await ann.mutate('delete(id: "nato-to-open-first-asian-office-in-japan", reason: "test")');
    await ann.mutate('restore(id: "nato-to-open-first-asian-office-in-japan")');
    expect(await named.receive(1)).toMatchObject([
      { article: { title: expect.stringMatching(/Asian office/) as string } },
    ]);
    named.close();
    statements.close();
    articles.close();
  });

  it('continues a list of articles after the cursor of an event', async () => {
    const subscription = (after = '') =>
      `subscription { articleAdded(${after}filter: { publisher: ["nikkei-asia"] }) { cursor at article { title } } }`;
    const before = await openEvents(server.origin, subscription());
    const create = (title: string) =>
      ann.mutate(`createArticle(input: { title: "${title}", publisher: "nikkei-asia" })`);
    await create('Received');
    const [received] = await before.receive<{ cursor: string; at: string }>(1);
    expect(received).toMatchObject({ article: { title: 'Received' } });
    expect(Date.parse(received?.at ?? '')).not.toBeNaN();
    before.close();
    await create('Missed');
    await create('Missed too');
    const resumed = await openEvents(server.origin, subscription(`after: "${received?.cursor}", `));
    expect(await resumed.receive(2)).toMatchObject([
      { article: { title: 'Missed' } },
      { article: { title: 'Missed too' } },
    ]);
    resumed.close();
  });

  it('sends changes of a draft to editors only, also when they are replayed', async () => {
    const since = await openEvents(server.origin, changes);
    await ann.mutate('createPerson(input: { name: "Landmark" })');
    await since.receive(1);
    const after = since.lastId() ?? '';
    const reader = await openEvents(server.origin, people());
    const editor = await openEvents(server.origin, people(), { authorization: `Bearer ${key}` });
    const draft = async (title: string) => {
      const made = await ann.mutate(
        `createPerson(publicationStatus: DRAFT, input: { name: "${title}" })`,
        '... on PersonPayload { person { id } }',
      );
      return (made['person'] as { id: string }).id;
    };
    const [kept, turnedDown] = [await draft('Kept'), await draft('Turned down')];
    await ann.mutate(`updatePerson(id: "${kept}", input: { description: "Still a draft" })`);
    await ann.mutate(`reject(id: "${turnedDown}", reason: "who is that?")`);
    await ann.mutate(`publish(id: "${kept}")`);
    await ann.mutate(`delete(id: "${kept}", reason: "gone again")`);
    await ann.mutate('createPerson(input: { name: "The end" })');
    expect(await actionsOf(reader, 3)).toEqual(['PUBLISH', 'DELETE', 'CREATE']);
    expect(await actionsOf(editor, 7)).toEqual(
      'CREATE CREATE UPDATE DELETE PUBLISH DELETE CREATE'.split(' '),
    );
    const late = await openEvents(server.origin, people(), { 'last-event-id': after });
    expect(await actionsOf(late, 3)).toEqual(['PUBLISH', 'DELETE', 'CREATE']);
    for (const each of [since, reader, editor, late]) each.close();
  });

  it('rejects a malformed or unknown event id', async () => {
    const answer = await openEvents(
      server.origin,
      'subscription { changed(after: "x") { recordType } }',
    );
    expect(await answer.receive(1)).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'after' } },
    ]);
    const zero = `1-${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`;
    const unknown = await openEvents(server.origin, changes, { 'last-event-id': zero });
    expect(await unknown.receive(1)).toMatchObject([{ extensions: { code: 'EVENTS_LOST' } }]);
  });

  it.each([
    ['changed(entity: "typo") { recordType }', 'entity', 'NOT_FOUND'],
    ['changed(entity: "") { recordType }', 'entity', 'NOT_FOUND'],
    ['changed(entity: "PER_x") { recordType }', 'entity', 'BAD_USER_INPUT'],
    ['changed(recordType: []) { recordType }', 'recordType', 'BAD_USER_INPUT'],
    [
      'statementAdded(filter: { about: ["nato", "typo"] }) { statement { text } }',
      'filter.about',
      'NOT_FOUND',
    ],
    [
      'statementAdded(filter: { speaker: [] }) { statement { text } }',
      'filter.speaker',
      'BAD_USER_INPUT',
    ],
    [
      'statementAdded(filter: { kind: [] }) { statement { text } }',
      'filter.kind',
      'BAD_USER_INPUT',
    ],
    [
      'articleAdded(filter: { publisher: ["typo"] }) { article { title } }',
      'filter.publisher',
      'NOT_FOUND',
    ],
    ['articleAdded(filter: { slug: ["typo"] }) { article { title } }', 'filter.slug', 'NOT_FOUND'],
    [
      'articleAdded(filter: { mentioning: ["PER_x"] }) { article { title } }',
      'filter.mentioning',
      'BAD_USER_INPUT',
    ],
  ])('rejects a subscription that can never send an event: %s', async (field, argument, code) => {
    const answer = await openEvents(server.origin, `subscription { ${field} }`);
    expect(await answer.receive(1)).toMatchObject([{ extensions: { code, argument } }]);
  });

  it('the end of the server is the end of the streams, in order', async () => {
    const [one, two] = [
      await openEvents(server.origin, changes),
      await openEvents(server.origin, 'subscription { articleAdded { article { title } } }'),
    ];
    expect(await stop(server.process, 'SIGTERM')).toBe(0);
    expect(await one.next()).toMatchObject({ event: 'complete' });
    expect(await two.next()).toMatchObject({ event: 'complete' });
    expect(await two.next()).toBeUndefined();
  });
});

describeOnEachServer('subscriptions at two servers', ({ newDatabase }) => {
  let url: string;
  let servers: RunningServer[];
  let editors: Editor[];
  let key: string;
  beforeAll(async () => {
    url = await newDatabase();
    const env = {
      DATABASE_URL: url,
      CHANCERY_SAMPLE: 'off',
      CHANCERY_SLOW_STREAM_SECONDS: '3',
      CHANCERY_REQUEST_SECONDS: '60',
      CHANCERY_MAX_STREAMS: '30',
      CHANCERY_MAX_CLIENT_STREAMS: '100',
    };
    key = await editorsKey(env);
    servers = await Promise.all([serve(env), serve(env)]);
    editors = servers.map(({ origin }) => editorAt(origin, key));
  });
  afterAll(() => Promise.all(servers.map(({ process }) => stop(process, 'SIGKILL'))));

  const origin = (i: number) => servers[i]?.origin ?? '';
  const editor = (i: number) => editors[i % 2] as Editor;
  const add = (i: number, title: string) =>
    editor(i).mutate(`createPerson(input: { name: "${title}" })`);

  it('send every event of either server once, in the same order', async () => {
    const readers = await Promise.all(
      [0, 1, 0, 1].map((i) => openEvents(origin(i), people('cursor'))),
    );
    const names = Array.from({ length: 30 }, (_, i) => `Person ${i}`);
    await Promise.all(names.map((each, i) => add(i, each)));
    await add(0, 'Last one');
    const received = await Promise.all(readers.map((reader) => reader.receive<RecordEvent>(31)));
    for (const each of received) expect(each).toEqual(received[0]);
    const receivedNames = received[0]?.map(({ record }) => record?.name ?? '') ?? [];
    expect(receivedNames.toSorted()).toEqual([...names, 'Last one'].toSorted());
    expect(receivedNames.at(-1)).toBe('Last one');
    for (const reader of readers) reader.close();
  });

  it('send a client that reconnects to either of them every event that it missed', async () => {
    const first = await openEvents(origin(0), people());
    await add(0, 'Seen');
    expect(await namesOf(first, 1)).toEqual(['Seen']);
    first.close();
    const missed = Array.from({ length: 30 }, (_, i) => `Missed ${i}`);
    for (const [i, each] of missed.entries()) await add(i, each);
    const id = first.lastId() ?? '';
    const again = await Promise.all([
      openEvents(origin(0), people(), { 'last-event-id': id }),
      openEvents(origin(1), people(), { 'last-event-id': id }),
      openEvents(origin(1), `subscription { changed(after: "${id}") { record { ${name} } } }`),
    ]);
    await add(1, 'New');
    for (const reader of again) {
      expect(await namesOf(reader, 31)).toEqual([...missed, 'New']);
      reader.close();
    }
  });

  it('replay missed events also at a server that was started meanwhile', async () => {
    const first = await openEvents(origin(0), people());
    await add(0, 'Before the start');
    await first.receive(1);
    first.close();
    await add(0, 'Meanwhile');
    const third = await serve({ DATABASE_URL: url });
    try {
      const again = await openEvents(third.origin, people(), {
        'last-event-id': first.lastId() ?? '',
      });
      await add(1, 'Afterwards');
      expect(await namesOf(again, 2)).toEqual(['Meanwhile', 'Afterwards']);
      again.close();
    } finally {
      await stop(third.process, 'SIGKILL');
    }
  });

  it('send an error to a client that reconnects after more than an hour', async () => {
    const first = await openEvents(origin(0), people());
    await add(0, 'Long ago');
    await first.receive(1);
    first.close();
    const database = await openDatabase({ url }, { poolSize: 1 });
    const [xid = ''] = first.lastId()?.split('-') ?? [];
    await database.db.transaction(async (tx) => {
      // Revisions are never changed, so the trigger that sees to it has to look away.
      await tx.execute(sql`set local session_replication_role = replica`);
      await tx.execute(
        sql`update revision set at = at - interval '61 minutes' where xid = ${xid}::xid8`,
      );
    });
    await database.close();
    const late = await openEvents(origin(1), people(), { 'last-event-id': first.lastId() ?? '' });
    expect(await late.receive(1)).toMatchObject([{ extensions: { code: 'EVENTS_LOST' } }]);
    expect(await late.next()).toMatchObject({ event: 'complete' });
  });

  it('disconnect clients that do not read, with a code, without delaying others', async () => {
    const article = await editor(0).mutate(
      'createArticle(input: { title: "Long" })',
      '... on ArticlePayload { article { id } }',
    );
    const { id } = article['article'] as { id: string };
    const lazy = await Promise.all(Array.from({ length: 6 }, () => unread(origin(0))));
    const keen = await openEvents(origin(0), long);
    const size = 400_000;
    for (let i = 0; i < 40; i++) {
      await editor(0).execute(
        `mutation ($id: ID!, $body: String) { updateArticle(id: $id, input: { body: $body }) { __typename } }`,
        { id, body: `${i} `.padEnd(size, 'x') },
      );
      await keen.receive(1);
    }
    // Nothing is read before the server has ended the stream.
    await sleep(8000);
    for (const text of await Promise.all(lazy.map((socket) => socket.rest()))) {
      // Far less than all: what a connection holds, and the last words.
      expect(text.length).toBeLessThan(30 * size);
      expect(text.slice(-1000)).toContain('"code":"EVENTS_LOST"');
    }
    keen.close();
  });

  it('a key that is revoked ends the streams that it opened', async () => {
    const revoked = await editorsKey({ DATABASE_URL: url }, 'Leaver');
    const reader = await openEvents(origin(0), people(), { authorization: `Bearer ${revoked}` });
    await add(0, 'Heard');
    expect(await namesOf(reader, 1)).toEqual(['Heard']);
    const database = await openDatabase({ url }, { poolSize: 1 });
    await database.db.execute(sql`update api_key set revoked_at = now() where name = 'Leaver'`);
    await database.close();
    expect(await reader.receive(1)).toMatchObject([
      { message: 'the API key was revoked', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(await reader.next()).toMatchObject({ event: 'complete' });
  });

  it('reject streams above the limit until others have ended', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => openEvents(origin(1), changes)));
    const rejected = await openEvents(origin(1), changes);
    expect(rejected.status).toBe(503);
    for (const reader of all) reader.close();
    await expect
      .poll(async () => {
        const reader = await openEvents(origin(1), changes);
        reader.close();
        return reader.status;
      })
      .toBe(200);
  });
});

// Private:

const people = (more = '') =>
  `subscription { changed(recordType: [PERSON]) { action ${more} record { ${name} } } }`;

const long =
  'subscription { changed(recordType: [ARTICLE]) { record { ... on Article { body } } } }';

const namesOf = async (reader: EventReader, count: number) =>
  (await reader.receive<RecordEvent>(count)).map(({ record }) => record?.name);

const actionsOf = async (reader: EventReader, count: number) =>
  (await reader.receive<RecordEvent>(count)).map(({ action }) => action);

/** Subscribes, and reads nothing until the rest is requested. */
async function unread(origin: string): Promise<{ rest: () => Promise<string> }> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  const query = new URLSearchParams({ query: long }).toString();
  socket.write(
    `GET /graphql?${query} HTTP/1.1\r\nHost: ${hostname}\r\nAccept: text/event-stream\r\n\r\n`,
  );
  await new Promise<void>((resolve) => socket.once('readable', resolve));
  return {
    rest: async () => {
      let text = '';
      for await (const chunk of socket) {
        text += String(chunk);
        if (text.endsWith('\r\n0\r\n\r\n')) break;
      }
      return text;
    },
  };
}
