import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../support/command.js';
import { temporaryFolder } from '../support/temporary.js';
import { hiddenSentences, world } from './letter.js';

it('chancery import stores the set default, and chancery export --public leaves the bodies out', async () => {
  const folder = await temporaryFolder();
  const env = { CHANCERY_DATA_DIR: join(folder, 'data'), CHANCERY_BODY_ACCESS: 'PASSAGES' };
  await writeFile(join(folder, 'world.json'), world());
  expect(await run(['import', join(folder, 'world.json')], env)).toMatchObject({ code: 0 });
  // One after the other: an embedded database is opened by one process at a time.
  const texts: string[] = [];
  for (const options of [[], ['--public'], ['--format', 'jsonld'], ['--format', 'ftm']]) {
    const { code, stdout } = await run(['export', ...options], env);
    expect(code).toBe(0);
    texts.push(stdout);
  }
  const [backup, ...readers] = texts;
  expect(backup).toContain('"bodyAccess":"PASSAGES"');
  for (const sentence of hiddenSentences) {
    expect(backup).toContain(sentence);
    for (const text of readers) expect(text).not.toContain(sentence);
  }
  for (const text of readers) expect(text).toContain('A letter of Hub');
  expect(readers[0]).toContain('"bodyAccess":"PASSAGES"');
  expect(readers[0]).not.toContain('"revisions"');
  const table = await run(['export', '--format', 'csv', '--type', 'Article'], env);
  expect(table.stdout).toMatch(/^slug,.*bodyAccess.*\r\nletter,.*PASSAGES/);
});
