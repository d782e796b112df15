/**
 * Matches records of a stream with existing ones: by slug, else by an identifier of the source, else
 * by id, else by a globally unique identifier if the two can be the same (articles: by URL); never
 * by name.
 */
import { spaceOf, type LinkTarget } from '../../model/recordTypes.js';
import type { Queryable } from '../../../database/database.js';
import { identifierKey, identifiersIn, type Identifier } from '../../values/identifiers.js';
import {
  apartMessage,
  givenKeys,
  recognizeDisputed,
  withoutContested,
  withOthersIdentifiers,
} from './contested.js';
import {
  type Memory,
  aliasKey,
  apartKey,
  linkIdentifier,
  lookUp,
  targetFor,
  typeOf,
  type Found,
  type Target,
} from './lookUp.js';
import { giveSlugs } from './newSlugs.js';
import type { Entry, RejectedRecord, Warning } from './parsedRecord.js';
import { renamed, spaceOfType } from './recordLinks.js';

export interface Resolved {
  entries: Entry[];
  /** Entries whose links are ambiguous. */
  rejections: RejectedRecord[];
  /** Records with an identifier that belongs to a different record. */
  apart: Warning[];
}

/**
 * Gives every record the slug of its existing record or, if new, a slug, and replaces names in links
 * by slugs. Unknown names stay.
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
  const merged = await withOthersIdentifiers(db, freed, targets);
  const named = merged.map((entry, i) => nameEntry(entry, targets[i], memory));
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

function nameEntry(entry: Entry, target: Target | undefined, { aliases }: Memory): Entry {
  const space = spaceOfType(entry.type);
  const { slug } = entry.record;
  if (!space || !target || target.slug === slug) return entry;
  if (typeof slug === 'string') aliases.set(aliasKey(entry.source, space, slug), target.slug);
  return { ...entry, record: { ...entry.record, slug: target.slug } };
}

/** Replaces the names in links by slugs. */
function linked(entries: readonly Entry[], found: Found, memory: Memory): Omit<Resolved, 'apart'> {
  const rejections: RejectedRecord[] = [];
  const resolved = entries.flatMap((entry) => {
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
  return { entries: resolved, rejections };
}

/** The slugs of the records that a name can denote, given the targets of the link. */
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
