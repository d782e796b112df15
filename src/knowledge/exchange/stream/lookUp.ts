/** Looks up what a batch names: owners of identifiers, slugs, URLs. */
import {
  describeTargets,
  linkTargetOf,
  recordTypeByName,
  type LinkTarget,
} from '../../model/recordTypes.js';
import type { Queryable } from '../../../database/database.js';
import { slugsOf } from '../../reading/slugs.js';
import {
  identifierKey,
  identifiersIn,
  joins,
  readIdentifier,
  type Identifier,
} from '../../values/identifiers.js';
import { readOwners, readSlugs, readUrls, slugKey, type Owner } from './owners.js';
import type { Entry } from './parsedRecord.js';
import { identifierIn, linksIn, spaceOfType } from './recordLinks.js';
import { readDescriptions, whyApart, type Description } from './sameness.js';

/** Names that an import remembers from batch to batch. */
export class Memory {
  /** Slugs of a source whose record has another slug here, by `["us", "entity", "usa"]`. */
  readonly aliases = new Map<string, string>();
  /** Records with an identifier that belongs to a different record, by source and identifier. */
  readonly apart = new Map<string, string>();

  /** @param trusted Globally unique schemes in addition to the documented ones. */
  constructor(readonly trusted: ReadonlySet<string>) {}
}

/** The existing record for an entry. */
export interface Target {
  slug: string;
  id?: string | undefined;
}

export interface Found {
  /** The owners of identifiers, by key. */
  owners: Map<string, Owner>;
  /** The slugs of articles, by URL. */
  urls: Map<string, string>;
  ids: Map<string, string>;
  /** The ids of records by `entity nato`, for entries with another key beside the slug. */
  slugs: Map<string, string>;
  /** Descriptions of records that may be the same as one of the stream. */
  descriptions: Map<string, Description>;
}

export const typeOf = ({ type }: Entry): LinkTarget | undefined =>
  linkTargetOf(recordTypeByName[type]);

export const apartKey = (
  source: string,
  type: LinkTarget | undefined,
  { scheme, value }: Identifier,
) => JSON.stringify([source, type, scheme, value]);

export const aliasKey = (source: string, space: string, slug: string) =>
  JSON.stringify([source, space, slug]);

/** The identifier in a link, within the source of the record with the link. */
export function linkIdentifier(name: string, source: string, trusted: Memory['trusted']) {
  const named = identifierIn(name);
  if (!named) return undefined;
  const { isMalformed: _, ...identifier } = readIdentifier(
    { scheme: named.scheme, value: named.value, source: null },
    { source, trusted },
  );
  return { identifier, type: named.type };
}

export async function lookUp(
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

export function targetFor(entry: Entry, found: Found, { trusted }: Memory): Target | undefined {
  const space = spaceOfType(entry.type);
  if (!space) return undefined;
  const { slug, url, id } = entry.record;
  const type = typeOf(entry);
  const existing = typeof slug === 'string' ? found.slugs.get(slugKey(space, slug)) : undefined;
  if (typeof slug === 'string' && existing !== undefined) return { slug, id: existing };
  const identifiers = identifiersIn(entry.record['identifiers']);
  for (const identifier of identifiers) {
    // All standard input has this source, whatever its publisher.
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

/** Why a record cannot be the owner of its identifier; undefined if it can. */
export function whyApartFrom(
  entry: Entry,
  owner: Owner,
  { descriptions }: Found,
): string | undefined {
  const type = typeOf(entry);
  if (owner.type !== type) {
    return `one is ${describeTargets([type ?? 'ARTICLE'])}, the other ${describeTargets([owner.type])}`;
  }
  const description = descriptions.get(owner.id ?? '');
  // A stand-in has no fields to compare.
  return entry.isStandIn || !description ? undefined : whyApart(entry.record, description);
}
