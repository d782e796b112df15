import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { run, serve, stop } from '../support/command.js';
import { describeOnEachServer } from '../support/databases.js';
import { temporaryFolder } from '../support/temporary.js';

const debian = '/usr/lib/postgresql/15/bin';

/** What the knowledge base holds, line by line, in an order of its own. */
async function everything(env: Record<string, string>): Promise<string[]> {
  const { code, stdout } = await run(['export'], env);
  expect(code).toBe(0);
  return stdout.split('\n').sort();
}

const keys = async (env: Record<string, string>): Promise<string> =>
  (await run(['keys', 'list'], env)).stdout;

async function fill(env: Record<string, string>): Promise<void> {
  const server = await serve(env);
  expect(await stop(server.process)).toBe(0);
  const make = ['keys', 'create', '--role', 'editor', '--name', 'Ann'];
  expect(await run(make, env)).toMatchObject({ code: 0 });
  const dossier = 'organizations: [{ slug: club, name: Club, kind: OTHER }]';
  expect(await run(['import', '-'], env, dossier)).toMatchObject({ code: 0 });
}

describeOnEachServer('a backup by pg_dump', ({ engine, newDatabase }) => {
  // A dump is made by the programs of its server's version or a newer one.
  it.skipIf(engine !== 'PostgreSQL 15' || !existsSync(join(debian, 'pg_dump')))(
    'is restored into a new database, with its history, and audit finds nothing amiss',
    async () => {
      const [from, to] = [await newDatabase(), await newDatabase()];
      await fill({ DATABASE_URL: from });
      const file = join(await temporaryFolder(), 'chancery.dump');
      const execute = promisify(execFile);
      await execute(join(debian, 'pg_dump'), ['--format=custom', `--file=${file}`, from]);
      await execute(join(debian, 'pg_restore'), [
        '--no-owner',
        '--exit-on-error',
        `--dbname=${to}`,
        file,
      ]);
      expect(await everything({ DATABASE_URL: to })).toEqual(
        await everything({ DATABASE_URL: from }),
      );
      expect(await keys({ DATABASE_URL: to })).toMatch(/editor {2}Ann/);
      expect(await keys({ DATABASE_URL: to })).toBe(await keys({ DATABASE_URL: from }));
      const audited = await run(['audit'], { DATABASE_URL: to });
      expect(audited).toMatchObject({ code: 0, stdout: '' });
      expect(audited.stderr).toMatch(/\d+ revisions, .* all agree/);
      // It goes on from there.
      expect(await run(['migrate'], { DATABASE_URL: to })).toMatchObject({ code: 0 });
      const server = await serve({ DATABASE_URL: to });
      expect(await stop(server.process)).toBe(0);
    },
  );
});

describe('a backup of the embedded database', () => {
  it('is a copy of its folder while the server is stopped', async () => {
    const folder = await temporaryFolder();
    const [from, to] = [join(folder, 'knowledge'), join(folder, 'copy')];
    await fill({ CHANCERY_DATA_DIR: from });
    await cp(from, to, { recursive: true });
    const env = { CHANCERY_DATA_DIR: to };
    expect(await everything(env)).toEqual(await everything({ CHANCERY_DATA_DIR: from }));
    expect(await keys(env)).toMatch(/editor {2}Ann/);
    expect(await run(['audit'], env)).toMatchObject({ code: 0, stdout: '' });
    const server = await serve(env);
    expect(await stop(server.process)).toBe(0);
  });

  it('is an export, which another database takes in', async () => {
    const folder = await temporaryFolder();
    const [from, to] = [join(folder, 'knowledge'), join(folder, 'copy')];
    await fill({ CHANCERY_DATA_DIR: from });
    const file = join(folder, 'all.jsonl.gz');
    expect(await run(['export', '-o', file], { CHANCERY_DATA_DIR: from })).toMatchObject({
      code: 0,
    });
    const env = { CHANCERY_DATA_DIR: to, CHANCERY_SAMPLE: 'off' };
    expect(await run(['import', file], env)).toMatchObject({ code: 0 });
    expect(await keys(env)).toBe('');
    expect(await everything(env)).toEqual(await everything({ CHANCERY_DATA_DIR: from }));
    expect(await run(['audit'], env)).toMatchObject({ code: 0, stdout: '' });
  });
});
