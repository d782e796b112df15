/** Half a minute of what `npm run bench -- stress soak` does for half an hour; it counts, and times nothing. */
import { once } from 'node:events';
import { connect } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSubject, type Subject } from '../fuzz/subject.js';
import { describeOnEachServer } from '../support/databases.js';
import { execute } from '../support/endpoint.js';
import { metricsAt } from '../support/metrics.js';

const subscription = `/graphql?query=${encodeURIComponent('subscription { changed { cursor record { id } } }')}`;

/** How many subscriptions are opened at a time and in all; every hundredth waits for an event. */
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
    const events = await comeAndGo(origin, inAll, change);
    expect(events).toBeGreaterThan(0);
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

/** Opens and closes so many subscriptions, several at a time. @returns how many events arrived */
async function comeAndGo(origin: string, count: number, change: () => Promise<void>) {
  let [left, events] = [count, 0];
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      while (left-- > 0) {
        if (left % 100 === 0) {
          await listen(origin, change);
          events++;
        } else if (left % 3 === 0) await cutOff(origin);
        else await leave(origin);
      }
    }),
  );
  return events;
}

/** Subscribes, makes a change, and leaves when its event has arrived. */
async function listen(origin: string, change: () => Promise<void>): Promise<void> {
  const leaving = new AbortController();
  const response = await open(origin, leaving.signal);
  const reader = response.body?.getReader();
  if (!reader) throw new Error('the stream has no body');
  const made = change();
  let text = '';
  while (!text.includes('event: next')) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended: ${text}`);
    text += new TextDecoder().decode(value);
  }
  leaving.abort();
  await made;
}

async function leave(origin: string): Promise<void> {
  const leaving = new AbortController();
  const response = await open(origin, leaving.signal);
  expect(response.status).toBe(200);
  leaving.abort();
}

/** Sends a request and closes the connection before the response. */
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
    const found = await execute(origin, '{ people(first: 1) { nodes { id } } }');
    const { people } = found.body.data as { people: { nodes: { id: string }[] } };
    const mutation = `mutation ($id: ID!, $text: String!) { updatePerson(id: $id, input: { description: $text }) {
      ... on PersonPayload { revision } ... on MutationError { message } } }`;
    const variables = { id: people.nodes[0]?.id, text: `number ${count++}` };
    await execute(origin, mutation, variables, { authorization: `Bearer ${key}` });
  };
  return async () => void (await (last = last.then(change)));
}

async function allGone(origin: string): Promise<void> {
  await expect
    .poll(async () => (await metricsAt(origin)).value('chancery_subscriptions_open'))
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
