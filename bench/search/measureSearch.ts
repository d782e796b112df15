/**
 * `npm run bench -- search`: how fast search, suggestions, paths, timelines and counts are on a
 * large knowledge base; with `--data`, how well names are found on real ones.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { contestants, startContestant } from '../contestants.ts';
import { fill } from '../data.ts';
import {
  chanceryEngine,
  miniSearchEngine,
  searchFunctions,
  sqlEngine,
  type Named,
} from './engines.ts';
import { timeRequests } from './load.ts';
import { measureQuality } from './quality.ts';
import { makeQueries, readPools, type Queries } from './queries.ts';

export interface SearchOptions {
  statements: number;
  seed: number;
  seconds: number;
  /** Names to misspell. */
  sample: number;
  /** The folder of the public data sets, see docs/datasets.md. */
  data: string | undefined;
  node: string;
}

const connections = 16;

/** The goal of each kind of query, in milliseconds. */
const goals: Record<keyof Queries, { p50?: number; p99: number }> = {
  search: { p50: 25, p99: 150 },
  suggest: { p99: 20 },
  path: { p50: 30, p99: 300 },
  timeline: { p99: 100 },
  groups: { p99: 100 },
};

/** @param url of a server on which databases can be made, or were by an earlier run @returns tables in Markdown */
export async function measureSearch(
  url: string,
  options: SearchOptions,
  log: (line: string) => void,
): Promise<string> {
  const speed = await measureSpeed(await newDatabase(url, 'search'), options, log);
  if (!options.data) return speed;
  return `${speed}\n${await measureNames(await newDatabase(url, 'names'), options.data, options, log)}`;
}

// Private:

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const project = fileURLToPath(new URL('../..', import.meta.url));

async function newDatabase(server: string, name: string): Promise<string> {
  const sql = postgres(server, { max: 1, onnotice: () => {} });
  const known = await sql`select from pg_database where datname = ${name}`;
  if (known.length === 0) await sql`create database ${sql(name)}`;
  await sql.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  execFileSync(process.execPath, [cli, 'migrate'], {
    env: { ...process.env, DATABASE_URL: url.href },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return url.href;
}

async function measureSpeed(
  url: string,
  { statements, seed, seconds, node }: SearchOptions,
  log: (line: string) => void,
): Promise<string> {
  log(`filling a knowledge base of ${statements.toLocaleString('en')} statements`);
  await fill(url, statements, log);
  const queries = makeQueries(await readPools(url), 20_000, seed);
  const chancery = await start('chancery', node, url);
  const rows: string[] = [];
  for (const [kind, goal] of Object.entries(goals)) {
    const bodies = queries[kind as keyof Queries];
    const warmUp = Math.floor(bodies.length / 20);
    await timeRequests(chancery.origin, '/graphql', bodies.slice(0, warmUp), connections, seconds);
    const timing = await timeRequests(
      chancery.origin,
      '/graphql',
      bodies.slice(warmUp),
      connections,
      seconds,
    );
    const { perSecond, p50, p99, count, errors } = timing;
    if (errors > 0) throw new Error(`${errors} of ${count} answers to ${kind} are errors`);
    const isMet = p99 <= goal.p99 && (goal.p50 === undefined || p50 <= goal.p50);
    rows.push(
      `| ${kind} | ${Math.round(perSecond)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${goal.p50 ? `p50 ≤ ${goal.p50}, ` : ''}p99 ≤ ${goal.p99}: ${isMet ? 'met' : 'missed'} |`,
    );
    log(`  ${kind}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  }
  const megabytes = residentMegabytes(chancery.process.pid);
  await chancery.stop();
  const head = `### ${statements.toLocaleString('en')} statements, ${connections} connections, all queries different (seed ${seed})\n\n| query | per second | p50 ms | p99 ms | goal |\n| --- | ---: | ---: | ---: | --- |`;
  return `${head}\n${rows.join('\n')}\n\nMemory of the server: ${megabytes} MB.\n`;
}

async function measureNames(
  url: string,
  data: string,
  { seed, sample, node }: SearchOptions,
  log: (line: string) => void,
): Promise<string> {
  for (const set of ['pocom', 'congress', 'embassies']) {
    log(`loading ${set}`);
    execFileSync('npm', ['run', '-s', 'dataset', '--', set, data], {
      cwd: project,
      env: { ...process.env, DATABASE_URL: url },
      stdio: 'ignore',
    });
  }
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql.unsafe(searchFunctions);
  const names = await sql<Named[]>`
    select slug as id, name from entity where live and type in ('PERSON', 'PLACE') order by slug`;
  await sql.end();
  const chancery = await start('chancery', node, url);
  const engines = [
    chanceryEngine(chancery.origin),
    sqlEngine(url, 'ilike'),
    sqlEngine(url, 'tsvector'),
    miniSearchEngine(names),
  ];
  const long = names.filter(({ name }) => name.length >= 6);
  log(`searching for ${sample} of ${long.length} names in each way`);
  const results = await measureQuality(engines, long, sample, seed);
  for (const engine of engines) await engine.stop();
  await chancery.stop();
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const rows = results.map(
    ({ engine, way, first, amongFive, p50, p99 }) =>
      `| ${way} | ${engine} | ${percent(first)} | ${percent(amongFive)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} |`,
  );
  const held = engines.at(-1)?.megabytes ?? 0;
  const head = `### ${names.length.toLocaleString('en')} real names of people and places, ${sample} asked for in each way (seed ${seed})\n\n| written | engine | first | among five | p50 ms | p99 ms |\n| --- | --- | ---: | ---: | ---: | ---: |`;
  return `${head}\n${rows.join('\n')}\n\nMiniSearch holds ${Math.round(held)} MB for the names alone, in each process.\n`;
}

async function start(name: string, node: string, url: string) {
  const contestant = contestants.find((each) => each.name === name);
  if (!contestant) throw new Error(`there is no contestant ${name}`);
  return startContestant(contestant, node, url);
}

function residentMegabytes(pid: number | undefined): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return String(Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024));
  } catch {
    return 'unknown';
  }
}
