import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { serve, stop } from '../../support/command.js';
import { execute, endpointOfProcess } from '../../support/endpoint.js';
import { examplesIn } from '../../support/manual.js';
import { metricsAt } from '../../support/metrics.js';
import { temporaryFolder } from '../../support/temporary.js';

describe('what is said of metrics', () => {
  const endpoint = endpointOfProcess();
  let names: Set<string>;
  beforeAll(async () => {
    await endpoint.execute('{ organization(slug: "nato") { name } }');
    await endpoint.execute(`query Deep ${'{ a '.repeat(50)}${'}'.repeat(50)}`);
    // What only PostgreSQL and only several workers have is tested where they are. Of garbage
    // collection there is nothing to report before the first.
    names = (await metricsAt(endpoint.origin)).names
      .add('nodejs_gc_duration_seconds_sum')
      .add('chancery_database_connections_max')
      .add('chancery_transactions_running')
      .add('chancery_transactions_waiting')
      .add('chancery_workers')
      .add('chancery_worker_silent')
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

  it('the dashboard counts each code as failed that is the fault of the server', async () => {
    const text = await readFile('docs/grafana/chancery.json', 'utf8');
    const outcomes = /outcome=~\\"([A-Z_|]+)\\"/.exec(text)?.[1];
    // Those with a status of 5xx; see src/server/errors and src/server/admission.
    expect(outcomes?.split('|').sort()).toEqual(
      ['INTERNAL_SERVER_ERROR', 'OVERLOADED', 'SERVICE_UNAVAILABLE', 'TIMEOUT'].sort(),
    );
  });

  it('the dashboard queries existing metrics, and each of our own', async () => {
    const dashboard = JSON.parse(await readFile('docs/grafana/chancery.json', 'utf8')) as {
      panels: { targets: { expr: string }[] }[];
    };
    const metricNames = dashboard.panels
      .flatMap(({ targets }) => targets)
      .flatMap(({ expr }) => expr.match(/\b(chancery|process|nodejs)_\w+/g) ?? []);
    expect(metricNames.length).toBeGreaterThan(20);
    for (const name of metricNames) expect(names).toContain(name);
    const shown = new Set(metricNames.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    for (const name of ours()) expect(shown).toContain(name);
  });
});

describe('what is said of the log', () => {
  const logged = async (level: string) => {
    const folder = await temporaryFolder();
    const server = await serve({ CHANCERY_DATA_DIR: folder, LOG_LEVEL: level });
    const log = text(server.process.stdout!);
    await execute(
      server.origin,
      'query Offices { offices { totalCount } }',
      {},
      { 'x-request-id': 'my-id' },
    );
    expect(await stop(server.process)).toBe(0);
    const lines = (await log).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('docs/watching.md shows a line of it, but for the process and the time', async () => {
    const [example] = await examplesIn('docs/watching.md', 'json');
    const [line, ...others] = (await logged('debug')).filter(({ msg }) => msg === 'request');
    expect(others).toEqual([]);
    const { pid, time, hostname, ms, ...rest } = line ?? {};
    expect([pid, time, hostname, ms].map((each) => typeof each)).toEqual([
      'number',
      'number',
      'string',
      'number',
    ]);
    const { ms: _, ...shown } = JSON.parse(example ?? '') as Record<string, unknown>;
    expect(rest).toEqual(shown);
  });

  it('at info it records start and stop, and no requests', async () => {
    const lines = await logged('info');
    expect(lines.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^listening at/),
      'stopping',
      'stopped',
    ]);
  });
});
