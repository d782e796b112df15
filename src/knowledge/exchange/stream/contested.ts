/** Identifiers that a record of a stream gives, but another record owns. */
import type { Queryable } from '../../../database/database.js';
import {
  describeIdentifier,
  identifierKey,
  identifiersIn,
  identifiersOut,
  type Identifier,
} from '../../values/identifiers.js';
import { typeOf, whyApartFrom, type Found, type Target } from './lookUp.js';
import { readGivenIdentifiers, readOwners, type Owner } from './owners.js';
import type { Entry } from './parsedRecord.js';

/** The keys of identifiers that records of this batch give, by slug. */
export function givenKeys(
  entries: readonly Entry[],
  targets: readonly (Target | undefined)[],
): Map<string, Set<string>> {
  const given = new Map<string, Set<string>>();
  entries.forEach((entry, i) => {
    const slug = targets[i]?.slug ?? entry.record['slug'];
    if (typeof slug !== 'string' || entry.record['identifiers'] === undefined) return;
    const type = typeOf(entry);
    const keys = identifiersIn(entry.record['identifiers']).map((each) =>
      identifierKey(each, type),
    );
    given.set(slug, new Set(keys));
  });
  return given;
}

/** Removes globally unique identifiers that another record owns. */
export function withoutContested(
  entry: Entry,
  target: Target | undefined,
  { owners }: Found,
  given: ReadonlyMap<string, Set<string>>,
): { record: Entry['record']; contested: { identifier: Identifier; owner: Owner }[] } {
  const contested: { identifier: Identifier; owner: Owner }[] = [];
  const own: Identifier[] = [];
  for (const identifier of identifiersIn(entry.record['identifiers'])) {
    const key = identifierKey(identifier, typeOf(entry));
    const owner = identifier.source === null ? owners.get(key) : undefined;
    const isOwn =
      !owner || owner.slug === target?.slug || (owner.id !== undefined && owner.id === target?.id);
    const isReleased = owner && given.has(owner.slug) && !given.get(owner.slug)?.has(key);
    if (isOwn || isReleased) own.push(identifier);
    else contested.push({ identifier, owner });
  }
  return { record: { ...entry.record, identifiers: identifiersOut(own) }, contested };
}

export function apartMessage(
  entry: Entry,
  identifier: Identifier,
  owner: Owner,
  target: Target | undefined,
  found: Found,
): string {
  const name = JSON.stringify(entry.record['name']);
  const other = found.descriptions.get(owner.id ?? '')?.names[0];
  const owning = other === undefined ? owner.slug : `${JSON.stringify(other)} (${owner.slug})`;
  const why = whyApartFrom(entry, owner, found);
  const what = `the identifier ${describeIdentifier(identifier)} of ${name}${target ? ` (${target.slug})` : ''} belongs to ${owning}`;
  return why === undefined
    ? `${what}, and was not added: merge the two records if they are the same`
    : `${what}, and the two are different records, because ${why}: correct one of them`;
}

/** The scheme of identifiers by which a source's record is recognized although another owns them. */
const disputed = 'disputed';

/**
 * Recognizes records that have no identifier except one that another record owns, by that
 * identifier within their source.
 */
export async function recognizeDisputed(
  db: Queryable,
  entries: Entry[],
  targets: (Target | undefined)[],
  dropped: Map<Entry, Identifier[]>,
): Promise<void> {
  const alone = entries.flatMap((entry, i) => {
    const [first] = dropped.get(entry) ?? [];
    const { slug, identifiers } = entry.record;
    return first && slug === undefined && !targets[i] && identifiersIn(identifiers).length === 0
      ? [{ entry, i, value: `${first.scheme}:${first.value}` }]
      : [];
  });
  if (alone.length === 0) return;
  const key = (entry: Entry, value: string): Identifier => ({
    scheme: disputed,
    value,
    source: entry.source,
  });
  const owners = await readOwners(
    db,
    alone.map(({ entry, value }) => key(entry, value)),
  );
  for (const { entry, i, value } of alone) {
    const identifier = key(entry, value);
    targets[i] = owners.get(identifierKey(identifier, typeOf(entry)));
    entry.record['identifiers'] = identifiersOut([identifier]);
  }
}

/**
 * Keeps identifiers of other sources: a source replaces its own ones, and the globally unique ones
 * of each scheme it gives.
 */
export async function withOthersIdentifiers(
  db: Queryable,
  entries: readonly Entry[],
  targets: readonly (Target | undefined)[],
): Promise<Entry[]> {
  const isGiven = ({ record }: Entry, target: Target | undefined): boolean =>
    target?.id !== undefined && record['id'] === undefined && Boolean(record['identifiers']);
  const ids = entries.flatMap((entry, i) => {
    const id = targets[i]?.id;
    return id !== undefined && isGiven(entry, targets[i]) ? [id] : [];
  });
  const existing = await readGivenIdentifiers(db, ids);
  return entries.map((entry, i) => {
    const known = existing.get(targets[i]?.id ?? '') ?? [];
    if (known.length === 0 || !isGiven(entry, targets[i])) return entry;
    const given = entry.record['identifiers'] as Record<string, unknown>;
    const own = identifiersIn(given);
    const keys = new Set(own.map((each) => identifierKey(each, undefined)));
    const kept = known.filter(
      (each) =>
        !keys.has(identifierKey(each, undefined)) &&
        !(each.scheme in given && (each.source === null || each.source === entry.source)),
    );
    if (kept.length === 0) return entry;
    const identifiers = identifiersOut([...own, ...kept]);
    return { ...entry, record: { ...entry.record, identifiers } };
  });
}
