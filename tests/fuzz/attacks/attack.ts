/** What an attack is, and with what it sends. */
import { rawRequest } from '../broken.ts';
import { exchange, type Exchange } from '../exchange.ts';
import type { Random } from '../../support/random.ts';
import type { Subject } from '../subject.ts';
import type { Scale } from './base.ts';

export interface Attack {
  /** The line of the manual: A1 … */
  name: string;
  what: string;
  /** Fixed, so that a run can be compared with the one before. */
  seed: number;
  /** Requests that may be answered 504: changes, which wait for each other. */
  mayTimeOut?: boolean;
  /** What is done before, and does not count. */
  prepare?: (means: Means) => Promise<string>;
  /** @param prepared What was made known before. */
  run: (means: Means, prepared: string) => Promise<void>;
}

/** A request in the making. */
export interface Message {
  query: string;
  variables?: Record<string, unknown>;
}

export interface Means {
  subject: Subject;
  random: Random;
  scale: Scale;
  /** The files of the base that come later. */
  later: string;
  /** The credentials of an editor. */
  key: string;
  /** Sends a message as this attacker, and counts the answer. */
  send: (message: Message, options?: Sending) => Promise<Exchange>;
  /** Sends so many messages, so many at a time. */
  flood: (
    connections: number,
    count: number,
    make: (i: number) => Message,
    options?: Sending,
  ) => Promise<void>;
  /** The bytes that `send` would send. */
  bytes: (message: Message, options?: Sending) => Buffer;
  /** What went wrong that only the attack can see. */
  fail: (what: string) => void;
}

export interface Sending {
  key?: string;
  isStream?: boolean;
  /** How long a stream is read. */
  stayMs?: number;
  keepAlive?: boolean;
}

/** An attack on a slow server ends after this time. */
const maxAttackMs = 40_000;

/** The means of one attacker, who has an address of his own. */
export function meansOf(
  inputs: Pick<Means, 'subject' | 'random' | 'scale' | 'later' | 'key' | 'fail'>,
  address: string,
  answered: (message: Message, answer: Exchange) => void,
): Means {
  const { subject, random } = inputs;
  let sent = 0;
  const bytes: Means['bytes'] = ({ query, variables = {} }, { key, isStream, keepAlive } = {}) => {
    const headers = {
      'x-forwarded-for': address,
      accept: isStream ? 'text/event-stream' : 'application/json',
      ...(key && { authorization: `Bearer ${key}` }),
      ...(keepAlive && { connection: 'keep-alive' }),
    };
    // Another text each time, so that nothing is known of it.
    const text = `${query} #${sent++}`;
    const params = new URLSearchParams({ query: text, variables: JSON.stringify(variables) });
    if (!/^\s*mutation/.test(query) && random.chance(0.3) && params.toString().length < 12_000) {
      return rawRequest(`GET /graphql?${params.toString()}`, headers);
    }
    return rawRequest(
      'POST /graphql',
      { 'content-type': 'application/json', ...headers },
      JSON.stringify({ query: text, variables }),
    );
  };
  const send: Means['send'] = async (message, options = {}) => {
    const answer = await exchange(subject.port, bytes(message, options), {
      isStream: options.isStream,
      stayMs: options.stayMs,
    });
    answered(message, answer);
    return answer;
  };
  const flood: Means['flood'] = async (connections, count, make, options) => {
    let next = 0;
    const end = performance.now() + maxAttackMs;
    const sendOn = async (): Promise<void> => {
      while (next < count && performance.now() < end && subject.failures.length === 0)
        await send(make(next++), options);
    };
    await Promise.all(Array.from({ length: connections }, sendOn));
  };
  return { ...inputs, bytes, send, flood };
}

/** A selection of a type, as it is, in inline fragments, or in a named one, perhaps under a directive. */
export function dressed(
  random: Random,
  type: string,
  selection: string,
): { inside: string; behind: string } {
  const directive = random.pick(['', '', '@include(if: true)', '@skip(if: false)']);
  return random.pick([
    { inside: selection, behind: '' },
    { inside: `... ${directive} { ${selection} }`, behind: '' },
    { inside: `... on ${type} ${directive} { ${selection} }`, behind: '' },
    { inside: `...F ${directive}`, behind: `fragment F on ${type} { ${selection} }` },
    {
      inside: `...F ...F ... on ${type} { ...F }`,
      behind: `fragment F on ${type} { ${selection} }`,
    },
  ]);
}
