/** The rows of a list counted by what they have in common. */
import type { KeyedRow } from './batchedQuery.js';
import type { GroupKey } from './collection.js';

export interface Groups {
  groups: Group[];
  /** How many groups there are, beyond the limit, too. */
  total: number;
}

/** Rows of a list that have the same values. */
export interface Group {
  keys: { value: string | null; isEntity: boolean }[];
  count: number;
}

export interface GroupRow extends KeyedRow {
  /** The values, as JSON. */
  key: string;
  count: number;
  groups: number;
}

export function groupsOf(rows: readonly GroupRow[], keys: readonly GroupKey[]): Groups {
  const groups = rows.map(({ key, count }): Group => {
    const values = JSON.parse(key) as (string | null)[];
    return {
      count,
      keys: values.map((value, i) => ({ value, isEntity: keys[i]?.isEntity ?? false })),
    };
  });
  return { groups, total: rows[0]?.groups ?? 0 };
}
