/** Finds the record that an edit names. */
import { eq, getColumns, max } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { cast, coalesce } from '../../database/sql.js';
import { entity, officeStatus, revision } from '../../database/tables/index.js';
import { revisedRecord } from '../model/recordTables.js';
import { lockRecords, selectRecords } from '../writing/current.js';
import { factOf } from '../writing/references.js';
import {
  recordTypeByEnum,
  recordTypeKeys,
  recordTypes,
  type RecordType,
} from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';
import type { Fact, ReferenceRow } from '../writing/recordChange.js';
import { EditConflict, UnknownRecord } from '../validation/editErrors.js';

/** The id or the slug of a record. */
export type RecordName = { id: string } | { slug: string };

/** The record of an edit. */
export interface Target {
  recordType: RecordType;
  name: RecordName;
  /** The last revision that the editor has seen; another number is a conflict. */
  expectedRevision?: number | undefined;
}

export interface FoundRecord {
  recordType: RecordType;
  id: string;
  fields: Values;
  /** The number of its last revision; 0 if it has no history. */
  revision: number;
}

/**
 * Finds the record, checks its revision, and locks it, unless `locks` is false.
 *
 * @throws UnknownRecord, EditConflict
 */
export async function findTarget(
  tx: Queryable,
  { recordType, name, expectedRevision }: Target,
  path: string,
  { locks = true } = {},
): Promise<FoundRecord> {
  const id = 'id' in name ? name.id : await idOf(tx, recordType, name.slug);
  const read = locks ? lockRecords : selectRecords;
  const record = id && (await read(tx, recordType, [id], [])).get(id);
  if (!id || !record)
    throw new UnknownRecord(path, `no ${recordTypes[recordType].singular} has ${shown(name)}`);
  const revision = await revisionOf(tx, id);
  if (expectedRevision !== undefined && expectedRevision !== revision) {
    throw new EditConflict(
      recordType,
      id,
      `the record is in revision ${revision}, not ${expectedRevision}; it was changed in the meantime: review the changes and try again`,
    );
  }
  return { recordType, id, fields: record.fields, revision };
}

/** The number of a record's last revision. */
export async function revisionOf(db: Queryable, id: string): Promise<number> {
  const [last] = await db
    .select({ number: max(revision.number) })
    .from(revision)
    .where(eq(revisedRecord, cast(id, 'uuid')));
  return last?.number ?? 0;
}

/** The record that a reference belongs to, and the fact that it supports. */
export async function ownerOf(
  db: Queryable,
  row: ReferenceRow,
): Promise<{ recordType: RecordType; id: string; fact: Fact }> {
  for (const recordType of recordTypeKeys) {
    const { arc } = recordTypes[recordType];
    const id = arc === 'entityId' || arc === 'articleId' ? null : row[arc];
    if (id !== null) return { recordType, id, fact: { arc, id } as Fact };
  }
  const { officeStatusId } = row;
  if (officeStatusId) {
    const [status] = await db
      .select({ id: officeStatus.officeId })
      .from(officeStatus)
      .where(eq(officeStatus.id, officeStatusId));
    const fact: Fact = { arc: 'officeStatusId', id: officeStatusId };
    if (status) return { recordType: 'offices', id: status.id, fact };
  }
  const id = factOf(row);
  return { recordType: await recordTypeOfEntity(db, id), id, fact: { arc: 'entityId', id } };
}

/** The type of an entity. */
export async function recordTypeOfEntity(db: Queryable, id: string): Promise<RecordType> {
  const [row] = await db.select({ type: entity.type }).from(entity).where(eq(entity.id, id));
  if (!row) throw new Error(`no entity ${id}`);
  return recordTypeByEnum[row.type];
}

// Private:

/** The id for a slug; a merged record's slug yields the remaining record. */
async function idOf(
  db: Queryable,
  recordType: RecordType,
  slug: string,
): Promise<string | undefined> {
  const [table] = recordTypes[recordType].tables;
  const { id, mergedIntoId, slug: slugs } = getColumns(table) as Record<string, PgColumn>;
  if (!slugs || !id || !mergedIntoId || slug.includes('\0')) return undefined;
  const [row] = await db
    .select({ id: coalesce<string>(mergedIntoId, id) })
    .from(table)
    .where(eq(slugs, slug));
  return row?.id;
}

const shown = (name: RecordName): string =>
  'slug' in name ? `the slug ${JSON.stringify(name.slug)}` : 'this id';
