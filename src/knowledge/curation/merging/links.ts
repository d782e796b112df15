/** Redirects links to a merged record to the record that remains. */
import { eq, getColumns, getTableName, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { readRows, type Queryable } from '../../../database/database.js';
import { lockRecords } from '../../writing/current.js';
import type { ListItem } from '../../writing/recordChange.js';
import { maxRecords } from '../bounds.js';
import type { FoundRecord } from '../../history/target.js';
import { plain, type RecordChanges } from './changes.js';
import {
  type RecordType,
  linkTargetOf,
  recordTypeKeys,
  recordTypes,
  spaceOf,
} from '../../model/recordTypes.js';
import type { ListDefinition, Values } from '../../model/recordLists.js';

/** Points fields and lists that link to `from` to `into`. */
export async function repointLinks(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  recordChanges: RecordChanges,
): Promise<void> {
  const space = spaceOf(linkTargetOf(from.recordType) ?? 'PLACE');
  for (const recordType of recordTypeKeys) {
    for (const [field, targets] of Object.entries(recordTypes[recordType].links)) {
      if (field === 'mergedInto' || !targets[0] || spaceOf(targets[0]) !== space) continue;
      const list = recordTypes[recordType].lists[field];
      if (list) await repointList(tx, recordType, field, list, [from.id, into.id], recordChanges);
      else await repointField(tx, recordType, `${field}Id`, [from.id, into.id], recordChanges);
    }
  }
}

/** Points records merged into `from` earlier to `into`, so that a redirect takes one step only. */
export async function repointRedirects(
  tx: Queryable,
  from: FoundRecord,
  into: FoundRecord,
  recordChanges: RecordChanges,
): Promise<void> {
  const [table] = recordTypes[from.recordType].tables;
  const rows = await readRows<{ id: string }>(
    tx,
    sql`select id from ${table} where merged_into_id = ${from.id}::uuid limit ${maxRecords + 1}`,
  );
  for (const { id } of rows) {
    const recordChange = recordChanges.of(from.recordType, id);
    if (!('mergedIntoId' in recordChange.fields)) recordChange.fields['mergedIntoId'] = into.id;
  }
}

/** The mentions of an article that mentions both records, combined; equal items once. */
export function mergedItems(
  items: ListItem[],
  link: string,
  from: string,
  into: string,
): ListItem[] {
  const merged: ListItem[] = [];
  for (const { values } of items) {
    const moved = { ...values, ...(values[link] === from && { [link]: into }) };
    const there = merged.find((item) => item.values[link] === moved[link]);
    if (!there) merged.push({ values: moved });
    else if (Array.isArray(moved['ranges'])) {
      const ranges = [...(there.values['ranges'] as Range[]), ...(moved['ranges'] as Range[])];
      there.values['ranges'] = distinct(ranges);
    }
  }
  return merged;
}

// Private:

async function repointField(
  tx: Queryable,
  recordType: RecordType,
  name: string,
  [from, into]: [string, string],
  recordChanges: RecordChanges,
): Promise<void> {
  for (const table of recordTypes[recordType].tables) {
    const { id: key, [name]: column } = getColumns(table) as Record<string, PgColumn>;
    if (!key || !column) continue;
    const rows = (await tx
      .select({ id: key })
      .from(table)
      .where(eq(column, from))
      .limit(maxRecords + 1)) as { id: string }[];
    for (const { id } of rows) {
      if (id === from) continue;
      const recordChange = recordChanges.of(recordType, id);
      // Another change of this merge points the link elsewhere already.
      if (name in recordChange.fields && recordChange.fields[name] !== from) continue;
      // A record cannot be part of itself.
      recordChange.fields[name] = id === into ? null : into;
    }
  }
}

async function repointList(
  tx: Queryable,
  recordType: RecordType,
  field: string,
  list: ListDefinition,
  [from, into]: [string, string],
  recordChanges: RecordChanges,
): Promise<void> {
  const columns = getColumns(list.table) as Record<string, PgColumn>;
  const link = list.key[0] ?? '';
  const [linkColumn, ownerColumn] = [columns[link]?.name ?? '', columns[list.owner]?.name ?? ''];
  const owners = await readRows<{ id: string }>(
    tx,
    sql`select distinct ${sql.identifier(ownerColumn)} as id from ${sql.identifier(getTableName(list.table))}
      where ${sql.identifier(linkColumn)} = ${from}::uuid limit ${maxRecords + 1}`,
  );
  const ids = owners.map(({ id }) => id);
  // Throws for too many before they are read.
  for (const id of ids) recordChanges.of(recordType, id);
  for (const [id, { lists }] of await lockRecords(tx, recordType, ids, [field])) {
    const recordChange = recordChanges.of(recordType, id);
    const items =
      recordChange.lists[field] ??
      (lists[field] ?? []).map((row): ListItem => ({ values: withoutOrdinal(plain(list)(row)) }));
    recordChange.lists[field] = mergedItems(items, link, from, into);
  }
}

const withoutOrdinal = ({ ordinal: _, ...values }: Values): Values => values;

interface Range {
  start: number;
  end: number;
}

/** Ranges in order, without those that overlap an earlier or longer one. */
function distinct(ranges: Range[]): Range[] {
  const sorted = ranges.toSorted((a, b) => a.start - b.start || b.end - a.end);
  return sorted.filter(({ start }, i) => i === 0 || start >= (sorted[i - 1]?.end ?? 0));
}
