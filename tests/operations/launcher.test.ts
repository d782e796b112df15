import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../support/command.js';
import { temporaryFolder } from '../support/temporary.js';

it.each(['npx', 'start'])(
  'a server that npm started (%s) stops when npm is stopped',
  async (how) => {
    const dataDir = join(await temporaryFolder(), 'data');
    const { PATH = '', HOME = '' } = process.env;
    // npm runs commands through a shell, and neither passes SIGTERM on.
    const shell = spawn('sh', ['-c', 'node dist/cli.js serve; true'], {
      env: { PATH, HOME, PORT: '0', CHANCERY_DATA_DIR: dataDir, npm_lifecycle_event: how },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    await new Promise<void>((resolve) => {
      shell.stderr.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('answers at')) resolve();
      });
    });
    shell.kill('SIGTERM');
    // Its output ends with the server, not with the shell.
    await once(shell, 'close');
    const migrated = await run(['migrate'], { CHANCERY_DATA_DIR: dataDir });
    expect(migrated.stdout + migrated.stderr).not.toContain('in use');
    expect(migrated.code).toBe(0);
  },
);
