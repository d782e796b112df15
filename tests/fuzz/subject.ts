/** The server that is fuzzed: a process of its own, whose heap can be measured. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { rawRequest } from './broken.ts';
import { exchange } from './exchange.ts';
import type { Known } from './values.ts';

export interface Subject {
  port: number;
  /** The credentials of an editor and of a reader. */
  keys: string[];
  pid: number;
  /** Uncaught errors of the server, and its end if it ended. */
  failures: string[];
  /** What it wrote to its log. */
  logged(): string;
  /** The bytes in use after what is garbage was collected, and the sockets that are open then. */
  held(): Promise<{ heap: number; sockets: number }>;
  /**
   * The most processor time, in milliseconds, that a turn of the event loop took since the last call;
   * -1 where the system does not tell.
   */
  maxTurnMs(): Promise<number>;
  /** Calls of each turn from now on that takes long, with milliseconds of processor time. */
  onLongTurn(listener: (ms: number) => void): void;
  /** Runs a command beside the server, on its database. */
  command(args: string[]): Promise<string>;
  stop(): Promise<number | null>;
}

export interface SubjectOptions {
  /** The program: that of the build here, or of another one. */
  cli?: string;
  roles?: string[];
  /** Files that are imported before it starts. */
  files?: string[];
}

/** @param env Where its database is, and settings. */
export async function startSubject(
  env: Record<string, string>,
  { cli = 'dist/cli.js', roles = ['editor', 'reader'], files = [] }: SubjectOptions = {},
): Promise<Subject> {
  const { PATH = '', HOME = '' } = process.env;
  const all = {
    PATH,
    HOME,
    PORT: '0',
    LOG_LEVEL: 'warn',
    CHANCERY_RATE_LIMIT: '0',
    CHANCERY_RECEIVE_SECONDS: '2',
    ...env,
  };
  const command = async (args: string[]): Promise<string> => {
    const { stdout } = await runFile(process.execPath, [cli, ...args], { env: all });
    return stdout.trim();
  };
  await command(['migrate']);
  const keys: string[] = [];
  for (const role of roles) {
    keys.push(await command(['keys', 'create', '--role', role, '--name', role]));
  }
  for (const file of files) await command(['import', file]);
  const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', '--import', probe, cli, 'serve'], {
    env: all,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const failures: string[] = [];
  let log = '';
  child.stdout?.on('data', (chunk) => (log = (log + String(chunk)).slice(-1_000_000)));
  child.on('message', (message: { uncaught?: string }) => {
    if (message.uncaught) failures.push(message.uncaught);
  });
  let isCollecting = false;
  let isStopping = false;
  child.on('exit', (code, signal) => {
    if (!isStopping) failures.push(`the server ended: ${code ?? signal}`);
  });
  return {
    port: await portOf(child),
    keys,
    pid: child.pid ?? 0,
    failures,
    logged: () => log,
    held: async () => {
      isCollecting = true;
      child.send('heap');
      for (;;) {
        const [message] = (await once(child, 'message')) as [{ heap?: number; sockets?: number }];
        const { heap, sockets } = message;
        if (heap === undefined || sockets === undefined) continue;
        isCollecting = false;
        return { heap, sockets };
      }
    },
    maxTurnMs: async () => {
      child.send('turns');
      for (;;) {
        const [{ maxTurnMs }] = (await once(child, 'message')) as [{ maxTurnMs?: number }];
        if (maxTurnMs !== undefined) return maxTurnMs;
      }
    },
    onLongTurn: (listener) => {
      child.on('message', ({ longTurn }: { longTurn?: number }) => {
        if (longTurn !== undefined && !isCollecting) listener(longTurn);
      });
    },
    command,
    stop: async () => {
      isStopping = true;
      if (child.exitCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number | null];
      return code;
    },
  };
}

/** What there is to ask for. */
export async function lookAround(port: number): Promise<Known> {
  const query = `{ ${['organizations', 'people', 'offices', 'places', 'articles', 'events']
    .map(
      (list) =>
        `${list}(first: 100) { nodes { id ${list === 'events' ? '' : 'slug'} ${nameIn(list)} } }`,
    )
    .join(' ')} statements(first: 100) { nodes { id } } }`;
  const response = await fetch(`http://localhost:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as {
    data?: Record<string, { nodes: { id: string; slug?: string; name?: string }[] }>;
    errors?: unknown;
  };
  if (!data) throw new Error(`the sample cannot be read: ${JSON.stringify(errors)}`);
  const nodes = Object.values(data).flatMap((list) => list.nodes);
  return {
    ids: nodes.map(({ id }) => id),
    slugs: [...nodes.flatMap(({ slug }) => slug ?? []), 'nobody', 'no-such-slug'],
    names: nodes.flatMap(({ name }) => name ?? []),
  };
}

/** The id of an event, behind which there will be others: a person is made. */
export async function anEvent({ port, keys: [key] }: Subject): Promise<string> {
  const listening = exchange(
    port,
    rawRequest(
      'POST /graphql',
      { 'content-type': 'application/json', accept: 'text/event-stream' },
      JSON.stringify({ query: 'subscription { changed { cursor } }' }),
    ),
    { until: /"cursor":"/ },
  );
  // It is heard once the subscription is there.
  await sleep(1000);
  await fetch(`http://localhost:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      query: 'mutation { createPerson(input: { name: "The First" }) { __typename } }',
    }),
  });
  const id = /"cursor":"([^"]+)"/.exec((await listening).body)?.[1];
  if (!id) throw new Error('no event arrived');
  return id;
}

// Private:

const runFile = promisify(execFile);

const nameIn = (list: string): string => (list === 'articles' ? 'name: title' : 'name');

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk) => {
      text += String(chunk);
      const port = /http:\/\/[^/]+:(\d+)\//.exec(text)?.[1];
      if (port) resolve(Number(port));
    });
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${text}`)));
  });
}
