/**
 * Merging two records of the same thing: names, identifiers, facts and references go over to
 * the one that stays; id and slug of the other lead there from then on. Since every record that
 * is touched gets a revision of one change, undoing that change undoes the merge.
 */
import { getColumns } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import type { MatchingBudget } from '../quotation/budget.js';
import { targetOf } from '../records/links.js';
import { withArticle } from '../values/english.js';
import { same } from '../writing/compare.js';
import { readRecords } from '../writing/current.js';
import type { Draft, ListItem, RecordNoun, Values } from '../writing/draft.js';
import { recordKinds, type ListKind } from '../writing/kinds.js';
import { fieldOf } from '../writing/revisions.js';
import { InvalidEdit, type Difference, type Edit } from './edit.js';
import { dropDoubles } from './merging/doubles.js';
import { Drafts, plain } from './merging/drafts.js';
import { repointLinks, repointRedirects } from './merging/links.js';
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
  const differences = await mergeOwn(tx, from, into, drafts);
  await repointLinks(tx, from, into, drafts);
  await repointRedirects(tx, from, into, drafts);
  const warnings = await dropDoubles(tx, from.noun, drafts);
  warnings.push(...(await moveReferences(tx, from, into, drafts, budget)));
  return { drafts: drafts.all(), differences, warnings };
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

const unions = ['names', 'identifiers'];

/** The fields and lists of the record that goes, where the one that stays has nothing, or beside. */
async function mergeOwn(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  drafts: Drafts,
): Promise<Difference[]> {
  const { noun } = from;
  const kind = recordKinds[noun];
  const records = await readRecords(tx, noun, [from.id, into.id], Object.keys(kind.lists));
  const [gone, stays] = [records.get(from.id), records.get(into.id)];
  const own = drafts.of(noun, into.id);
  const old = drafts.of(noun, from.id);
  old.fields['mergedIntoId'] = into.id;
  const differences: Difference[] = [];
  for (const name of fieldsToMerge(noun, gone?.fields ?? {})) {
    const [dropped, kept] = [gone?.fields[name] ?? null, stays?.fields[name] ?? null];
    if (dropped === null || same(dropped, kept) || isEmpty(dropped)) continue;
    // What names the other record would name this one itself.
    if (dropped === into.id || dropped === from.id) continue;
    if (kept === null || isEmpty(kept)) own.fields[name] = dropped;
    else differences.push({ field: fieldOf(name), kept, dropped });
  }
  if (noun === 'articles') {
    // An address is one article's only; a body stays with its quotations.
    if (own.fields['url'] !== undefined) old.fields['url'] = null;
  }
  if (own.fields['isoCode'] !== undefined) old.fields['isoCode'] = null;
  for (const name of unions.filter((each) => kind.lists[each])) {
    const list = kind.lists[name] as ListKind;
    const [theirs = [], ours = []] = [gone?.lists[name], stays?.lists[name]];
    const items = union(list, ours, theirs);
    if (name === 'names') addName(items, stays?.fields ?? {}, gone?.fields ?? {});
    if (items.length !== ours.length) own.lists[name] = items;
    if (name === 'identifiers' && theirs.length > 0) old.lists[name] = [];
  }
  for (const [name, list] of Object.entries(kind.lists)) {
    if (unions.includes(name) || name === 'mentions') continue;
    const [theirs = [], ours = []] = [gone?.lists[name], stays?.lists[name]];
    if (theirs.length === 0) continue;
    if (list.cited && ours.length > 0) {
      differences.push({
        field: name,
        kept: ours.map(plain(list)),
        dropped: theirs.map(plain(list)),
      });
      continue;
    }
    const items = union(list, ours, theirs);
    if (items.length !== ours.length) own.lists[name] = items;
  }
  return differences;
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const fixed =
  /^(id|type|slug|name|sortName|sortTitle|title|status|live|createdAt|updatedAt|deletedAt|deletionReason|mergedIntoId|currentStatus|countryId|bodyHash)$|Sort$|During$|^during$|^certain$|Live$/;

const fieldsToMerge = (noun: RecordNoun, fields: Values): string[] =>
  Object.keys(fields).filter(
    (name) =>
      !fixed.test(name) &&
      recordKinds[noun].tables.some((table) => {
        const column = (getColumns(table) as Record<string, PgColumn>)[name];
        return column !== undefined && !column.generated;
      }),
  );

function union(list: ListKind, ours: readonly Values[], theirs: readonly Values[]): ListItem[] {
  const items = ours.map((row): ListItem => ({ values: plain(list)(row) }));
  const keyOf = (values: Values) => JSON.stringify(list.key.map((name) => values[name] ?? null));
  const known = new Set(items.map(({ values }) => keyOf(values)));
  for (const row of theirs) {
    const values = plain(list)(row);
    if (!known.has(keyOf(values))) items.push({ values });
    known.add(keyOf(values));
  }
  return items;
}

/** The record that goes is found by its name henceforth, too. */
function addName(items: ListItem[], stays: Values, gone: Values): void {
  const { name } = gone;
  if (name === stays['name'] || items.some(({ values }) => values['name'] === name)) return;
  const rest = { language: null, kind: 'ALTERNATIVE', start: null, end: null };
  items.push({ values: { name, ...rest } });
}
