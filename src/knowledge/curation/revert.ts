/** Taking back what was changed in a record: it becomes what it was in a revision. */
import type { Queryable } from '../../database/database.js';
import { changesTo } from '../history/recordChanges.js';
import { readRevisions, readStates, sameValue, stateAfter } from '../history/state.js';
import type { MatchingBudget } from '../quotation/budget.js';
import type { Edit } from './edit.js';
import { settle, type Settled } from './merging/restoredFacts.js';
import { withReferences } from './recovered.js';
import { findTarget } from '../history/target.js';
import { InvalidEdit, UnknownRecord } from '../validation/editErrors.js';

/**
 * The changes that restore a record to its state after a revision; links to records that were
 * merged since lead to the records that remained.
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
    throw new InvalidEdit([{ path: 'to', message }]);
  }
  const before = stateAfter((await readRevisions(tx, [id])).filter(({ number }) => number <= to));
  const present = (await readStates(tx, recordType, [id])).get(id);
  if (!present) throw new UnknownRecord('id', 'the record is not there');
  const names = [...new Set([...Object.keys(before.fields), ...Object.keys(present.fields)])];
  const changed = names.filter(
    // Whether it is published is for `publish` and `delete` to change.
    (name) => name !== 'status' && !sameValue(name, before.fields[name], present.fields[name]),
  );
  const [recordChange] = await changesTo(tx, recordType, [
    { id, state: before.fields, fields: changed },
  ]);
  if (!recordChange) throw new Error('no draft of the record');
  const gone = [...present.references.keys()].filter((key) => !before.references.has(key));
  const wanted = [...before.references].filter(
    ([key, told]) => !sameValue('references', told, present.references.get(key)),
  );
  const returning = wanted.map(([, told]) => told);
  return settle(
    tx,
    [await withReferences(tx, recordChange, gone, returning, new Map(), budget)],
    budget,
  );
}
