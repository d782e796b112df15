/**
 * What changes, as it changes, whichever server changes it.
 *
 * The events are the revisions, in the order of their transactions' numbers. A number is given
 * before a transaction commits, so a revision is told only when no transaction with a lower
 * number can still commit: then none is ever missed, and an event's id is a place to go on
 * from, on any server.
 *
 * A process reads each event once and keeps the last ones for all who listen. Nothing is queued
 * for a listener: who is slow falls behind, and who falls out of what is kept is told so. What a
 * listener missed is told page by page, for all listeners one page at a time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../database/database.js';
import {
  idOf,
  isBefore,
  isKnownOfLastHour,
  pageSize,
  positionOf,
  selectEvents,
  startingPoint,
  zero,
  type Position,
  type RevisionEvent,
} from './revisionPages.js';

/** A listener was too slow, or was away for too long: it has to read the lists anew. */
export class EventsLost extends Error {
  override name = 'EventsLost';
}

/** The channel on which a trigger notifies of new revisions; see `revision_notify` in `drizzle/`. */
const channel = 'chancery_revisions';

/** So many events are kept for listeners that fall behind. */
const maxKept = 10_000;

/** So many events are handed on at a time. */
const maxPageSize = 100;

/** How soon it is looked again for what an older transaction holds up, in milliseconds. */
const gatherDelayMs = 50;

/** What a listener wants besides the events. */
export interface EventSubscription {
  /** Ends it, also while it waits. */
  signal?: AbortSignal | undefined;
  /**
   * Asked before so many events are looked through that happened before it listened; it goes on
   * when that resolves.
   */
  pay?: ((events: number) => Promise<void>) | undefined;
}

export class RevisionEvents {
  readonly #database: Database;
  /** The last events, how many there were before them, and where the last one of those was. */
  #kept: RevisionEvent[] = [];
  #dropped = 0;
  #before: Position = { xid: '0', id: zero };
  /** The place of the last event that was read. */
  #last: Position | undefined;
  #waiting = new Set<() => void>();
  #reading: Promise<void> | undefined;
  #stale = false;
  #starting: Promise<void> | undefined;
  #stop: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #closing: Promise<void> | undefined;
  /** The page of the past that is read last of those that are asked for. */
  #pages: Promise<unknown> = Promise.resolve();
  #heldSince: number | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * All events from now on, or from behind the one with this id, some at a time. Once it resolves,
   * nothing that happens is missed.
   *
   * @throws EventsLost when the listener was away for too long; in the iteration, when it falls
   *   too far behind
   */
  async listen(
    after?: string,
    listening: EventSubscription = {},
  ): Promise<AsyncGenerator<RevisionEvent[]>> {
    const last = await this.#start();
    if (after === undefined) return this.#report(last, last, listening);
    const from = positionOf(after);
    await this.#checkAbsence(from);
    return this.#report(from, last, listening);
  }

  /**
   * For how many seconds events have been held back, as a transaction that began before theirs is
   * still open in this database; 0 where none are.
   */
  get heldBackSeconds(): number {
    return this.#heldSince === undefined ? 0 : (performance.now() - this.#heldSince) / 1000;
  }

  /** How many wait for news now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Ends all that listen, and those that will. May be called twice. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  // Private:

  async #close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#wake();
    await this.#reading;
    await this.#starting?.catch(() => {});
    await this.#stop?.();
  }

  /** @param began What was the last event when it began to listen. */
  async *#report(
    from: Position,
    began: Position,
    { signal, pay }: EventSubscription,
  ): AsyncGenerator<RevisionEvent[]> {
    const isOver = (): boolean => this.#closed || (signal?.aborted ?? false);
    let at = from;
    // What is not kept any more is read page by page, as fast as it is taken.
    while (isBefore(at, this.#before) && !isOver()) {
      await pay?.(pageSize);
      if (isOver()) return;
      const events = await this.#readPage(at);
      if (events.length > 0) yield events;
      at = positionOf(events.at(-1)?.id ?? idOf(this.#before));
    }
    let next = this.#placeBehind(at);
    let past = this.#placeBehind(began) - next;
    while (!isOver()) {
      if (next < this.#dropped) {
        throw new EventsLost('events came faster than they were taken; read the lists anew');
      }
      const begin = next - this.#dropped;
      const events = this.#kept.slice(begin, begin + maxPageSize);
      if (events.length === 0) {
        await this.#news(signal);
        continue;
      }
      if (past > 0) {
        await pay?.(Math.min(past, events.length));
        await nextTurn();
        past -= events.length;
        if (isOver()) return;
      }
      next += events.length;
      yield events;
    }
  }

  /** One page for one listener at a time, so that none keeps the database busy for all. */
  #readPage(after: Position): Promise<RevisionEvent[]> {
    const read = async (): Promise<RevisionEvent[]> =>
      (await selectEvents(this.#database, after, this.#last)).events;
    const page = this.#pages.then(read);
    this.#pages = page.catch(() => {});
    return page;
  }

  #news(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        this.#waiting.delete(go);
        signal?.removeEventListener('abort', go);
        resolve();
      };
      this.#waiting.add(go);
      signal?.addEventListener('abort', go);
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resolve of waiting) resolve();
  }

  /** Begins to hear, the first time. Returns the place of the last event that is known. */
  async #start(): Promise<Position> {
    this.#starting ??= this.#begin().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    await this.#starting;
    return this.#last ?? this.#before;
  }

  async #begin(): Promise<void> {
    const look = (): void => this.#look();
    this.#stop ??= await this.#database.listen(channel, look, look);
    this.#before = { xid: await startingPoint(this.#database), id: zero };
    this.#last = this.#before;
  }

  /** Reads what is new, once at a time. */
  #look(): void {
    if (this.#last === undefined || this.#closed) return;
    this.#stale = true;
    if (this.#reading) return;
    this.#reading = this.#readAll()
      .catch(() => this.#later())
      .finally(() => {
        this.#reading = undefined;
        if (this.#stale) this.#look();
      });
  }

  async #readAll(): Promise<void> {
    while (this.#stale && !this.#closed) {
      this.#stale = false;
      const { events, isHeldUp } = await selectEvents(
        this.#database,
        this.#last ?? { xid: '0', id: zero },
      );
      this.#heldSince = isHeldUp ? (this.#heldSince ?? performance.now()) : undefined;
      if (events.length > 0) this.#keep(events);
      if (events.length === pageSize) this.#stale = true;
      else if (isHeldUp) this.#later();
    }
  }

  /** An older transaction is at work, or the database is away. */
  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), gatherDelayMs);
    this.#timer.unref();
  }

  #keep(events: RevisionEvent[]): void {
    this.#last = positionOf(events.at(-1)?.id ?? '');
    this.#kept.push(...events);
    const beyond = this.#kept.length - maxKept;
    if (beyond > 0) {
      const dropped = this.#kept.splice(0, beyond);
      this.#before = positionOf(dropped.at(-1)?.id ?? '');
      this.#dropped += beyond;
    }
    this.#wake();
  }

  async #checkAbsence(place: Position): Promise<void> {
    if (await isKnownOfLastHour(this.#database, place)) return;
    throw new EventsLost('the last event is not of the last hour; read the lists anew');
  }

  /** The number of the first kept event behind this one. */
  #placeBehind(at: Position): number {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(at, positionOf(this.#kept[middle]?.id ?? ''))) high = middle;
      else low = middle + 1;
    }
    return this.#dropped + low;
  }
}

export { isEventId } from './revisionPages.js';
