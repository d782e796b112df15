/**
 * The stream of revision events, from every server on the database.
 *
 * Events are revisions in the order of their transactions' ids. An id is assigned before a
 * transaction commits, so a revision is delivered once no transaction with a lower id can still
 * commit. Hence no event is missed, and an event's id is a position to resume from on any server.
 *
 * A process reads each event once and buffers the last ones for all listeners. A slow listener
 * falls behind, and gets EventsLost when it falls out of the buffer. A listener that resumes reads
 * the events it missed page by page; one page is read at a time for all listeners.
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

/** A listener was too slow or absent for too long, and has to read the lists again. */
export class EventsLost extends Error {
  override name = 'EventsLost';
}

/** The channel on which a trigger notifies of new revisions; see `revision_notify` in `drizzle/`. */
const channel = 'chancery_revisions';

/** The number of events buffered for listeners that fall behind. */
const maxKept = 10_000;

/** The number of events delivered at a time. */
const maxPageSize = 100;

/** The interval of polling while an older transaction holds events back, in milliseconds. */
const gatherDelayMs = 50;

/** Options of a listener. */
export interface EventSubscription {
  /** Aborts the iteration, also while it waits. */
  signal?: AbortSignal | undefined;
  /** Called before reading events older than the listener; the iteration continues when it resolves. */
  pay?: ((events: number) => Promise<void>) | undefined;
}

export class RevisionEvents {
  readonly #database: Database;
  /** The buffered events, the number of events dropped before them, and the position of the last dropped. */
  #kept: RevisionEvent[] = [];
  #dropped = 0;
  #before: Position = { xid: '0', id: zero };
  /** The position of the last event read. */
  #last: Position | undefined;
  #waiting = new Set<() => void>();
  #reading: Promise<void> | undefined;
  #stale = false;
  #starting: Promise<void> | undefined;
  #stop: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #closing: Promise<void> | undefined;
  /** The last of the queued reads of past pages. */
  #pages: Promise<unknown> = Promise.resolve();
  #heldSince: number | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Yields events in pages: all from now on, or all after the one with the given id. After this
   * resolves, no event is missed.
   *
   * @throws EventsLost if the listener was absent for too long; during iteration, if it falls too
   *   far behind
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

  /** How long an older open transaction of this database has held events back, in seconds; else 0. */
  get heldBackSeconds(): number {
    return this.#heldSince === undefined ? 0 : (performance.now() - this.#heldSince) / 1000;
  }

  /** The number of listeners waiting for events. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Ends all listeners, present and future. Idempotent. */
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

  /** @param began The position of the last event when the listener started. */
  async *#report(
    from: Position,
    began: Position,
    { signal, pay }: EventSubscription,
  ): AsyncGenerator<RevisionEvent[]> {
    const isOver = (): boolean => this.#closed || (signal?.aborted ?? false);
    let at = from;
    // Events older than the buffer are read page by page, at the pace of the consumer.
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
        throw new EventsLost('events arrived faster than they were read; read the lists again');
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

  /** Reads one page for one listener at a time, so that none keeps the database busy. */
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

  /** Starts listening, once. Returns the position of the last known event. */
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

  /** Reads new events; calls during a read cause one more read. */
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

  /** Reads again soon: an older transaction is open, or the database is unavailable. */
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
    throw new EventsLost('the last event is older than an hour; read the lists again');
  }

  /** The number of the first buffered event after a position. */
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
