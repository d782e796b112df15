/** Queries and subscriptions that come and go, for as long as one likes, with an eye on what grows. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { RunningContestant } from '../contestants.ts';
import { ask } from './asker.ts';

export interface SoakOptions {
  url: string;
  seconds: number;
  bodies: string;
  server: RunningContestant;
  /** An editor's. */
  key: string;
}

/** What is looked at. */
interface Sample {
  seconds: number;
  megabytes: number;
  sockets: number;
  connections: number;
}

/** How many subscriptions are open at a time, and for how long each. */
const listeners = 50;
const stay = 2000;

export async function soak(
  { url, seconds, bodies, server, key }: SoakOptions,
  tell: (line: string) => void,
): Promise<string> {
  const { origin, process: child } = server;
  const sql = postgres(url, { max: 1 });
  const end = performance.now() + 1000 * seconds;
  const counts = { streams: 0, events: 0, writes: 0 };
  const samples: Sample[] = [];
  const sample = async (): Promise<Sample> => ({
    seconds: Math.round(seconds - (end - performance.now()) / 1000),
    megabytes: Math.round(
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })) /
        1024,
    ),
    sockets: readdirSync(`/proc/${child.pid}/fd`).length,
    connections: await connectionsOf(sql),
  });
  const [asked] = await Promise.all([
    ask({ origin, bodies, connections: 8, seconds, pause: 10, address: '127.0.0.1', timeout: 15 }),
    ...Array.from({ length: listeners }, async (_, i) => {
      await sleep((stay * i) / listeners);
      while (performance.now() < end) {
        const told = await listen(origin);
        counts.events += told;
        counts.streams++;
      }
    }),
    (async () => {
      while (performance.now() < end) {
        await write(origin, key);
        counts.writes++;
        await sleep(100);
      }
    })(),
    (async () => {
      while (performance.now() < end) {
        samples.push(await sample());
        tell(JSON.stringify(samples.at(-1)));
        await sleep(Math.min(30_000, (1000 * seconds) / 10));
      }
    })(),
  ]);
  await sleep(3000);
  samples.push(await sample());
  await sql.end();
  const rows = samples.map(
    ({ seconds, megabytes, sockets, connections }) =>
      `| ${seconds} | ${megabytes} | ${sockets} | ${connections} |`,
  );
  return `${seconds} s: ${asked.served.count} queries (${JSON.stringify(asked.statuses)}), ${counts.streams} subscriptions, ${counts.writes} changes, ${counts.events} events told.

| after s | MB | open files | database connections |
| ---: | ---: | ---: | ---: |
${rows.join('\n')}
`;
}

// Private:

/** Listens for a while, and leaves without a word. @returns how many events came */
async function listen(origin: string): Promise<number> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), stay * (0.5 + Math.random()));
  let events = 0;
  try {
    const response = await fetch(
      `${origin}/graphql?query=${encodeURIComponent('subscription { changed { eventId record { id } } }')}`,
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
