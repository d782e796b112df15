/**
 * Which record a record of a stream means: the one with its slug, else the one with an identifier
 * of its source, else the one with its id, else the one with an identifier that is unique in the
 * world, if the two can be one (an article: its address); never one with its name.
 */
import type { Queryable } from '../../../database/database.js';
import {
  describeIdentifier,
  identifierKey,
  identifiersIn,
  identifiersOut,
  joins,
  readIdentifier,
  type Identifier,
} from '../../values/identifiers.js';
import type { Entry, RejectedRecord, Warning } from './parsedRecord.js';
import { identifierIn, linksIn, renamed, spaceOfType } from './recordLinks.js';
import { giveSlugs } from './newSlugs.js';
import {
  readGivenIdentifiers,
  readOwners,
  readSlugs,
  readUrls,
  slugKey,
  type Owner,
} from './owners.js';
import { readDescriptions, whyApart, type Description } from './sameness.js';
import { slugsOf } from '../../reading/slugs.js';
import {
  type LinkTarget,
  describeTargets,
  linkTargetOf,
  recordTypeByName,
  spaceOf,
} from '../../model/recordTypes.js';

/** What a run remembers of the names that its records have. */
export class Memory {
  /** Slugs that a source uses for records that have another one here, `["us", "entity", "usa"]`. */
  readonly aliases = new Map<string, string>();
  /** Records that were kept apart from the one that has an identifier which their source gives them. */
  readonly apart = new Map<string, string>();

  /** @param trusted Schemes that count as unique in the world beside the documented ones. */
  constructor(readonly trusted: ReadonlySet<string>) {}
}

export interface Resolved {
  entries: Entry[];
  /** Links that name several records. */
  rejections: RejectedRecord[];
  /** Records that were kept apart from others. */
  apart: Warning[];
}

/**
 * Gives every record that has a slug the one by which the knowledge base knows it, new ones
 * without any a fresh one, and replaces names in links by slugs. What names nothing that is
 * known yet stays as it is.
 */
export async function resolveNames(
  db: Queryable,
  entries: readonly Entry[],
  memory: Memory,
): Promise<Resolved> {
  const found = await lookUp(db, entries, memory);
  const apart: Warning[] = [];
  const dropped = new Map<Entry, Identifier[]>();
  const targets = entries.map((entry) => targetFor(entry, found, memory));
  const given = givenKeys(entries, targets);
  const freed = entries.map((entry, i) => {
    const { record, contested } = withoutContested(entry, targets[i], found, given);
    for (const { identifier, owner } of contested) {
      const message = apartMessage(entry, identifier, owner, targets[i], found);
      apart.push({ origin: entry.origin, message });
    }
    const freeEntry = contested.length > 0 ? { ...entry, record } : entry;
    dropped.set(
      freeEntry,
      contested.map(({ identifier }) => identifier),
    );
    return freeEntry;
  });
  await recognizeDisputed(db, freed, targets, dropped);
  const whole = await withOthersIdentifiers(db, freed, targets);
  const named = whole.map((entry, i) => nameEntry(entry, targets[i], memory));
  const complete = await giveSlugs(db, named);
  complete.forEach((entry, i) => {
    const { slug } = entry.record;
    if (typeof slug !== 'string') return;
    const type = typeOf(entry);
    for (const identifier of dropped.get(freed[i] ?? entry) ?? []) {
      memory.apart.set(apartKey(entry.source, type, identifier), slug);
    }
    for (const identifier of identifiersIn(entry.record['identifiers'])) {
      const key = identifierKey(identifier, type);
      if (!found.owners.has(key)) found.owners.set(key, { slug, type: type ?? 'PLACE' });
    }
  });
  return { ...linked(complete, found, memory), apart };
}

// Private:

/** The record here that an entry means. */
interface Target {
  slug: string;
  id?: string | undefined;
}

interface Found {
  /** Who has an identifier, by its key. */
  owners: Map<string, Owner>;
  /** Addresses of articles → slug. */
  urls: Map<string, string>;
  ids: Map<string, string>;
  /** The ids of records by `entity nato`, of slugs that come with another way to know a record. */
  slugs: Map<string, string>;
  /** What is known of records that may be the same as one of the stream. */
  descriptions: Map<string, Description>;
}

const typeOf = ({ type }: Entry): LinkTarget | undefined => linkTargetOf(recordTypeByName[type]);

const apartKey = (source: string, type: LinkTarget | undefined, { scheme, value }: Identifier) =>
  JSON.stringify([source, type, scheme, value]);

const aliasKey = (source: string, space: string, slug: string) =>
  JSON.stringify([source, space, slug]);

/** The identifier in a link, as the source of the record that has the link means it. */
function linkIdentifier(name: string, source: string, trusted: Memory['trusted']) {
  const named = identifierIn(name);
  if (!named) return undefined;
  const { isMalformed: _, ...identifier } = readIdentifier(
    { scheme: named.scheme, value: named.value, source: null },
    { source, trusted },
  );
  return { identifier, type: named.type };
}

async function lookUp(
  db: Queryable,
  entries: readonly Entry[],
  { trusted }: Memory,
): Promise<Found> {
  const named = entries.filter(({ type }) => spaceOfType(type));
  const owners = await readOwners(db, [
    ...entries.flatMap((entry) =>
      linksIn(entry).flatMap(
        (name) => linkIdentifier(name, entry.source, trusted)?.identifier ?? [],
      ),
    ),
    ...named.flatMap(({ record }) => identifiersIn(record['identifiers'])),
  ]);
  const urls = await readUrls(
    db,
    named.flatMap(({ type, record }) =>
      type === 'Article' && !record['slug'] && typeof record['url'] === 'string'
        ? record['url']
        : [],
    ),
  );
  const ids = await slugsOf(
    db,
    named.flatMap(({ record }) => (typeof record['id'] === 'string' ? record['id'] : [])),
  );
  const slugs = await readSlugs(
    db,
    named.filter(
      ({ record }) =>
        record['slug'] !== undefined &&
        (record['identifiers'] !== undefined || ids.has(String(record['id']))),
    ),
  );
  const candidates = named.flatMap((entry) =>
    identifiersIn(entry.record['identifiers']).flatMap((identifier) =>
      joins(identifier, trusted)
        ? (owners.get(identifierKey(identifier, undefined))?.id ?? [])
        : [],
    ),
  );
  return { owners, urls, ids, slugs, descriptions: await readDescriptions(db, candidates) };
}

function targetFor(entry: Entry, found: Found, { trusted }: Memory): Target | undefined {
  const space = spaceOfType(entry.type);
  if (!space) return undefined;
  const { slug, url, id } = entry.record;
  const type = typeOf(entry);
  const there = typeof slug === 'string' ? found.slugs.get(slugKey(space, slug)) : undefined;
  if (typeof slug === 'string' && there !== undefined) return { slug, id: there };
  const identifiers = identifiersIn(entry.record['identifiers']);
  for (const identifier of identifiers) {
    // Two streams from the standard input may have nothing in common.
    if (identifier.source === null || identifier.source === '-') continue;
    const owner = found.owners.get(identifierKey(identifier, type));
    if (owner) return owner;
  }
  const byId = found.ids.get(String(id));
  if (byId !== undefined) return { slug: byId };
  for (const identifier of identifiers) {
    const owner = joins(identifier, trusted) && found.owners.get(identifierKey(identifier, type));
    if (owner && whyApartFrom(entry, owner, found) === undefined) return owner;
  }
  const byUrl = found.urls.get(String(url));
  return byUrl === undefined ? undefined : { slug: byUrl };
}

/** Why a record cannot be the one that has its identifier; undefined where it can be. */
function whyApartFrom(entry: Entry, owner: Owner, { descriptions }: Found): string | undefined {
  const type = typeOf(entry);
  if (owner.type !== type) {
    return `one is ${describeTargets([type ?? 'ARTICLE'])}, the other ${describeTargets([owner.type])}`;
  }
  const description = descriptions.get(owner.id ?? '');
  // What only stands in for a record tells nothing of it.
  return entry.isStandIn || !description ? undefined : whyApart(entry.record, description);
}

/** The identifiers that records of this batch say they have, by their slugs. */
function givenKeys(
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

/** The record without those identifiers that are unique in the world and another record has. */
function withoutContested(
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
    const isGivenUp = owner && given.has(owner.slug) && !given.get(owner.slug)?.has(key);
    if (isOwn || isGivenUp) own.push(identifier);
    else contested.push({ identifier, owner });
  }
  return { record: { ...entry.record, identifiers: identifiersOut(own) }, contested };
}

function apartMessage(
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
    ? `${what}, and is not put on the other: merge the two if they are one`
    : `${what}, and the two are kept apart, as ${why}: correct one of them`;
}

/** The scheme of what a source calls a record by an identifier that another record has. */
const disputed = 'disputed';

/**
 * A record that has nothing but an identifier which another has is known again by that, within
 * its source.
 */
async function recognizeDisputed(
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
 * A source tells its own identifiers, and for each scheme that it tells those that are unique in
 * the world: what others told beside stays.
 */
async function withOthersIdentifiers(
  db: Queryable,
  entries: readonly Entry[],
  targets: readonly (Target | undefined)[],
): Promise<Entry[]> {
  const isTold = ({ record }: Entry, target: Target | undefined): boolean =>
    target?.id !== undefined && record['id'] === undefined && Boolean(record['identifiers']);
  const ids = entries.flatMap((entry, i) => {
    const id = targets[i]?.id;
    return id !== undefined && isTold(entry, targets[i]) ? [id] : [];
  });
  const there = await readGivenIdentifiers(db, ids);
  return entries.map((entry, i) => {
    const known = there.get(targets[i]?.id ?? '') ?? [];
    if (known.length === 0 || !isTold(entry, targets[i])) return entry;
    const given = entry.record['identifiers'] as Record<string, unknown>;
    const told = identifiersIn(given);
    const keys = new Set(told.map((each) => identifierKey(each, undefined)));
    const kept = known.filter(
      (each) =>
        !keys.has(identifierKey(each, undefined)) &&
        !(each.scheme in given && (each.source === null || each.source === entry.source)),
    );
    if (kept.length === 0) return entry;
    const identifiers = identifiersOut([...told, ...kept]);
    return { ...entry, record: { ...entry.record, identifiers } };
  });
}

function nameEntry(entry: Entry, target: Target | undefined, { aliases }: Memory): Entry {
  const space = spaceOfType(entry.type);
  const { slug } = entry.record;
  if (!space || !target || target.slug === slug) return entry;
  if (typeof slug === 'string') aliases.set(aliasKey(entry.source, space, slug), target.slug);
  return { ...entry, record: { ...entry.record, slug: target.slug } };
}

/** The entries with slugs in place of the names in their links. */
function linked(entries: readonly Entry[], found: Found, memory: Memory): Omit<Resolved, 'apart'> {
  const rejections: RejectedRecord[] = [];
  const sound = entries.flatMap((entry) => {
    const reasons: string[] = [];
    const record = renamed(entry, (name, targets) => {
      const [slug, ...more] = slugsFor(name, targets, entry, found, memory);
      if (slug !== undefined && more.length > 0) {
        reasons.push(
          `${JSON.stringify(name)} names several records (${[slug, ...more].join(', ')}): write the type before it, as in Person:${name}`,
        );
      }
      return slug ?? name;
    });
    if (reasons.length === 0) return [record === entry.record ? entry : { ...entry, record }];
    const { origin, type } = entry;
    rejections.push({ origin, reasons, data: { type, ...entry.record } });
    return [];
  });
  return { entries: sound, rejections };
}

/** The slugs of the records that a name may mean where one of these targets is wanted. */
function slugsFor(
  name: string,
  targets: readonly LinkTarget[],
  { source }: Entry,
  { owners }: Found,
  { aliases, apart, trusted }: Memory,
): string[] {
  const named = linkIdentifier(name, source, trusted);
  if (!named) {
    const slug = aliases.get(aliasKey(source, spaceOf(targets[0] ?? 'PLACE'), name));
    return slug === undefined ? [] : [slug];
  }
  const { identifier, type } = named;
  const types = type ? [type] : targets;
  if (identifier.source === null) {
    const kept = types.flatMap((each) => apart.get(apartKey(source, each, identifier)) ?? []);
    if (kept.length > 0) return kept;
  }
  const found = types.flatMap((each) => owners.get(identifierKey(identifier, each))?.slug ?? []);
  return [...new Set(found)];
}
