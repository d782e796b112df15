import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DatabaseError } from '../../src/database/database.js';
import { lockFolder } from '../../src/database/embedded/folderLock.js';
import { openDatabase } from '../../src/database/open.js';
import { startChild, type Child } from '../support/child.js';
import { temporaryFolder } from '../support/temporary.js';

const children: Child[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill()));
});

describe('a data folder', () => {
  it('rejects a second process, naming the owner, until the first releases it', async () => {
    const folder = await temporaryFolder();
    const first = await openDatabase({ dataDir: folder });
    const second = start(opening, folder);
    expect(await second.nextLine()).toMatch(
      new RegExp(`^FolderInUse: the data folder ${folder} is in use by process ${process.pid} on`),
    );
    await first.ping();
    await first.close();
    const third = start(opening, folder);
    expect(await third.nextLine()).toBe('opened');
  });

  it('rejects the process that holds it already', async () => {
    const folder = await temporaryFolder();
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}`);
    await lock.release();
    await (await lockFolder(folder)).release();
  });

  it('opens again after its owner was killed', async () => {
    const folder = await temporaryFolder();
    const owner = start(opening, folder);
    expect(await owner.nextLine()).toBe('opened');
    await expect(openDatabase({ dataDir: folder })).rejects.toThrow(
      `in use by process ${owner.pid} on`,
    );
    await owner.kill();
    const database = await openDatabase({ dataDir: folder });
    await database.ping();
    await database.close();
  });

  it('stays with an owner that is only asleep', async () => {
    const folder = await temporaryFolder();
    const owner = start(locking, folder);
    expect(await owner.nextLine()).toBe('locked');
    owner.signal('SIGSTOP');
    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${owner.pid}`);
  });

  it('is free when another process has the id of its former owner', async () => {
    const folder = await temporaryFolder();
    const owner = start(locking, folder);
    expect(await owner.nextLine()).toBe('locked');
    await owner.kill();
    const [lock = ''] = await readdir(folder);
    const text = await readFile(join(folder, lock), 'utf8');
    await writeFile(join(folder, lock), text.replace(`"pid":${owner.pid}`, `"pid":${process.pid}`));
    await (await lockFolder(folder)).release();
  });

  it('is free when a power cut left its lock empty', async () => {
    const folder = await temporaryFolder();
    await lockFolder(folder);
    const [lock = ''] = await readdir(folder);
    await writeFile(join(folder, lock), '');
    await (await lockFolder(folder)).release();
  });

  it('is not taken from another machine', async () => {
    const folder = await temporaryFolder();
    await lockFolder(folder);
    const [lock = ''] = await readdir(folder);
    const file = join(folder, lock);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/"host":"[^"]*"/, '"host":"elsewhere"'));
    await expect(lockFolder(folder)).rejects.toThrow(
      `on elsewhere since ${(JSON.parse(text) as { lockedAt: string }).lockedAt}; if that machine is gone for good, delete ${file}`,
    );
  });

  it('goes to exactly one of many that want it after its owner was killed', async () => {
    const folder = await temporaryFolder();
    await (await lockedBy(start(locking, folder))).kill();
    const rivals = Array.from({ length: 4 }, () => start(racing, folder));
    for (const rival of rivals) expect(await rival.nextLine()).toBe('ready');
    for (const rival of rivals) rival.signal('SIGUSR2');
    const outcomes = await Promise.all(rivals.map((rival) => rival.nextLine()));
    expect(outcomes.filter((outcome) => outcome === 'locked')).toHaveLength(1);
    const [winner] = rivals.filter((_, i) => outcomes[i] === 'locked');
    for (const outcome of outcomes) {
      if (outcome !== 'locked') expect(outcome).toContain(`in use by process ${winner?.pid} on`);
    }
  });

  it('has at most one owner while many acquire and release it', async () => {
    const folder = await temporaryFolder();
    const rivals = Array.from({ length: 3 }, () => start(taking, folder));
    const outcomes = await Promise.all(rivals.map((rival) => rival.nextLine()));
    expect(outcomes).toEqual(['never shared', 'never shared', 'never shared']);
  });

  it('that cannot be written is named, with the reason', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const folder = join(file, 'knowledge');
    await expect(openDatabase({ dataDir: folder })).rejects.toEqual(
      new DatabaseError(`cannot write to the data folder ${folder} (ENOTDIR)`),
    );
  });
});

function start(module: string, ...args: string[]): Child {
  const child = startChild(module, ...args);
  children.push(child);
  return child;
}

async function lockedBy(owner: Child): Promise<Child> {
  expect(await owner.nextLine()).toBe('locked');
  return owner;
}

const opening = `
  import { openDatabase } from './dist/database/open.js';
  await openDatabase({ dataDir: process.argv[1] })
    .then(() => console.log('opened'), (error) => console.log(String(error)));
  process.stdin.resume();`;

const locking = `
  import { lockFolder } from './dist/database/embedded/folderLock.js';
  const lock = () => lockFolder(process.argv[1])
    .then(() => console.log('locked'), (error) => console.log(String(error)));
  process.stdin.resume();
  await lock();`;

const racing = `
  import { lockFolder } from './dist/database/embedded/folderLock.js';
  process.once('SIGUSR2', () => lockFolder(process.argv[1])
    .then(() => console.log('locked'), (error) => console.log(String(error))));
  process.stdin.resume();
  console.log('ready');`;

/** The owner of the folder creates a file exclusively: a second owner would fail. */
const taking = `
  import { rm, writeFile } from 'node:fs/promises';
  import { lockFolder } from './dist/database/embedded/folderLock.js';
  const [, folder] = process.argv;
  for (let taken = 0; taken < 50; ) {
    const lock = await lockFolder(folder).catch(() => undefined);
    if (!lock) continue;
    taken++;
    await writeFile(folder + '/mine', '', { flag: 'wx' });
    await rm(folder + '/mine');
    await lock.release();
  }
  console.log('never shared');`;
