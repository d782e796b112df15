/** Iterates over the records of a set; tolerates values that validation removed. */
import { sections, type RecordSet, type ReferenceInput } from './schemas.js';
import type { Path } from './report.js';
import { type LinkTarget, type RecordType, recordTypes } from '../model/recordTypes.js';

export interface RecordEntry {
  recordType: RecordType;
  /** Any field may be missing after a report. */
  record: Readonly<Record<string, unknown>>;
  path: Path;
}

export interface LinkEntry {
  entry: RecordEntry;
  /** The name of the field that holds the link. */
  field: string;
  slug: string;
  /** The path of the link: the field, or its item. */
  at: Path;
  targets: readonly LinkTarget[];
}

export interface ReferenceEntry extends RecordEntry {
  reference: Partial<ReferenceInput>;
  at: Path;
  /** The slug of the cited article, given or by default. */
  article: string | undefined;
}

/** All records, ordered by type. */
export const recordsOf = (set: RecordSet): RecordEntry[] => Object.values(entriesIn(set)).flat();

export const recordsIn = (set: RecordSet, recordType: RecordType): RecordEntry[] =>
  entriesIn(set)[recordType];

/** The links of a record, except those of its references. */
export const linksOf = memoized((entry: RecordEntry): LinkEntry[] => {
  const found: LinkEntry[] = [];
  for (const [field, targets] of linkFields[entry.recordType]) {
    const given = entry.record[field];
    if (given === undefined || given === null) continue;
    for (const { value, at } of items(given, [...entry.path, field])) {
      const slug = typeof value === 'string' ? value : mentioned(value);
      if (slug !== undefined) found.push({ entry, field, slug, at, targets });
    }
  }
  return found;
});

/** The references of a record and of its statuses. */
export function referencesOf(entry: RecordEntry, set: RecordSet): ReferenceEntry[] {
  const { record, path } = entry;
  const own = items(record['references'], [...path, 'references']);
  const ofStatuses = items(record['statuses'], [...path, 'statuses']).flatMap(({ value, at }) =>
    items((value as { references?: unknown }).references, [...at, 'references']),
  );
  const byDefault = entry.recordType === 'statements' ? record['article'] : undefined;
  return [...own, ...ofStatuses].map(({ value, at }) => {
    const reference = value as Partial<ReferenceInput>;
    const article = reference.article ?? (byDefault as string | undefined) ?? set.cite;
    return { ...entry, reference, at, article };
  });
}

/** The items of a list with their paths; a single value counts as a list of one. */
export function items(value: unknown, path: Path): { value: unknown; at: Path }[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [{ value, at: path }];
  return value.flatMap((item: unknown, i) =>
    item === undefined ? [] : [{ value: item, at: [...path, i] }],
  );
}

// Private:

/** Memoizes by object: every check iterates over the same records. */
function memoized<Given extends object, Found>(find: (given: Given) => Found) {
  const found = new WeakMap<Given, Found>();
  return (given: Given): Found => {
    let known = found.get(given);
    if (known === undefined) found.set(given, (known = find(given)));
    return known;
  };
}

const entriesIn = memoized(
  (set: RecordSet) =>
    Object.fromEntries(
      (Object.keys(sections) as RecordType[]).map((recordType) => [
        recordType,
        set[recordType].map((record, i): RecordEntry => ({
          recordType,
          record,
          path: [recordType, i],
        })),
      ]),
    ) as unknown as Record<RecordType, RecordEntry[]>,
);

const linkFields = Object.fromEntries(
  Object.entries(recordTypes).map(([recordType, { links }]) => [recordType, Object.entries(links)]),
) as unknown as Record<RecordType, [field: string, targets: readonly LinkTarget[]][]>;

/** The entity of a mention in the long form. */
function mentioned(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('entity' in value)) return undefined;
  return typeof value.entity === 'string' ? value.entity : undefined;
}
