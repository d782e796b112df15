/** Sends random requests, valid and broken, and judges what comes back. */
import type { GraphQLSchema } from 'graphql';
import { brokenFrom, rawRequest } from './broken.ts';
import { exchange, type Exchange } from './exchange.ts';
import { operationFrom, type Operation } from './operations.ts';
import { Random } from '../support/random.ts';
import { lookAround, type Subject } from './subject.ts';

export interface Plan {
  seed: number;
  /** So many valid requests, and as many broken ones. */
  count: number;
  /** Requests that are sent before the heap is measured, so that caches are as full as they get. */
  warmUp: number;
  connections?: number;
}

export interface Verdict {
  /** How many answers there were of each kind: `valid 200`, `broken 400 BAD_REQUEST` … */
  answers: Map<string, number>;
  /** What must never happen, each with the request. */
  failures: string[];
  heapBefore: number;
  heapAfter: number;
}

export async function fuzz(
  schema: GraphQLSchema,
  subject: Subject,
  { seed, count, warmUp, connections = 16 }: Plan,
): Promise<Verdict> {
  const known = await lookAround(subject.port);
  const random = new Random(seed);
  const verdict: Verdict = { answers: new Map(), failures: [], heapBefore: 0, heapAfter: 0 };
  const sendMany = async (total: number): Promise<void> => {
    let left = 2 * total;
    const sendOn = async (): Promise<void> => {
      while (left > 0 && subject.failures.length === 0) {
        const isValid = left-- % 2 === 0;
        const operation = operationFrom(schema, known, random);
        const request = isValid
          ? validFrom(operation, subject.keys, random)
          : brokenFrom(operation, random);
        const isStream = /text\/event-stream/.test(request.toString('latin1'));
        const answer = await exchange(subject.port, request, { isStream });
        judge(verdict, isValid ? 'valid' : 'broken', request, answer);
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

function validFrom({ kind, ...operation }: Operation, keys: string[], random: Random): Buffer {
  const key = random.chance(kind === 'mutation' ? 0.7 : 0.15) ? random.pick(keys) : undefined;
  const headers = {
    accept:
      kind === 'subscription'
        ? 'text/event-stream'
        : random.pick(['application/json', 'application/graphql-response+json', '*/*']),
    ...(key && { authorization: `Bearer ${key}` }),
  };
  if (kind !== 'mutation' && random.chance(0.3)) {
    const { query, variables, operationName } = operation;
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

/** Looks that no answer should have. */
const insides =
  /node_modules|\bat \S+ \(?(file|node):|PostgresError|DrizzleQueryError|\bselect .* from "/;

function judge(verdict: Verdict, what: string, request: Buffer, { status, body }: Exchange): void {
  const codes = [...new Set(body.match(/(?<="code":")[A-Z_]+/g) ?? [])].sort().slice(0, 2);
  const kind = [what, status || 'cut off', ...codes].join(' ');
  verdict.answers.set(kind, (verdict.answers.get(kind) ?? 0) + 1);
  const reason =
    status === -1
      ? 'no answer'
      : status >= 500 || codes.includes('INTERNAL_SERVER_ERROR')
        ? `an answer of ${status}`
        : body.startsWith('{') && insides.test(body)
          ? 'an answer that tells the inside'
          : what === 'valid' && status === 0
            ? 'a connection that was cut'
            : undefined;
  if (!reason) return;
  verdict.failures.push(
    `${reason}: ${body.slice(0, 500)}\nto: ${request.toString('utf8').slice(0, 6000)}`,
  );
}
