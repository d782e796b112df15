import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchOffline } from '../support/browser.js';
import { serve, stop, type RunningServer } from '../support/command.js';

const title = chromiumPath
  ? 'GraphiQL in a browser without internet'
  : 'GraphiQL in a browser (skipped: this machine has no Chromium)';

describe.skipIf(!chromiumPath)(title, () => {
  let dataDir: string;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  const elsewhere: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'chancery-'));
    server = await serve({ CHANCERY_DATA_DIR: dataDir });
    browser = await launchOffline(chromiumPath ?? '');
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('request', (request) => {
      if (!/^(blob:|data:|http:\/\/localhost:)/.test(request.url())) elsewhere.push(request.url());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(server.origin);
    await page.getByRole('button', { name: /execute query/i }).waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await stop(server.process, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  it.each([
    ['LiaisonOffices', '"totalCount": 7'],
    ['Quotations', '"closer and more capable"'],
    ['WhoSaidWhat', '"name": "Qin Gang"'],
    ['WhatAnArticleSupports', '"publishedOn": "2023-05"'],
    ['Members', '"name": "New Zealand"'],
  ])('has a tab %s that answers', async (tab, expected) => {
    await page.getByRole('tab', { name: tab, exact: true }).click();
    const answered = page.waitForResponse(
      (response) => response.request().postData()?.includes(`query ${tab}`) ?? false,
    );
    await page.getByRole('button', { name: /execute query/i }).click();
    const answer = JSON.stringify(await (await answered).json(), null, 2);
    expect(answer).toContain(expected.replaceAll(/^"closer.*$/g, 'closer and more capable'));
    expect(answer).not.toContain('"errors"');
    await expect
      .poll(async () =>
        (await page.locator('.result-window').innerText()).replaceAll('\u00a0', ' '),
      )
      .toContain('"data"');
  });

  it('asks no other machine and complains about nothing', () => {
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
