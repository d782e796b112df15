import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Sql } from 'postgres';
import type { RunningContestant } from './contestants.ts';
import { putLoad } from './load/load.ts';

/** One run: throughput, latencies in milliseconds, and what a request cost. */
export interface Measurement {
  perSecond: number;
  p50: number;
  p99: number;
  errors: number;
  /** SQL statements a request. */
  statements: number;
  /** Processor time a request, in microseconds; NaN if the system does not report it. */
  serverMicros: number;
  databaseMicros: number;
  /** Resident memory of the server in megabytes at the end of the run. */
  megabytes: number;
}

export interface Run {
  requests: string;
  start: number;
  connections: number;
  seconds: number;
  warmUp: number;
}

/** Warms a contestant up and measures it. `sql` leads to its database and has the extension pg_stat_statements. */
export async function measure(
  { origin, process: server }: RunningContestant,
  sql: Sql,
  { warmUp, ...load }: Run,
): Promise<Measurement> {
  if (warmUp > 0) {
    await putLoad(origin, { ...load, start: (load.start + 0.5) % 1, seconds: warmUp });
  }
  const pid = server.pid ?? 0;
  const before = { calls: await callsIn(sql), server: cpuOf(pid), database: cpuOfPostgres() };
  const result = await putLoad(origin, load);
  const after = { calls: await callsIn(sql), server: cpuOf(pid), database: cpuOfPostgres() };
  return {
    perSecond: result.requests / result.seconds,
    p50: result.p50,
    p99: result.p99,
    errors: result.errors,
    // The first of the two counts is counted by the second.
    statements: Math.max(0, after.calls - before.calls - 1) / result.requests,
    serverMicros: (1e6 * (after.server - before.server)) / result.requests,
    databaseMicros: (1e6 * (after.database - before.database)) / result.requests,
    megabytes: residentMegabytes(pid),
  };
}

// Private:

async function callsIn(sql: Sql): Promise<number> {
  const [row] = await sql<{ calls: number }[]>`
    select coalesce(sum(calls), 0)::float8 as calls from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database())`;
  return row?.calls ?? 0;
}

const hasProc = existsSync('/proc/self/stat');

/** Seconds of processor time, with that of its children that have ended; Linux counts hundredths. */
function cpuOf(pid: number | string): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
  } catch {
    return hasProc ? 0 : Number.NaN;
  }
}

/** All processes of PostgreSQL on this machine, which should have no other clients meanwhile. */
function cpuOfPostgres(): number {
  if (!hasProc) return Number.NaN;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isPostgres(name))
    .reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function isPostgres(pid: string): boolean {
  try {
    return /^(postgres:|.*\/postgres\0)/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

function residentMegabytes(pid: number): number {
  try {
    return (
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
    );
  } catch {
    return Number.NaN;
  }
}
