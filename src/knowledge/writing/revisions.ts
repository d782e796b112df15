/** The history of the records: one revision for each that a writer makes or changes. */
import type { Queryable } from '../../database/database.js';
import { revision } from '../../database/tables/index.js';
import { slugsOf } from '../reading/slugs.js';
import type { Changeset } from './changeset.js';
import type { Changes } from './compare.js';
import type { Values } from './draft.js';
import type { Arc } from './kinds.js';

export interface RevisionDraft {
  arc: Arc;
  id: string;
  action: 'CREATE' | 'UPDATE';
  changes: Changes;
}

/** A revision that the record brings along from another knowledge base. */
export interface PastRevision {
  arc: Arc;
  id: string;
  row: Values;
}

/** Who writes, and why. */
export interface Authorship {
  actor: string;
  reason: string | null;
}

/** Adds the revisions; history names records by their slugs, which must be written by then. */
export async function addRevisions(
  db: Queryable,
  drafts: readonly (RevisionDraft | PastRevision)[],
  authorship: Authorship,
  changeset: Changeset,
): Promise<void> {
  const links = drafts.flatMap((draft) => ('row' in draft ? [] : linksIn(draft.changes)));
  const slugs = await slugsOf(db, [...new Set(links)]);
  for (const draft of drafts) {
    if ('row' in draft) {
      changeset.upsert(revision, { reason: null, ...draft.row, [draft.arc]: draft.id });
      continue;
    }
    const { arc, id, action, changes } = draft;
    changeset.upsert(revision, {
      ...authorship,
      [arc]: id,
      action,
      changes: readable(changes, slugs),
    });
  }
}

// Private:

const isLink = (name: string, value: unknown): value is string =>
  name.endsWith('Id') && typeof value === 'string';

function linksIn(value: unknown, name = ''): string[] {
  if (isLink(name, value)) return [value];
  if (Array.isArray(value)) return value.flatMap((each) => linksIn(each));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    linksIn(each, key === 'before' || key === 'after' ? name : key),
  );
}

/** `parentId: <uuid>` reads `parent: un`; a list of links reads as a list of slugs. */
function readable(changes: Changes, slugs: ReadonlyMap<string, string>): Changes {
  const named = (name: string, value: unknown): unknown => {
    if (isLink(name, value)) return slugs.get(value) ?? value;
    if (!Array.isArray(value)) return value;
    return value.map((item: unknown) => {
      if (typeof item !== 'object' || item === null) return item;
      const entries = Object.entries(item).map(([key, each]): [string, unknown] => [
        fieldOf(key),
        named(key, each),
      ]);
      const [only] = entries;
      const isLinkList = entries.length === 1 && Object.keys(item)[0]?.endsWith('Id');
      return isLinkList ? only?.[1] : Object.fromEntries<unknown>(entries);
    });
  };
  return Object.fromEntries(
    Object.entries(changes).map(([name, { before, after }]) => [
      fieldOf(name),
      { before: named(name, before), after: named(name, after) },
    ]),
  );
}

const fieldOf = (column: string) => column.replace(/Id$/, '');
