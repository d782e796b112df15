/** What is left of what was erased: that it was, when, and why in one word. */
import { sql } from 'drizzle-orm';
import { readRows, type Database, type Queryable } from '../../database/database.js';
import type { SlugSpace } from '../validation/links.js';
import { erasureReason } from '../../database/tables/index.js';
import { uuids } from '../reading/keys.js';
import type { Author } from '../curation/edit.js';
import type { RecordNoun } from '../writing/recordChange.js';
import { findErased, keysOf, hashOf, ownSalt, recordsWithKeys, slugKey } from './keys.js';

export const erasureReasons = erasureReason.enumValues;

export type ErasureReason = (typeof erasureReasons)[number];

/** The type of a record as tombstones have it. */
export const typeOfNoun = {
  organizations: 'ORGANIZATION',
  people: 'PERSON',
  offices: 'OFFICE',
  places: 'PLACE',
  articles: 'ARTICLE',
  events: 'EVENT',
  positions: 'POSITION',
  memberships: 'MEMBERSHIP',
  statements: 'STATEMENT',
} as const satisfies Record<RecordNoun, string>;

export type TombstoneType = (typeof typeOfNoun)[RecordNoun];

export interface Tombstone {
  recordId: string;
  type: TombstoneType;
  reason: ErasureReason;
  at: Date;
}

/** The tombstone of a record that was erased as a whole. */
export async function findTombstone(
  db: Queryable,
  recordId: string,
): Promise<Tombstone | undefined> {
  const [row] = await readRows<Tombstone>(
    db,
    sql`select record_id as "recordId", type::text, reason::text, at from erasure
      where record_id = ${recordId}::uuid and field is null`,
  );
  return row && { ...row, at: new Date(row.at) };
}

/**
 * Why the record was erased that had this slug, of which only a hash is kept. For everybody:
 * that there was a draft is not told.
 */
export const findErasedSlug = async (
  { db }: Database,
  space: SlugSpace,
  slug: string,
): Promise<{ reason: string; at: Date } | undefined> => {
  if (!/^[a-z0-9-]{1,200}$/.test(slug)) return undefined;
  const key = slugKey(space, slug);
  const erased = (await findErased(db, [key])).get(key);
  return erased?.wasPublic ? erased : undefined;
};

/** Writes the tombstones of records that are still there, and how they will be recognized. */
export async function insertTombstones(
  tx: Queryable,
  ids: readonly string[],
  { reason, changeId }: { reason: ErasureReason; changeId: string },
): Promise<void> {
  const records = await recordsWithKeys(tx, ids);
  await tx.execute(
    sql`insert into erasure (id, record_id, type, reason, change_id, was_public)
      select gen_random_uuid(), e.id, e.type::text::record_type, ${reason}::erasure_reason, ${changeId}::uuid, e.live from (
        select id, type::text as type, live from entity union all select id, 'ARTICLE', live from article
        union all select id, 'EVENT', live from event union all select id, 'POSITION', live from "position"
        union all select id, 'MEMBERSHIP', live from membership union all select id, 'STATEMENT', live from statement) e
      where e.id = any(${uuids(ids)})`,
  );
  const salt = await ownSalt(tx);
  const hashes = records.flatMap((record) =>
    keysOf(record).map((key) => ({ id: record.id, hash: hashOf(salt, key) })),
  );
  await tx.execute(
    sql`insert into erased_key (erasure_id, salt, hash)
      select e.id, ${salt}, k.hash
      from json_to_recordset(${JSON.stringify(hashes)}::json) k (id uuid, hash text)
        join erasure e on e.record_id = k.id and e.field is null
      on conflict do nothing`,
  );
}

/** Tells those who listen that the records are gone: one revision for each, of its tombstone. */
export const announce = async (
  tx: Queryable,
  { identity, actor }: Author,
  changeId: string,
): Promise<void> =>
  void (await tx.execute(
    sql`insert into revision (id, number, change_id, identity, actor, action, erasure_id, changes)
      select gen_random_uuid(), 1, ${changeId}::uuid, ${identity}, ${actor}, 'ERASE', id, '{}' from erasure
      where change_id = ${changeId}::uuid`,
  ));
