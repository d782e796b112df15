/** Merges the fields, names, identifiers and lists of two records. */
import { getColumns } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../../../database/database.js';
import { same } from '../../writing/compare.js';
import { lockRecords, type CurrentRecord } from '../../writing/current.js';
import type { RecordChange, ListItem } from '../../writing/recordChange.js';
import { fieldOf } from '../../writing/revisions.js';
import type { Difference } from '../edit.js';
import type { FoundRecord } from '../../history/target.js';
import { plain, type RecordChanges } from './changes.js';
import { type RecordType, recordTypes } from '../../model/recordTypes.js';
import type { ListDefinition, Values } from '../../model/recordLists.js';

/** Fills the remaining record's gaps from the merged one, and returns where both have a value. */
export async function mergeOwn(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  recordChanges: RecordChanges,
): Promise<Difference[]> {
  const { recordType } = from;
  const kind = recordTypes[recordType];
  const records = await lockRecords(tx, recordType, [from.id, into.id], Object.keys(kind.lists));
  const own = recordChanges.of(recordType, into.id);
  const old = recordChanges.of(recordType, from.id);
  const merged = intended(records.get(from.id), old);
  const stays = intended(records.get(into.id), own);
  old.fields['mergedIntoId'] = into.id;
  const differences: Difference[] = [];
  for (const name of fieldsToMerge(recordType, merged.fields)) {
    const [dropped, kept] = [merged.fields[name] ?? null, stays.fields[name] ?? null];
    if (dropped === null || same(dropped, kept) || isEmpty(dropped)) continue;
    // A link between the two would become a link of the record to itself.
    if (dropped === into.id || dropped === from.id) continue;
    if (kept === null || isEmpty(kept) || (name === 'bodyAccess' && withholds(merged, stays))) {
      own.fields[name] = dropped;
    } else differences.push({ field: fieldOf(name), kept, dropped });
  }
  if (recordType === 'articles') {
    // The URL is unique among articles; a body stays with its quotations.
    if (own.fields['url'] !== undefined) old.fields['url'] = null;
  }
  if (own.fields['isoCode'] !== undefined) old.fields['isoCode'] = null;
  for (const name of unions.filter((each) => kind.lists[each])) {
    const list = kind.lists[name] as ListDefinition;
    const [theirs, ours] = [merged.list(name, list), stays.list(name, list)];
    const items = union(list, ours, theirs);
    if (name === 'names') addName(items, stays.fields, merged.fields);
    if (items.length !== ours.length) own.lists[name] = items;
    if (name === 'identifiers' && theirs.length > 0) old.lists[name] = [];
  }
  for (const [name, list] of Object.entries(kind.lists)) {
    if (unions.includes(name) || name === 'mentions') continue;
    const [theirs, ours] = [merged.list(name, list), stays.list(name, list)];
    if (theirs.length === 0) continue;
    if (list.cited && ours.length > 0) {
      differences.push({
        field: name,
        kept: ours.map(({ values }) => plain(list)(values)),
        dropped: theirs.map(({ values }) => plain(list)(values)),
      });
      continue;
    }
    const items = union(list, ours, theirs);
    if (items.length !== ours.length) own.lists[name] = items;
  }
  return differences;
}

// Private:

const unions = ['names', 'identifiers'];

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const fixed =
  /^(id|type|slug|name|sortName|sortTitle|title|status|live|createdAt|updatedAt|deletedAt|deletionReason|mergedIntoId|currentStatus|countryId|bodyHash)$|Sort$|During$|^during$|^certain$|Live$/;

const fieldsToMerge = (recordType: RecordType, fields: Values): string[] =>
  Object.keys(fields).filter(
    (name) =>
      !fixed.test(name) &&
      recordTypes[recordType].tables.some((table) => {
        const column = (getColumns(table) as Record<string, PgColumn>)[name];
        return column !== undefined && !column.generated;
      }),
  );

/** Whether the record that stays takes over a body that readers may not see: a merge does not open it. */
const withholds = (merged: { fields: Values }, stays: { fields: Values }): boolean =>
  merged.fields['bodyAccess'] === 'PASSAGES' &&
  Boolean(merged.fields['bodyHash']) &&
  !stays.fields['bodyHash'];

function union(
  list: ListDefinition,
  ours: readonly ListItem[],
  theirs: readonly ListItem[],
): ListItem[] {
  const items = [...ours];
  const keyOf = ({ values }: ListItem) =>
    JSON.stringify(list.key.map((name) => values[name] ?? null));
  const known = new Set(items.map(keyOf));
  for (const item of theirs) {
    if (!known.has(keyOf(item))) {
      // The id is chosen here, so that references can move to the row.
      items.push({ ...(list.cited && { id: uuidv7() }), values: item.values });
    }
    known.add(keyOf(item));
  }
  return items;
}

/** A record with the changes made to it so far. */
const intended = (record: CurrentRecord | undefined, recordChange: RecordChange) => ({
  fields: { ...record?.fields, ...recordChange.fields },
  list: (name: string, list: ListDefinition): ListItem[] =>
    recordChange.lists[name] ??
    (record?.lists[name] ?? []).map((row) => ({ values: plain(list)(row) })),
});

/** Adds the merged record's name as an alias, so that search still finds it. */
function addName(items: ListItem[], stays: Values, merged: Values): void {
  const { name } = merged;
  if (name === stays['name'] || items.some(({ values }) => values['name'] === name)) return;
  const rest = { language: null, kind: 'ALTERNATIVE', start: null, end: null };
  items.push({ values: { name, ...rest } });
}
