/** Describes the items that lists lose when an edit replaces them. */
import type { Queryable } from '../../database/database.js';
import { slugsOf } from '../reading/slugs.js';
import type { Comparison } from './compare.js';
import type { RecordChange } from './recordChange.js';
import { type RecordType, recordTypes } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';

/** Items that one list of one record loses. */
export interface Removal {
  recordType: RecordType;
  /** The record's slug; its id if it has no slug. */
  record: string;
  /** The list: `mentions`, `names`, `participants` … */
  field: string;
  /** Slugs, names or identifiers of the items. */
  items: string[];
  /** The same as a message. */
  message: string;
}

/** Describes removals with slugs for ids; queries these only if there are removals. */
export async function describeRemovals(
  db: Queryable,
  compared: readonly { recordChange: RecordChange; comparison: Comparison }[],
): Promise<Removal[]> {
  const losing = compared.flatMap(({ recordChange, comparison }) =>
    [...comparison.removed].map(([field, rows]) => ({
      recordChange,
      field,
      rows,
      key: recordTypes[recordChange.recordType].lists[field]?.key[0] ?? '',
      record: (comparison.fields['slug'] as string | undefined) ?? recordChange.id,
    })),
  );
  if (losing.length === 0) return [];
  const links = losing.flatMap(({ rows, key }) =>
    key.endsWith('Id') ? rows.map((row) => String(row[key])) : [],
  );
  const slugs = await slugsOf(db, [...new Set(links)]);
  return losing.map(({ recordChange, field, rows, key, record }): Removal => {
    const items = rows.map((row) => slugs.get(String(row[key])) ?? labelOf(row, key));
    const more = items.length > maxNamed ? ` and ${items.length - maxNamed} more` : '';
    const message = `${record}: the new list replaces ${field} and removes ${items.slice(0, maxNamed).join(', ')}${more}`;
    return { recordType: recordChange.recordType, record, field, items, message };
  });
}

// Private:

const maxNamed = 10;

function labelOf(row: Values, key: string): string {
  const { [key]: label, value, start } = row as Record<string, string | null | undefined>;
  if (key === 'scheme') return `${label}:${value}`;
  return start ? `${label} from ${start}` : String(label);
}
