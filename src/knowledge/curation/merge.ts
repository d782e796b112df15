/**
 * Merging two records of the same thing: names, identifiers, facts and references move to the
 * record that remains; the id and the slug of the other redirect to it. Every record changed gets
 * a revision of the same change, so undoing that change undoes the merge.
 */
import type { Queryable } from '../../database/database.js';
import type { MatchingBudget } from '../quotation/budget.js';
import { withArticle } from '../values/english.js';
import type { RecordChange } from '../writing/recordChange.js';
import type { Difference, Edit, EditWarning } from './edit.js';
import { deleteDuplicates } from './merging/duplicateFacts.js';
import { RecordChanges } from './merging/changes.js';
import { repointLinks, repointRedirects } from './merging/links.js';
import { mergeOwn } from './merging/own.js';
import { moveReferences } from './merging/references.js';
import { findTarget, type FoundRecord } from '../history/target.js';
import { linkTargetOf, recordTypes } from '../model/recordTypes.js';
import { invalid } from '../validation/editErrors.js';
import type { IssueCode, WarningCode } from '../validation/report.js';

export interface Merge {
  recordChanges: RecordChange[];
  differences: Difference[];
  /** About facts that both records had: those of the merged record are deleted. */
  warnings: EditWarning[];
}

/** @throws InvalidEdit for records that cannot be merged, UnknownRecord, EditConflict */
export async function mergeChange(
  tx: Queryable,
  edit: Extract<Edit, { kind: 'merge' }>,
  budget?: MatchingBudget,
): Promise<Merge> {
  const from = await findTarget(tx, edit.from, 'from');
  const into = await findTarget(tx, edit.into, 'into');
  checkMergeable(from, into);
  const recordChanges = new RecordChanges();
  const result = await mergeInto(tx, from, into, recordChanges, budget);
  return { recordChanges: recordChanges.all(), ...result };
}

/** Adds the changes that merge `from` into `into`. */
export async function mergeInto(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  recordChanges: RecordChanges,
  budget?: MatchingBudget,
): Promise<Omit<Merge, 'recordChanges'>> {
  const differences = await mergeOwn(tx, from, into, recordChanges);
  await repointLinks(tx, from, into, recordChanges);
  await repointRedirects(tx, from, into, recordChanges);
  const duplicates = await deleteDuplicates(tx, into, recordChanges);
  const missing = await moveReferences(tx, from, into, recordChanges, budget);
  const warnings = [
    ...duplicates.map((message): EditWarning => warning('DUPLICATE_DELETED', message)),
    ...missing.map((message): EditWarning => warning('NOT_IN_ARTICLE', message)),
  ];
  return { differences, warnings };
}

// Private:

const warning = (code: WarningCode, message: string): EditWarning => ({
  code,
  message,
  path: null,
});

function checkMergeable(from: FoundRecord, into: FoundRecord): void {
  const reject = (path: string, message: string, code: IssueCode = 'WRONG_STATE'): never => {
    throw invalid(path, code, message);
  };
  if (from.id === into.id) {
    reject('from', 'a record cannot be merged into itself', 'CONTRADICTION');
  }
  if (!linkTargetOf(from.recordType)) {
    const message = 'only records with a slug can be merged: delete the duplicate instead';
    reject('from', message, 'WRONG_TYPE');
  }
  if (from.recordType !== into.recordType) {
    reject(
      'into',
      `${withArticle(recordTypes[from.recordType].singular)} cannot be merged into ${withArticle(recordTypes[into.recordType].singular)}`,
      'WRONG_TYPE',
    );
  }
  for (const [path, { fields }] of [
    ['from', from],
    ['into', into],
  ] as const) {
    if (fields['mergedIntoId']) reject(path, 'the record was merged into another already');
    if (fields['deletedAt']) reject(path, 'the record is deleted: restore it first');
  }
  const [isDraft, intoDraft] = [from, into].map(({ fields }) => fields['status'] === 'DRAFT');
  if (isDraft && !intoDraft) {
    reject(
      'from',
      'the record is a draft, and merging would publish what it says without review: publish it first, or reject it',
    );
  }
  if (intoDraft && !isDraft) {
    reject(
      'into',
      'the record is a draft, and merging would hide the published one: publish it first, or merge the draft into the other after its review',
    );
  }
}
