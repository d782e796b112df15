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

/** How soon it is looked again for what an older transaction holds up, in milliseconds. */
const patience = 50;

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

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * All events from now on, or from behind the one with this id. Once it resolves, nothing that
   * happens is missed.
   *
   * @param signal Ends it, also while it waits.
   * @throws EventsLost when the listener was away for too long; in the iteration, when it falls
   *   too far behind
   */
  async listen(after?: string, signal?: AbortSignal): Promise<AsyncGenerator<RevisionEvent>> {
    const last = await this.#start();
    if (after === undefined) return this.#tell(last, signal);
    const from = positionOf(after);
    await this.#checkAbsence(from);
    return this.#tell(from, signal);
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

  async *#tell(from: Position, signal?: AbortSignal): AsyncGenerator<RevisionEvent> {
    let at = from;
    // What is not kept any more is read page by page, as fast as it is taken.
    while (isBefore(at, this.#before) && !this.#closed && !signal?.aborted) {
      const { events } = await this.#read(at, this.#last);
      yield* events;
      at = positionOf(events.at(-1)?.id ?? idOf(this.#before));
    }
    let next = this.#placeBehind(at);
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
    const [now] = await readRows<{ xmin: string }>(
      this.#database.db,
      sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`,
    );
    this.#before = { xid: now?.xmin ?? '0', id: zero };
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
      const dropped = this.#kept.splice(0, beyond);
      this.#before = positionOf(dropped.at(-1)?.id ?? '');
      this.#dropped += beyond;
    }
    this.#wake();
  }

  async #checkAbsence({ xid, id }: Position): Promise<void> {
    // The database's own clock tells how old it is: ours may be another, or have been set.
    const [known] = await readRows<{ isOld: boolean }>(
      this.#database.db,
      sql`select at < now() - interval '1 hour' as "isOld" from revision where id = ${id}::uuid and xid = ${xid}::xid8`,
    );
    if (!known || known.isOld) {
      throw new EventsLost('the last event is not of the last hour; read the lists anew');
    }
  }

  /** The number of the first kept event behind this one. */
  #placeBehind(at: Position): number {
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
            when r.membership_id is not null then 'Membership' when r.statement_id is not null then 'Statement'
            else initcap(x.type::text) end) as type,
          coalesce(r.entity_id, r.article_id, r.event_id, r.position_id, r.membership_id, r.statement_id, x.record_id) as "recordId",
          coalesce(e.live, a.live, v.live, p.live, m.live, s.live, false) as "isLive", x.was_public as "wasPublic",
          r.changes->'status'->>'before' as "statusBefore",
          coalesce((select later.changes->'status'->>'before' from revision later
              where coalesce(later.entity_id, later.article_id, later.event_id, later.position_id, later.membership_id, later.statement_id)
                = coalesce(r.entity_id, r.article_id, r.event_id, r.position_id, r.membership_id, r.statement_id)
                and later.number > r.number and later.changes->'status' is not null
              order by later.number limit 1),
            e.status::text, a.status::text, v.status::text, p.status::text, m.status::text, s.status::text) as "statusThen",
          coalesce(p.person_live and p.organization_live, m.member_live and m.organization_live,
            s.article_live and s.speaker_live, true) as "hasLiveParts",
          array_to_json(array_remove(array[r.entity_id, x.record_id, o.organization_id, o.accredited_to_id, o.place_id, a.publisher_id, v.place_id,
            p.person_id, p.organization_id, m.member_id, m.organization_id, s.speaker_id,
            s.on_behalf_of_id, s.reported_by_id]
            || array(select entity_id from statement_subject where statement_id = s.id)
            || array(select entity_id from event_participant where event_id = v.id), null)) as entities
        from revision r
        left join entity e on e.id = r.entity_id left join office o on o.id = r.entity_id
        left join article a on a.id = r.article_id left join event v on v.id = r.event_id
        left join "position" p on p.id = r.position_id left join membership m on m.id = r.membership_id
        left join statement s on s.id = r.statement_id left join erasure x on x.id = r.erasure_id
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
  /** Where the revision changed the status, from which one. */
  statusBefore: string | null;
  /** The status after the revision. */
  statusThen: string;
  /** Of a record that was erased: whether everybody saw it. */
  wasPublic: boolean | null;
  /** Whether everybody sees the records that it is a fact about. */
  hasLiveParts: boolean;
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

const idOf = ({ xid, id }: Position): string => `${xid}-${id}`;

/** A record that was published and is seen no more was seen until now. */
const parting = new Set<RevisionEvent['action']>(['DELETE', 'MERGE', 'REVERT']);

function eventOf(row: EventRow): RevisionEvent {
  const { isHeldUp: _, statusBefore, statusThen, hasLiveParts, wasPublic, xid, ...event } = row;
  const parted = hasLiveParts && parting.has(event.action);
  return {
    ...event,
    id: idOf({ xid, id: row.id }),
    at: new Date(row.at),
    // What was done to a draft stays among editors, also when it is published later.
    isPublic:
      wasPublic ??
      ((statusThen === 'PUBLISHED' && (row.isLive || parted)) ||
        (statusBefore === 'PUBLISHED' && parted)),
  };
}
