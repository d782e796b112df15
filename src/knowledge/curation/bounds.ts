/** How much one change of an editor may touch. */

/**
 * So many records change in one change at most, and so many revisions are undone: what the one
 * makes, the other takes back.
 */
export const maxRecords = 20_000;
