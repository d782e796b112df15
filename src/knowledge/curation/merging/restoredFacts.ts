/**
 * Redirects restored links: a reverted record must not link to records that were merged since, and
 * a record that is merged again takes along the facts it has got since.
 */
import { sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../../database/database.js';
import type { MatchingBudget } from '../../quotation/budget.js';
import { uuids } from '../../reading/keys.js';
import { withArticle } from '../../values/english.js';
import { lockRecords } from '../../writing/current.js';
import type { RecordChange } from '../../writing/recordChange.js';
import type { EditWarning } from '../edit.js';
import { mergeInto } from '../merge.js';
import { located } from '../recovered.js';
import type { FoundRecord } from '../../history/target.js';
import { factKeys, isFact, linksToItself, factsAfter, twinsOf } from './duplicateFacts.js';
import { RecordChanges } from './changes.js';
import { mergedItems } from './links.js';
import { type RecordType, recordTypeKeys, recordTypes } from '../../model/recordTypes.js';
import type { Values } from '../../model/recordLists.js';
import { EditConflict } from '../../validation/editErrors.js';

export interface Settled {
  recordChanges: RecordChange[];
  warnings: EditWarning[];
}

/**
 * Completes the changes of a revert, an undo or a restore.
 *
 * @throws EditConflict if a record cannot be merged again, or a fact would be a duplicate
 */
export async function settle(
  tx: Queryable,
  given: readonly RecordChange[],
  budget?: MatchingBudget,
): Promise<Settled> {
  const recordChanges = new RecordChanges(given);
  await addRestoredLinks(tx, given);
  const redirects = await redirectsAfter(tx, given);
  const merges = await mergesIn(tx, given, redirects);
  const redirected: RecordChange[] = [];
  for (const recordChange of given) {
    if (await redirect(tx, recordChange, redirects, budget)) redirected.push(recordChange);
  }
  await rejectTwins(tx, redirected, recordChanges);
  const warnings: EditWarning[] = [];
  for (const { from, into } of merges) {
    warnings.push(...(await mergeInto(tx, from, into, recordChanges, budget)).warnings);
  }
  return { recordChanges: recordChanges.all(), warnings };
}

// Private:

const fieldsThatLink = (recordType: RecordType): string[] =>
  Object.keys(recordTypes[recordType].links)
    .filter((field) => field !== 'mergedInto' && !recordTypes[recordType].lists[field])
    .map((field) => `${field}Id`);

const listsThatLink = (recordType: RecordType): string[] =>
  Object.keys(recordTypes[recordType].links).filter(
    (field) => recordTypes[recordType].lists[field],
  );

/** Adds the links of restored records, whose targets may have been merged while they were deleted. */
async function addRestoredLinks(
  tx: Queryable,
  recordChanges: readonly RecordChange[],
): Promise<void> {
  for (const recordType of recordTypeKeys) {
    const restored = recordChanges.filter(
      (recordChange) =>
        recordChange.recordType === recordType &&
        'deletedAt' in recordChange.fields &&
        !recordChange.fields['deletedAt'],
    );
    const ids = restored.map(({ id }) => id);
    const current = await lockRecords(tx, recordType, ids, []);
    for (const recordChange of restored) {
      for (const name of fieldsThatLink(recordType)) {
        const value = current.get(recordChange.id)?.fields[name];
        if (value && !(name in recordChange.fields)) recordChange.fields[name] = value;
      }
    }
  }
}

/** The targets of the changes' links that will be merged after them, with where they redirect to. */
async function redirectsAfter(
  tx: Queryable,
  recordChanges: readonly RecordChange[],
): Promise<Map<string, string>> {
  const redirects = await readRedirects(tx, [...new Set(recordChanges.flatMap(linksOf))]);
  const again = new Map<string, string>();
  for (const { id, fields } of recordChanges) {
    if (!('mergedIntoId' in fields)) continue;
    redirects.delete(id);
    if (typeof fields['mergedIntoId'] === 'string') again.set(id, fields['mergedIntoId']);
  }
  for (const [id, into] of again) redirects.set(id, again.get(into) ?? redirects.get(into) ?? into);
  return redirects;
}

function linksOf({ recordType, fields, lists, attached = [] }: RecordChange): string[] {
  const values = [...fieldsThatLink(recordType), 'mergedIntoId'].map((name) => fields[name]);
  for (const name of listsThatLink(recordType)) {
    const [link = ''] = recordTypes[recordType].lists[name]?.key ?? [];
    values.push(...(lists[name] ?? []).map((item) => item.values[link]));
  }
  values.push(...attached.map(({ row }) => row.articleId));
  return values.filter((value): value is string => typeof value === 'string');
}

async function readRedirects(tx: Queryable, ids: string[]): Promise<Map<string, string>> {
  const redirects = new Map<string, string>();
  for (let i = 0; i < ids.length; i += batchSize) {
    const batch = uuids(ids.slice(i, i + batchSize));
    const parts = ['entity', 'article', 'event'].map(
      (table) => sql`select id, merged_into_id as "into" from ${sql.identifier(table)}
        where id = any(${batch}) and merged_into_id is not null`,
    );
    const rows = await readRows<{ id: string; into: string }>(
      tx,
      sql.join(parts, sql` union all `),
    );
    for (const { id, into } of rows) redirects.set(id, into);
  }
  return redirects;
}

const batchSize = 1000;

/** The merges that the changes restore. */
async function mergesIn(
  tx: Queryable,
  recordChanges: readonly RecordChange[],
  redirects: ReadonlyMap<string, string>,
): Promise<{ from: FoundRecord; into: FoundRecord }[]> {
  const merges: { from: FoundRecord; into: FoundRecord }[] = [];
  const changedFields = new Map(
    recordChanges.map((recordChange) => [recordChange.id, recordChange.fields]),
  );
  for (const { recordType, id, fields } of recordChanges) {
    if (typeof fields['mergedIntoId'] !== 'string') continue;
    const target = redirects.get(id) ?? fields['mergedIntoId'];
    fields['mergedIntoId'] = target;
    const current = await lockRecords(tx, recordType, [id, target], []);
    const [from, into] = [id, target].map((key): FoundRecord => {
      const all: Values = { ...current.get(key)?.fields, ...changedFields.get(key) };
      return { recordType, id: key, fields: all, revision: 0 };
    });
    if (!from || !into) continue;
    const slug = JSON.stringify(into.fields['slug']);
    if (target === id || into.fields['mergedIntoId']) {
      throw new EditConflict(
        recordType,
        id,
        `the record would be merged into ${slug} again, which is itself merged: undo that merge first`,
      );
    }
    if (into.fields['deletedAt']) {
      throw new EditConflict(
        recordType,
        id,
        `the record would be merged into ${slug} again, which is deleted: restore it first`,
      );
    }
    if ((into.fields['status'] === 'DRAFT') !== (from.fields['status'] === 'DRAFT')) {
      throw new EditConflict(
        recordType,
        id,
        `the record would be merged into ${slug} again, and only one of the two is a draft: publish it first`,
      );
    }
    if (!current.get(id)?.fields['mergedIntoId']) merges.push({ from, into });
  }
  return merges;
}

/** Redirects the links of a change; returns whether a link of its fields changed. */
async function redirect(
  tx: Queryable,
  recordChange: RecordChange,
  redirects: ReadonlyMap<string, string>,
  budget?: MatchingBudget,
): Promise<boolean> {
  const { recordType, id, fields, lists } = recordChange;
  let isRedirected = false;
  for (const name of fieldsThatLink(recordType)) {
    const stays = redirects.get(String(fields[name]));
    if (!stays) continue;
    isRedirected = true;
    // A record cannot be part of itself.
    fields[name] = stays === id ? null : stays;
  }
  for (const name of listsThatLink(recordType)) {
    const [link = ''] = recordTypes[recordType].lists[name]?.key ?? [];
    for (const { values } of lists[name] ?? []) {
      const from = String(values[link]);
      const stays = redirects.get(from);
      if (stays) lists[name] = mergedItems(lists[name] ?? [], link, from, stays);
    }
  }
  for (const each of recordChange.attached ?? []) {
    const articleId = redirects.get(each.row.articleId);
    if (articleId) each.row = await located(tx, { ...each.row, articleId }, budget);
  }
  return isRedirected;
}

/** Rejects redirected facts that duplicate a fact of the record that remained. */
async function rejectTwins(
  tx: Queryable,
  redirected: RecordChange[],
  recordChanges: RecordChanges,
): Promise<void> {
  for (const recordType of Object.keys(factKeys).filter(isFact)) {
    const facts = await factsAfter(
      tx,
      recordType,
      redirected.filter((recordChange) => recordChange.recordType === recordType),
    );
    const twins = await twinsOf(tx, recordType, facts, recordChanges);
    for (const [id, fields] of facts) {
      const fact = withArticle(recordTypes[recordType].singular);
      if (linksToItself(fields)) {
        throw new EditConflict(recordType, id, `${fact} would link an organization to itself`);
      }
      const twin = twins.get(id);
      if (twin && (twin.sharesKey || !fields['deletedAt'])) {
        throw new EditConflict(
          recordType,
          id,
          `${fact} of the record that stayed says the same: change or restore that one (${twin.id})`,
        );
      }
    }
  }
}
