/** Generates slugs for new records without one. */
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../../database/database.js';
import * as erasure from '../../model/erasureKeys.js';
import { identifiersIn } from '../../values/identifiers.js';
import { slugify } from '../../values/names.js';
import type { Entry } from './parsedRecord.js';
import { spaceOfType } from './recordLinks.js';
import { readSlugs, slugKey } from './owners.js';

/** Assigns slugs made of the name and, if it is taken, of an identifier. */
export async function giveSlugs(db: Queryable, entries: Entry[]): Promise<Entry[]> {
  const candidates = new Map<Entry, string[]>();
  for (const entry of entries) {
    const { type, record } = entry;
    if (!spaceOfType(type) || record['slug']) continue;
    candidates.set(entry, slugCandidates(entry));
  }
  if (candidates.size === 0) return entries;
  const candidateEntries = [...candidates].flatMap(([entry, slugs]) =>
    slugs.map((slug): Entry => ({ ...entry, record: { slug } })),
  );
  const taken = new Set((await readSlugs(db, candidateEntries)).keys());
  for (const { type, record } of entries) {
    const space = spaceOfType(type);
    if (space) taken.add(slugKey(space, String(record['slug'])));
  }
  for (const key of await erasedSlugs(db, candidateEntries)) taken.add(key);
  return entries.map((entry) => {
    const slugs = candidates.get(entry);
    const space = spaceOfType(entry.type);
    if (!slugs || !space) return entry;
    const free = slugs.find((slug) => !taken.has(slugKey(space, slug))) ?? slugs[0] ?? '';
    taken.add(slugKey(space, free));
    return { ...entry, record: { ...entry.record, slug: free } };
  });
}

// Private:

/** Slugs of erased records are not assigned again. */
async function erasedSlugs(db: Queryable, candidates: readonly Entry[]): Promise<string[]> {
  const keys = new Map<string, string>();
  for (const { type, record } of candidates) {
    const [space, slug] = [spaceOfType(type), String(record['slug'])];
    if (space) keys.set(erasure.slugKey(space, slug), slugKey(space, slug));
  }
  const found = await erasure.findErased(db, [...keys.keys()]);
  return [...found.keys()].flatMap((key) => keys.get(key) ?? []);
}

const maxNameLength = 150;

function slugCandidates(entry: Entry): string[] {
  const { name, title, url } = entry.record;
  const base = slugify(String(name ?? title))
    .slice(0, maxNameLength)
    .replace(/-$/, '');
  const values = identifiersIn(entry.record['identifiers']).map(({ value }) => value);
  const keys = [...values, ...(typeof url === 'string' ? [url.replace(/^[^:]*:/, '')] : [])];
  // An identifier of punctuation only, such as "-", yields an empty slug.
  const others = keys
    .map((key) => slugify(key).slice(-40).replace(/^-/, ''))
    .filter((key) => key !== '');
  const type = entry.type.toLowerCase();
  const stem = base || type;
  return [
    // A name without Latin letters yields numbered slugs, as `createOrganization` does.
    ...(base ? [base] : others.length > 0 ? [] : numbered(type)),
    ...others.map((other) => `${stem}-${other}`),
    ...others.map((other) => `${stem}-${other}-${type}`),
    // Always free.
    `${stem}-${randomUUID().slice(0, 8)}`,
  ];
}

/** `organization`, `organization-2` … */
const numbered = (stem: string): string[] => [
  stem,
  ...Array.from({ length: 8 }, (_, i) => `${stem}-${i + 2}`),
];
