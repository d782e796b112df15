/**
 * Tombstones in a stream: keyed hashes of an erased record's slug and identifiers, by which other
 * knowledge bases recognize and reject the record.
 *
 *     {"type":"Erasure","id":"…","recordId":"…","recordType":"PERSON","reason":"PERSONAL_DATA",…}
 */
import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { readRows, type Queryable } from '../../../database/database.js';
import { hashOf, identifierKey, saltsOf, slugKey } from '../../model/erasureKeys.js';
import { uuids } from '../../reading/keys.js';
import type { Identifier } from '../../values/identifiers.js';
import { formatPath } from '../../validation/report.js';
import { tombstoneForm } from './format.js';
import {
  isUnreadable,
  type ParsedRecord,
  type Origin,
  type RejectedRecord,
} from './parsedRecord.js';

export interface TombstoneEntry {
  origin: Origin;
  tombstone: z.infer<typeof tombstoneForm>;
}

/** Parses the tombstone in a line, or returns its rejection; undefined for a record. */
export function readTombstone(parsed: ParsedRecord): TombstoneEntry | RejectedRecord | undefined {
  if (isUnreadable(parsed)) return undefined;
  const { origin, data } = parsed;
  if ((data as { type?: unknown } | null)?.type !== 'Erasure') return undefined;
  const { success, data: tombstone, error } = tombstoneForm.safeParse(data);
  if (success) return { origin, tombstone };
  const reasons = error.issues.map(
    ({ path, message }) => `${formatPath(path as (string | number)[])}: ${message}`,
  );
  return { origin, reasons, data };
}

/** Writes tombstones. Rejects those of existing records, since only admins erase. */
export async function writeTombstones(
  tx: Queryable,
  entries: readonly TombstoneEntry[],
): Promise<RejectedRecord[]> {
  const { accepted, rejections } = await withFewSalts(tx, entries);
  const present = await readPresent(tx, accepted);
  const imported = accepted.filter(({ origin, tombstone }) => {
    const name = present(tombstone);
    if (name === undefined) return true;
    const reasons = [
      `the record was erased (${tombstone.reason}) in the source of this file, but exists here as ${name}: erase it with chancery erase`,
    ];
    rejections.push({ origin, reasons, data: tombstone });
    return false;
  });
  const rows = imported.map(({ tombstone }) => tombstone);
  await tx.execute(
    sql`insert into erasure (id, record_id, type, reason, field, change_id, at, was_public)
      select id, "recordId", "recordType"::record_type, reason::erasure_reason, field, "changeId", "erasedAt", "wasPublic"
      from json_to_recordset(${JSON.stringify(rows)}::json)
        t (id uuid, "recordId" uuid, "recordType" text, reason text, field text, "changeId" uuid, "erasedAt" timestamptz, "wasPublic" boolean)
      on conflict do nothing`,
  );
  const keys = rows.flatMap(({ id, keys: given = [] }) => given.map((key) => ({ id, ...key })));
  await tx.execute(
    sql`insert into erased_key (erasure_id, salt, hash)
      select k.id, k.salt, k.hash from json_to_recordset(${JSON.stringify(keys)}::json) k (id uuid, salt text, hash text)
        join erasure e on e.id = k.id
      on conflict do nothing`,
  );
  return rejections;
}

// Private:

/** Limits the cost of lookups, which hash each key with every salt. */
export const maxSalts = 32;

/** Rejects tombstones that would exceed the number of salts; every knowledge base has its own salt. */
async function withFewSalts(
  tx: Queryable,
  entries: readonly TombstoneEntry[],
): Promise<{ accepted: TombstoneEntry[]; rejections: RejectedRecord[] }> {
  const salts = new Set(await saltsOf(tx));
  const rejections: RejectedRecord[] = [];
  const accepted = entries.filter(({ origin, tombstone }) => {
    const given = new Set((tombstone.keys ?? []).map(({ salt }) => salt));
    const fresh = [...given].filter((salt) => !salts.has(salt));
    if (salts.size + fresh.length <= maxSalts) {
      for (const salt of fresh) salts.add(salt);
      return true;
    }
    const reasons = [
      `keys: contain new salts, of which there would be more than ${maxSalts}: all tombstones of one knowledge base share one salt`,
    ];
    rejections.push({ origin, reasons, data: tombstone });
    return false;
  });
  return { accepted, rejections };
}

type Present = (tombstone: TombstoneEntry['tombstone']) => string | undefined;

/** Finds existing records for tombstones, by id or by the hash of a slug or identifier. */
async function readPresent(tx: Queryable, entries: readonly TombstoneEntry[]): Promise<Present> {
  const ofRecords = entries.filter(({ tombstone }) => tombstone.field === undefined);
  const ids = uuids(ofRecords.map(({ tombstone }) => tombstone.recordId));
  const byId = new Map(
    (
      await readRows<{ id: string }>(
        tx,
        sql`select id from entity where id = any(${ids}) union all select id from article where id = any(${ids})
          union all select id from event where id = any(${ids}) union all select id from "position" where id = any(${ids})
          union all select id from membership where id = any(${ids}) union all select id from statement where id = any(${ids})`,
      )
    ).map(({ id }) => [id, id]),
  );
  const byHash = await namesByHash(
    tx,
    ofRecords.flatMap(({ tombstone }) => tombstone.keys ?? []),
  );
  return ({ recordId, keys = [], field }) =>
    field === undefined
      ? (byId.get(recordId) ??
        keys.map(({ salt, hash }) => byHash.get(`${salt} ${hash}`)).find((name) => name))
      : undefined;
}

/** The number of records read at a time. */
const pageSize = 5000;

/** The slugs of records by hashes of their keys. */
async function namesByHash(
  tx: Queryable,
  keys: readonly { salt: string; hash: string }[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const salts = [...new Set(keys.map(({ salt }) => salt))];
  if (salts.length === 0) return found;
  const expected = new Set(keys.map(({ salt, hash }) => `${salt} ${hash}`));
  const add = (key: string, name: string): void => {
    for (const salt of salts) {
      const hash = `${salt} ${hashOf(salt, key)}`;
      if (expected.has(hash)) found.set(hash, name);
    }
  };
  for (const space of ['entity', 'article', 'event'] as const) {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const rows = await readRows<{ id: string; slug: string; type: string | null }>(
        tx,
        sql`select id, slug, ${space === 'entity' ? sql`type::text` : sql`null`} as type
          from ${sql.identifier(space)} where id > ${after}::uuid order by id limit ${pageSize}`,
      );
      for (const { slug } of rows) add(slugKey(space, slug), slug);
      if (space === 'entity') {
        const bySlug = new Map(rows.map(({ id, slug, type }) => [id, { slug, type }]));
        const identifiers = await readRows<Identifier & { id: string }>(
          tx,
          sql`select entity_id as id, scheme, value, source from entity_identifier
            where entity_id = any(${uuids([...bySlug.keys()])})`,
        );
        for (const { id, ...identifier } of identifiers) {
          const { slug = '', type } = bySlug.get(id) ?? {};
          add(identifierKey(identifier, type ?? undefined), slug);
        }
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
    }
  }
  return found;
}
