/** The server that is fuzzed: a process of its own, whose heap can be asked for. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { run } from '../support/command.ts';
import type { Known } from './values.ts';

export interface Subject {
  port: number;
  /** The credentials of an editor and of a reader. */
  keys: string[];
  /** What nobody caught in the server, and its death if it died. */
  failures: string[];
  /** What it wrote to its log. */
  logged(): string;
  /** The bytes in use after what is garbage was collected, and the sockets that are open then. */
  held(): Promise<{ heap: number; sockets: number }>;
  stop(): Promise<number | null>;
}

/** @param env Where its database is, and settings. */
export async function startSubject(env: Record<string, string>): Promise<Subject> {
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
  const migrated = await run(['migrate'], all);
  if (migrated.code !== 0) throw new Error(migrated.stderr);
  const keys: string[] = [];
  for (const role of ['editor', 'reader']) {
    const made = await run(['keys', 'create', '--role', role, '--name', role], all);
    if (made.code !== 0) throw new Error(made.stderr);
    keys.push(made.stdout.trim());
  }
  const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', probe, 'dist/cli.js', 'serve'],
    {
      env: all,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const failures: string[] = [];
  let log = '';
  child.stdout?.on('data', (chunk) => (log = (log + String(chunk)).slice(-1_000_000)));
  child.on('message', (message: { uncaught?: string }) => {
    if (message.uncaught) failures.push(message.uncaught);
  });
  let isStopping = false;
  child.on('exit', (code, signal) => {
    if (!isStopping) failures.push(`the server ended: ${code ?? signal}`);
  });
  return {
    port: await portOf(child),
    keys,
    failures,
    logged: () => log,
    held: async () => {
      child.send('heap');
      for (;;) {
        const [message] = (await once(child, 'message')) as [{ heap?: number; sockets?: number }];
        const { heap, sockets } = message;
        if (heap !== undefined && sockets !== undefined) return { heap, sockets };
      }
    },
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

// Private:

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
