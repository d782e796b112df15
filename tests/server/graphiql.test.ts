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
  /** What the endpoint answered, by the name of the operation. */
  const answers = new Map<string, string>();

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'chancery-'));
    server = await serve({ CHANCERY_DATA_DIR: dataDir });
    browser = await launchOffline(chromiumPath ?? '');
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('request', (request) => {
      if (!/^(blob:|data:|http:\/\/localhost:)/.test(request.url())) elsewhere.push(request.url());
    });
    page.on('response', (response) => {
      const operation = /query (\w+)/.exec(response.request().postData() ?? '')?.[1];
      if (operation) void response.text().then((text) => answers.set(operation, text));
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (line) => {
      if (/Content.Security.Policy/i.test(line.text())) complaints.push(line.text());
    });
    await page.goto(server.origin);
    await page.getByRole('button', { name: /execute query/i }).waitFor();
  });
  afterAll(async () => {
    await browser.close();
    await stop(server.process, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  it.each([
    ['LiaisonOffices', '"totalCount":8'],
    ['Quotations', 'closer and more capable'],
    ['WhoSaidWhat', '"name":"Qin Gang"'],
    ['WhatAnArticleSupports', '"publishedOn":"2023-05"'],
    ['Members', '"name":"New Zealand"'],
  ])(
    'has a tab %s that answers',
    async (tab, expected) => {
      // While the tabs glide to their places and the editor loads, a click can miss.
      await expect
        .poll(
          async () => {
            await page.getByRole('button', { name: tab, exact: true }).click();
            await page.getByRole('button', { name: /execute query/i }).click();
            return answers.get(tab);
          },
          { timeout: 50_000, interval: 500 },
        )
        .toContain(expected);
      expect(answers.get(tab)).not.toContain('"errors"');
      await expect
        .poll(async () => (await page.locator('.result-window').innerText()).replaceAll(/\s/g, ''))
        .toContain('"data"');
    },
    60_000,
  );

  it('shows who published the article of the first example', () => {
    expect(answers.get('LiaisonOffices')).toContain('"publisher":{"name":"Chancery Briefs"}');
  });

  it('opens with six tabs at most, and has all examples in a menu of links', async () => {
    expect(await page.getByRole('tab').count()).toBeLessThanOrEqual(6);
    await page.getByText('Examples', { exact: true }).click();
    const links = page.locator('#examples a');
    expect(await links.count()).toBe(14);
    await links.getByText('How two entities are connected').click();
    await expect.poll(() => page.title()).toBe('Path · Chancery');
    await expect
      .poll(() => page.getByRole('button', { name: 'Path', exact: true }).count())
      .toBeGreaterThan(0);
  });

  it('opens the query and the variables of a link, in a tab that is named after it', async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    const query = 'query Linked($slug: String!) { place(slug: $slug) { name } }';
    const parameters = new URLSearchParams({ query, variables: '{"slug":"tokyo"}' });
    await other.goto(`${server.origin}/graphql?${String(parameters)}`);
    const execute = other.getByRole('button', { name: /execute query/i });
    await execute.waitFor();
    await other.getByRole('button', { name: 'Linked', exact: true }).waitFor();
    expect(await other.title()).toBe('Linked · Chancery');
    await expect
      .poll(
        async () => {
          await execute.click();
          return other.locator('.result-window').innerText();
        },
        { timeout: 50_000, interval: 500 },
      )
      .toContain('Tokyo');
    await context.close();
  });

  it('is usable on a screen 390 pixels wide', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const small = await context.newPage();
    await small.goto(`${server.origin}/graphql`);
    await small.getByRole('button', { name: /execute query/i }).waitFor();
    const widths = await small.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      editor: document.querySelector('.graphiql-editors')?.clientWidth,
      result: document.querySelector('.graphiql-response')?.clientWidth,
    }));
    expect(widths.page).toBe(390);
    // Below each other, as wide as the screen but for the buttons at its side.
    expect(widths.editor).toBeGreaterThan(300);
    expect(widths.result).toBeGreaterThan(300);
    await context.close();
  });

  it('sends requests to no other machine and logs no errors', () => {
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
