/**
 * A folder belongs to one process at a time.
 *
 * The lock is a file that names its owner by process id and start time, because ids are used
 * again. A lock whose owner is gone is taken over; one whose owner lives never is, however
 * long it has been silent.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError } from './database.js';

export interface FolderLock {
  release(): Promise<void>;
}

interface Owner {
  pid: number;
  host: string;
  /** When the process began, as its system tells it; null where it does not. */
  processStart: string | null;
  lockedAt: string;
}

/** @throws DatabaseError that names the owner when another process holds the folder. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = join(folder, 'chancery.lock');
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    lockedAt: new Date().toISOString(),
  };
  // Written aside and linked into place, so that nobody ever reads half a lock.
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, `${JSON.stringify(owner)}\n`);
  try {
    while (!(await linked(draft, file))) await removeIfAbandoned(file, folder);
  } finally {
    await rm(draft, { force: true });
  }
  return { release: () => rm(file, { force: true }) };
}

async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead owner's lock. Only one process at a time may do so (the guard is a folder,
 * made by one and refused to the others), or two could each remove the lock that the other
 * has just taken.
 */
async function removeIfAbandoned(file: string, folder: string): Promise<void> {
  refuseIfAlive(await readOwner(file), file, folder);
  const guard = `${file}.takeover`;
  try {
    await mkdir(guard);
  } catch {
    const made = await stat(guard).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - made > 10_000) await rmdir(guard).catch(() => {});
    await sleep(50);
    return;
  }
  try {
    refuseIfAlive(await readOwner(file), file, folder);
    await rm(file, { force: true });
  } finally {
    await rmdir(guard).catch(() => {});
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function refuseIfAlive(owner: Owner | undefined, file: string, folder: string): void {
  if (!owner) return;
  const held = `the data folder ${folder} is in use by process ${owner.pid} on ${owner.host} since ${owner.lockedAt}`;
  if (owner.host !== hostname()) {
    throw new DatabaseError(`${held}; if that machine is gone for good, delete ${file}`);
  }
  if (isAlive(owner)) {
    throw new DatabaseError(
      `${held}; stop it, or give this one another folder with CHANCERY_DATA_DIR, or let both share a PostgreSQL server with DATABASE_URL`,
    );
  }
}

function isAlive({ pid, processStart: start }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = processStart(pid);
  return start === null || now === null || start === now;
}

/** On Linux the kernel's tick count since boot, elsewhere what `ps` says; null when neither answers. */
function processStart(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      // The command's name, in parentheses, may hold spaces; fields are counted behind it.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${boot}/${fields?.[19]}`;
    }
    if (process.platform === 'win32') return null;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}
