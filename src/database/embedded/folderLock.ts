/**
 * A lock on a folder, which belongs to one process at a time.
 *
 * A lock is a file `chancery.lock.<number>` that names its owner by process id and start time,
 * because ids are reused; the highest number counts. When its owner is gone, another process takes
 * the next number, which the file system lets only one create. A lock whose owner lives is never
 * taken, however long it has been silent.
 *
 * The highest lock is never removed, only marked as free: a process that acts late on what it read
 * then finds that its number is taken or no longer the highest, and starts again.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { link, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseError } from '../database.js';

/** Another process of this machine has the folder open. */
export class FolderInUse extends DatabaseError {
  override name = 'FolderInUse';
}

export interface FolderLock {
  release(): Promise<void>;
}

interface Owner {
  pid: number;
  host: string;
  /** When the process started, by its operating system; null where that is not known. */
  processStart: string | null;
  lockedAt: string;
}

interface Lock {
  number: number;
  owner: Owner | undefined;
}

const prefix = 'chancery.lock.';

/** @throws DatabaseError that names the owner when another process holds the folder; FolderInUse when it lives. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    lockedAt: new Date().toISOString(),
  };
  // Written under another name and linked into place, so that no process reads half a lock.
  const draft = join(
    folder,
    `${prefix}draft.${process.pid}.${Math.random().toString(36).slice(2)}`,
  );
  await writeFile(draft, `${JSON.stringify(owner)}\n`);
  try {
    const file = fileOf(folder, await take(folder, draft));
    return { release: () => truncate(file).catch(unlessMissing) };
  } finally {
    await rm(draft, { force: true });
  }
}

// Private:

async function take(folder: string, draft: string): Promise<number> {
  for (;;) {
    const last = await lastLock(folder);
    rejectIfAlive(last, folder);
    const number = last.number + 1;
    if (!(await linked(draft, fileOf(folder, number)))) continue;
    if ((await lastLock(folder)).number === number) {
      await removeBefore(number, folder);
      return number;
    }
    await rm(fileOf(folder, number), { force: true });
  }
}

const fileOf = (folder: string, number: number) => join(folder, `${prefix}${number}`);

async function lastLock(folder: string): Promise<Lock> {
  const number = Math.max(0, ...(await lockNumbers(folder)));
  const text = (await readFile(fileOf(folder, number), 'utf8').catch(unlessMissing)) ?? '';
  return { number, owner: ownerIn(text) };
}

/** Undefined for a released lock, and for one that a power cut left empty. */
function ownerIn(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined;
  }
}

async function lockNumbers(folder: string): Promise<number[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.startsWith(prefix))
    .map((file) => Number(file.slice(prefix.length)))
    .filter((number) => Number.isSafeInteger(number));
}

async function removeBefore(number: number, folder: string): Promise<void> {
  for (const old of await lockNumbers(folder)) {
    if (old < number) await rm(fileOf(folder, old), { force: true });
  }
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

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

function rejectIfAlive({ owner, number }: Lock, folder: string): void {
  if (!owner) return;
  const held = `the data folder ${folder} is in use by process ${owner.pid} on ${owner.host} since ${owner.lockedAt}`;
  if (owner.host !== hostname()) {
    throw new DatabaseError(
      `${held}; if that machine is gone for good, delete ${fileOf(folder, number)}`,
    );
  }
  if (isAlive(owner)) {
    throw new FolderInUse(
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

/** On Linux the start in ticks since boot, elsewhere the output of `ps`; null when neither is available. */
function processStart(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      // The command in parentheses may contain spaces, so fields are counted after it.
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
