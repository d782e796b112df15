/** What a change did to its records. */
import type { RecordChange } from '../writing/recordChange.js';
import type { Plan } from '../writing/plan.js';
import type { NewRevision } from '../writing/revisions.js';
import type { ChangedRecord, OutcomeAction } from './edit.js';

/** The action of every record that gets a revision, by id. */
export const actionsOf = ({ revisions }: Plan): Map<string, OutcomeAction> =>
  new Map(revisions.flatMap((each) => ('row' in each ? [] : [[each.id, actionOf(each)]])));

/** The records of an undone change, of which the first are listed. */
export function undoneRecords(
  recordChanges: readonly RecordChange[],
  actions: ReadonlyMap<string, OutcomeAction>,
): { count: number; records: ChangedRecord[] } {
  const changed = recordChanges.flatMap(({ recordType, id }): ChangedRecord[] => {
    const action = actions.get(id);
    return action ? [{ recordType, id, action }] : [];
  });
  return { count: changed.length, records: changed.slice(0, maxListed) };
}

/** The number of records that the outcome of an undo lists. */
export const maxListed = 100;

// Private:

const actionNames: Record<NewRevision['action'], OutcomeAction> = {
  CREATE: 'CREATED',
  UPDATE: 'UPDATED',
  DELETE: 'DELETED',
  RESTORE: 'RESTORED',
  PUBLISH: 'PUBLISHED',
  MERGE: 'MERGED',
  REVERT: 'REVERTED',
};

/** A revert or an undo may delete or restore the record. */
function actionOf({ action, changes }: NewRevision): OutcomeAction {
  const { deletedAt } = changes;
  if (!deletedAt || action === 'CREATE') return actionNames[action];
  return deletedAt.after ? 'DELETED' : 'RESTORED';
}
