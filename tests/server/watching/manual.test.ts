import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { servedEndpoint } from '../../support/endpoint.js';
import { metricsAt } from '../../support/metrics.js';

describe('what is said of metrics', () => {
  const endpoint = servedEndpoint();
  let names: Set<string>;
  beforeAll(async () => {
    await endpoint.ask('{ organization(slug: "nato") { name } }');
    await endpoint.ask(`query Deep ${'{ a '.repeat(50)}${'}'.repeat(50)}`);
    // What only PostgreSQL and only several workers have is tested where they are. Of garbage
    // collection there is nothing to tell before the first.
    names = (await metricsAt(endpoint.origin)).names
      .add('nodejs_gc_duration_seconds_sum')
      .add('chancery_database_connections_max')
      .add('chancery_transactions_running')
      .add('chancery_transactions_waiting')
      .add('chancery_workers')
      .add('chancery_worker_ends_total');
  });

  /** Without what a histogram's series have behind its name. */
  const ours = () =>
    new Set(
      [...names]
        .filter((name) => name.startsWith('chancery_'))
        .map((name) => name.replace(/_(bucket|sum|count)$/, '')),
    );

  it('docs/watching.md explains each one that is ours, and no other', async () => {
    const text = await readFile('docs/watching.md', 'utf8');
    const explained = [...text.matchAll(/^\| `(chancery_\w+)`/gm)].map(([, name]) => name);
    expect(new Set(explained)).toEqual(ours());
  });

  it('the dashboard asks for such as there are, and for each that is ours', async () => {
    const dashboard = JSON.parse(await readFile('docs/grafana/chancery.json', 'utf8')) as {
      panels: { targets: { expr: string }[] }[];
    };
    const asked = dashboard.panels
      .flatMap(({ targets }) => targets)
      .flatMap(({ expr }) => expr.match(/\b(chancery|process|nodejs)_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(20);
    for (const name of asked) expect(names).toContain(name);
    const shown = new Set(asked.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    for (const name of ours()) expect(shown).toContain(name);
  });
});
