/**
 * What changes, as it changes, whichever server changes it.
 *
 * The events are the revisions, in the order of their transactions' numbers. A number is given
 * before a transaction commits, so a revision is told only when no transaction with a lower
 * number can still commit: then none is ever missed, and an event's id is a place to go on
 * from, on any server.
 *
 * A process reads each event once and keeps the last ones for all who listen. Nothing is queued
 * for a listener: who is slow falls behind, and who falls out of what is kept is told so.
 */
import { sql } from 'drizzle-orm';
import type { Database } from '../../database/database.js';
import { readRows } from '../../database/rows.js';
import type { RevisionRecord } from '../revision.js';
import type { ReviewedType } from '../reviewQueue.js';

/** Something happened to a record. */
export interface RevisionEvent {
  /** Its place among all events, to go on from. */
  id: string;
  type: ReviewedType;
  /** The key of the record. */
  recordId: string;
  /** The number of the revision. */
  number: number;
  action: RevisionRecord['action'];
  at: Date;
  /** Whether everybody may know of it: the record is seen by all, or was until now. */
  isPublic: boolean;
  /** Whether everybody sees the record now. */
  isLive: boolean;
  /** The keys of the entities that the record is, or names. */
  entities: string[];
}

/** A listener was too slow, or was away for too long: it has to read the lists anew. */
export class EventsLost extends Error {
  override name = 'EventsLost';
}

/** Where triggers tell that there are new revisions; see the migration `history`. */
const channel = 'chancery_revisions';

/** So many events are kept for listeners that fall behind. */
const mostKept = 10_000;

/** How long an event can be gone on from, in milliseconds. */
const longestAbsence = 3_600_000;

/** How soon it is looked again for what an older transaction holds up, in milliseconds. */
const patience = 50;

export class RevisionEvents {
  readonly #database: Database;
  /** The last events, and how many there were before them. */
  #kept: RevisionEvent[] = [];
  #dropped = 0;
  #last: Position | undefined;
  #waiting = new Set<() => void>();
  #reading: Promise<void> | undefined;
  #stale = false;
  #stop: Promise<() => Promise<void>> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * All events from now on, or from behind the one with this id.
   *
   * @param signal Ends it, also while it waits.
   * @throws EventsLost when the listener falls too far behind or was away for too long
   */
  async *listen(after?: string, signal?: AbortSignal): AsyncGenerator<RevisionEvent> {
    await this.#start();
    let next = this.#dropped + this.#kept.length;
    if (after !== undefined) {
      const missed = await this.#missed(positionOf(after));
      yield* missed;
      next = this.#placeBehind(missed.at(-1)?.id ?? after);
    }
    while (!this.#closed && !signal?.aborted) {
      if (next < this.#dropped) {
        throw new EventsLost('events came faster than they were taken; read the lists anew');
      }
      const event = this.#kept[next - this.#dropped];
      if (event) {
        next++;
        yield event;
      } else await this.#news(signal);
    }
  }

  /** How many wait for news now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Ends all that listen. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#wake();
    await this.#reading;
    const stop = await this.#stop;
    await stop?.();
  }

  // Private:

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

  async #start(): Promise<void> {
    this.#stop ??= this.#database.listen(
      channel,
      () => this.#look(),
      () => this.#look(),
    );
    await this.#stop;
    if (this.#last === undefined) {
      const [now] = await readRows<{ xmin: string }>(
        this.#database.db,
        sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`,
      );
      this.#last ??= { xid: now?.xmin ?? '0', id: zero };
    }
  }

  /** Reads what is new, once at a time. */
  #look(): void {
    if (this.#last === undefined || this.#closed) return;
    this.#stale = true;
    this.#reading ??= this.#readAll()
      .catch(() => this.#later())
      .finally(() => {
        this.#reading = undefined;
        if (this.#stale) this.#look();
      });
  }

  async #readAll(): Promise<void> {
    while (this.#stale && !this.#closed) {
      this.#stale = false;
      const { events, isHeldUp } = await this.#read(this.#last ?? { xid: '0', id: zero });
      if (events.length > 0) this.#keep(events);
      if (events.length === pageSize) this.#stale = true;
      else if (isHeldUp) this.#later();
    }
  }

  /** An older transaction is at work, or the database is away. */
  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), patience);
    this.#timer.unref();
  }

  #keep(events: RevisionEvent[]): void {
    this.#last = positionOf(events.at(-1)?.id ?? '');
    this.#kept.push(...events);
    const beyond = this.#kept.length - mostKept;
    if (beyond > 0) {
      this.#kept.splice(0, beyond);
      this.#dropped += beyond;
    }
    this.#wake();
  }

  /** What a listener that was away has missed up to what is kept now. */
  async #missed(after: Position): Promise<RevisionEvent[]> {
    const [known] = await readRows<{ at: string }>(
      this.#database.db,
      sql`select at from revision where id = ${after.id}::uuid and xid = ${after.xid}::xid8`,
    );
    const last = this.#last ?? after;
    if (!known || Date.now() - new Date(known.at).getTime() > longestAbsence) {
      throw new EventsLost('the last event is not of the last hour; read the lists anew');
    }
    const missed: RevisionEvent[] = [];
    for (let at = after; isBefore(at, last);) {
      const { events } = await this.#read(at, last);
      missed.push(...events);
      if (missed.length > mostKept) {
        throw new EventsLost('more has happened since than can be told; read the lists anew');
      }
      const end = events.at(-1);
      if (!end || events.length < pageSize) break;
      at = positionOf(end.id);
    }
    return missed;
  }

  /** The number of the first kept event behind this one. */
  #placeBehind(id: string): number {
    const at = positionOf(id);
    const place = this.#kept.findIndex((event) => isBefore(at, positionOf(event.id)));
    return this.#dropped + (place < 0 ? this.#kept.length : place);
  }

  async #read(
    after: Position,
    until?: Position,
  ): Promise<{ events: RevisionEvent[]; isHeldUp: boolean }> {
    const bound = until ? sql`and (r.xid, r.id) <= (${until.xid}::xid8, ${until.id}::uuid)` : sql``;
    const rows = await readRows<EventRow>(
      this.#database.db,
      sql`select r.id, r.xid::text as xid, r.number, r.action, r.at,
          r.xid >= pg_snapshot_xmin(pg_current_snapshot()) as "isHeldUp",
          coalesce(initcap(e.type::text), case when r.article_id is not null then 'Article'
            when r.event_id is not null then 'Event' when r.position_id is not null then 'Position'
            when r.membership_id is not null then 'Membership' else 'Statement' end) as type,
          coalesce(r.entity_id, r.article_id, r.event_id, r.position_id, r.membership_id, r.statement_id) as "recordId",
          coalesce(e.live, a.live, v.live, p.live, m.live, s.live) as "isLive",
          coalesce(e.status, a.status, v.status, p.status, m.status, s.status) = 'PUBLISHED'
            and coalesce(p.person_live and p.organization_live, m.member_live and m.organization_live,
              s.article_live and s.speaker_live, true) as "isPublished",
          array_to_json(array_remove(array[r.entity_id, o.organization_id, o.accredited_to_id, o.place_id, a.publisher_id, v.place_id,
            p.person_id, p.organization_id, m.member_id, m.organization_id, s.speaker_id,
            s.on_behalf_of_id, s.reported_by_id]
            || array(select entity_id from statement_subject where statement_id = s.id)
            || array(select entity_id from event_participant where event_id = v.id), null)) as entities
        from revision r
        left join entity e on e.id = r.entity_id left join office o on o.id = r.entity_id
        left join article a on a.id = r.article_id left join event v on v.id = r.event_id
        left join "position" p on p.id = r.position_id left join membership m on m.id = r.membership_id
        left join statement s on s.id = r.statement_id
        where (r.xid, r.id) > (${after.xid}::xid8, ${after.id}::uuid) ${bound}
        order by r.xid, r.id limit ${pageSize}`,
    );
    const ready = rows.findIndex(({ isHeldUp }) => isHeldUp);
    const told = ready < 0 ? rows : rows.slice(0, ready);
    return { events: told.map(eventOf), isHeldUp: ready >= 0 };
  }
}

/** Whether a text is the id of an event. */
export const isEventId = (text: string): boolean => idForm.test(text);

// Private:

/** A place in the order of events. */
interface Position {
  xid: string;
  id: string;
}

interface EventRow extends Omit<RevisionEvent, 'isPublic'> {
  xid: string;
  isHeldUp: boolean;
  isPublished: boolean;
}

const zero = '00000000-0000-0000-0000-000000000000';
const pageSize = 500;
const idForm = /^\d{1,20}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function positionOf(eventId: string): Position {
  const [xid = '0'] = eventId.split('-', 1);
  return { xid, id: eventId.slice(xid.length + 1) || zero };
}

const isBefore = (a: Position, b: Position): boolean =>
  BigInt(a.xid) < BigInt(b.xid) || (a.xid === b.xid && a.id < b.id);

/** A record that was published and is seen no more was seen until now. */
const parting = new Set<RevisionEvent['action']>(['DELETE', 'MERGE', 'REVERT']);

function eventOf({ isHeldUp: _, isPublished, xid, ...row }: EventRow): RevisionEvent {
  return {
    ...row,
    id: `${xid}-${row.id}`,
    at: new Date(row.at),
    isPublic: row.isLive || (isPublished && parting.has(row.action)),
  };
}
