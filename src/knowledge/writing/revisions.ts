/** Adds the revisions of created and changed records to a changeset. */
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

/** A revision that a record brings from another knowledge base. */
export interface PastRevision {
  arc: Arc;
  id: string;
  row: Values;
}

/** The author of a change, and the reason. */
export interface Authorship extends WriteAuthor {
  reason: string | null;
  /** The id shared by the revisions of this change; generated if omitted. */
  changeId?: string;
}

/** Adds the revisions. They name linked records by slug, so those must be written before. */
export async function addRevisions(
  db: Queryable,
  newRevisions: readonly (NewRevision | PastRevision)[],
  authorship: Authorship,
  changeset: Changeset,
  known: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const links = new Set<string>();
  for (const each of newRevisions) if (!('row' in each)) addLinks(each.changes, '', links);
  const unknown = [...links].filter((id) => !known.has(id));
  const slugs = unknown.length > 0 ? new Map([...known, ...(await slugsOf(db, unknown))]) : known;
  const changeId = authorship.changeId ?? uuidv7();
  for (const each of newRevisions) {
    if ('row' in each) {
      changeset.upsert(revision, {
        reason: null,
        identity: null,
        ...each.row,
        importedBy: authorship.identity,
        changeId,
        [each.arc]: each.id,
      });
      continue;
    }
    const { arc, id, action, changes } = each;
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

/** The ids of records that a value contains: values of columns such as `parentId`. */
export function linksIn(value: unknown, name = ''): string[] {
  const links = new Set<string>();
  addLinks(value, name, links);
  return [...links];
}

/** A value as history records it: links as slugs, a list of links as a list of slugs. */
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

/** A column's name in history: `parentId` becomes `parent`. */
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
