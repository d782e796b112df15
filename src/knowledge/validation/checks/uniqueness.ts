/** Rejects values that belong to another record: identifiers, URLs, ISO codes. */
import type { Owner } from '../existingNeighbours.js';
import type { RecordSet } from '../schemas.js';
import {
  describeIdentifier,
  identifierKey,
  identifiersIn,
  type Identifier,
} from '../../values/identifiers.js';
import { formatPath, show, type Path, type Report } from '../report.js';
import type { ExistingRecords } from '../existing.js';
import type { Registry } from '../registry.js';
import { items, recordsIn, recordsOf, type RecordEntry } from '../walk.js';
import { linkTargetOf } from '../../model/recordTypes.js';

export function checkUniqueness(
  set: RecordSet,
  known: ExistingRecords,
  registry: Registry,
  report: Report,
): void {
  const claims = [
    ...recordsIn(set, 'articles').flatMap((entry) => fieldClaims(entry, 'url')),
    ...recordsIn(set, 'places').flatMap((entry) => fieldClaims(entry, 'isoCode')),
    ...recordsOf(set).flatMap(identifierClaims),
  ];
  const freed = (owner: Owner, claim: Claim) => releases(set, registry, owner, claim);
  const claimed = new Map<string, Path>();
  for (const claim of claims) {
    const { kind, key, what, at, entry } = claim;
    const first = claimed.get(`${kind} ${key}`);
    if (first) report(at, 'DUPLICATE', `${what} is given twice, first at ${formatPath(first)}`);
    else claimed.set(`${kind} ${key}`, at);
    const owner = known.owners[kind].get(key);
    if (owner && owner.id !== idOf(entry, registry) && !freed(owner, claim)) {
      report(
        at,
        'DUPLICATE',
        `${what} belongs to ${show(owner.slug)} in the knowledge base: correct one of them`,
      );
    }
  }
  for (const { record, path } of recordsOf(set)) {
    checkNames(record['names'], path, report);
    checkCoordinates(record, path, report);
  }
  checkStatements(set, report);
}

// Private:

type Kind = keyof ExistingRecords['owners'];

interface Claim {
  kind: Kind;
  key: string;
  /** The value as messages name it. */
  what: string;
  at: Path;
  entry: RecordEntry;
}

function fieldClaims(entry: RecordEntry, kind: 'url' | 'isoCode'): Claim[] {
  const value = entry.record[kind];
  if (typeof value !== 'string') return [];
  return [{ kind, key: value, what: `"${kind}" ${show(value)}`, at: [...entry.path, kind], entry }];
}

function identifierClaims(entry: RecordEntry): Claim[] {
  const identifiers = entry.record['identifiers'] ?? {};
  return Object.entries(identifiers).flatMap(([scheme, values]) =>
    items(values, [...entry.path, 'identifiers', scheme]).flatMap(({ value, at }) =>
      identifiersIn({ [scheme]: value }).map((identifier) => ({
        kind: 'identifier',
        key: keyOf(identifier, entry),
        what: `the identifier ${describeIdentifier(identifier)}`,
        at,
        entry,
      })),
    ),
  );
}

function idOf({ recordType, record }: RecordEntry, registry: Registry): string | undefined {
  const target = linkTargetOf(recordType);
  return target && registry.declared(String(record['slug']), target)?.id;
}

/** Whether the set gives the owner another value, or none. */
function releases(set: RecordSet, registry: Registry, owner: Owner, { kind, key }: Claim): boolean {
  const field = kind === 'identifier' ? 'identifiers' : kind;
  const keeps = (entry: RecordEntry) =>
    kind === 'identifier'
      ? identifiersIn(entry.record[field]).some((each) => keyOf(each, entry) === key)
      : entry.record[field] === key;
  return recordsOf(set).some(
    (entry) =>
      idOf(entry, registry) === owner.id && entry.record[field] !== undefined && !keeps(entry),
  );
}

const keyOf = (identifier: Identifier, { recordType }: RecordEntry): string =>
  identifierKey(identifier, linkTargetOf(recordType));

function checkNames(value: unknown, path: Path, report: Report): void {
  const seen = new Set<string>();
  for (const { value: name, at } of items(value, [...path, 'names'])) {
    const { name: text, language, kind, start } = name as Record<string, unknown>;
    const key = JSON.stringify([text, language ?? null, kind ?? 'ALTERNATIVE', start ?? null]);
    if (seen.has(key)) report(at, 'DUPLICATE', `the name ${show(text)} is given twice`);
    seen.add(key);
  }
}

/** A coordinate that was removed as invalid counts as given. */
function checkCoordinates(record: RecordEntry['record'], path: Path, report: Report): void {
  const given = (name: string) => name in record && record[name] !== null;
  const [latitude, longitude] = [given('latitude'), given('longitude')];
  if (latitude && !longitude) {
    report([...path, 'latitude'], 'REQUIRED', '"latitude" needs a "longitude" too');
  }
  if (longitude && !latitude) {
    report([...path, 'longitude'], 'REQUIRED', '"longitude" needs a "latitude" too');
  }
}

function checkStatements(set: RecordSet, report: Report): void {
  const seen = new Map<string, Path>();
  for (const { record, path } of recordsIn(set, 'statements')) {
    const { article, speaker, text } = record;
    if (text === undefined) continue;
    const key = JSON.stringify([article, speaker, text]);
    const first = seen.get(key);
    if (first) {
      report(path, 'DUPLICATE', `this statement is given twice, first at ${formatPath(first)}`);
    } else seen.set(key, path);
  }
}
