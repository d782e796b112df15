/** The attacks by their names, and how a server stands under each of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { rawRequest } from '../broken.ts';
import { exchange } from '../exchange.ts';
import { startSubject, type Subject, type SubjectOptions } from '../subject.ts';
import { Random } from '../../support/random.ts';
import { meansOf, type Attack } from './attack.ts';
import { words, writeBase, type Scale } from './base.ts';
import { batches, quotations } from './editing.ts';
import { eventsOfBefore, highlights, madeUpWords, past } from './looking.ts';
import { processorTimeOf, processorTimeOfChildren, residentOf, workOf } from './processes.ts';
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
 * The longest turn of the event loop, in milliseconds of processor time. The embedded database works in the
 * server's own thread, and no statement of its may take more than a second.
 */
export const maxTurnMs = { postgres: 250, embedded: 1000 };
/**
 * The median of the server's work while a small query of another client waits, in milliseconds of processor
 * time, which other load on the machine does not change.
 */
export const maxWaitMs = 100;
/**
 * The work of the server and its database for one attack, in milliseconds of processor time: expensive requests
 * have to cost so many points that few of them run.
 */
export const maxWorkMs = 20_000;
/** How much the process may grow above its size when idle after the warm-up. */
export const maxGrowthBytes = 250 * 2 ** 20;

export interface Report {
  attack: Attack;
  /** How many answers there were: `200`, `400 QUERY_TOO_COMPLEX` … */
  answers: Map<string, number>;
  /** The longest turn in milliseconds of processor time; -1 where the system does not measure it. */
  turn: number;
  /** The median of what the server did while another client's small query waited, alike. */
  wait: number;
  /** What the server and its database did altogether, in milliseconds of processor time; -1 where the system does not measure it. */
  work: number;
  /** Bytes above the size when idle; -1 where the system does not measure it. */
  growth: number;
  /** The answers to another client's small queries, and to /health. */
  others: Map<string, number>;
  /**
   * Times by the clock, in milliseconds, of which a busy machine makes longer ones: reported, not
   * judged. The medians of another client's small query before the attack and beside it, and the
   * longest of /health.
   */
  clock: { alone: number; beside: number; health: number };
  failures: string[];
}

export interface Assault {
  /** Where the database is. */
  env: Record<string, string>;
  /** The main process of a PostgreSQL. */
  database?: number | undefined;
  folder: string;
  scale: Scale;
  cli?: string | undefined;
  /** In place of the attacks' own seeds. */
  seed?: number | undefined;
  /** Whether turns and memory are judged, or only reported. */
  judges: boolean;
}

/** Attacks a server of its own, one attack after the other. */
export async function* assault(
  chosen: readonly Attack[],
  { env, database, folder, scale, cli, seed, judges }: Assault,
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
      const inputs = {
        later,
        scale,
        key: subject.keys[i] ?? '',
        random: new Random(seed ?? attack.seed),
      };
      yield await underAttack(attack, subject, inputs, `192.0.2.${i + 1}`, {
        judges,
        database,
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
  inputs: { later: string; scale: Scale; key: string; random: Random },
  address: string,
  { judges, database }: { judges: boolean; database: number | undefined },
): Promise<Report> {
  const report: Report = {
    attack,
    wait: -1,
    work: -1,
    answers: new Map(),
    turn: -1,
    growth: -1,
    others: new Map(),
    clock: { alone: -1, beside: -1, health: -1 },
    failures: [],
  };
  const { failures } = report;
  const fail = (what: string): number => failures.push(what);
  const means = meansOf({ subject, ...inputs, fail }, address, ({ query }, { status, body }) => {
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
  let prepared = '';
  try {
    prepared = (await attack.prepare?.(means)) ?? '';
  } catch (error) {
    failures.push(`it cannot be prepared: ${String(error)}`);
  }
  await warmUp(subject.port, judges ? 280 : 28);
  const idle = residentOf(subject.pid);
  report.clock.alone = await medianAlone(subject.port);
  await subject.maxTurnMs();
  const processes = [subject.pid, ...(database === undefined ? [] : [database])];
  const workBefore = workOf(processes);

  const over = new AbortController();
  let most = 0;
  const waits: number[] = [];
  const besides = beside(subject, database, report, waits, over.signal);
  const watching = (async () => {
    for (; !over.signal.aborted; await sleep(50))
      most = Math.max(most, residentOf(subject.pid) ?? 0);
  })();
  try {
    await attack.run(means, prepared);
  } catch (error) {
    failures.push(String(error));
  }
  over.abort();
  await Promise.all([besides, watching]);
  failures.push(...subject.failures);
  if (subject.failures.length > 0) return report;

  const workAfter = workOf(processes);
  if (workBefore !== undefined && workAfter !== undefined) report.work = workAfter - workBefore;
  report.turn = await subject.maxTurnMs();
  report.wait = median(waits);
  if (idle !== undefined) report.growth = most - idle;
  if (judges && report.turn > (database === undefined ? maxTurnMs.embedded : maxTurnMs.postgres)) {
    failures.push(
      `one turn of the event loop took ${Math.round(report.turn)} ms of processor time`,
    );
  }
  if (judges && database !== undefined && report.wait > maxWaitMs) {
    failures.push(`others had to wait for ${Math.round(report.wait)} ms of processor time`);
  }
  if (judges && report.work > maxWorkMs) {
    failures.push(
      `the server and its database worked for ${Math.round(report.work)} ms of processor time`,
    );
  }
  if (judges && report.growth > maxGrowthBytes) {
    failures.push(`the process grew by ${Math.round(report.growth / 2 ** 20)} MB`);
  }
  return report;
}

const requestBytes = (query: string, address: string): Buffer =>
  rawRequest(
    'POST /graphql',
    { 'content-type': 'application/json', 'x-forwarded-for': address },
    JSON.stringify({ query }),
  );

const small = requestBytes('{ organization(slug: "nato") { name } }', '198.51.100.7');
const health = rawRequest('GET /health', { 'x-forwarded-for': '198.51.100.8' });

/** What another client gets meanwhile. */
async function beside(
  { port, pid, failures: ended }: Subject,
  database: number | undefined,
  report: Report,
  waits: number[],
  over: AbortSignal,
): Promise<void> {
  const timeOf = (): number | undefined => {
    const own = processorTimeOf(pid);
    const ofDatabase = database === undefined ? 0 : processorTimeOfChildren(database);
    return own === undefined || ofDatabase === undefined ? undefined : own + ofDatabase;
  };
  const times: number[] = [];
  for (; !over.aborted && ended.length === 0; await sleep(50)) {
    for (const [what, request] of [
      ['query', small],
      ['health', health],
    ] as const) {
      const before = timeOf();
      const start = performance.now();
      const { status } = await exchange(port, request);
      const time = performance.now() - start;
      if (request === small) times.push(time);
      else report.clock.health = Math.max(report.clock.health, time);
      const after = timeOf();
      if (request === small && before !== undefined && after !== undefined) {
        waits.push(after - before);
      }
      const isNew = count(report.others, `${what} ${status <= 0 ? 'no answer' : status}`) === 1;
      if (status !== 200 && isNew)
        report.failures.push(`another client's ${what} was answered ${status}`);
    }
  }
  report.clock.beside = median(times);
}

async function medianAlone(port: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 31; i++) {
    const start = performance.now();
    await exchange(port, small);
    times.push(performance.now() - start);
  }
  return median(times);
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? -1;

/**
 * What a server does all day: so that its caches, its compiled code and what it leaves to be collected
 * are there before its size is taken. Many clients, as one would use up its points.
 */
async function warmUp(port: number, count: number): Promise<void> {
  let next = 0;
  const sendWords = async (): Promise<void> => {
    while (next < count) {
      const i = next++;
      const word = words[i % words.length] ?? '';
      const query = `${ordinary[i % ordinary.length]?.replaceAll('WORD', word)} #${i}`;
      const address = `198.51.100.${50 + (i % 100)}`;
      await exchange(port, requestBytes(query, address));
    }
  };
  await Promise.all(Array.from({ length: 4 }, sendWords));
}

const ordinary = [
  '{ organization(slug: "nato") { name kind parent { name } offices(first: 10) { nodes { name } } } }',
  '{ organizations(first: 50) { nodes { id slug name kind names { name } parent { name } } } }',
  '{ people(first: 50) { nodes { id slug name positions(first: 3) { nodes { title } } } } }',
  '{ statements(first: 20) { totalCount nodes { text speaker { __typename } article { title publishedOn } } } }',
  '{ articles(first: 20) { nodes { slug title publisher { name } } pageInfo { endCursor } } }',
  '{ search(query: "WORD minister", first: 10) { nodes { __typename highlight } } }',
  '{ suggest(prefix: "WORD") { text } }',
];

function count(counts: Map<string, number>, key: string): number {
  const now = (counts.get(key) ?? 0) + 1;
  counts.set(key, now);
  return now;
}
