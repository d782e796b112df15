/** Finding the record that an editor means. */
import { eq, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { readRows, type Queryable } from '../../database/database.js';
import { entity, officeStatus } from '../../database/tables/index.js';
import { revisedRecord } from '../history/state.js';
import type { RecordNoun, Values } from '../writing/recordChange.js';
import { lockRecords } from '../writing/current.js';
import { factOf, type Fact, type ReferenceRow } from '../writing/references.js';
import { recordKinds } from '../writing/recordKinds.js';
import { EditConflict, UnknownRecord, type RecordName, type Target } from './edit.js';

export interface FoundRecord {
  noun: RecordNoun;
  id: string;
  fields: Values;
  /** The number of its last revision; 0 where it has no history. */
  revision: number;
}

/**
 * The record that is meant, in the revision that is expected; locked, unless it is only looked at.
 *
 * @throws UnknownRecord, EditConflict
 */
export async function findTarget(
  tx: Queryable,
  { noun, name, expectedRevision }: Target,
  path: string,
  { locks = true } = {},
): Promise<FoundRecord> {
  const id = 'id' in name ? name.id : await idOf(tx, noun, name.slug);
  const record = id && (await lockRecords(tx, noun, [id], [], { locks })).get(id);
  if (!id || !record)
    throw new UnknownRecord(path, `${path} names no ${singular[noun]}${shown(name)}`);
  const revision = await revisionOf(tx, id);
  if (expectedRevision !== undefined && expectedRevision !== revision) {
    throw new EditConflict(
      noun,
      id,
      `the record is in revision ${revision}, not ${expectedRevision}: somebody has changed it since; look at it again`,
    );
  }
  return { noun, id, fields: record.fields, revision };
}

/** The number of a record's last revision. */
export async function revisionOf(db: Queryable, id: string): Promise<number> {
  const [last] = await readRows<{ number: number | null }>(
    db,
    sql`select max(number) as number from revision where ${revisedRecord} = ${id}::uuid`,
  );
  return last?.number ?? 0;
}

/** The record to which a reference belongs, and the fact that it supports. */
export async function ownerOf(
  db: Queryable,
  row: ReferenceRow,
): Promise<{ noun: RecordNoun; id: string; fact: Fact }> {
  const { positionId, membershipId, eventId, statementId, officeStatusId } = row;
  if (positionId)
    return { noun: 'positions', id: positionId, fact: { arc: 'positionId', id: positionId } };
  if (membershipId)
    return {
      noun: 'memberships',
      id: membershipId,
      fact: { arc: 'membershipId', id: membershipId },
    };
  if (eventId) return { noun: 'events', id: eventId, fact: { arc: 'eventId', id: eventId } };
  if (statementId)
    return { noun: 'statements', id: statementId, fact: { arc: 'statementId', id: statementId } };
  if (officeStatusId) {
    const [status] = await db
      .select({ id: officeStatus.officeId })
      .from(officeStatus)
      .where(eq(officeStatus.id, officeStatusId));
    const fact: Fact = { arc: 'officeStatusId', id: officeStatusId };
    if (status) return { noun: 'offices', id: status.id, fact };
  }
  const id = factOf(row);
  return { noun: await nounOfEntity(db, id), id, fact: { arc: 'entityId', id } };
}

/** Which noun the entity with this key is of. */
export async function nounOfEntity(db: Queryable, id: string): Promise<RecordNoun> {
  const [row] = await db.select({ type: entity.type }).from(entity).where(eq(entity.id, id));
  if (!row) throw new Error(`no entity ${id}`);
  return nounOfType[row.type];
}

/** Which noun an entity of a type is of. */
export const nounOfType = {
  PERSON: 'people',
  ORGANIZATION: 'organizations',
  OFFICE: 'offices',
  PLACE: 'places',
} as const;

/** What one record of the noun is called. */
export const singular: Record<RecordNoun, string> = {
  places: 'place',
  organizations: 'organization',
  people: 'person',
  offices: 'office',
  articles: 'article',
  events: 'event',
  positions: 'position',
  memberships: 'membership',
  statements: 'statement',
};

// Private:

/** A slug of a record that was merged means the one that stayed. */
async function idOf(db: Queryable, noun: RecordNoun, slug: string): Promise<string | undefined> {
  const [table] = recordKinds[noun].tables;
  const { id, mergedIntoId, slug: slugs } = table as PgTable & Record<string, PgColumn>;
  if (!slugs || !id || !mergedIntoId || slug.includes('\0')) return undefined;
  const [row] = await db
    .select({ id: sql<string>`coalesce(${mergedIntoId}, ${id})` })
    .from(table)
    .where(eq(slugs, slug));
  return row?.id;
}

const shown = (name: RecordName): string =>
  'slug' in name ? ` with the slug ${JSON.stringify(name.slug)}` : '';
