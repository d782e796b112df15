/** Writes a plan: rows, the search index, and history. */
import type { Queryable } from '../../database/database.js';
import { Changeset } from './changeset.js';
import type { Plan } from './plan.js';
import { addRevisions, type Authorship } from './revisions.js';
import { deferSearch, makeSearchable } from './searchable.js';

export interface ApplyOptions {
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** The caller recomputes the prominence of all entities afterwards. */
  ranksLater?: boolean;
  /** Slugs known to the caller, by record id, which need no query. */
  slugs?: ReadonlyMap<string, string>;
}

/** Writes a plan, in the transaction that made it. */
export async function applyPlan(
  tx: Queryable,
  { changeset, revisions }: Plan,
  authorship: Authorship,
  { onProgress = () => {}, ranksLater = false, slugs }: ApplyOptions = {},
): Promise<void> {
  const total = changeset.size + revisions.length;
  if (total === 0) return;
  let done = 0;
  const onWritten = (rows: number) => onProgress((done += rows), total);
  await deferSearch(tx);
  await changeset.apply(tx, onWritten);
  await makeSearchable(tx, revisions, !ranksLater);
  const history = new Changeset();
  await addRevisions(tx, revisions, authorship, history, slugs);
  await history.apply(tx, onWritten);
}
