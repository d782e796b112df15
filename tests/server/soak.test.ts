/** Half a minute of what `npm run bench -- stress soak` does for half an hour; it counts, and times nothing. */
import { once } from 'node:events';
import { connect } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSubject, type Subject } from '../fuzz/subject.js';
import { describeOnEachServer } from '../support/databases.js';
import { ask } from '../support/endpoint.js';
import { metricsAt } from '../support/metrics.js';

const subscription = `/graphql?query=${encodeURIComponent('subscription { changed { eventId record { id } } }')}`;

/** So many come and go, so many at a time; a change is told now and then. */
const atATime = 25;
const warmUp = 1500;
const inAll = 1500;

describeOnEachServer('subscriptions that come and go', ({ newDatabase }) => {
  let url: string;
  let subject: Subject;
  let origin: string;
  beforeAll(async () => {
    url = await newDatabase();
    subject = await startSubject({ DATABASE_URL: url, DATABASE_POOL_SIZE: '2' });
    origin = `http://localhost:${subject.port}`;
  });
  afterAll(() => subject.stop());

  it('leave nothing behind: no memory, no socket, no connection to the database', async () => {
    const change = changing(origin, subject.keys[0] ?? '');
    await comeAndGo(origin, warmUp, change);
    await allGone(origin);
    const before = { ...(await subject.held()), connections: await connectionsOf(url) };
    const told = await comeAndGo(origin, inAll, change);
    expect(told).toBeGreaterThan(0);
    await allGone(origin);
    const after = await subject.held();
    // Those of this test's own, kept for its next request, are a few; one of each would be hundreds.
    expect(after.sockets - before.sockets).toBeLessThan(atATime * 2);
    expect(await connectionsOf(url)).toBeLessThanOrEqual(before.connections);
    // A kilobyte of each that was kept would be seen.
    expect((after.heap - before.heap) / inAll).toBeLessThan(1024);
    expect(subject.failures).toEqual([]);
  });
});

/** One after the other, several at a time. @returns how many events were told */
async function comeAndGo(origin: string, count: number, change: () => Promise<void>) {
  let [left, told] = [count, 0];
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      while (left-- > 0) {
        if (left % 100 === 0) {
          const [events] = await Promise.all([listen(origin), change()]);
          told += events;
        } else if (left % 3 === 0) await cutOff(origin);
        else await leave(origin);
      }
    }),
  );
  return told;
}

/** Waits for an event, then leaves. Changes made before it listens are not told, so it may wait in vain. */
async function listen(origin: string): Promise<number> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), 1000);
  const response = await open(origin, leaving.signal);
  const reader = response.body?.getReader();
  let text = '';
  try {
    while (reader && !text.includes('event: next')) {
      const { value, done } = await reader.read();
      if (done) break;
      text += new TextDecoder().decode(value);
    }
  } catch {
    // Left, as meant.
  }
  clearTimeout(timer);
  leaving.abort();
  return text.includes('event: next') ? 1 : 0;
}

async function leave(origin: string): Promise<void> {
  const leaving = new AbortController();
  const response = await open(origin, leaving.signal);
  expect(response.status).toBe(200);
  leaving.abort();
}

/** Asks, and is gone before there is an answer. */
async function cutOff(origin: string): Promise<void> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  socket.write(
    `GET ${subscription} HTTP/1.1\r\nhost: ${hostname}\r\naccept: text/event-stream\r\n\r\n`,
    () => socket.destroy(),
  );
  await once(socket, 'close');
}

const open = (origin: string, signal: AbortSignal) =>
  fetch(origin + subscription, { headers: { accept: 'text/event-stream' }, signal });

/** What makes one change after the other, as an editor. */
function changing(origin: string, key: string): () => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  const change = async () => {
    const found = await ask(origin, '{ people(first: 1) { nodes { id } } }');
    const { people } = found.body.data as { people: { nodes: { id: string }[] } };
    const mutation = `mutation ($id: ID!, $text: String!) { updatePerson(id: $id, input: { description: $text }) {
      ... on PersonPayload { revision } ... on MutationError { message } } }`;
    const variables = { id: people.nodes[0]?.id, text: `number ${count++}` };
    await ask(origin, mutation, variables, { authorization: `Bearer ${key}` });
  };
  return async () => void (await (last = last.then(change)));
}

async function allGone(origin: string): Promise<void> {
  await expect
    .poll(async () => (await metricsAt(origin)).value('chancery_subscriptions_open'), {
      timeout: 10_000,
    })
    .toBe(0);
}

async function connectionsOf(url: string): Promise<number> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    return row?.count ?? 0;
  } finally {
    await sql.end();
  }
}
