// Takes docs/pictures/graphiql.png: GraphiQL answering its first example query.
// Needs a build and Chromium: npm run build && npm run screenshot
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { chromium } from 'playwright-core';

const dataDir = await mkdtemp(join(tmpdir(), 'chancery-'));
const server = spawn(process.execPath, ['dist/cli.js', 'serve'], {
  env: { ...process.env, PORT: '0', CHANCERY_DATA_DIR: dataDir },
  stdio: ['ignore', 'ignore', 'pipe'],
});
const origin = await new Promise((resolve) => {
  server.stderr.on('data', (chunk) => {
    const found = /http:\/\/[^/]+/.exec(String(chunk));
    if (found) resolve(found[0]);
  });
});
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
  });
  await page.goto(origin);
  const run = page.getByRole('button', { name: /execute query/i });
  await run.waitFor();
  await run.click();
  await page.getByText('totalCount').last().waitFor();
  await page.waitForTimeout(1000);
  await page.screenshot({ path: 'docs/pictures/graphiql.png' });
} finally {
  await browser.close();
  server.kill();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
