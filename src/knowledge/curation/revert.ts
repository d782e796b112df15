/** Reverting a record to an earlier revision. */
import type { Queryable } from '../../database/database.js';
import { changesTo } from '../history/recordChanges.js';
import { readRevisions, readStates, sameValue, stateAfter } from '../history/state.js';
import type { MatchingBudget } from '../quotation/budget.js';
import type { Edit } from './edit.js';
import { settle, type Settled } from './merging/restoredFacts.js';
import { withReferences } from './recovered.js';
import { findTarget } from '../history/target.js';
import { UnknownRecord, invalid } from '../validation/editErrors.js';

/**
 * The changes that revert a record to its state after a revision. Links to records that were
 * merged since are redirected to the records that remained.
 *
 * @throws EditConflict if it would be merged again into a deleted record, or be a duplicate
 */
export async function revertChange(
  tx: Queryable,
  { target, to }: Extract<Edit, { kind: 'revert' }>,
  budget?: MatchingBudget,
): Promise<Settled> {
  const { recordType, id, revision: last } = await findTarget(tx, target, 'id');
  if (to < 1 || to > last) {
    const message = `must be the number of a revision of the record, 1 to ${last}`;
    throw invalid('toRevision', 'OUT_OF_RANGE', message);
  }
  const before = stateAfter((await readRevisions(tx, [id])).filter(({ number }) => number <= to));
  const present = (await readStates(tx, recordType, [id])).get(id);
  if (!present) throw new UnknownRecord('id', 'the record does not exist');
  const names = [...new Set([...Object.keys(before.fields), ...Object.keys(present.fields)])];
  const changed = names.filter(
    // Only `publish` and `delete` change the status, and a text that was withdrawn stays so.
    (name) =>
      !['status', 'bodyAccess'].includes(name) &&
      !sameValue(name, before.fields[name], present.fields[name]),
  );
  const [recordChange] = await changesTo(tx, recordType, [
    { id, state: before.fields, fields: changed },
  ]);
  if (!recordChange) throw new Error('the record has no change');
  const leaving = [...present.references.keys()].filter((key) => !before.references.has(key));
  const returning = [...before.references]
    .filter(([key, former]) => !sameValue('references', former, present.references.get(key)))
    .map(([, former]) => former);
  return settle(
    tx,
    [await withReferences(tx, recordChange, leaving, returning, new Map(), budget)],
    budget,
  );
}
