/** Undoing a change: every record that it changed returns to its state before. */
import { and, asc, desc, eq, getColumns, lt, sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { entity, revision } from '../../database/tables/index.js';
import { changesTo, type TargetState } from '../history/recordChanges.js';
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
import { EditConflict, UnknownRecord, invalid } from '../validation/editErrors.js';
import { shortened } from '../values/english.js';

/**
 * The changes that undo a change, provided that nothing it changed was changed again since.
 *
 * @param onStep Called between steps of bounded size; an error it throws ends the work.
 * @throws EditConflict that names what was changed since
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
  const changes = new Map<string, RecordChange>();
  for (const recordType of recordTypeKeys) {
    const ids = byRecordType.get(recordType) ?? [];
    for (let i = 0; i < ids.length; i += stepSize) {
      onStep();
      const step = new Map(
        ids.slice(i, i + stepSize).map((id) => [id, groups.get(id) ?? []] as const),
      );
      for (const recordChange of await undone(tx, recordType, step, moves, budget))
        changes.set(recordChange.id, recordChange);
    }
  }
  onStep();
  const inOrder = [...groups.keys()].flatMap((id) => changes.get(id) ?? []);
  return settle(tx, inOrder, budget);
}

// Private:

/** The number of records read at a time. */
const stepSize = 500;

async function checkUndoable(tx: Queryable, changeId: string): Promise<void> {
  const [found] = await readRows<{ count: number; erased: boolean | null }>(
    tx,
    sql`select count(*)::int as count, bool_or(erasure_id is not null) as erased from
      (select erasure_id from revision where change_id = ${changeId}::uuid limit ${maxRecords + 1}) r`,
  );
  if (!found?.count) throw new UnknownRecord('changeId', 'no change has this id');
  if (found.erased) {
    throw invalid('changeId', 'WRONG_STATE', 'contains an erasure, which cannot be undone');
  }
  if (found.count > maxRecords) {
    const message = `has more than ${maxRecords.toLocaleString('en')} revisions and is too large to be undone`;
    throw invalid('changeId', 'LIMIT_EXCEEDED', message);
  }
}

/** The revisions of a change in pages, the last first. */
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
  leaving: Set<string>;
  returning: Map<string, Values>;
} {
  const first = new Map<string, Values | undefined>();
  for (const { changes } of revisions) {
    const { before, after } = changes['references'] ?? { before: [], after: [] };
    for (const { id } of after as Values[]) first.set(String(id), undefined);
    for (const each of before as Values[]) first.set(String(each['id']), each);
  }
  const leaving = new Set<string>();
  const returning = new Map<string, Values>();
  for (const [id, former] of first) {
    if (former) returning.set(id, former);
    else leaving.add(id);
  }
  return { leaving, returning };
}

/** Groups the ids of records by type. */
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

/** The type of a revision's record; undefined for an entity, whose type the revision does not have. */
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
  const targets: TargetState[] = [];
  for (const [id, revisions] of groups) {
    const present = states.get(id);
    if (!present) throw new UnknownRecord('id', 'the record does not exist');
    const state = stateBefore(recordType, id, revisions, present);
    const created = revisions.find(({ action }) => action === 'CREATE');
    if (created) recordChanges.push(deletion(recordType, id, present, created.changes, state));
    else targets.push({ id, state, fields: Object.keys(state) });
  }
  for (const recordChange of await changesTo(tx, recordType, targets)) {
    const { leaving = new Set<string>(), returning = new Map<string, Values>() } =
      moves.get(recordChange.id) ?? {};
    const references = states.get(recordChange.id)?.references ?? new Map<string, Values>();
    const changed = [...returning].filter(
      ([key, former]) => !sameValue('references', former, references.get(key)),
    );
    recordChanges.push(
      await withReferences(
        tx,
        recordChange,
        [...leaving].filter((key) => references.has(key)),
        changed.map(([, former]) => former),
        moves,
        budget,
      ),
    );
  }
  return recordChanges;
}

/** The values before the first of the revisions, of the fields that they changed. */
function stateBefore(
  recordType: RecordType,
  id: string,
  revisions: RevisionRow[],
  present: RecordState,
): Values {
  const state: Values = {};
  for (const { action, changes } of revisions) {
    // A record that the change created is deleted, regardless of later changes.
    if (action === 'CREATE') break;
    for (const [name, { before, after }] of Object.entries(changes)) {
      if (name === 'references') continue;
      const now = name in state ? state[name] : present.fields[name];
      if (!sameValue(name, now, after)) {
        throw new EditConflict(
          recordType,
          id,
          `"${name}" was changed again since, to ${shown(now)}: undo that change first, or edit the field`,
        );
      }
      state[name] = before;
    }
  }
  const isMerged = present.fields['mergedInto'] && !('mergedInto' in state);
  const isCreated = revisions.some(({ action }) => action === 'CREATE');
  if (
    isMerged &&
    (isCreated ||
      Object.keys(state).some((name) => !Object.hasOwn(recordTypes[recordType].links, name)))
  ) {
    throw new EditConflict(
      recordType,
      id,
      `the record was merged since into ${shown(present.fields['mergedInto'])}: undo that change first`,
    );
  }
  if (isDraft(present.fields) && 'status' in state && !isDraft(state)) {
    const message = 'undoing the change would publish a draft without review: publish it instead';
    throw invalid('changeId', 'WRONG_STATE', message);
  }
  return state;
}

/** The deletion of a record that the change created; no change if it is deleted already. */
function deletion(
  recordType: RecordType,
  id: string,
  { fields }: RecordState,
  created: RevisionRow['changes'],
  state: Values,
): RecordChange {
  if (isDraft({ status: created['status']?.after }) && !isDraft(fields) && !fields['deletedAt']) {
    throw new EditConflict(
      recordType,
      id,
      'the draft was published since: undo that change first, or delete the record',
    );
  }
  const recordChange = emptyChange(recordType, id, 'REVERT');
  // A record that was created and merged by the same change redirects no longer.
  if ('mergedInto' in state) recordChange.fields['mergedIntoId'] = null;
  if (!fields['deletedAt']) {
    const reason = 'the change that created it was undone';
    recordChange.fields['deletedAt'] = new Date().toISOString();
    recordChange.fields['deletionReason'] = reason;
  }
  return recordChange;
}

const isDraft = ({ status }: Values): boolean => status === 'DRAFT';

const shown = (value: unknown): string => {
  const text = JSON.stringify(value ?? null);
  return shortened(text, 60);
};
