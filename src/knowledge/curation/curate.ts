/** Changing the knowledge base: some edits in one transaction, all or none. See README.md. */
import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { setLocal, type Database, type Queryable } from '../../database/database.js';
import { brokenRule, isConflict } from '../../database/errors.js';
import { idempotentRequest } from '../../database/tables/index.js';
import { checkAuthor, type Author } from '../auth/author.js';
import { eraseIn } from '../erasure/erase.js';
import { BudgetSpent, MatchingBudget, stepsForNearest } from '../quotation/budget.js';
import type { RecordChange } from '../writing/recordChange.js';
import { applyPlan } from '../writing/apply.js';
import { lockWriting } from '../writing/lock.js';
import { planWriting } from '../writing/plan.js';
import type { Difference, Edit, Outcome } from './edit.js';
import { maxRecords } from './bounds.js';
import { prepareBodies } from './prepare.js';
import { lifecycleChange, withdrawalChange } from './lifecycle.js';
import { mergeChange } from './merge.js';
import { settle } from './merging/restoredFacts.js';
import { revertChange } from './revert.js';
import { citationChange, saveChange } from './save.js';
import { undoChange } from './undo.js';
import { identifierWarnings, warningsAbout } from './warnings.js';
import { ChangeAborted, EditError, InvalidEdit, type EditIssue } from '../validation/editErrors.js';

export interface Change {
  /** What `undo` takes. */
  changeId: string;
  /** One for each edit. */
  outcomes: Outcome[];
}

export interface CurateOptions {
  /** The same author's second change under a key is not made: the first one's is returned. */
  idempotencyKey?: string | undefined;
  /** What the transaction is told by in the database's own views and logs. */
  requestId?: string | undefined;
  /** Aborted when nobody waits for the change any more: then it is not made. */
  signal?: AbortSignal | undefined;
}

/**
 * Makes a change. Each edit sees what those before it have done.
 *
 * @throws EditError with what is wrong with the first edit that cannot be done; then none is
 */
export async function curate(
  database: Database,
  edits: readonly Edit[],
  author: Author,
  options: CurateOptions = {},
): Promise<Change> {
  checkAuthor(author);
  await prepareBodies(database, edits);
  for (let attempt = 1; ; attempt++) {
    try {
      checkWanted(options);
      return await database.db.transaction((tx) => curateIn(tx, edits, author, options));
    } catch (error) {
      if (isConflict(error) && attempt < maxAttempts) continue;
      // Nobody waits for this transaction any more.
      throw error instanceof InvalidEdit ? await explained(error) : error;
    }
  }
}

export { ChangeAborted };

// Private:

/** How long a repetition is recognized. */
const keysAreKept = '1 day';

/** Editors take turns, so only imports and people with a console can get in each other's way. */
const maxAttempts = 3;

async function curateIn(
  tx: Queryable,
  edits: readonly Edit[],
  author: Author,
  options: CurateOptions,
): Promise<Change> {
  const { idempotencyKey, requestId } = options;
  if (requestId !== undefined) await nameTransaction(tx, requestId);
  await lockWriting(tx);
  const fingerprint = fingerprintOf(edits);
  const earlier = idempotencyKey && (await earlierChange(tx, author, idempotencyKey, fingerprint));
  if (earlier) return earlier;
  const budget = new MatchingBudget();
  const change: Change = { changeId: uuidv7(), outcomes: [] };
  const onStep = () => checkWanted(options);
  let touched = 0;
  for (const [i, edit] of edits.entries()) {
    checkWanted(options);
    try {
      const { outcome, records } = await carryOut(
        tx,
        edit,
        author,
        change.changeId,
        budget,
        onStep,
      );
      change.outcomes.push(outcome);
      touched += records;
      if (touched > maxRecords) throw tooManyRecords();
    } catch (error) {
      const refused = inWords(error);
      refused.index = i;
      throw refused;
    }
  }
  if (idempotencyKey) {
    const { identity } = author;
    await tx
      .insert(idempotentRequest)
      .values({ identity, key: idempotencyKey, fingerprint, outcome: change });
    await tx.execute(
      sql`delete from ${idempotentRequest} where at < now() - interval '${sql.raw(keysAreKept)}'`,
    );
  }
  // What is told to have been given up must not be there afterwards.
  checkWanted(options);
  return change;
}

function checkWanted({ signal }: CurateOptions): void {
  if (signal?.aborted) throw new ChangeAborted('the change was given up, and nothing was changed');
}

/** Before anything that may have to wait, so that it is seen who waits. */
const nameTransaction = (tx: Queryable, requestId: string): Promise<void> =>
  setLocal(tx, 'application_name', `chancery ${requestId}`.slice(0, maxNameLength));

/** PostgreSQL cuts off what is longer, in bytes. */
const maxNameLength = 63;

async function carryOut(
  tx: Queryable,
  edit: Edit,
  { identity, actor, reason }: Author,
  changeId: string,
  budget: MatchingBudget,
  onStep: () => void,
): Promise<{ outcome: Outcome; records: number }> {
  if (edit.kind === 'erase') {
    const erasure = await eraseIn(tx, edit, { identity, actor, reason }, changeId);
    const { recordType, id } = erasure;
    const outcome = { recordType, id, broken: [], warnings: [], differences: [], erasure };
    return { outcome, records: 0 };
  }
  const {
    recordChanges,
    differences = [],
    warnings = [],
  } = await changesFor(tx, edit, reason, budget, onStep);
  const [main] = recordChanges;
  if (!main) throw new Error('an edit changes a record');
  const plan = await planWriting(tx, recordChanges, budget);
  await applyPlan(tx, plan, { identity, actor, reason, changeId });
  const { recordType, id } = main;
  // Of other edits the editor knows that they change lists.
  const isTold = edit.kind === 'update' || edit.kind === 'upsert';
  const removals = isTold ? plan.summary.removed.map(({ message }) => message) : [];
  const outcome: Outcome = {
    recordType,
    id,
    broken: plan.summary.broken,
    warnings: [
      ...warnings,
      ...removals,
      ...identifierWarnings(edit, main),
      ...(await warningsAbout(tx, recordType, id)),
    ],
    differences,
  };
  return { outcome, records: plan.revisions.length };
}

const tooManyRecords = (): InvalidEdit => {
  const message = `changes more than ${maxRecords.toLocaleString('en')} records, with those before it: what one change does can be undone as one; make several changes of it`;
  return new InvalidEdit([{ path: '', message }]);
};

const saving = ({ recordChange, warnings }: Awaited<ReturnType<typeof saveChange>>) => ({
  recordChanges: [recordChange],
  warnings,
});

/** The first draft is of the record that the edit is about. */
async function changesFor(
  tx: Queryable,
  edit: Exclude<Edit, { kind: 'erase' }>,
  reason: string | null,
  budget: MatchingBudget,
  onStep: () => void,
): Promise<{ recordChanges: RecordChange[]; differences?: Difference[]; warnings?: string[] }> {
  switch (edit.kind) {
    case 'create':
    case 'upsert':
    case 'update':
      return saving(await saveChange(tx, edit, budget));
    case 'delete':
    case 'reject':
    case 'publish':
      return { recordChanges: [await lifecycleChange(tx, edit, reason)] };
    case 'restore':
      return settle(tx, [await lifecycleChange(tx, edit, reason)]);
    case 'cite':
      return { recordChanges: [await citationChange(tx, edit.fact, edit.citation, budget)] };
    case 'withdraw':
      return { recordChanges: [await withdrawalChange(tx, edit.referenceId, reason)] };
    case 'merge':
      return mergeChange(tx, edit, budget);
    case 'revert':
      return revertChange(tx, edit, budget);
    case 'undo':
      return undoChange(tx, edit.changeId, budget, onStep);
  }
}

/** A rule of the database that no check foresaw is the editor's to know of, too. */
function inWords(error: unknown): EditError {
  if (error instanceof EditError) return error;
  if (error instanceof BudgetSpent) return new InvalidEdit([{ path: '', message: error.message }]);
  const rule = brokenRule(error);
  if (!rule) throw error;
  return new InvalidEdit([{ path: '', message: `the change is refused: ${rule}` }]);
}

async function explained(error: InvalidEdit): Promise<InvalidEdit> {
  if (!error.issues.some(({ explain }) => explain)) return error;
  const budget = new MatchingBudget(stepsForNearest);
  const issues: EditIssue[] = [];
  for (const { path, message, explain } of error.issues) {
    issues.push({ path, message: explain ? message + (await explain(budget)) : message });
  }
  const complete = new InvalidEdit(issues);
  complete.index = error.index;
  return complete;
}

const fingerprintOf = (edits: readonly Edit[]): string =>
  createHash('sha256').update(JSON.stringify(edits)).digest('hex');

async function earlierChange(
  tx: Queryable,
  { identity }: Author,
  key: string,
  fingerprint: string,
): Promise<Change | undefined> {
  const [earlier] = await tx
    .select()
    .from(idempotentRequest)
    .where(and(eq(idempotentRequest.identity, identity), eq(idempotentRequest.key, key)));
  if (!earlier) return undefined;
  if (earlier.fingerprint === fingerprint) return earlier.outcome as Change;
  const message = 'was used for another change: give every change a key of its own';
  throw new InvalidEdit([{ path: 'idempotencyKey', message }]);
}
