/** Applies an editor's change: its edits in one transaction, all or none. See README.md. */
import { v7 as uuidv7 } from 'uuid';
import { setLocal, type Database, type Queryable } from '../../database/database.js';
import { brokenRule, isConflict } from '../../database/errors.js';
import { checkAuthor, type Author } from '../auth/author.js';
import { eraseIn } from '../erasure/erase.js';
import { BudgetSpent, MatchingBudget, stepsForNearest } from '../quotation/budget.js';
import type { RecordChange } from '../writing/recordChange.js';
import type { BodyAccess } from '../validation/bodyAccess.js';
import { applyPlan } from '../writing/apply.js';
import { lockWriting } from '../writing/lock.js';
import { planWriting } from '../writing/plan.js';
import type { Change, Difference, Edit, EditWarning, Outcome } from './edit.js';
import { earlierChange, fingerprintOf, storeChange } from './idempotency.js';
import { actionsOf, undoneRecords } from './outcomes.js';
import { maxRecords } from './bounds.js';
import { prepareBodies } from './prepare.js';
import { lifecycleChange, withdrawalChange } from './lifecycle.js';
import { mergeChange } from './merge.js';
import { settle } from './merging/restoredFacts.js';
import { revertChange } from './revert.js';
import { citationChange, saveChange } from './save.js';
import { undoChange } from './undo.js';
import { identifierWarnings, removalWarnings, warningsAbout } from './warnings.js';
import {
  ChangeAborted,
  EditError,
  InvalidEdit,
  invalid,
  type EditIssue,
} from '../validation/editErrors.js';

export interface CurateOptions {
  /** A second change of the same author with this key returns the first one's outcome. */
  idempotencyKey?: string | undefined;
  /** Names the transaction in the database's own views and logs (`application_name`). */
  requestId?: string | undefined;
  /** Rolls the change back once it is applied, and stores no outcome for `idempotencyKey`. */
  dryRun?: boolean | undefined;
  /** How much of the bodies of new articles readers may see, by default. Default `FULL`. */
  bodyAccess?: BodyAccess | undefined;
  /** Aborted when the client no longer waits for the change, which is then not made. */
  signal?: AbortSignal | undefined;
}

/**
 * Applies a change in one transaction. Each edit sees the effects of those before it.
 *
 * @throws EditError with the issues of the first invalid edit; nothing is changed then
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
      throwIfAborted(options);
      const work = (tx: Queryable) => curateIn(tx, edits, author, options);
      return await (options.dryRun ? rolledBack(database, work) : database.db.transaction(work));
    } catch (error) {
      if (isConflict(error) && attempt < maxAttempts) continue;
      // Outside the transaction, which holds the lock of writers.
      throw error instanceof InvalidEdit ? await explained(error) : error;
    }
  }
}

export { ChangeAborted };

// Private:

/** Editors take turns, so conflicts come only from imports and from sessions in psql. */
const maxAttempts = 3;

/** Thrown to roll a dry run back. */
class RolledBack<Result> extends Error {
  readonly result: Result;

  constructor(result: Result) {
    super('the dry run is rolled back');
    this.result = result;
  }
}

async function rolledBack<Result>(
  database: Database,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  try {
    return await database.db.transaction(async (tx) => {
      throw new RolledBack(await work(tx));
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.result as Result;
    throw error;
  }
}

async function curateIn(
  tx: Queryable,
  edits: readonly Edit[],
  author: Author,
  options: CurateOptions,
): Promise<Change> {
  const { requestId } = options;
  const idempotencyKey = options.dryRun ? undefined : options.idempotencyKey;
  if (requestId !== undefined) await nameTransaction(tx, requestId);
  await lockWriting(tx);
  const fingerprint = fingerprintOf(edits);
  const earlier = idempotencyKey && (await earlierChange(tx, author, idempotencyKey, fingerprint));
  if (earlier) return earlier;
  const budget = new MatchingBudget();
  const change: Change = { changeId: uuidv7(), outcomes: [] };
  const onStep = () => throwIfAborted(options);
  let touched = 0;
  for (const [i, edit] of edits.entries()) {
    throwIfAborted(options);
    try {
      const { outcome, records } = await carryOut(tx, edit, author, change.changeId, {
        budget,
        bodyAccess: options.bodyAccess,
        onStep,
      });
      change.outcomes.push(outcome);
      touched += records;
      if (touched > maxRecords) throw tooManyRecords();
    } catch (error) {
      const editError = asEditError(error);
      editError.index = i;
      throw editError;
    }
  }
  if (idempotencyKey) await storeChange(tx, author, idempotencyKey, fingerprint, change);
  // The client has received an error by then: the change must not be committed after it.
  throwIfAborted(options);
  return change;
}

function throwIfAborted({ signal }: CurateOptions): void {
  if (signal?.aborted) throw new ChangeAborted('the change was aborted, and nothing was changed');
}

/** Sets `application_name`, before anything that may wait, so that lock waits show the request. */
const nameTransaction = (tx: Queryable, requestId: string): Promise<void> =>
  setLocal(tx, 'application_name', `chancery ${requestId}`.slice(0, maxNameLength));

/** PostgreSQL truncates longer names, in bytes. */
const maxNameLength = 63;

/** What the edits of a change share. */
interface Work {
  budget: MatchingBudget;
  bodyAccess: BodyAccess | undefined;
  /** Called between steps; what it throws ends the change. */
  onStep: () => void;
}

async function carryOut(
  tx: Queryable,
  edit: Edit,
  { identity, actor, reason }: Author,
  changeId: string,
  work: Work,
): Promise<{ outcome: Outcome; records: number }> {
  if (edit.kind === 'erase') {
    const erasure = await eraseIn(tx, edit, { identity, actor, reason }, changeId);
    const { recordType, id } = erasure;
    const none = { broken: [], warnings: [], differences: [] };
    return { outcome: { recordType, id, action: 'ERASED', ...none, erasure }, records: 0 };
  }
  const {
    recordChanges,
    differences = [],
    warnings = [],
  } = await changesFor(tx, edit, reason, work);
  const [main] = recordChanges;
  if (!main) throw new Error('an edit changes a record');
  const plan = await planWriting(tx, recordChanges, work.budget);
  await applyPlan(tx, plan, { identity, actor, reason, changeId });
  const { recordType, id } = main;
  const actions = actionsOf(plan);
  const outcome: Outcome = {
    recordType,
    id,
    action: edit.kind === 'merge' ? 'MERGED' : (actions.get(id) ?? 'UNCHANGED'),
    broken: plan.summary.broken,
    warnings: [
      ...warnings,
      ...removalWarnings(edit, plan.summary.removed),
      ...identifierWarnings(edit, main),
      ...(await warningsAbout(tx, recordType, id)),
    ],
    differences,
    ...(edit.kind === 'undo' && { undone: undoneRecords(recordChanges, actions) }),
  };
  return { outcome, records: plan.revisions.length };
}

const tooManyRecords = (): InvalidEdit => {
  const message = `changes more than ${maxRecords.toLocaleString('en')} records in total, which could not be undone at once: split it into several changes`;
  return invalid('', 'LIMIT_EXCEEDED', message);
};

const saving = ({ recordChange, warnings }: Awaited<ReturnType<typeof saveChange>>) => ({
  recordChanges: [recordChange],
  warnings,
});

/** The changes of records that an edit makes; the first is of the record that the edit names. */
async function changesFor(
  tx: Queryable,
  edit: Exclude<Edit, { kind: 'erase' }>,
  reason: string | null,
  { budget, bodyAccess, onStep }: Work,
): Promise<{
  recordChanges: RecordChange[];
  differences?: Difference[];
  warnings?: EditWarning[];
}> {
  switch (edit.kind) {
    case 'create':
    case 'upsert':
    case 'update':
      return saving(await saveChange(tx, edit, budget, bodyAccess));
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

/** Constraint violations of the database become issues of the edit as well. */
function asEditError(error: unknown): EditError {
  if (error instanceof EditError) return error;
  if (error instanceof BudgetSpent) return invalid('', 'LIMIT_EXCEEDED', error.message);
  const rule = brokenRule(error);
  if (!rule) throw error;
  return invalid('', 'OTHER', `the change is rejected: ${rule}`);
}

/** Completes the messages with explanations that are too slow to compute under the lock of writers. */
async function explained(error: InvalidEdit): Promise<InvalidEdit> {
  if (!error.issues.some(({ explain }) => explain)) return error;
  const budget = new MatchingBudget(stepsForNearest);
  const issues: EditIssue[] = [];
  for (const { explain, ...issue } of error.issues) {
    const explanation = await explain?.(budget);
    const message = issue.message + (explanation?.message ?? '');
    issues.push({ ...issue, message, nearest: explanation?.nearest ?? issue.nearest ?? [] });
  }
  const complete = new InvalidEdit(issues);
  complete.index = error.index;
  return complete;
}
