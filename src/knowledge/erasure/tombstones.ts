/** Tombstones: what remains of erased records. */
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database, Queryable } from '../../database/database.js';
import { erasure, erasureReason } from '../../database/tables/index.js';
import { uuids } from '../reading/keys.js';
import {
  findErased,
  keysOf,
  hashOf,
  ownSalt,
  recordsWithKeys,
  slugKey,
} from '../model/erasureKeys.js';
import type { RecordTypeEnum, SlugSpace } from '../model/recordTypes.js';
import { typeNameOf, unionOfRecords } from '../model/recordTables.js';
import type { Author } from '../auth/author.js';

export const erasureReasons = erasureReason.enumValues;

export type ErasureReason = (typeof erasureReasons)[number];

export interface Tombstone {
  recordId: string;
  type: RecordTypeEnum;
  reason: ErasureReason;
  at: Date;
}

export const tombstoneFields = {
  recordId: erasure.recordId,
  type: erasure.type,
  reason: erasure.reason,
  at: erasure.at,
};

/** The tombstone of an erased record; tombstones of former values do not count. */
export async function findTombstone(
  db: Queryable,
  recordId: string,
): Promise<Tombstone | undefined> {
  const [row] = await db
    .select(tombstoneFields)
    .from(erasure)
    .where(and(eq(erasure.recordId, recordId), isNull(erasure.field)));
  return row;
}

/**
 * The erasure of the record that had a slug, recognized by its hash. Hides erasures of drafts, as
 * every reader may call this.
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

/** Writes the tombstones and keys of records, before they are deleted. */
export async function insertTombstones(
  tx: Queryable,
  ids: readonly string[],
  { reason, changeId }: { reason: ErasureReason; changeId: string },
): Promise<void> {
  const records = await recordsWithKeys(tx, ids);
  await tx.execute(
    sql`insert into erasure (id, record_id, type, reason, change_id, was_public)
      select gen_random_uuid(), e.id, e.type::record_type, ${reason}::erasure_reason, ${changeId}::uuid, e.live
      from (${unionOfRecords(
        (record) =>
          sql`select it.id, ${typeNameOf(record, 'enumValue')} as type, it.live from ${record.table} it`,
      )}) e
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

/** Notifies subscribers of the erasure: adds a revision for each tombstone. */
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
