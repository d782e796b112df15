/** Sends random requests, valid and broken, and judges what comes back. */
import type { GraphQLSchema } from 'graphql';
import { brokenFrom, rawRequest } from './broken.ts';
import { exchange, type Exchange } from './exchange.ts';
import { costlyFrom, type Costly } from './kinds.ts';
import { operationFrom, type Operation } from './operations.ts';
import { Random } from '../support/random.ts';
import { anEvent, lookAround, type Subject } from './subject.ts';
import { sendUnread } from './unread.ts';

export interface Plan {
  seed: number;
  /** So many valid requests, of which some are cheap to send and much work, and as many broken ones. */
  count: number;
  /** Requests that are sent before the heap is measured, so that caches are as full as they get. */
  warmUp: number;
  connections?: number;
  /** How much processor time a turn of the event loop may take, in milliseconds; not judged without. */
  maxTurnMs?: number;
}

export interface Verdict {
  /** How many answers there were of each kind: `valid 200`, `broken 400 BAD_REQUEST` … */
  answers: Map<string, number>;
  /** What must never happen, each with the request. */
  failures: string[];
  heapBefore: number;
  heapAfter: number;
  /** The longest turn that took long, in milliseconds of processor time. */
  turn: number;
}

export async function fuzz(
  schema: GraphQLSchema,
  subject: Subject,
  { seed, count, warmUp, connections = 16, maxTurnMs = Infinity }: Plan,
): Promise<Verdict> {
  const known = await lookAround(subject.port);
  const after = await anEvent(subject);
  const random = new Random(seed);
  const verdict: Verdict = {
    ...{ answers: new Map(), failures: [] },
    ...{ heapBefore: 0, heapAfter: 0, turn: 0 },
  };
  const running = new Set<Buffer>();
  subject.onLongTurn((ms) => {
    verdict.turn = Math.max(verdict.turn, ms);
    if (ms > maxTurnMs) verdict.failures.push(tooLong(ms, running));
  });
  const sendMany = async (total: number): Promise<void> => {
    let left = 2 * total;
    const sendOn = async (): Promise<void> => {
      while (left > 0 && subject.failures.length === 0) {
        const isValid = left-- % 2 === 0;
        const what = !isValid ? 'broken' : random.chance(share) ? 'costly' : 'valid';
        const operation =
          what === 'costly'
            ? costlyFrom(known, random, after)
            : operationFrom(schema, known, random);
        const request = isValid
          ? validFrom(operation, subject.keys, random)
          : brokenFrom(operation, random);
        running.add(request);
        const { unread } = operation as Costly;
        if (isValid && unread !== undefined) {
          const requests = Array.from({ length: unread }, () => keptAlive(request));
          await sendUnread(subject.port, requests, 200);
          verdict.answers.set(notRead, (verdict.answers.get(notRead) ?? 0) + 1);
        } else {
          const isStream = /text\/event-stream/.test(request.toString('latin1'));
          judge(verdict, what, request, await exchange(subject.port, request, { isStream }));
        }
        running.delete(request);
      }
    };
    await Promise.all(Array.from({ length: connections }, sendOn));
  };
  await sendMany(warmUp);
  verdict.answers.clear();
  verdict.heapBefore = (await subject.held()).heap;
  await sendMany(count);
  if (subject.failures.length === 0) verdict.heapAfter = (await subject.held()).heap;
  verdict.failures.push(...subject.failures);
  return verdict;
}

// Private:

const notRead = 'costly not read';

/** How many of the valid requests are cheap to send and much work. */
const share = 0.1;

function validFrom(
  { kind, ...operation }: Operation | Costly,
  keys: string[],
  random: Random,
): Buffer {
  const key = random.chance(kind === 'mutation' ? 0.7 : 0.15) ? random.pick(keys) : undefined;
  const headers = {
    accept:
      kind === 'subscription'
        ? 'text/event-stream'
        : random.pick(['application/json', 'application/graphql-response+json', '*/*']),
    ...(key && { authorization: `Bearer ${key}` }),
  };
  if (kind !== 'mutation' && random.chance(0.3)) {
    const { query, variables } = operation;
    const { operationName } = operation as Operation;
    const address = new URLSearchParams({
      query,
      variables: JSON.stringify(variables),
      ...(operationName && { operationName }),
    }).toString();
    // Longer lines are refused by Node, rightly.
    if (address.length < 12_000) return rawRequest(`GET /graphql?${address}`, headers);
  }
  return rawRequest(
    'POST /graphql',
    { 'content-type': 'application/json', ...headers },
    JSON.stringify(operation),
  );
}

const keptAlive = (request: Buffer): Buffer =>
  Buffer.from(request.toString('utf8').replace('connection: close', 'connection: keep-alive'));

/** Looks that no answer should have. */
const insides =
  /node_modules|\bat \S+ \(?(file|node):|PostgresError|DrizzleQueryError|\bselect .* from "/;

function judge(verdict: Verdict, what: string, request: Buffer, { status, body }: Exchange): void {
  const codes = [...new Set(body.match(/(?<="code":")[A-Z_]+/g) ?? [])].sort().slice(0, 2);
  const kind = [what, status || 'cut off', ...codes].join(' ');
  verdict.answers.set(kind, (verdict.answers.get(kind) ?? 0) + 1);
  // A server that has more to do than it can says so, and in time.
  const isBusy =
    (status === 503 && codes.includes('OVERLOADED')) ||
    // Changes wait for each other; the answer says that they may have been made or not.
    (status === 504 && what === 'costly' && /idempotencyKey/.test(body));
  const reason =
    status === -1
      ? 'no answer'
      : (status >= 500 && !isBusy) || codes.includes('INTERNAL_SERVER_ERROR')
        ? `an answer of ${status}`
        : body.startsWith('{') && insides.test(body)
          ? 'an answer that tells the inside'
          : what !== 'broken' && status === 0
            ? 'a connection that was cut'
            : undefined;
  if (!reason) return;
  verdict.failures.push(
    `${reason}: ${body.slice(0, 500)}\nto: ${request.toString('utf8').slice(0, 6000)}`,
  );
}

const tooLong = (ms: number, running: ReadonlySet<Buffer>): string =>
  `one turn of the event loop took ${Math.round(ms)} ms of processor time, while there were:\n${[
    ...running,
  ]
    .map((request) => request.toString('utf8').slice(0, 1500))
    .join('\n')}`;
