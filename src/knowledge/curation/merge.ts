/**
 * Merging two records of the same thing: names, identifiers, facts and references go over to
 * the one that stays; id and slug of the other lead there from then on. Since every record that
 * is touched gets a revision of one change, undoing that change undoes the merge.
 */
import type { Queryable } from '../../database/database.js';
import type { MatchingBudget } from '../quotation/budget.js';
import { targetOf } from '../records/links.js';
import { withArticle } from '../values/english.js';
import type { Draft } from '../writing/draft.js';
import { InvalidEdit, type Difference, type Edit } from './edit.js';
import { dropDoubles } from './merging/doubles.js';
import { Drafts } from './merging/drafts.js';
import { repointLinks, repointRedirects } from './merging/links.js';
import { mergeOwn } from './merging/own.js';
import { moveReferences } from './merging/references.js';
import { findTarget, singular, type FoundRecord } from './target.js';

export interface Merge {
  drafts: Draft[];
  differences: Difference[];
  /** Facts that both had: those of the record that goes are deleted. */
  warnings: string[];
}

/** @throws InvalidEdit for records that cannot be merged, UnknownRecord, EditConflict */
export async function draftMerge(
  tx: Queryable,
  edit: Extract<Edit, { kind: 'merge' }>,
  budget?: MatchingBudget,
): Promise<Merge> {
  const from = await findTarget(tx, edit.from, 'from');
  const into = await findTarget(tx, edit.into, 'into');
  checkMergeable(from, into);
  const drafts = new Drafts();
  const told = await mergeInto(tx, from, into, drafts, budget);
  return { drafts: drafts.all(), ...told };
}

/** Adds to the drafts what has to change so that the one record becomes the other. */
export async function mergeInto(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  drafts: Drafts,
  budget?: MatchingBudget,
): Promise<Omit<Merge, 'drafts'>> {
  const differences = await mergeOwn(tx, from, into, drafts);
  await repointLinks(tx, from, into, drafts);
  await repointRedirects(tx, from, into, drafts);
  const warnings = await dropDoubles(tx, into, drafts);
  warnings.push(...(await moveReferences(tx, from, into, drafts, budget)));
  return { differences, warnings };
}

// Private:

function checkMergeable(from: FoundRecord, into: FoundRecord): void {
  const refuse = (path: string, message: string): never => {
    throw new InvalidEdit([{ path, message }]);
  };
  if (from.id === into.id) refuse('from', 'a record cannot be merged into itself');
  if (!targetOf[from.noun]) {
    refuse('from', 'only records with a slug can be merged: delete the one that is told twice');
  }
  if (from.noun !== into.noun) {
    refuse(
      'into',
      `${withArticle(singular[from.noun])} cannot be merged into ${withArticle(singular[into.noun])}`,
    );
  }
  for (const [path, { fields }] of [
    ['from', from],
    ['into', into],
  ] as const) {
    if (fields['mergedIntoId']) refuse(path, 'the record was merged into another already');
    if (fields['deletedAt']) refuse(path, 'the record is deleted: restore it first');
  }
  const [isDraft, intoDraft] = [from, into].map(({ fields }) => fields['status'] === 'DRAFT');
  if (isDraft && !intoDraft) {
    refuse(
      'from',
      'the record is a draft, and merging would publish what it says without review: publish it first, or reject it',
    );
  }
  if (intoDraft && !isDraft) {
    refuse(
      'into',
      'the record is a draft, and merging would hide the published one: publish it first, or merge the draft into the other after its review',
    );
  }
}
