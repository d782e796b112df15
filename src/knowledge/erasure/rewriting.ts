/** What histories tell of records that are erased: links by slug, references to articles. */
import { type SlugSpace, recordTypes, spaceOf } from '../model/recordTypes.js';

/** A slug among those that it competes with, `entity ann-smith`. */
export const spaced = (space: SlugSpace, slug: string): string => `${space} ${slug}`;

type Change = Record<string, unknown>;

/**
 * The changes of a revision with no link to erased records in them.
 *
 * @param slugs As `spaced` gives them.
 */
export function withoutLinks(changes: object, slugs: ReadonlySet<string>): object {
  return Object.fromEntries(
    Object.entries(changes as Record<string, Change>).map(([field, change]) => {
      const spaces = field === 'references' ? articles : spacesOf.get(field);
      if (!spaces) return [field, change];
      const left = Object.entries(change).map(([side, value]) => [
        side,
        unlinked(value, (slug) => [...spaces].some((space) => slugs.has(spaced(space, slug)))),
      ]);
      return [field, Object.fromEntries(left)];
    }),
  );
}

/**
 * The changes of a revision with texts written anew. Slugs stay: those of other records, which
 * keep theirs.
 */
export function rewritten(changes: object, write: (text: string) => string): object {
  return Object.fromEntries(
    Object.entries(changes).map(([field, change]) => [
      field,
      field === 'slug' || spacesOf.has(field) ? (change as unknown) : deep(change, write),
    ]),
  );
}

// Private:

/** What names a record within a reference, and is no text. */
const linkKeys = new Set(['id', 'article', 'officeStatus', 'field']);

function deep(value: unknown, write: (text: string) => string): unknown {
  if (typeof value === 'string') return write(value);
  if (Array.isArray(value)) return value.map((each) => deep(each, write));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      linkKeys.has(key) ? (each as unknown) : deep(each, write),
    ]),
  );
}

const articles: ReadonlySet<SlugSpace> = new Set(['article']);

/** Where the slugs are that a field may have, in a record of any type. */
const spacesOf = new Map<string, Set<SlugSpace>>();
for (const { links } of Object.values(recordTypes)) {
  for (const [field, targets] of Object.entries(links)) {
    const spaces = spacesOf.get(field) ?? new Set();
    for (const target of targets) spaces.add(spaceOf(target));
    spacesOf.set(field, spaces);
  }
}

type IsGone = (slug: string) => boolean;

function unlinked(value: unknown, isGone: IsGone): unknown {
  if (Array.isArray(value)) return (value as unknown[]).filter((item) => !names(item, isGone));
  return names(value, isGone) ? null : value;
}

/** A slug; or a mention, which has one as `entity`, or a reference, with its `article`. */
function names(value: unknown, isGone: IsGone): boolean {
  if (typeof value === 'string') return isGone(value);
  if (typeof value !== 'object' || value === null) return false;
  const { entity, article } = value as { entity?: unknown; article?: unknown };
  return isGone(String(entity)) || isGone(String(article));
}
