/** The attacks by their names, and how a server stands under each of them. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { rawRequest } from '../broken.ts';
import { exchange } from '../exchange.ts';
import { startSubject, type Subject, type SubjectOptions } from '../subject.ts';
import { Random } from '../../support/random.ts';
import { meansOf, type Attack } from './attack.ts';
import { writeBase, type Scale } from './base.ts';
import { batches, quotations } from './editing.ts';
import { eventsOfBefore, highlights, madeUpWords, past } from './looking.ts';
import { aliases, introspection, repeats } from './reading.ts';

export const attacks: readonly Attack[] = [
  aliases,
  repeats,
  introspection,
  highlights,
  madeUpWords,
  eventsOfBefore,
  past,
  quotations,
  batches,
];

/**
 * Of one turn of the event loop, in milliseconds of processor time. The embedded database works in the
 * server's own thread, and no statement of its may take more than a second.
 */
export const longestTurn = { postgres: 250, embedded: 1000 };
/**
 * Of what the server does while a small query of another client waits, in the median: milliseconds of
 * processor time, which a busy machine does not change.
 */
export const longestWait = 100;
/** How much the process may grow above its size when warm and idle. */
export const mostGrowth = 250 * 2 ** 20;

export interface Report {
  attack: Attack;
  /** How many answers there were: `200`, `400 QUERY_TOO_COMPLEX` … */
  answers: Map<string, number>;
  /** The longest turn in milliseconds of processor time; -1 where the system does not tell. */
  turn: number;
  /** The median of what the server did while another client's small query waited, alike. */
  wait: number;
  /** Bytes above the size when idle; -1 where the system does not tell. */
  growth: number;
  /** The answers to another client's small queries, and to /health. */
  others: Map<string, number>;
  failures: string[];
}

export interface Assault {
  /** Where the database is. */
  env: Record<string, string>;
  folder: string;
  scale: Scale;
  cli?: string | undefined;
  /** In place of the attacks' own seeds. */
  seed?: number | undefined;
  /** Whether turns and memory are judged, or only told. */
  judges: boolean;
}

/** Attacks a server of its own, one attack after the other. */
export async function* assault(
  chosen: readonly Attack[],
  { env, folder, scale, cli, seed, judges }: Assault,
): AsyncGenerator<Report> {
  const { first, later } = await writeBase(folder, scale);
  const options: SubjectOptions = {
    ...(cli && { cli }),
    roles: chosen.map(() => 'editor'),
    files: ['sample/nato-office-in-japan.yaml', first],
  };
  const limits = { CHANCERY_RATE_LIMIT: '5000', CHANCERY_TRUSTED_PROXIES: 'loopback' };
  let subject: Subject | undefined;
  try {
    for (const [i, attack] of chosen.entries()) {
      // One that ended is started anew, for the others to be tried as well.
      if (!subject || subject.failures.length > 0) {
        await subject?.stop();
        subject = await startSubject(
          { ...env, ...limits },
          subject ? { ...options, files: [] } : options,
        );
      }
      const given = {
        later,
        scale,
        key: subject.keys[i] ?? '',
        random: new Random(seed ?? attack.seed),
      };
      yield await underAttack(attack, subject, given, `192.0.2.${i + 1}`, {
        judges,
        isEmbedded: !env['DATABASE_URL'],
      });
    }
  } finally {
    await subject?.stop();
  }
}

// Private:

async function underAttack(
  attack: Attack,
  subject: Subject,
  given: { later: string; scale: Scale; key: string; random: Random },
  address: string,
  { judges, isEmbedded }: { judges: boolean; isEmbedded: boolean },
): Promise<Report> {
  const report: Report = {
    attack,
    wait: -1,
    answers: new Map(),
    turn: -1,
    growth: -1,
    others: new Map(),
    failures: [],
  };
  const { failures } = report;
  await warmUp(subject.port);
  await subject.held();
  const idle = residentOf(subject.pid);
  await subject.longestTurn();

  const over = new AbortController();
  let most = 0;
  const waits: number[] = [];
  const besides = beside(subject, report, waits, over.signal);
  const watching = (async () => {
    for (; !over.signal.aborted; await sleep(50))
      most = Math.max(most, residentOf(subject.pid) ?? 0);
  })();
  const fail = (what: string): number => failures.push(what);
  const means = meansOf({ subject, ...given, fail }, address, ({ query }, { status, body }) => {
    const code = /(?<="code":")[A-Z_]+/.exec(body)?.[0];
    count(report.answers, [status <= 0 ? 'no answer' : status, code].filter(Boolean).join(' '));
    const isExpected =
      status === 200 ||
      (status >= 400 && status < 500) ||
      status === 503 ||
      (status === 504 && (attack.mayTimeOut || !judges));
    if (!isExpected || code === 'INTERNAL_SERVER_ERROR') {
      failures.push(`${status}: ${body.slice(0, 300)}\nto: ${query.slice(0, 1000)}`);
    }
  });
  try {
    await attack.run(means);
  } catch (error) {
    failures.push(String(error));
  }
  over.abort();
  await Promise.all([besides, watching]);
  failures.push(...subject.failures);
  if (subject.failures.length > 0) return report;

  report.turn = await subject.longestTurn();
  report.wait = waits.sort((a, b) => a - b)[waits.length >> 1] ?? -1;
  if (idle !== undefined) report.growth = most - idle;
  if (judges && report.turn > (isEmbedded ? longestTurn.embedded : longestTurn.postgres)) {
    failures.push(
      `one turn of the event loop took ${Math.round(report.turn)} ms of processor time`,
    );
  }
  if (judges && !isEmbedded && report.wait > longestWait) {
    failures.push(`others had to wait for ${Math.round(report.wait)} ms of processor time`);
  }
  if (judges && report.growth > mostGrowth) {
    failures.push(`the process grew by ${Math.round(report.growth / 2 ** 20)} MB`);
  }
  return report;
}

const small = rawRequest(
  'POST /graphql',
  { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.7' },
  JSON.stringify({ query: '{ organization(slug: "nato") { name } }' }),
);
const health = rawRequest('GET /health', { 'x-forwarded-for': '198.51.100.8' });

/** What another client gets meanwhile. */
async function beside(
  { port, pid, failures: ended }: Subject,
  report: Report,
  waits: number[],
  over: AbortSignal,
): Promise<void> {
  for (; !over.aborted && ended.length === 0; await sleep(100)) {
    for (const [what, request] of [
      ['query', small],
      ['health', health],
    ] as const) {
      const before = processorTimeOf(pid);
      const { status } = await exchange(port, request);
      const after = processorTimeOf(pid);
      if (request === small && before !== undefined && after !== undefined) {
        waits.push(after - before);
      }
      const isNew = count(report.others, `${what} ${status <= 0 ? 'no answer' : status}`) === 1;
      if (status !== 200 && isNew)
        report.failures.push(`another client's ${what} was answered ${status}`);
    }
  }
}

/** So that the caches and the compiled code that any work brings are there before memory is measured. */
async function warmUp(port: number): Promise<void> {
  for (let i = 0; i < 40; i++) await exchange(port, small);
}

function count(counts: Map<string, number>, key: string): number {
  const now = (counts.get(key) ?? 0) + 1;
  counts.set(key, now);
  return now;
}

/** Milliseconds that the main thread of a process had; undefined where the system does not tell. */
function processorTimeOf(pid: number): number | undefined {
  try {
    return parseInt(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1'), 10) / 1e6;
  } catch {
    return undefined;
  }
}

/** The bytes of memory that a process has; undefined where the system does not tell. */
function residentOf(pid: number): number | undefined {
  try {
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
  } catch {
    return undefined;
  }
}
