/** Taking back a whole change: every record that it changed becomes what it was before. */
import { and, asc, desc, eq, getColumns, lt, sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { entity, revision } from '../../database/tables/index.js';
import { changesTo, type Wanted } from '../history/recordChanges.js';
import { readStates, sameValue, type RecordState, type RevisionRow } from '../history/state.js';
import type { MatchingBudget } from '../quotation/budget.js';
import { uuids } from '../reading/keys.js';
import { emptyChange, type RecordChange } from '../writing/recordChange.js';
import { maxRecords } from './bounds.js';
import { settle, type Settled } from './merging/restoredFacts.js';
import { withReferences, type Moves } from './recovered.js';
import {
  type RecordType,
  recordTypeByEnum,
  recordTypeKeys,
  recordTypes,
} from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';
import { recordIdOf } from '../model/recordTables.js';
import { EditConflict, InvalidEdit, UnknownRecord } from '../validation/editErrors.js';

/**
 * The drafts that undo a change, wherever nothing was changed since that it changed.
 *
 * @param onStep Called between steps of bounded size; what it throws ends the work.
 * @throws EditConflict naming what was changed since
 */
export async function undoChange(
  tx: Queryable,
  changeId: string,
  budget?: MatchingBudget,
  onStep: () => void = () => {},
): Promise<Settled> {
  await checkUndoable(tx, changeId);
  const groups = new Map<string, RevisionRow[]>();
  for await (const rows of revisionsOf(tx, changeId)) {
    onStep();
    for (const row of rows) {
      const id = recordIdOf(row);
      const group = groups.get(id);
      if (group) group.push(row);
      else groups.set(id, [row]);
    }
  }
  const moves: Moves = new Map(
    [...groups].map(([id, revisions]) => [id, movedReferences(revisions)]),
  );
  const byRecordType = await groupByRecordType(tx, groups);
  const drafts = new Map<string, RecordChange>();
  for (const recordType of recordTypeKeys) {
    const ids = byRecordType.get(recordType) ?? [];
    for (let i = 0; i < ids.length; i += stepSize) {
      onStep();
      const step = new Map(
        ids.slice(i, i + stepSize).map((id) => [id, groups.get(id) ?? []] as const),
      );
      for (const recordChange of await undone(tx, recordType, step, moves, budget))
        drafts.set(recordChange.id, recordChange);
    }
  }
  onStep();
  const inOrder = [...groups.keys()].flatMap((id) => drafts.get(id) ?? []);
  return settle(tx, inOrder, budget);
}

// Private:

/** So many records are read at a time. */
const stepSize = 500;

async function checkUndoable(tx: Queryable, changeId: string): Promise<void> {
  const [told] = await readRows<{ count: number; erased: boolean | null }>(
    tx,
    sql`select count(*)::int as count, bool_or(erasure_id is not null) as erased from
      (select erasure_id from revision where change_id = ${changeId}::uuid limit ${maxRecords + 1}) r`,
  );
  if (!told?.count) throw new UnknownRecord('change', 'change names no change');
  if (told.erased) {
    throw new InvalidEdit([
      { path: 'change', message: 'erased something, which cannot be undone' },
    ]);
  }
  if (told.count > maxRecords) {
    const message = `has more than ${maxRecords.toLocaleString('en')} revisions: such a change cannot be undone as one`;
    throw new InvalidEdit([{ path: 'change', message }]);
  }
}

/** The last first. */
async function* revisionsOf(tx: Queryable, changeId: string): AsyncGenerator<RevisionRow[]> {
  for (let after: string | undefined; ;) {
    const rows = await tx
      .select(getColumns(revision))
      .from(revision)
      .where(
        and(
          eq(revision.changeId, changeId),
          after === undefined ? undefined : lt(revision.id, after),
        ),
      )
      .orderBy(desc(revision.id))
      .limit(stepSize);
    yield rows;
    after = rows.at(-1)?.id;
    if (after === undefined) return;
  }
}

/** @param revisions Those of one record, the last first. */
function movedReferences(revisions: RevisionRow[]): {
  gone: Set<string>;
  taken: Map<string, Values>;
} {
  const first = new Map<string, Values | undefined>();
  for (const { changes } of revisions) {
    const { before, after } = changes['references'] ?? { before: [], after: [] };
    for (const { id } of after as Values[]) first.set(String(id), undefined);
    for (const each of before as Values[]) first.set(String(each['id']), each);
  }
  const gone = new Set<string>();
  const taken = new Map<string, Values>();
  for (const [id, told] of first) {
    if (told) taken.set(id, told);
    else gone.add(id);
  }
  return { gone, taken };
}

/** The ids of the records by type. */
async function groupByRecordType(
  tx: Queryable,
  groups: ReadonlyMap<string, RevisionRow[]>,
): Promise<Map<RecordType, string[]>> {
  const byRecordType = new Map<RecordType, string[]>(
    recordTypeKeys.map((recordType) => [recordType, []]),
  );
  const entities: string[] = [];
  for (const [id, [row]] of groups) {
    const recordType = row && recordTypeOfArc(row);
    if (recordType) byRecordType.get(recordType)?.push(id);
    else entities.push(id);
  }
  const types = await tx
    .select({ id: entity.id, type: entity.type })
    .from(entity)
    .where(equalsAny(entity.id, uuids(entities)))
    .orderBy(asc(entity.id));
  for (const { id, type } of types) byRecordType.get(recordTypeByEnum[type])?.push(id);
  return byRecordType;
}

/** Undefined for an entity, of which the key alone does not say the type. */
const recordTypeOfArc = (row: RevisionRow): RecordType | undefined =>
  recordTypeKeys.find((type) => {
    const { arc } = recordTypes[type];
    return arc !== 'entityId' && row[arc] !== null;
  });

/** @param groups The revisions of each record, the last first. */
async function undone(
  tx: Queryable,
  recordType: RecordType,
  groups: ReadonlyMap<string, RevisionRow[]>,
  moves: Moves,
  budget?: MatchingBudget,
): Promise<RecordChange[]> {
  const states = await readStates(tx, recordType, [...groups.keys()]);
  const recordChanges: RecordChange[] = [];
  const wanted: Wanted[] = [];
  for (const [id, revisions] of groups) {
    const present = states.get(id);
    if (!present) throw new UnknownRecord('id', 'the record is not there');
    const state = stateBefore(recordType, id, revisions, present);
    const made = revisions.find(({ action }) => action === 'CREATE');
    if (made) recordChanges.push(deletion(recordType, id, present, made.changes, state));
    else wanted.push({ id, state, fields: Object.keys(state) });
  }
  for (const recordChange of await changesTo(tx, recordType, wanted)) {
    const { gone = new Set<string>(), taken = new Map<string, Values>() } =
      moves.get(recordChange.id) ?? {};
    const references = states.get(recordChange.id)?.references ?? new Map<string, Values>();
    const returning = [...taken].filter(
      ([key, told]) => !sameValue('references', told, references.get(key)),
    );
    recordChanges.push(
      await withReferences(
        tx,
        recordChange,
        [...gone].filter((key) => references.has(key)),
        returning.map(([, told]) => told),
        moves,
        budget,
      ),
    );
  }
  return recordChanges;
}

/** What the record was before the first of the revisions, in the fields that they changed. */
function stateBefore(
  recordType: RecordType,
  id: string,
  revisions: RevisionRow[],
  present: RecordState,
): Values {
  const state: Values = {};
  for (const { action, changes } of revisions) {
    // What was made is deleted, whatever was changed in it since.
    if (action === 'CREATE') break;
    for (const [name, { before, after }] of Object.entries(changes)) {
      if (name === 'references') continue;
      const now = name in state ? state[name] : present.fields[name];
      if (!sameValue(name, now, after)) {
        throw new EditConflict(
          recordType,
          id,
          `"${name}" was changed again since, to ${shown(now)}: undo that first, or change it by hand`,
        );
      }
      state[name] = before;
    }
  }
  const isMerged = present.fields['mergedInto'] && !('mergedInto' in state);
  const makes = revisions.some(({ action }) => action === 'CREATE');
  if (
    isMerged &&
    (makes ||
      Object.keys(state).some((name) => !Object.hasOwn(recordTypes[recordType].links, name)))
  ) {
    throw new EditConflict(
      recordType,
      id,
      `the record was merged since into ${shown(present.fields['mergedInto'])}: undo that first`,
    );
  }
  if (isDraft(present.fields) && 'status' in state && !isDraft(state)) {
    const message = 'undoing it would publish a draft without review: publish it instead';
    throw new InvalidEdit([{ path: 'change', message }]);
  }
  return state;
}

/** Deletes a record that the change created, unless it is deleted already. */
function deletion(
  recordType: RecordType,
  id: string,
  { fields }: RecordState,
  made: RevisionRow['changes'],
  state: Values,
): RecordChange {
  if (isDraft({ status: made['status']?.after }) && !isDraft(fields) && !fields['deletedAt']) {
    throw new EditConflict(
      recordType,
      id,
      'the draft was published since: undo that first, or delete the record',
    );
  }
  const recordChange = emptyChange(recordType, id, 'REVERT');
  // Made and merged by one change, it leads nowhere any more.
  if ('mergedInto' in state) recordChange.fields['mergedIntoId'] = null;
  if (!fields['deletedAt']) {
    const reason = 'the change that made it was undone';
    recordChange.fields['deletedAt'] = new Date().toISOString();
    recordChange.fields['deletionReason'] = reason;
  }
  return recordChange;
}

const isDraft = ({ status }: Values): boolean => status === 'DRAFT';

const shown = (value: unknown): string => {
  const text = JSON.stringify(value ?? null);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};
