/** Goes through a dossier's records; tolerant of what validation has taken out. */
import { sections, type Dossier, type ReferenceInput, type Section } from './format.js';
import type { Path } from './issues.js';
import { links, type LinkTarget } from './links.js';

export interface RecordEntry {
  section: Section;
  /** After a report of `validateDossier` it may lack any of its fields. */
  record: Readonly<Record<string, unknown>>;
  path: Path;
}

export interface LinkEntry extends RecordEntry {
  /** The name of the field that holds the link. */
  field: string;
  slug: string;
  /** Where the link stands, within its record's field if that is a list. */
  at: Path;
  targets: readonly LinkTarget[];
}

export interface ReferenceEntry extends RecordEntry {
  reference: Partial<ReferenceInput>;
  at: Path;
  /** The article that it cites by its own word or by default. */
  article: string | undefined;
}

/** All records, section by section. */
export const recordsOf = (dossier: Dossier): RecordEntry[] =>
  (Object.keys(sections) as Section[]).flatMap((section) => recordsIn(dossier, section));

export const recordsIn = (dossier: Dossier, section: Section): RecordEntry[] =>
  dossier[section].map((record, i) => ({ section, record, path: [section, i] }));

/** The slugs by which records name each other, except those of references. */
export const linksOf = (entry: RecordEntry): LinkEntry[] =>
  Object.entries(links[entry.section]).flatMap(([field, targets]) => {
    const path = [...entry.path, field];
    return items(entry.record[field], path).flatMap(({ value, at }) => {
      const slug = typeof value === 'string' ? value : mentioned(value);
      return slug === undefined ? [] : [{ ...entry, field, slug, at, targets }];
    });
  });

/** The references of a record and of its statuses. */
export function referencesOf(entry: RecordEntry, dossier: Dossier): ReferenceEntry[] {
  const { record, path } = entry;
  const own = items(record['references'], [...path, 'references']);
  const ofStatuses = items(record['statuses'], [...path, 'statuses']).flatMap(({ value, at }) =>
    items((value as { references?: unknown }).references, [...at, 'references']),
  );
  const byDefault = entry.section === 'statements' ? record['article'] : undefined;
  return [...own, ...ofStatuses].map(({ value, at }) => {
    const reference = value as Partial<ReferenceInput>;
    const article = reference.article ?? (byDefault as string | undefined) ?? dossier.cite;
    return { ...entry, reference, at, article };
  });
}

/** The items of a list, or the one value that stands for it. */
export function items(value: unknown, path: Path): { value: unknown; at: Path }[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [{ value, at: path }];
  return value.flatMap((item: unknown, i) =>
    item === undefined ? [] : [{ value: item, at: [...path, i] }],
  );
}

// Private:

/** Whom a mention in the long form names. */
function mentioned(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('entity' in value)) return undefined;
  return typeof value.entity === 'string' ? value.entity : undefined;
}
