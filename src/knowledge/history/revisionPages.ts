/** Selects revision events, ordered by their transactions' ids. */
import { sql } from 'drizzle-orm';
import { readRows, type Database } from '../../database/database.js';
import type { RecordTypeName } from '../model/recordTypes.js';
import type { RevisionRecord } from './revision.js';

/** A change of a record. */
export interface RevisionEvent {
  /** Its position among all events, to resume from. */
  id: string;
  type: RecordTypeName;
  /** The id of the record. */
  recordId: string;
  /** The number of the revision. */
  number: number;
  action: RevisionRecord['action'];
  at: Date;
  /** Whether readers may see the event: the record is public, or was until now. */
  isPublic: boolean;
  /** Whether the record is public now. */
  isLive: boolean;
  /** The ids of the entities that the record is, or links to. */
  entities: string[];
}

/** The number of events read at a time. */
export const pageSize = 500;

/** A position in the order of events. */
export interface Position {
  xid: string;
  id: string;
}

/** The position for a listener that receives only future events. */
export async function startingPoint({ db }: Database): Promise<string> {
  const [now] = await readRows<{ xid: string }>(
    db,
    sql`select coalesce(${heldFrom}, pg_snapshot_xmax(pg_current_snapshot()))::text as xid`,
  );
  return now?.xid ?? '0';
}

/** Whether the event exists and is at most an hour old. */
export async function isKnownOfLastHour({ db }: Database, { xid, id }: Position): Promise<boolean> {
  // Age by the database's clock, since this host's clock may differ.
  const [known] = await readRows<{ isOld: boolean }>(
    db,
    sql`select at < now() - interval '1 hour' as "isOld" from revision where id = ${id}::uuid and xid = ${xid}::xid8`,
  );
  return known !== undefined && !known.isOld;
}

/**
 * The events after a position that can be delivered.
 *
 * @returns also whether an open transaction holds further events back
 */
export async function selectEvents(
  { db }: Database,
  after: Position,
  until?: Position,
): Promise<{ events: RevisionEvent[]; isHeldUp: boolean }> {
  const bound = until ? sql`and (r.xid, r.id) <= (${until.xid}::xid8, ${until.id}::uuid)` : sql``;
  const rows = await readRows<EventRow>(
    db,
    sql`select r.id, r.xid::text as xid, r.number, r.action, r.at,
          coalesce(r.xid >= held.xid, false) as "isHeldUp",
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
        from (select ${heldFrom} as xid) held cross join revision r
        left join entity e on e.id = r.entity_id left join office o on o.id = r.entity_id
        left join article a on a.id = r.article_id left join event v on v.id = r.event_id
        left join "position" p on p.id = r.position_id left join membership m on m.id = r.membership_id
        left join statement s on s.id = r.statement_id left join erasure x on x.id = r.erasure_id
        where (r.xid, r.id) > (${after.xid}::xid8, ${after.id}::uuid) ${bound}
        order by r.xid, r.id limit ${pageSize}`,
  );
  const ready = rows.findIndex(({ isHeldUp }) => isHeldUp);
  const deliverable = ready < 0 ? rows : rows.slice(0, ready);
  return { events: deliverable.map(eventOf), isHeldUp: ready >= 0 };
}

/** Whether a text has the form of an event's id. */
export const isEventId = (text: string): boolean => idForm.test(text);

// Private:

/**
 * The id of the oldest open transaction that may write to this database; null if there is none.
 *
 * A snapshot lists the open transactions of the whole server. Those of other databases are
 * excluded, prepared ones included, as a forgotten one would hold back every event of this
 * database. Transactions whose database is unknown, because they ended or are hidden, count as
 * this database's, and polling looks again. Ids of 32 bits are unambiguous among open
 * transactions. A standby knows only the oldest.
 */
const heldFrom = sql.raw(`case when pg_is_in_recovery() then pg_snapshot_xmin(pg_current_snapshot())
  else (select min(open.xid::text::bigint)::text::xid8
  from pg_snapshot_xip(pg_current_snapshot()) as open(xid)
  where not exists (select from pg_stat_activity a
      where a.backend_xid = open.xid::xid and a.datname <> current_database())
    and not exists (select from pg_prepared_xacts p
      where p.transaction = open.xid::xid and p.database <> current_database())) end`);

interface EventRow extends Omit<RevisionEvent, 'isPublic'> {
  xid: string;
  isHeldUp: boolean;
  /** The status before the revision, if the revision changed it. */
  statusBefore: string | null;
  /** The status after the revision. */
  statusThen: string;
  /** Of an erased record: whether it was public. */
  wasPublic: boolean | null;
  /** Whether the records that a fact links to are public. */
  hasLiveParts: boolean;
}

export const zero = '00000000-0000-0000-0000-000000000000';
const idForm = /^\d{1,20}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function positionOf(eventId: string): Position {
  const [xid = '0'] = eventId.split('-', 1);
  return { xid, id: eventId.slice(xid.length + 1) || zero };
}

export const isBefore = (a: Position, b: Position): boolean =>
  BigInt(a.xid) < BigInt(b.xid) || (a.xid === b.xid && a.id < b.id);

export const idOf = ({ xid, id }: Position): string => `${xid}-${id}`;

/** Actions after which a published record may be hidden; it was public until then. */
const hidingActions = new Set<RevisionEvent['action']>(['DELETE', 'MERGE', 'REVERT']);

function eventOf(row: EventRow): RevisionEvent {
  const { isHeldUp: _, statusBefore, statusThen, hasLiveParts, wasPublic, xid, ...event } = row;
  const isHidden = hasLiveParts && hidingActions.has(event.action);
  return {
    ...event,
    id: idOf({ xid, id: row.id }),
    at: new Date(row.at),
    // Changes of a draft are never public, even after it is published.
    isPublic:
      wasPublic ??
      ((statusThen === 'PUBLISHED' && (row.isLive || isHidden)) ||
        (statusBefore === 'PUBLISHED' && isHidden)),
  };
}
