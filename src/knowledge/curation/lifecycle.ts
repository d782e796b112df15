/** Soft deletion, restoring, publishing, and withdrawing references. */
import { eq, getColumns } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { reference } from '../../database/tables/index.js';
import { emptyChange, type RecordChange } from '../writing/recordChange.js';
import type { Edit } from './edit.js';
import { findTarget, ownerOf, type FoundRecord } from '../history/target.js';
import type { Values } from '../model/recordLists.js';
import { UnknownRecord, invalid } from '../validation/editErrors.js';

/** @throws InvalidEdit where the record is not in a state that allows it, UnknownRecord, EditConflict */
export async function lifecycleChange(
  tx: Queryable,
  { kind, target }: Extract<Edit, { kind: 'delete' | 'reject' | 'restore' | 'publish' }>,
  reason: string | null,
): Promise<RecordChange> {
  const found = await findTarget(tx, target, 'id');
  const { fields } = found;
  if (fields['mergedIntoId']) {
    reject('the record was merged into another: undo that change first');
  }
  if (kind === 'restore') {
    if (!fields['deletedAt']) reject('the record is not deleted');
    return recordChange(found, 'RESTORE', { deletedAt: null, deletionReason: null });
  }
  if (fields['deletedAt']) reject('the record is deleted: restore it first');
  if (kind === 'publish') {
    if (fields['status'] !== 'DRAFT') reject('the record is published');
    return recordChange(found, 'PUBLISH', { status: 'PUBLISHED' });
  }
  if (kind === 'reject' && fields['status'] !== 'DRAFT') {
    reject('the record is published: delete it instead');
  }
  if (!reason) throw invalid('reason', 'REQUIRED', 'a reason for the deletion is required');
  return recordChange(found, 'DELETE', {
    deletedAt: new Date().toISOString(),
    deletionReason: reason,
  });
}

/** The change that withdraws a reference from the record it supports. */
export async function withdrawalChange(
  tx: Queryable,
  referenceId: string,
  reason: string | null,
): Promise<RecordChange> {
  const [row] = await tx
    .select(getColumns(reference))
    .from(reference)
    .where(eq(reference.id, referenceId));
  if (!row) throw new UnknownRecord('id', 'no reference has this id');
  if (row.deletedAt) reject('the reference is withdrawn already');
  const { recordType, id } = await ownerOf(tx, row);
  const withdrawn = { ...row, deletedAt: new Date(), deletionReason: reason ?? 'withdrawn' };
  return { ...emptyChange(recordType, id, undefined), withdrawn: [withdrawn] };
}

// Private:

function reject(message: string): never {
  throw invalid('id', 'WRONG_STATE', message);
}

const recordChange = (
  { recordType, id }: FoundRecord,
  action: RecordChange['action'],
  fields: Values,
): RecordChange => ({ ...emptyChange(recordType, id, action), fields });
