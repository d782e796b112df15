import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';

/** A new folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** The same with an embedded database in it that holds the sample, which is quicker to open than a new one. */
export async function sampleFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(inject('sampleFolder'), folder, { recursive: true });
  return folder;
}
