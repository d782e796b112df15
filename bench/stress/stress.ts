/**
 * A server under hostile clients, under overload, and under load for a long time:
 * `npm run bench -- stress hostile|overload|soak`.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { startContestant, type RunningContestant } from '../contestants.ts';
import { chanceryDialect } from '../dialects.ts';
import { runClients, type ClientOptions, type Seen } from './client.ts';
import { hostileBodies, pageBodies, smallBodies, unseenBodies } from './queries.ts';
import { flood } from './flooder.ts';
import { processorSeconds, soak } from './soak.ts';

export const trials = ['hostile', 'overload', 'soak'] as const;

export interface StressOptions {
  trial: (typeof trials)[number];
  /** The address of a filled database. */
  url: string;
  /** How long the trial lasts. */
  seconds: number;
  node: string;
  /** Where files may be put for a while. */
  folder: string;
}

/** @returns a report in Markdown */
export async function measureStress(
  options: StressOptions,
  log: (line: string) => void,
): Promise<string> {
  const bodies = await filesFor(options);
  const trial = { hostile, overload, soak: soakReport }[options.trial];
  return trial(options, bodies, log);
}

// Private:

interface Bodies {
  small: string;
  pages: string;
  unseen: string;
  hostile: string;
}

async function filesFor({ url, folder }: StressOptions): Promise<Bodies> {
  const small = join(folder, 'small');
  const hostile = join(folder, 'hostile');
  writeFileSync(small, (await smallBodies(url)).join('\n'));
  const pages = join(folder, 'pages');
  writeFileSync(pages, (await pageBodies(url)).join('\n'));
  const unseen = join(folder, 'unseen');
  writeFileSync(unseen, unseenBodies(10_000).join('\n'));
  writeFileSync(hostile, hostileBodies(600).join('\n'));
  return { small, pages, unseen, hostile };
}

const start = (
  { node, url }: StressOptions,
  env: Record<string, string> = {},
  probe?: string,
): Promise<RunningContestant> =>
  startContestant(
    {
      name: 'chancery',
      program: fileURLToPath(new URL('../../dist/cli.js', import.meta.url)),
      arguments: ['serve'],
      env: { CHANCERY_CACHE_MB: '0', ...env },
      dialect: chanceryDialect,
      ...(probe && { probe }),
    },
    node,
    url,
  );

/** Well-behaved clients: eight, each a question every 125 ms. */
const wellBehaved = (origin: string, bodies: string, seconds: number): ClientOptions => ({
  ...{ origin, bodies, seconds, connections: 8, pause: 125 },
  ...{ address: '127.0.0.1', timeout: 15 },
});

async function hostile(
  options: StressOptions,
  bodies: Bodies,
  log: (line: string) => void,
): Promise<string> {
  const rows: string[] = [];
  for (const [how, points] of [
    ['with points, as by default', '5000'],
    ['without points, as from any number of addresses', '0'],
  ] as const) {
    const server = await start(options, { CHANCERY_RATE_LIMIT: points });
    try {
      const { origin } = server;
      const { seconds } = options;
      await runClients(wellBehaved(origin, bodies.small, 3));
      const alone = await runClients(wellBehaved(origin, bodies.small, Math.min(seconds, 15)));
      log(`alone: ${JSON.stringify(alone)}`);
      const [beside, attack] = await Promise.all([
        sleep(1000).then(() => runClients(wellBehaved(origin, bodies.small, seconds - 2))),
        runClients({
          ...{ origin, bodies: bodies.hostile, seconds, connections: 16, pause: 0 },
          ...{ address: '127.0.0.2', timeout: 15 },
        }),
      ]);
      log(`beside: ${JSON.stringify(beside)}\nattack: ${JSON.stringify(attack)}`);
      rows.push(
        `| ${how} | ${ms(alone.served.p50)} / ${ms(alone.served.p99)} | ${ms(beside.served.p50)} / ${ms(beside.served.p99)} | ${(beside.served.p99 / alone.served.p99).toFixed(1)} | ${statuses(beside)} | ${statuses(attack)} |`,
      );
    } finally {
      await server.stop();
    }
  }
  return `| a hostile client on 16 connections | p50 / p99 alone | p50 / p99 beside it | p99 beside / alone | answers | its answers |
| --- | --- | --- | ---: | --- | --- |
${rows.join('\n')}
`;
}

/** How many times as much is sent as can be served, the last for the given time. */
const excesses = [2, 4, 10];
const usualSeconds = 15;
/** Over how many connections, at most. */
const connections = 4000;

/** The memory limit of Node.js that docs/operations.md recommends. */
const asInProduction = '--max-semi-space-size=32 --max-old-space-size=1024';

async function overload(
  options: StressOptions,
  { pages: bodies }: Bodies,
  log: (line: string) => void,
): Promise<string> {
  const server = await start(options, { NODE_OPTIONS: asInProduction });
  const pid = server.process.pid ?? 0;
  try {
    const { origin } = server;
    const { seconds } = options;
    await flood({ origin, bodies, connections: 32, seconds: 4 });
    const peak = await flood({ origin, bodies, connections: 128, seconds: Math.min(seconds, 10) });
    log(`peak: ${JSON.stringify(peak)}`);
    const rows: string[] = [];
    for (const times of excesses) {
      let memory = 0;
      const watching = setInterval(() => (memory = Math.max(memory, megabytesOf(pid))), 500);
      const sending = times * Math.round(rate(peak));
      const length = times === excesses.at(-1) ? seconds : Math.min(seconds, usualSeconds);
      const busyBefore = processorSeconds(server);
      const over = await flood({ origin, bodies, connections, seconds: length, rate: sending });
      const busy = (processorSeconds(server) - busyBefore) / length;
      clearInterval(watching);
      log(`${times} times: ${JSON.stringify(over)}`);
      const recoveredAt = await recovery(origin, bodies, peak.served.p99);
      rows.push(
        `| ${times} × | ${sending.toLocaleString('en')} | ${perSecond(over)} (${Math.round((100 * rate(over)) / rate(peak))} %) | ${ms(over.served.p50)} / ${ms(over.served.p99)} | ${ms(over.rejected.p50)} / ${ms(over.rejected.p99)} | ${statuses(over)}, ${over.unanswered} without an answer, ${over.unsent} not sent | ${Math.round(memory)} MB | ${recoveredAt} | ${percent(busy)}, ${percent(over.share)} |`,
      );
    }
    return `Most served, at 128 connections: ${perSecond(peak)} a second, p99 ${ms(peak.served.p99)}.

| sent | a second | served a second | p50 / p99 | refused p50 / p99 | answers | memory | as before after | of a core: server, sender |
| --- | ---: | ---: | --- | --- | --- | ---: | ---: | --- |
${rows.join('\n')}
`;
  } finally {
    await server.stop();
  }
}

async function recovery(origin: string, bodies: string, usual: number): Promise<string> {
  const startedAt = performance.now();
  for (let i = 0; i < 20; i++) {
    const seen = await runClients({
      ...{ origin, bodies, connections: 4, pause: 5, seconds: 0.3 },
      ...{ address: '127.0.0.1', timeout: 15 },
    });
    const asBefore = seen.served.p99 <= usual && Object.keys(seen.statuses).join() === '200';
    if (asBefore) return ms(performance.now() - startedAt);
  }
  return 'not within the time of the trial';
}

async function soakReport(
  options: StressOptions,
  bodies: Bodies,
  log: (line: string) => void,
): Promise<string> {
  // All that is kept by default, clients' points included; but answers only as far as is soon full.
  const settings = {
    CHANCERY_CACHE_MB: '8',
    CHANCERY_RATE_LIMIT: '1000000',
    CHANCERY_MAX_CLIENT_STREAMS: '100',
  };
  const probe = fileURLToPath(new URL('../../tests/fuzz/probe.mjs', import.meta.url));
  const server = await start(options, settings, probe);
  try {
    const key = newKey(options);
    return await soak({ ...options, bodies, server, key }, log);
  } finally {
    await server.stop();
  }
}

const newKey = ({ url, node }: StressOptions): string =>
  execFileSync(
    node,
    [
      fileURLToPath(new URL('../../dist/cli.js', import.meta.url)),
      'keys',
      'create',
      '--role',
      'editor',
      '--name',
      'soak',
    ],
    {
      env: { ...process.env, DATABASE_URL: url },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  ).trim();

const megabytesOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

type Rated = Pick<Seen, 'served' | 'seconds'>;
const rate = ({ served, seconds }: Rated): number => served.count / seconds;
const perSecond = (seen: Rated): string => Math.round(rate(seen)).toLocaleString('en');
/** NaN comes as null from JSON. */
const ms = (milliseconds: number | null): string =>
  milliseconds === null || Number.isNaN(milliseconds)
    ? '–'
    : `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
const percent = (share: number): string => `${Math.round(100 * share)} %`;
const statuses = ({ statuses: all }: Pick<Seen, 'statuses'>): string =>
  Object.entries(all)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
