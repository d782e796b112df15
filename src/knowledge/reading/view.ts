/**
 * Who reads. Every read takes the view that it is for: what it may see is part of the batch's
 * shape, so that no two viewers with other rights share an answer.
 */
export interface View {
  /** What the viewer may see: what is published. */
  rights: 'PUBLISHED';
  /** Where it is noted what the answer depends on; see `dependency`. */
  reads?: Set<string> | undefined;
}

/** What everybody may see. */
export const publicView: View = { rights: 'PUBLISHED' };

/**
 * What an answer depends on, in words that the database uses too when something changes:
 * the migration `changes` notifies of these same texts.
 *
 * - `<id>`: the record with this key, with its names, subjects and other parts;
 * - `<table>:<id>`: which rows of the table hang on this record;
 * - `<table>`: anything at all in the table;
 * - `slug:<slug>`: whether any record has this slug.
 */
export const dependency = {
  record: (id: string): string => id,
  rowsOf: (table: string, parentId: string): string => `${table}:${parentId}`,
  table: (table: string): string => table,
  slug: (slug: string): string => `slug:${slug}`,
  identifier: (value: string): string => `identifier:${value}`,
};
