/** Removes links to erased records from the changes of revisions, and redacts their texts. */
import { type SlugSpace, recordTypes, spaceOf } from '../model/recordTypes.js';

/** A slug with its namespace: `entity ann-smith`. */
export const spaced = (space: SlugSpace, slug: string): string => `${space} ${slug}`;

type Change = Record<string, unknown>;

/**
 * The changes of a revision without links to erased records.
 *
 * @param slugs In the form that `spaced` returns.
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

/** The changes of a revision with texts rewritten, except slugs, which belong to other records. */
export function rewritten(changes: object, write: (text: string) => string): object {
  return Object.fromEntries(
    Object.entries(changes).map(([field, change]) => [
      field,
      field === 'slug' || spacesOf.has(field) ? (change as unknown) : deep(change, write),
    ]),
  );
}

// Private:

/** Keys within a reference that hold links, not texts. */
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

/** The namespaces of the slugs that a field may contain, in a record of any type. */
const spacesOf = new Map<string, Set<SlugSpace>>();
for (const { links } of Object.values(recordTypes)) {
  for (const [field, targets] of Object.entries(links)) {
    const spaces = spacesOf.get(field) ?? new Set();
    for (const target of targets) spaces.add(spaceOf(target));
    spacesOf.set(field, spaces);
  }
}

type IsErased = (slug: string) => boolean;

function unlinked(value: unknown, isErased: IsErased): unknown {
  if (Array.isArray(value)) return (value as unknown[]).filter((item) => !names(item, isErased));
  return names(value, isErased) ? null : value;
}

/** Whether a slug, a mention's `entity` or a reference's `article` names an erased record. */
function names(value: unknown, isErased: IsErased): boolean {
  if (typeof value === 'string') return isErased(value);
  if (typeof value !== 'object' || value === null) return false;
  const { entity, article } = value as { entity?: unknown; article?: unknown };
  return isErased(String(entity)) || isErased(String(article));
}
