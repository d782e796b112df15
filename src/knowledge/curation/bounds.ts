/** Limits on the size of one change of an editor. */

/** The maximum number of records one change may change, and of revisions `undo` reverts at once. */
export const maxRecords = 20_000;
