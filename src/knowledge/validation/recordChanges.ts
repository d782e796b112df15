/** Converts a set of records to changes: slugs become ids, fields become columns. */
import { v7 as uuidv7 } from 'uuid';
import type { RecordChange, ListItem, Past, ReferenceChange } from '../writing/recordChange.js';
import { completeStatuses } from './checks/periods.js';
import type { BodyAccess } from './bodyAccess.js';
import type { Located } from './checks/quotations.js';
import type { Period } from '../values/partialDate.js';
import { indexFacts } from './factIndex.js';
import type { RecordSet, ReferenceInput } from './schemas.js';
import { identifiersIn } from '../values/identifiers.js';
import type { ExistingRecords } from './existing.js';
import type { Registry } from './registry.js';
import { items, recordsOf, type RecordEntry } from './walk.js';
import type { Values } from '../model/recordLists.js';
import { linkTargetOf, recordTypes } from '../model/recordTypes.js';

/**
 * The set must have passed all checks.
 *
 * @param bodyAccess Of new articles; see `defaultBodyAccess`.
 */
export function changesOf(
  set: RecordSet,
  known: ExistingRecords,
  registry: Registry,
  located: Located,
  bodyAccess: ReadonlyMap<string, BodyAccess>,
): RecordChange[] {
  const factOf = indexFacts(known, registry);
  return recordsOf(set).map((entry) => {
    const target = linkTargetOf(entry.recordType);
    const id = target
      ? registry.declaredId(String(entry.record['slug']), target)
      : (factOf(entry)?.id ?? (entry.record['id'] as string | undefined) ?? uuidv7());
    const recordChange = changeOf(entry, id, registry, located);
    const access =
      entry.recordType === 'articles' ? bodyAccess.get(String(entry.record['slug'])) : undefined;
    if (access) recordChange.fields['bodyAccess'] = access;
    return recordChange;
  });
}

// Private:

function changeOf(
  entry: RecordEntry,
  id: string,
  registry: Registry,
  located: Located,
): RecordChange {
  const { recordType, record } = entry;
  const { id: _, references, body, slug, ...given } = record;
  const { createdAt, updatedAt, fetchedAt, revisions, ...rest } = given;
  const recordChange: RecordChange = {
    recordType: recordType,
    id,
    fields: slugFields(slug, registry, entry),
    lists: {},
    references: passages(references, located),
  };
  if (recordType === 'articles' && body !== undefined) recordChange.body = body as string | null;
  const past = { createdAt, updatedAt, fetchedAt, revisions } as Past;
  if (Object.values(past).some((value) => value !== undefined)) recordChange.past = past;
  for (const [field, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    if (field in recordTypes[recordType].lists) {
      recordChange.lists[field] = listOf(field, value, entry, registry, located);
    } else if (recordTypes[recordType].links[field]) {
      recordChange.fields[`${field}Id`] = linkTo(value, field, entry, registry);
    } else {
      recordChange.fields[field] = field === 'urls' ? (value ?? []) : value;
    }
  }
  return recordChange;
}

/** The slug of a new record; an existing one keeps its slug, also if a merged record's slug is given. */
function slugFields(slug: unknown, registry: Registry, { recordType }: RecordEntry): Values {
  const target = linkTargetOf(recordType);
  const isNew = target && !registry.declared(String(slug), target)?.known;
  return isNew ? { slug } : {};
}

function linkTo(
  value: unknown,
  field: string,
  { recordType }: RecordEntry,
  registry: Registry,
): string | null {
  const [target = 'ARTICLE'] = recordTypes[recordType].links[field] ?? [];
  return typeof value === 'string' ? registry.idOf(value, target) : null;
}

function listOf(
  field: string,
  value: unknown,
  entry: RecordEntry,
  registry: Registry,
  located: Located,
): ListItem[] {
  const values = items(value, []).map((item) => item.value);
  switch (field) {
    case 'names':
      return (values as Values[]).map(({ name, language, kind, start, end }) => ({
        values: {
          name,
          language: language ?? null,
          kind: kind ?? 'ALTERNATIVE',
          start: start ?? null,
          end: end ?? null,
        },
      }));
    case 'identifiers':
      return identifiersIn(value).map((identifier) => ({ values: { ...identifier } }));
    case 'statuses':
      return completeStatuses(values as (Period & Values)[]).map((status) => ({
        id: status['id'] as string | undefined,
        values: { status: status['status'], start: status.start ?? null, end: status.end },
        references: passages(status['references'], located),
      }));
    case 'mentions':
      return located.mentions.get(String(entry.record['slug'])) ?? [];
    default: {
      const column = recordTypes[entry.recordType].lists[field]?.key[0] ?? '';
      return values.map((slug) => ({
        values: { [column]: linkTo(slug, field, entry, registry) },
      }));
    }
  }
}

const passages = (references: unknown, located: Located): ReferenceChange[] =>
  items(references, []).flatMap(
    ({ value }) => located.references.get(value as ReferenceInput) ?? [],
  );
