/** PgBouncer in transaction mode in front of a PostgreSQL, where Debian's is installed or PGBOUNCER names one. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './freePort.js';
import { blockIn } from './manual.js';

const program = process.env['PGBOUNCER'] ?? '/usr/sbin/pgbouncer';

export const hasPgBouncer = existsSync(program);

/** It passes prepared statements on since 1.21; Debian 12 has 1.18. */
const passesPrepared = (): boolean => {
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' });
  const [, major = 0, minor = 0] = /PgBouncer (\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 1 || Number(minor) >= 21;
};

export interface PgBouncer {
  /** The address of the same database through it, as docs/operations.md has it. */
  url: string;
  stop(): Promise<void>;
}

/**
 * @param url The database that it leads to, which needs no password.
 * @param change Of the settings that docs/operations.md shows.
 */
export async function startPgBouncer(
  url: string,
  change: (shown: string) => string = (shown) => shown,
): Promise<PgBouncer> {
  const { hostname, port, pathname, username } = new URL(url);
  const folder = await mkdtemp(join(tmpdir(), 'chancery-pgbouncer-'));
  await chmod(folder, 0o755);
  const own = await freePort();
  const prepared = passesPrepared();
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(join(folder, 'users.txt'), `"${username}" ""\n`);
  const shown = change(await blockIn('docs/operations.md', 'pool_mode'))
    .replace('chancery =', `${pathname.slice(1)} =`)
    .replace('host=10.0.0.5 port=5432', `host=${hostname} port=${port}`);
  await writeFile(
    file,
    `${prepared ? shown : shown.replace(/^max_prepared_statements.*$/m, '')}
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, 'users.txt')}
`,
  );
  // It does not start as root, but switches to the given user.
  const account = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(program, [...account, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      words += String(chunk);
      if (words.includes('process up')) resolve();
    });
    child.once('exit', () => reject(new Error(`PgBouncer does not start: ${words}`)));
  });
  return {
    url: Object.assign(new URL(url), {
      port: String(own),
      pathname,
      search: prepared ? '' : '?prepare=false',
    }).href,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
