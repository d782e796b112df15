/** The history of the records: one revision for each that a writer makes or changes. */
import { v7 as uuidv7 } from 'uuid';
import type { Queryable } from '../../database/database.js';
import { revision } from '../../database/tables/index.js';
import type { WriteAuthor } from '../auth/author.js';
import { slugsOf } from '../reading/slugs.js';
import type { Changeset } from './changeset.js';
import type { Changes } from './compare.js';
import type { RecordChange } from './recordChange.js';
import type { Values } from '../model/recordLists.js';
import type { Arc } from '../model/recordTypes.js';

export interface NewRevision {
  arc: Arc;
  id: string;
  action: 'CREATE' | 'UPDATE' | NonNullable<RecordChange['action']>;
  changes: Changes;
}

/** A revision that the record brings along from another knowledge base. */
export interface PastRevision {
  arc: Arc;
  id: string;
  row: Values;
}

/** Who writes, and why. */
export interface Authorship extends WriteAuthor {
  reason: string | null;
  /** What the revisions of this change have in common; a fresh one without it. */
  changeId?: string;
}

/** Adds the revisions; history names records by their slugs, which must be written by then. */
export async function addRevisions(
  db: Queryable,
  drafts: readonly (NewRevision | PastRevision)[],
  authorship: Authorship,
  changeset: Changeset,
  known: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const links = new Set<string>();
  for (const draft of drafts) if (!('row' in draft)) addLinks(draft.changes, '', links);
  const unknown = [...links].filter((id) => !known.has(id));
  const slugs = unknown.length > 0 ? new Map([...known, ...(await slugsOf(db, unknown))]) : known;
  const changeId = authorship.changeId ?? uuidv7();
  for (const draft of drafts) {
    if ('row' in draft) {
      changeset.upsert(revision, {
        reason: null,
        identity: null,
        ...draft.row,
        importedBy: authorship.identity,
        changeId,
        [draft.arc]: draft.id,
      });
      continue;
    }
    const { arc, id, action, changes } = draft;
    changeset.upsert(revision, {
      ...authorship,
      changeId,
      [arc]: id,
      action,
      ...(action === 'CREATE' && { number: 1 }),
      changes: readableChanges(changes, slugs),
    });
  }
}

/** The ids of records that values name: those of columns such as `parentId`. */
export function linksIn(value: unknown, name = ''): string[] {
  const links = new Set<string>();
  addLinks(value, name, links);
  return [...links];
}

/** A value as history tells it: links by slug, a list of nothing but links as a list of slugs. */
export function readable(
  name: string,
  value: unknown,
  slugs: ReadonlyMap<string, string>,
): unknown {
  if (isLink(name, value)) return slugs.get(value) ?? value;
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    const entries = Object.entries(item).map(([key, each]): [string, unknown] => [
      fieldOf(key),
      readable(key, each, slugs),
    ]);
    const [only] = entries;
    const isLinkList = entries.length === 1 && Object.keys(item)[0]?.endsWith('Id');
    return isLinkList ? only?.[1] : Object.fromEntries<unknown>(entries);
  });
}

/** `parentId` is told as `parent`. */
export const fieldOf = (column: string) => column.replace(/Id$/, '');

// Private:

function addLinks(value: unknown, name: string, links: Set<string>): void {
  if (isLink(name, value)) links.add(value);
  else if (Array.isArray(value)) for (const each of value) addLinks(each, '', links);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      addLinks(each, key === 'before' || key === 'after' ? name : key, links);
    }
  }
}

const isLink = (name: string, value: unknown): value is string =>
  name.endsWith('Id') && typeof value === 'string';

const readableChanges = (changes: Changes, slugs: ReadonlyMap<string, string>): Changes =>
  Object.fromEntries(
    Object.entries(changes).map(([name, { before, after }]) => [
      fieldOf(name),
      { before: readable(name, before, slugs), after: readable(name, after, slugs) },
    ]),
  );
