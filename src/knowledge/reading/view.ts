/** The request that a read is for. What it may see is decided by the knowledge that it reads. */
export interface View {
  /** Collects what the response depends on; see `dependency`. */
  reads?: Set<string> | undefined;
}

/** Reads without collecting what the result depends on. */
export const publicView: View = {};

/**
 * What an answer depends on, in words that the database uses too when something changes:
 * `notify_changes` (in `drizzle/`) notifies of the same texts.
 *
 * - `<id>`: the record with this key, with its names, subjects and other parts;
 * - `<table>:<id>`: which rows of the table hang on this record;
 * - `<table>`: anything at all in the table;
 * - `slug:<slug>`: whether any record has this slug;
 * - `day`: the day on which it is given, which no notification names.
 */
export const dependency = {
  record: (id: string): string => id,
  rowsOf: (table: string, parentId: string): string => `${table}:${parentId}`,
  table: (table: string): string => table,
  slug: (slug: string): string => `slug:${slug}`,
  day: 'day',
};
