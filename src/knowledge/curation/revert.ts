/** Taking back what was changed: a record as it was in a revision, or a whole change undone. */
import { eq, getColumns, inArray, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../../database/database.js';
import { articleBody, reference, revision } from '../../database/tables/index.js';
import {
  citedRow,
  draftTo,
  readRevisions,
  readStates,
  recordIdOf,
  sameValue,
  stateAfter,
  type RecordState,
  type RevisionRow,
} from '../history/state.js';
import type { MatchingBudget } from '../quotation/budget.js';
import { Body } from '../quotation/body.js';
import { matchQuotation } from '../quotation/quotation.js';
import type { Draft, RecordNoun, Values } from '../writing/draft.js';
import type { Fact, ReferenceRow } from '../writing/references.js';
import { EditConflict, InvalidEdit, UnknownRecord, type Edit } from './edit.js';
import { findTarget, nounOfEntity, ownerOf } from './target.js';

/** The draft that makes a record what it was after a revision of it. */
export async function draftRevert(
  tx: Queryable,
  { target, to }: Extract<Edit, { kind: 'revert' }>,
  budget?: MatchingBudget,
): Promise<Draft> {
  const { noun, id, revision: last } = await findTarget(tx, target, 'id');
  if (to < 1 || to > last) {
    const message = `must be the number of a revision of the record, 1 to ${last}`;
    throw new InvalidEdit([{ path: 'to', message }]);
  }
  const before = stateAfter((await readRevisions(tx, [id])).filter(({ number }) => number <= to));
  const present = await stateOf(tx, noun, id);
  const names = [...new Set([...Object.keys(before.fields), ...Object.keys(present.fields)])];
  const changed = names.filter(
    // Whether it is published is for `publish` and `delete` to change.
    (name) => name !== 'status' && !sameValue(name, before.fields[name], present.fields[name]),
  );
  const draft = await draftTo(tx, noun, id, before.fields, changed);
  const gone = [...present.references.keys()].filter((key) => !before.references.has(key));
  const wanted = [...before.references.values()].filter(
    ({ id: key }) => !present.references.has(String(key)),
  );
  return withReferences(tx, draft, gone, wanted, new Map(), budget);
}

/** So many records may change in one change that is undone. */
const mostUndone = 1000;

/**
 * The drafts that undo a change, wherever nothing was changed since that it changed.
 *
 * @throws EditConflict naming what was changed since
 */
export async function draftUndo(
  tx: Queryable,
  changeId: string,
  budget?: MatchingBudget,
): Promise<Draft[]> {
  const rows = await tx
    .select(getColumns(revision))
    .from(revision)
    .where(sql`${revision.changeId} = ${changeId}::uuid`)
    .orderBy(sql`${revision.id} desc`)
    .limit(mostUndone + 1);
  if (rows.length === 0) throw new UnknownRecord('change', 'change names no change');
  if (rows.some(({ erasureId }) => erasureId !== null)) {
    throw new InvalidEdit([
      { path: 'change', message: 'erased something, which cannot be undone' },
    ]);
  }
  if (rows.length > mostUndone) {
    const message = `has more than ${mostUndone} revisions: such a change cannot be undone as one`;
    throw new InvalidEdit([{ path: 'change', message }]);
  }
  const groups = grouped(rows);
  const moves: Moves = new Map(
    [...groups].map(([id, revisions]) => [id, movedReferences(revisions)]),
  );
  const drafts: Draft[] = [];
  for (const [id, revisions] of groups) drafts.push(await undone(tx, id, revisions, moves, budget));
  return drafts;
}

// Private:

function grouped(rows: RevisionRow[]): Map<string, RevisionRow[]> {
  const groups = new Map<string, RevisionRow[]>();
  for (const row of rows) {
    const id = recordIdOf(row);
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return groups;
}

/** The references that go from a record, and those that come back to it, by its id. */
type Moves = ReadonlyMap<string, { gone: ReadonlySet<string>; taken: ReadonlyMap<string, Values> }>;

/** @param revisions Those of one record, the last first. */
function movedReferences(revisions: RevisionRow[]): {
  gone: Set<string>;
  taken: Map<string, Values>;
} {
  const gone = new Set<string>();
  const taken = new Map<string, Values>();
  for (const { changes } of revisions) {
    const { before, after } = changes['references'] ?? { before: [], after: [] };
    for (const { id } of after as Values[]) {
      if (!taken.delete(String(id))) gone.add(String(id));
    }
    for (const each of before as Values[]) {
      if (!gone.delete(String(each['id']))) taken.set(String(each['id']), each);
    }
  }
  return { gone, taken };
}

/** @param revisions Those of one record, the last first. */
async function undone(
  tx: Queryable,
  id: string,
  revisions: RevisionRow[],
  moves: Moves,
  budget?: MatchingBudget,
): Promise<Draft> {
  const noun = await nounOf(tx, revisions[0], id);
  const present = await stateOf(tx, noun, id);
  const wanted: Values = {};
  for (const { action, changes } of revisions) {
    if (action === 'CREATE') return deletion(noun, id, present, changes);
    for (const [name, { before, after }] of Object.entries(changes)) {
      if (name === 'references') continue;
      const now = name in wanted ? wanted[name] : present.fields[name];
      if (!sameValue(name, now, after)) {
        throw new EditConflict(
          noun,
          id,
          `"${name}" was changed again since, to ${shown(now)}: undo that first, or change it by hand`,
        );
      }
      wanted[name] = before;
    }
  }
  if (isDraft(present.fields) && 'status' in wanted && !isDraft(wanted)) {
    const message = 'undoing it would publish a draft without review: publish it instead';
    throw new InvalidEdit([{ path: 'change', message }]);
  }
  const draft = await draftTo(tx, noun, id, wanted, Object.keys(wanted));
  const { gone = [], taken = new Map<string, Values>() } = moves.get(id) ?? {};
  return withReferences(
    tx,
    draft,
    [...gone].filter((key) => present.references.has(key)),
    [...taken.values()],
    moves,
    budget,
  );
}

/** What a change made is deleted again, unless somebody has deleted it since. */
function deletion(
  noun: RecordNoun,
  id: string,
  present: RecordState,
  made: RevisionRow['changes'],
): Draft {
  const { fields } = present;
  if (isDraft({ status: made['status']?.after }) && !isDraft(fields) && !fields['deletedAt']) {
    throw new EditConflict(
      noun,
      id,
      'the draft was published since: undo that first, or delete the record',
    );
  }
  const draft: Draft = { noun, id, fields: {}, lists: {}, references: [], action: 'REVERT' };
  if (!present.fields['deletedAt']) {
    const reason = 'the change that made it was undone';
    draft.fields = { deletedAt: new Date().toISOString(), deletionReason: reason };
  }
  return draft;
}

const isDraft = ({ status }: Values): boolean => status === 'DRAFT';

async function stateOf(tx: Queryable, noun: RecordNoun, id: string): Promise<RecordState> {
  const state = (await readStates(tx, noun, [id])).get(id);
  if (!state) throw new UnknownRecord('id', 'the record is not there');
  return state;
}

/**
 * One that has gone over to another record meanwhile stays there, unless this change takes it away:
 * then the record gets one like it.
 */
async function withReferences(
  tx: Queryable,
  draft: Draft,
  gone: readonly string[],
  wanted: readonly Values[],
  moves: Moves,
  budget?: MatchingBudget,
): Promise<Draft> {
  const keys = [...gone, ...wanted.map(({ id }) => String(id))];
  const rows = new Map(
    (keys.length === 0
      ? []
      : await tx.select(getColumns(reference)).from(reference).where(inArray(reference.id, keys))
    ).map((row) => [row.id, row]),
  );
  const withdrawn = gone.flatMap((key) => {
    const row = rows.get(key);
    return row ? [{ ...row, deletedAt: new Date(), deletionReason: 'taken back' }] : [];
  });
  const taken: { fact: Fact; row: ReferenceRow }[] = [];
  for (const told of wanted) {
    const cited = await citedRow(tx, draft.noun, draft.id, told);
    if (!cited) continue;
    const row = rows.get(String(told['id']));
    const id = row && (await staysElsewhere(tx, row, draft.id, moves)) ? uuidv7() : cited.row.id;
    taken.push({ fact: cited.fact, row: await located(tx, { ...row, ...cited.row, id }, budget) });
  }
  return { ...draft, withdrawn, taken };
}

async function staysElsewhere(
  tx: Queryable,
  row: ReferenceRow,
  id: string,
  moves: Moves,
): Promise<boolean> {
  if (row.deletedAt) return false;
  const { id: owner } = await ownerOf(tx, row);
  return owner !== id && !moves.get(owner)?.gone.has(row.id);
}

/** The article's body may not be what it was when the passage was cited. */
async function located(
  tx: Queryable,
  row: ReferenceRow,
  budget?: MatchingBudget,
): Promise<ReferenceRow> {
  const [held] = await tx
    .select({ text: articleBody.text })
    .from(articleBody)
    .where(eq(articleBody.articleId, row.articleId));
  const body = held && new Body(held.text);
  await body?.prepare();
  await budget?.breathe();
  const search = body && matchQuotation(body, row, budget);
  if (search && 'found' in search) return { ...row, ...search.found, verified: true };
  return { ...row, start: null, end: null, verified: false };
}

async function nounOf(
  tx: Queryable,
  row: RevisionRow | undefined,
  id: string,
): Promise<RecordNoun> {
  if (row?.articleId) return 'articles';
  if (row?.eventId) return 'events';
  if (row?.positionId) return 'positions';
  if (row?.membershipId) return 'memberships';
  if (row?.statementId) return 'statements';
  return nounOfEntity(tx, id);
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value ?? null);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};
