/** A change: what one author did in one transaction, to one or more records. */
import type { RevisionRecord } from './revision.js';

export interface Author {
  name: string;
  /** Null if it was not recorded. */
  identity: string | null;
}

export interface ChangeRecord {
  id: string;
  at: Date;
  author: Author;
  reason: string | null;
}

/** The columns of a revision that say what its change is. */
export const changeColumns = ['changeId', 'at', 'actor', 'identity', 'importedBy', 'reason'];

/**
 * The change of a revision. All revisions of a change share its author, time and reason, except
 * those that were imported with their records: their change is the import.
 */
export function changeOf({
  changeId: id,
  at,
  actor,
  identity,
  importedBy,
  reason,
}: Pick<
  RevisionRecord,
  'changeId' | 'at' | 'actor' | 'identity' | 'importedBy' | 'reason'
>): ChangeRecord {
  if (importedBy === null) return { id, at, author: { name: actor, identity }, reason };
  const author = { name: importedBy, identity: importedBy };
  return { id, at: timeOf(id) ?? at, author, reason: null };
}

// Private:

/** The time in a UUID of version 7, as ids of changes are. */
function timeOf(uuid: string): Date | undefined {
  if (uuid[14] !== '7') return undefined;
  return new Date(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16));
}
