/** Queries and subscriptions that come and go, for as long as one likes, with an eye on what grows. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { RunningContestant } from '../contestants.ts';
import { runClients } from './client.ts';

export interface SoakOptions {
  url: string;
  seconds: number;
  /** Queries that come again, and texts that have never been seen before. */
  bodies: { small: string; unseen: string };
  /** Started with `probe.mjs`, which reports the size of its heap. */
  server: RunningContestant;
  /** An editor's. */
  key: string;
}

/** What is looked at. */
interface Sample {
  seconds: number;
  /** What is in use after a collection, and what the system has given. */
  heap: number;
  resident: number;
  sockets: number;
  connections: number;
}

/** How many subscriptions are open at a time, and for how long each. */
const listeners = 20;
const stay = 2000;

/** Small queries and texts never seen before, each connection one after such a pause. */
const paces = { small: { connections: 4, pause: 80 }, unseen: { connections: 1, pause: 1000 } };

export async function soak(
  { url, seconds, bodies, server, key }: SoakOptions,
  log: (line: string) => void,
): Promise<string> {
  const { origin } = server;
  const common = { origin, address: '127.0.0.1', timeout: 15 };
  // What is kept of queries and answers is kept up to a bound; it is to be reached before we look.
  const filling = Math.min(12, 2 * seconds);
  await runClients({
    ...common,
    bodies: bodies.unseen,
    connections: 4,
    pause: 5,
    seconds: filling,
  });
  await runClients({ ...common, bodies: bodies.small, connections: 8, pause: 5, seconds: filling });
  const sql = postgres(url, { max: 1 });
  const startedAt = performance.now();
  const end = startedAt + 1000 * seconds;
  const counts = { streams: 0, events: 0, writes: 0 };
  const samples: Sample[] = [];
  const look = async (): Promise<void> => {
    samples.push(await sampleOf(server, sql, startedAt));
    log(JSON.stringify(samples.at(-1)));
  };
  const busyBefore = processorSeconds(server);
  const [small, unseen] = await Promise.all([
    runClients({ ...common, ...paces.small, bodies: bodies.small, seconds }),
    runClients({ ...common, ...paces.unseen, bodies: bodies.unseen, seconds }),
    ...Array.from({ length: listeners }, async (_, i) => {
      await sleep((stay * i) / listeners);
      while (performance.now() < end) {
        const received = await listen(origin);
        counts.events += received;
        counts.streams++;
      }
    }),
    (async () => {
      while (performance.now() < end) {
        await write(origin, key);
        counts.writes++;
        await sleep(500);
      }
    })(),
    (async () => {
      while (performance.now() < end) {
        await look();
        await sleep(Math.min(60_000, (1000 * seconds) / 10));
      }
    })(),
  ]);
  const busy = (processorSeconds(server) - busyBefore) / seconds;
  await sleep(3000);
  await look();
  await sql.end();
  const rows = samples.map(
    ({ seconds, heap, resident, sockets, connections }) =>
      `| ${seconds} | ${heap.toFixed(1)} | ${Math.round(resident)} | ${sockets} | ${connections} |`,
  );
  const requests = small.served.count + unseen.served.count + counts.streams + 2 * counts.writes;
  return `${seconds} s: ${small.served.count} queries (${JSON.stringify(small.statuses)}), ${unseen.served.count} texts never seen before, ${counts.streams} subscriptions, ${counts.writes} changes, ${counts.events} events told; the server took ${Math.round(100 * busy)} % of a core.

| after s | heap in use, MB | resident, MB | open files | database connections |
| ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

Heap since the third sample: ${bytesARequest(samples.slice(2), requests / seconds).toFixed(0)} bytes a request.
`;
}

// Private:

async function sampleOf(
  { process: child }: RunningContestant,
  sql: postgres.Sql,
  startedAt: number,
): Promise<Sample> {
  const message = once(child, 'message') as Promise<[{ heap: number }]>;
  child.send('heap');
  const [{ heap }] = await message;
  const rss = execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' });
  return {
    seconds: Math.round((performance.now() - startedAt) / 1000),
    heap: heap / 1024 / 1024,
    resident: Number(rss) / 1024,
    sockets: readdirSync(`/proc/${child.pid}/fd`).length,
    connections: await connectionsOf(sql),
  };
}

/** The slope of the line that fits best, so that no single sample decides. */
function bytesARequest(samples: Sample[], requestsASecond: number): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, each) => sum + of(each), 0) / samples.length;
  const [seconds, heap] = [mean((each) => each.seconds), mean((each) => each.heap)];
  const both = mean((each) => (each.seconds - seconds) * (each.heap - heap));
  const spread = mean((each) => (each.seconds - seconds) ** 2);
  return ((both / spread) * 1024 * 1024) / requestsASecond;
}

/** What it has taken so far, from the system's count of hundredths. */
export function processorSeconds({ process: child }: RunningContestant): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / 100;
}

/** Listens for a while, and leaves without a word. @returns how many events came */
async function listen(origin: string): Promise<number> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), stay * (0.5 + Math.random()));
  let events = 0;
  try {
    const response = await fetch(
      `${origin}/graphql?query=${encodeURIComponent('subscription { changed { cursor record { id } } }')}`,
      { headers: { accept: 'text/event-stream' }, signal: leaving.signal },
    );
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      events += decoder.decode(chunk, { stream: true }).split('event: next').length - 1;
    }
  } catch {
    // Gone, as meant.
  } finally {
    clearTimeout(timer);
  }
  return events;
}

/** Changes a record, as an editor does. */
async function write(origin: string, key: string): Promise<void> {
  const query = `mutation ($id: ID!, $text: String!) {
    updatePerson(id: $id, input: { description: $text }) { ... on PersonPayload { revision } ... on MutationError { message } } }`;
  const person = await post(origin, '{ person(slug: "person-1") { id } }');
  const variables = {
    id: (person as { person: { id: string } }).person.id,
    text: new Date().toISOString(),
  };
  await post(origin, query, variables, { authorization: `Bearer ${key}` });
}

async function post(
  origin: string,
  query: string,
  variables = {},
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function connectionsOf(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  return row?.count ?? 0;
}
