/** Writes what was planned: rows, what search reads, and history. */
import type { Queryable } from '../../database/database.js';
import { Changeset } from './changeset.js';
import type { Plan } from './plan.js';
import { addRevisions, type Authorship } from './revisions.js';
import { deferSearch, makeSearchable } from './searchable.js';

export interface ApplyOptions {
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Whether the caller counts the prominence of all entities himself, when all is written. */
  ranksLater?: boolean;
  /** Slugs that the caller knows, by the ids of their records, so that they are not asked for. */
  slugs?: ReadonlyMap<string, string>;
}

/** Writes what was planned, in the same transaction. */
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
