import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeOnEachServer } from '../support/databases.js';
import { post, stop } from '../support/command.js';
import { freePort } from '../support/freePort.js';
import { blockIn } from '../support/manual.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/waiting.js';

const page = 'docs/operations.md';

/** The settings of a file in the manner of systemd: `NAME=value`, a line each. */
const settingsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

describeOnEachServer('the service of docs/operations.md', ({ newDatabase }) => {
  it('starts with the command and the settings that are shown, and answers', async () => {
    const [unit, environment] = [
      settingsIn(await blockIn(page, 'ExecStart=')),
      settingsIn(await blockIn(page, 'CHANCERY_WORKERS=')),
    ];
    const [program = '', ...args] = (unit['ExecStart'] ?? '').split(' ');
    expect(program).toBe('/usr/bin/node');
    const port = await freePort();
    const child = spawn(process.execPath, args, {
      env: { ...environment, DATABASE_URL: await newDatabase(), PORT: String(port) },
      stdio: 'ignore',
    });
    const origin = `http://localhost:${port}`;
    await until(() =>
      fetch(`${origin}/ready`).then(
        ({ ok }) => ok,
        () => child.exitCode !== null,
      ),
    );
    expect(await post(origin, '{ organizations { totalCount } }')).toEqual({
      status: 200,
      // Without the sample, nothing is there.
      body: { data: { organizations: { totalCount: 0 } } },
    });
    expect(await stop(child)).toBe(0);
  });
});

describe('the unit of docs/operations.md', () => {
  it('gives a server longer to stop than it takes', async () => {
    const { TimeoutStopSec, RestartSec } = settingsIn(await blockIn(page, 'ExecStart='));
    const example = await readFile('.env.example', 'utf8');
    const seconds = Number(/^#SHUTDOWN_SECONDS=(\d+)/m.exec(example)?.[1]);
    // Workers that do not end by then are killed a few seconds later.
    expect(Number(TimeoutStopSec)).toBeGreaterThan(seconds + 5);
    expect(Number(RestartSec)).toBeGreaterThan(0);
  });

  it.skipIf(!existsSync('/usr/bin/systemd-analyze'))(
    'has no mistake that systemd finds',
    async () => {
      const folder = await temporaryFolder();
      const file = join(folder, 'chancery.service');
      // Where Node lies on this machine, and a unit that is not installed here.
      const unit = (await blockIn(page, 'ExecStart='))
        .replace('/usr/bin/node', process.execPath)
        .replace(' postgresql.service', '');
      await writeFile(file, unit);
      const verify = () =>
        execFileSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', file], {
          encoding: 'utf8',
          stdio: 'pipe',
        });
      expect(verify).not.toThrow();
    },
  );
});
