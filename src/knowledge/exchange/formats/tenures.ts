/**
 * Joins terms in posts. A person holds a post once at a time, so overlapping terms of a file become
 * one, and a term without dates counts only if the post has none with dates. Terms come last, since
 * all must be known first; until then a temporary file holds them.
 */
import { createHash } from 'node:crypto';
import { daysOf, firstDay, overlap, type Period } from '../../values/partialDate.js';
import type { Origin, RecordData } from '../stream/parsedRecord.js';
import { Spool } from '../stream/spool.js';

export class Tenures {
  readonly #posts = new Map<string, Post>();
  readonly #spool = new Spool<RecordData>();
  /** The number of joined terms. */
  joined = 0;
  /** The place of the first of them. */
  firstJoined: Origin | undefined;

  /** Collects Positions and Memberships; returns other records. */
  async take(records: readonly RecordData[]): Promise<RecordData[]> {
    const isTerm = ({ data }: RecordData) =>
      /^(Position|Membership)$/.test(String((data as Data)['type']));
    const terms = records.filter(isTerm);
    for (const { data } of terms) {
      const { start, end } = data as Period;
      const key = keyOf(data as Data);
      const post = this.#posts.get(key) ?? { periods: [], next: 0 };
      post.periods.push({ start, end });
      this.#posts.set(key, post);
    }
    await this.#spool.add(terms);
    return records.filter((record) => !isTerm(record));
  }

  /** The terms in order; joined ones at the place of the first. */
  async *records(): AsyncGenerator<RecordData[]> {
    let some: RecordData[] = [];
    try {
      for await (const record of this.#spool.items()) {
        const data = record.data as Data;
        const post = this.#posts.get(keyOf(data));
        const period = post && periodOfNext(post);
        if (period) some.push({ ...record, data: withPeriod(data, period) });
        else {
          this.joined++;
          this.firstJoined ??= record.origin;
        }
        if (some.length < 500) continue;
        yield some;
        some = [];
      }
      yield some;
    } finally {
      await this.#spool.dispose();
    }
  }

  /** Deletes the temporary file. */
  dispose(): Promise<void> {
    return this.#spool.dispose();
  }
}

/** The label under which joined terms are counted. */
export const joinedTerms = 'term that was joined with another one of the same post';

/** The joined terms, each at the index of its first part. */
export function joinedPeriods(periods: readonly Period[]): (Period | undefined)[] {
  const isDated = ({ start, end }: Period) => Boolean(start ?? end);
  const dated = periods.flatMap((period, i) => (isDated(period) ? [{ period, first: i }] : []));
  const joined: (Period | undefined)[] = periods.map(() => undefined);
  if (dated.length === 0) {
    joined[0] = {};
    return joined;
  }
  let terms = dated;
  // A second round joins terms that have grown to overlap; more occur only in hostile files.
  for (let round = 0, before = Infinity; round < 5 && terms.length < before; round++) {
    before = terms.length;
    terms = joinedOnce(terms);
  }
  for (const { period, first } of terms) joined[first] = period;
  return joined;
}

// Private:

type Data = Record<string, unknown>;

interface Post {
  periods: Period[];
  /** The index of the next term. */
  next: number;
  joined?: (Period | undefined)[];
}

interface Term {
  period: Period;
  /** The index of its first part. */
  first: number;
}

/** A hash of 16 characters identifies holder and post, since files have millions of terms. */
function keyOf({ type, person, member, organization, title }: Data): string {
  const text = JSON.stringify([type, person ?? member, organization, title]);
  return createHash('sha1').update(text).digest('base64').slice(0, 16);
}

function periodOfNext(post: Post): Period | undefined {
  post.joined ??= joinedPeriods(post.periods);
  return post.joined[post.next++];
}

function withPeriod({ start: _, end: __, ...data }: Data, { start, end }: Period): Data {
  return { ...data, ...(start && { start }), ...(end && { end }) };
}

function joinedOnce(terms: readonly Term[]): Term[] {
  const inOrder = [...terms].sort((a, b) => {
    const [one, other] = [firstDay(a.period.start), firstDay(b.period.start)];
    return one < other ? -1 : one > other ? 1 : a.first - b.first;
  });
  const joined: Term[] = [];
  for (const term of inOrder) {
    const last = joined.at(-1);
    if (last && isOneTerm(last.period, term.period)) {
      last.period = union(last.period, term.period);
      last.first = Math.min(last.first, term.first);
    } else joined.push({ ...term });
  }
  return joined;
}

/** Whether two periods are of one term: they have the same start or end, or overlap. */
function isOneTerm(a: Period, b: Period): boolean {
  if ((a.start ?? '') === (b.start ?? '') || (a.end && a.end === b.end)) return true;
  return overlap(a, b);
}

/**
 * From the earlier start to the later end. A known start takes precedence over an unknown one; so
 * does a known end if both start together; otherwise an open term stays open.
 */
function union(a: Period, b: Period): Period {
  const start = !a.start || !b.start ? (a.start ?? b.start) : earlier(a.start, b.start);
  if (a.end && b.end) return { start, end: later(a.end, b.end) };
  const isSame = Boolean(a.start) && a.start === b.start;
  return { start, end: isSame ? (a.end ?? b.end) : undefined };
}

/** The more precise of two dates if one contains the other; else the earlier. */
function earlier(a: string, b: string): string {
  if (a.startsWith(b) || b.startsWith(a)) return a.length > b.length ? a : b;
  return firstDay(a) <= firstDay(b) ? a : b;
}

function later(a: string, b: string): string {
  if (a.startsWith(b) || b.startsWith(a)) return a.length > b.length ? a : b;
  return (daysOf(a)?.last ?? a) >= (daysOf(b)?.last ?? b) ? a : b;
}
