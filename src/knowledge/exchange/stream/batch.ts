/** Sorts a batch of a stream into records to write, records that wait for others, and rejections. */
import type { Queryable } from '../../../database/database.js';
import { unlimited } from '../../quotation/budget.js';
import { defaultBodyAccess, type BodyAccess } from '../../validation/bodyAccess.js';
import { checkRecords } from '../../validation/check.js';
import { changesOf } from '../../validation/recordChanges.js';
import { sections, type RecordSet } from '../../validation/schemas.js';
import { selectExisting, type ExistingRecords } from '../../validation/existing.js';
import { Registry } from '../../validation/registry.js';
import { formatPath, type Explain, type Report } from '../../validation/report.js';
import { linksOf, recordsOf, referencesOf } from '../../validation/walk.js';
import type { RecordChange } from '../../writing/recordChange.js';
import type { Entry, RejectedRecord } from './parsedRecord.js';
import { spaceOfType } from './recordLinks.js';
import { type RecordType, recordTypeByName } from '../../model/recordTypes.js';

export interface Sorted {
  /** Changes to write, with their entries. */
  ready: { entry: Entry; recordChange: RecordChange }[];
  /** Records that link to records not read yet, and citations of such articles. */
  waiting: Entry[];
  rejections: RejectedRecord[];
  /** The slugs of linked records, by id. */
  slugs: ReadonlyMap<string, string>;
  /** Redirects and stand-ins that exist already. */
  unchanged: Entry[];
}

/**
 * Checks the records of a batch against each other and the knowledge base.
 *
 * @param isLast No record will be read that others could wait for.
 * @param bodyAccess Of new articles, unless their publisher has a default of its own.
 */
export async function sortBatch(
  db: Queryable,
  entries: readonly Entry[],
  isLast: boolean,
  bodyAccess?: BodyAccess,
): Promise<Sorted> {
  const sorted: Sorted = {
    ready: [],
    waiting: [],
    rejections: [],
    slugs: new Map(),
    unchanged: [],
  };
  const known = await selectExisting(db, setOf(entries).set);
  let left: readonly Entry[] = entries.filter((entry) => {
    // The citations of a rejected record are dropped with it.
    if (entry.isRest && !known.entity.has(String(entry.record['slug']))) return false;
    const exists = isRedirect(entry, known) || (entry.isStandIn && isKnown(entry, known));
    if (exists) sorted.unchanged.push(entry);
    return !exists;
  });
  for (;;) {
    const { set, entriesIn } = setOf(left);
    const registry = new Registry(set, known);
    if (!isLast) {
      const rest = takeWaiting(left, { set, entriesIn }, registry, sorted.waiting);
      if (rest !== left) {
        left = rest;
        continue;
      }
    }
    const reasons = new Map<Entry, string[]>();
    const lineOf = (recordType: RecordType, i: number) => entriesIn[recordType][i]?.origin.line;
    const explanations = new Map<Entry, (Explain | undefined)[]>();
    const report: Report = ([recordType, i, ...path], _code, message, { explain } = {}) => {
      const entry = entriesIn[recordType as RecordType][i as number];
      if (!entry) throw new Error(`no record ${String(recordType)}[${i}]`);
      const where = path.length > 1 ? `${formatPath(path)}: ` : '';
      const reason = where + withLines(message, lineOf);
      reasons.set(entry, [...(reasons.get(entry) ?? []), reason]);
      explanations.set(entry, [...(explanations.get(entry) ?? []), explain]);
    };
    const located = await checkRecords(set, known, registry, report, unlimited());
    if (reasons.size === 0) {
      const accesses = await defaultBodyAccess(db, set, registry, bodyAccess);
      const recordChanges = changesOf(set, known, registry, located, accesses);
      sorted.slugs = registry.slugsById();
      const inOrder = Object.keys(sections).flatMap(
        (recordType) => entriesIn[recordType as RecordType],
      );
      inOrder.forEach((entry, i) => {
        if (recordChanges[i]) sorted.ready.push({ entry, recordChange: recordChanges[i] });
      });
      return sorted;
    }
    for (const [entry, why] of reasons) {
      const { origin, type, record } = entry;
      const explain = explanations.get(entry) ?? [];
      const data = { type, ...record };
      sorted.rejections.push({ origin, reasons: why, explain, data });
    }
    left = left.filter((entry) => !reasons.has(entry));
  }
}

// Private:

interface Sections {
  set: RecordSet;
  /** The entries of the set's records, at the same indexes. */
  entriesIn: Record<RecordType, Entry[]>;
}

function setOf(entries: readonly Entry[]): Sections {
  const names = Object.keys(sections) as RecordType[];
  const entriesIn = Object.fromEntries(
    names.map((name): [string, Entry[]] => [name, []]),
  ) as Record<RecordType, Entry[]>;
  for (const entry of entries) entriesIn[recordTypeByName[entry.type]].push(entry);
  const set = Object.fromEntries(
    names.map((name) => [name, entriesIn[name].map(({ record }) => record)]),
  );
  return { set: set as unknown as RecordSet, entriesIn };
}

function isKnown({ type, record }: Entry, known: ExistingRecords): boolean {
  const space = spaceOfType(type);
  return space !== undefined && known[space].has(String(record['slug']));
}

function isRedirect({ type, record }: Entry, known: ExistingRecords): boolean {
  const space = spaceOfType(type);
  if (!space || record['mergedInto'] === undefined) return false;
  return known[space].get(String(record['slug']))?.redirect ?? false;
}

/**
 * Moves entries with missing links to `waiting`. Of an entity that cites a missing article only the
 * citations wait, since the article may mention the entity.
 */
function takeWaiting(
  entries: readonly Entry[],
  { set, entriesIn }: Sections,
  registry: Registry,
  waiting: Entry[],
): readonly Entry[] {
  const isMissing = (article: string | undefined) =>
    article !== undefined && !registry.find(article, 'ARTICLE');
  const before = waiting.length;
  const left: Entry[] = [];
  for (const at of recordsOf(set)) {
    const entry = entriesIn[at.recordType][Number(at.path[1])];
    if (!entry) continue;
    const isIncomplete = linksOf(at).some(
      ({ slug, targets }) => targets[0] && !registry.find(slug, targets[0]),
    );
    const citesMissing =
      !isIncomplete && referencesOf(at, set).some(({ article }) => isMissing(article));
    if (!isIncomplete && !citesMissing) {
      left.push(entry);
    } else if (isIncomplete || entry.isRest || spaceOfType(entry.type) !== 'entity') {
      waiting.push(entry);
    } else {
      waiting.push({ ...entry, isRest: true, record: citationsOf(entry.record) });
      left.push({ ...entry, record: withoutCitations(entry.record) });
    }
  }
  return waiting.length > before ? left : entries;
}

type Data = Record<string, unknown>;

const citationsOf = ({ slug, references, statuses }: Data): Data => ({
  slug,
  references,
  statuses,
});

const withoutCitations = ({ references: _, ...record }: Data): Data =>
  Array.isArray(record['statuses'])
    ? {
        ...record,
        statuses: (record['statuses'] as Data[]).map(({ references: __, ...status }) => status),
      }
    : record;

/** Replaces paths of the set in messages, such as `people[3]`, by lines of the file. */
const withLines = (
  message: string,
  lineOf: (recordType: RecordType, i: number) => number | undefined,
): string =>
  message.replace(places, (place, recordType: RecordType, i: string) => {
    const line = lineOf(recordType, Number(i));
    return line === undefined ? place : `line ${line}`;
  });

const places = new RegExp(
  `\\b(${Object.keys(sections).join('|')})\\[(\\d+)\\](\\.\\w+|\\[\\d+\\])*`,
  'g',
);
