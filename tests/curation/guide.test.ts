/** The commands of docs/curation.md, in order, as a user would paste them. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { run, serve, stop } from '../support/command.js';

it('the commands of docs/curation.md do what it says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-'));
  const env = { CHANCERY_DATA_DIR: join(folder, 'data'), CHANCERY_REQUEST_SECONDS: '60' };
  const [creating, ...rest] = examplesOf(await readFile('docs/curation.md', 'utf8'));
  const auditing = rest.pop();
  const paste = async (command: string | undefined, more: Record<string, string> = {}) => {
    const { stdout } = await promisify(execFile)('bash', ['-c', command ?? ''], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', ...env, ...more },
    });
    return stdout;
  };
  // The commands are those of a user, who has the package installed.
  const cli = `npx() { shift; "${process.execPath}" "${resolve('dist/cli.js')}" "$@"; }\n`;
  const key = (await paste(cli + (creating?.command ?? ''))).trim();
  expect(key).toMatch(/^chk_/);
  const server = await serve(env);
  try {
    const mark = '=== end of the example';
    const session = rest.map(({ command }) => `${command}\necho\necho '${mark}'\n`).join('\n');
    const commands = session.replaceAll('http://localhost:4000', server.origin);
    const outputs = (await paste(commands, { KEY: key })).split(mark);
    for (const [i, { command, answer }] of rest.entries()) {
      const said = outputs[i]?.trim().split('\n').at(-1) ?? '';
      expect(said, command).not.toContain('"errors"');
      if (answer) expect(JSON.parse(said), command).toMatchObject(JSON.parse(answer) as object);
    }
  } finally {
    await stop(server.process);
  }
  expect(auditing?.command).toBe('npx chancery audit\n');
  expect(await run(['audit'], env)).toMatchObject({ code: 0 });
  await rm(folder, { recursive: true, force: true });
});

// Private:

/** Blocks of commands, each with the answer that the page shows behind it, if any. */
const examplesOf = (page: string): { command: string; answer: string | undefined }[] =>
  [...page.matchAll(/^```sh\n(.*?)^```\n(?:\n```json\n(.*?)^```)?/gms)].map(
    ([, command = '', answer]) => ({ command, answer }),
  );
