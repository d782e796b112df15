/** Compares record changes with the current records and plans the rows to write; see README.md. */
import type { Queryable } from '../../database/database.js';
import type { MatchingBudget } from '../quotation/budget.js';
import { reference } from '../../database/tables/index.js';
import { Changeset } from './changeset.js';
import { compareRecord, hashBody, same, writeRecord } from './compare.js';
import { lockRecords, type CurrentRecord } from './current.js';
import type { RecordChange } from './recordChange.js';
import {
  describe,
  describeBroken,
  recheckMentions,
  recheckReferences,
  recheckStatements,
  type BrokenReference,
} from './recheck.js';
import { addReferences, citation, indexReferences, noFact } from './referencePlan.js';
import { factOf, readReferences } from './references.js';
import { describeRemovals, type Removal } from './removals.js';
import type { PastRevision, NewRevision } from './revisions.js';
import { type RecordType, recordTypeKeys, recordTypes } from '../model/recordTypes.js';

export type CountedType = RecordType | 'references';

/** The number of records of each type that were created, updated and left unchanged. */
export interface WritingSummary {
  created: Record<CountedType, number>;
  updated: Record<CountedType, number>;
  unchanged: Record<CountedType, number>;
  /** Citations and mentions that an article's new body does not contain. */
  broken: BrokenReference[];
  /** Items that replaced lists lose. */
  removed: Removal[];
}

/** The rows of a change, with its revisions and counts. */
export interface Plan {
  changeset: Changeset;
  revisions: (NewRevision | PastRevision)[];
  summary: WritingSummary;
}

/** Compares the changes with the current records. Writes nothing. */
export async function planWriting(
  tx: Queryable,
  recordChanges: readonly RecordChange[],
  budget?: MatchingBudget,
): Promise<Plan> {
  const changeset = new Changeset();
  const summary = emptySummary();
  const current = await readCurrent(tx, recordChanges);
  const changed = recordChanges.filter((recordChange) =>
    bodyChanges(recordChange, current.get(recordChange.id)),
  );
  const rechecked = await recheckReferences(tx, changed, changeset, budget);
  const complete = (
    await withMentionsRechecked(tx, recordChanges, changed, current, summary, budget)
  ).map((recordChange) => {
    const record = current.get(recordChange.id);
    return record ? withOwnLife(recordChange, record) : recordChange;
  });
  const broken = rechecked.filter((each) => each.broken).map(({ row }) => row);
  const reported = [
    ...broken.flatMap(({ statementId }) => statementId ?? []),
    ...recordChanges.flatMap(({ recordType, id, fields }) =>
      recordType === 'statements' && fields['text'] !== undefined ? [id] : [],
    ),
  ];
  summary.broken.unshift(
    ...(await describeBroken(tx, broken)),
    ...(await recheckStatements(tx, changed, new Set(reported), budget)),
  );
  const compared = complete.map((recordChange) => ({
    recordChange,
    comparison: compareRecord(recordChange, current.get(recordChange.id), changeset),
  }));
  summary.removed = await describeRemovals(tx, compared);
  const index = await indexReferences(tx, compared, rechecked);
  const lost = await readReferences(
    tx,
    compared.flatMap(({ comparison }) => comparison.deletedIds),
  );
  const counted = new Set(rechecked.filter(({ moved }) => moved).map(({ row }) => row.id));
  summary.updated.references = counted.size;
  const revisions: Plan['revisions'] = [];
  // A reference that moves between records is written once, in its new place.
  const attachedIds = new Set(
    complete.flatMap(({ attached = [] }) => attached.map(({ row }) => row.id)),
  );
  for (const { recordChange, comparison } of compared) {
    const { changes, isNew } = comparison;
    const { added, found } = addReferences(recordChange, comparison, index, changeset);
    for (const { fact, row } of recordChange.attached ?? []) {
      const attached = {
        ...row,
        ...noFact,
        [fact.arc]: fact.id,
        deletedAt: null,
        deletionReason: null,
      };
      changeset.upsert(reference, attached);
      added.push(attached);
    }
    for (const row of recordChange.withdrawn ?? [])
      if (row.deletedAt && !attachedIds.has(row.id)) changeset.upsert(reference, row);
    const lostReferences = [
      ...(recordChange.withdrawn ?? []),
      ...lost.filter((row) => !row.deletedAt && comparison.deletedIds.includes(factOf(row))),
    ];
    if (added.length + lostReferences.length > 0) {
      changes['references'] = { before: lostReferences.map(citation), after: added.map(citation) };
    }
    summary.created.references += added.length;
    summary.unchanged.references += found.filter((id) => !counted.has(id)).length;
    const outcome = isNew ? 'created' : Object.keys(changes).length > 0 ? 'updated' : 'unchanged';
    summary[outcome][recordChange.recordType]++;
    if (outcome === 'unchanged') continue;
    writeRecord(recordChange, comparison, changeset);
    const { arc } = recordTypes[recordChange.recordType];
    const past = isNew ? recordChange.past?.revisions : undefined;
    if (past) revisions.push(...past.map((row) => ({ arc, id: recordChange.id, row })));
    else {
      const action = isNew ? 'CREATE' : (recordChange.action ?? 'UPDATE');
      revisions.push({ arc, id: recordChange.id, action, changes });
    }
  }
  return { changeset, revisions, summary };
}

/**
 * Removes the status and deletion from a change of an existing record. Only `publish` and its like
 * change the status: a status in a file describes another knowledge base, and is no review. A file
 * may delete a record; a deleted record keeps its time and reason.
 */
function withOwnLife(recordChange: RecordChange, current: CurrentRecord): RecordChange {
  const { action, fields } = recordChange;
  if (action !== undefined || !('status' in fields || 'deletedAt' in fields)) return recordChange;
  const { status: _, deletedAt, deletionReason, ...others } = fields;
  if (!deletedAt || current.fields['deletedAt']) return { ...recordChange, fields: others };
  const deleted = { ...others, deletedAt, deletionReason: deletionReason ?? null };
  return { ...recordChange, action: 'DELETE', fields: deleted };
}

export function emptySummary(): WritingSummary {
  const none = () =>
    Object.fromEntries(
      [...recordTypeKeys, 'references'].map((recordType) => [recordType, 0]),
    ) as Record<CountedType, number>;
  return { created: none(), updated: none(), unchanged: none(), broken: [], removed: [] };
}

// Private:

async function readCurrent(
  tx: Queryable,
  recordChanges: readonly RecordChange[],
): Promise<Map<string, CurrentRecord>> {
  const current = new Map<string, CurrentRecord>();
  for (const recordType of recordTypeKeys) {
    const ofType = recordChanges.filter((recordChange) => recordChange.recordType === recordType);
    const lists = new Set(ofType.flatMap((recordChange) => Object.keys(recordChange.lists)));
    if (recordType === 'articles') lists.add('mentions');
    const ids = ofType.map(({ id }) => id);
    for (const [id, record] of await lockRecords(tx, recordType, ids, [...lists])) {
      current.set(id, record);
    }
  }
  return current;
}

function bodyChanges({ body }: RecordChange, current: CurrentRecord | undefined): boolean {
  if (body === undefined || !current) return false;
  return !same(current.fields['bodyHash'], body === null ? null : hashBody(body));
}

/** Rechecks the mentions of changed bodies, unless the change has a list of mentions. */
async function withMentionsRechecked(
  tx: Queryable,
  recordChanges: readonly RecordChange[],
  changed: readonly RecordChange[],
  current: ReadonlyMap<string, CurrentRecord>,
  summary: WritingSummary,
  budget?: MatchingBudget,
): Promise<RecordChange[]> {
  const complete = [...recordChanges];
  for (const recordChange of changed) {
    const record = current.get(recordChange.id);
    if (!record || recordChange.lists['mentions']) continue;
    const { items, missing } = await recheckMentions(tx, recordChange, record, budget);
    complete[recordChanges.indexOf(recordChange)] = {
      ...recordChange,
      lists: { ...recordChange.lists, mentions: items },
    };
    for (const { id, recordType, slug, words } of missing) {
      summary.broken.push(
        describe({
          referenceId: null,
          articleId: recordChange.id,
          recordType,
          recordId: id,
          article: String(record.fields['slug']),
          record: slug,
          field: null,
          exact: words,
        }),
      );
    }
  }
  return complete;
}
