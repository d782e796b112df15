/** Finds the record that an edit names. */
import { eq, max, sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { cast } from '../../database/sql.js';
import { entity, officeStatus, revision } from '../../database/tables/index.js';
import { recordTables, revisedRecord, typeNameOf, unionOfRecords } from '../model/recordTables.js';
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
import { EditConflict, UnknownRecord, invalid } from '../validation/editErrors.js';
import { show } from '../validation/report.js';
import { withArticle } from '../values/english.js';

/** The id or the slug of a record. */
export type RecordName = { id: string } | { slug: string };

/** The record of an edit: of one type, or of any type that has the slug. */
export type Target = (
  { recordType: RecordType; name: RecordName } | { recordType?: undefined; name: { slug: string } }
) & {
  /** The last revision that the editor has seen; another number is a conflict. */
  expectedRevision?: number | undefined;
};

export interface FoundRecord {
  recordType: RecordType;
  id: string;
  fields: Values;
  /** The number of its last revision; 0 if it has no history. */
  revision: number;
}

/**
 * Finds the record, checks its revision, and locks it, unless `locks` is false. The slug of a merged
 * record selects that record, as its id does.
 *
 * @throws InvalidEdit for an unknown or ambiguous slug, UnknownRecord, EditConflict
 */
export async function findTarget(
  tx: Queryable,
  target: Target,
  path: string,
  { locks = true } = {},
): Promise<FoundRecord> {
  const { expectedRevision } = target;
  const { recordType, id } = await identify(tx, target, path);
  const read = locks ? lockRecords : selectRecords;
  const record = (await read(tx, recordType, [id], [])).get(id);
  if (!record) {
    throw new UnknownRecord(path, `no ${recordTypes[recordType].singular} has this id`);
  }
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

interface Identified {
  recordType: RecordType;
  id: string;
}

async function identify(db: Queryable, target: Target, path: string): Promise<Identified> {
  const { recordType, name } = target;
  if (recordType && 'id' in name) return { recordType, id: name.id };
  const { slug } = name as { slug: string };
  const found = await recordsWithSlug(db, slug);
  const ofType = recordType ? found.filter((each) => each.recordType === recordType) : found;
  const [one, another] = ofType;
  if (one && !another) return one;
  const nounOf = (type: RecordType) => withArticle(recordTypes[type].singular);
  if (one) {
    const types = ofType.map((each) => nounOf(each.recordType)).join(' and of ');
    throw invalid(path, 'AMBIGUOUS', `${show(slug)} is the slug of ${types}: use the id`);
  }
  const [other] = found;
  if (other && recordType) {
    const message = `${show(slug)} is ${nounOf(other.recordType)}, but ${nounOf(recordType)} is needed here`;
    throw invalid(path, 'WRONG_TYPE', message);
  }
  const noun = recordType ? recordTypes[recordType].singular : 'record';
  throw invalid(path, 'UNKNOWN_RECORD', `no ${noun} has the slug ${show(slug)}`);
}

const recordsWithSlug = async (db: Queryable, slug: string): Promise<Identified[]> =>
  slug.includes('\0')
    ? []
    : readRows<Identified>(
        db,
        unionOfRecords(
          (record) => sql`select ${typeNameOf(record, 'recordType')} as "recordType", it.id
            from ${record.table} it where it.slug = ${slug}`,
          recordTables.filter(({ slugSpace }) => slugSpace),
        ),
      );
