/**
 * Which record a record of a stream means: the one with its slug, else the one with one of its
 * identifiers (an article: its address), else the one with its id; never one with its name.
 */
import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { article, entity, entityIdentifier, event } from '../../database/tables/index.js';
import { texts } from '../reading/keys.js';
import { slugsOf } from '../reading/slugs.js';
import { storable } from '../records/around.js';
import type { SlugSpace } from '../records/links.js';
import { slugify } from '../values/names.js';
import type { Entry } from './incoming.js';
import { identifiersOf, linksIn, renamed, spaceOfType } from './links.js';

/** Slugs that a stream uses for records that have another one here, `entity united-states`. */
export type Aliases = Map<string, string>;

/**
 * Gives every record that has a slug the one by which the knowledge base knows it, new ones
 * without any a fresh one, and replaces names in links by slugs. What names nothing that is
 * known yet stays as it is.
 */
export async function resolveNames(
  db: Queryable,
  entries: readonly Entry[],
  aliases: Aliases,
): Promise<Entry[]> {
  const found = await lookUp(db, entries);
  const byIdentifier = new Map(found.identifiers);
  const named = nameEntries(entries, found, aliases);
  const unnamed = named.filter(({ record, type }) => spaceOfType(type) && !record['slug']);
  const complete = unnamed.length > 0 ? await giveSlugs(db, named) : named;
  for (const entry of complete) {
    if (typeof entry.record['slug'] !== 'string') continue;
    for (const identifier of identifiersOf(entry)) {
      if (!byIdentifier.has(identifier)) byIdentifier.set(identifier, entry.record['slug']);
    }
  }
  const naming = (name: string, space: SlugSpace): string =>
    name.includes(':')
      ? (byIdentifier.get(name) ?? name)
      : (aliases.get(`${space} ${name}`) ?? name);
  return complete.map((entry) => {
    const record = renamed(entry, naming);
    return record === entry.record ? entry : { ...entry, record };
  });
}

// Private:

interface Found {
  /** `wikidata:Q7184` → slug. */
  identifiers: Map<string, string>;
  /** Addresses of articles → slug. */
  urls: Map<string, string>;
  ids: Map<string, string>;
  /** `entity nato`, of slugs that compete with another way to know a record. */
  slugs: Set<string>;
}

async function lookUp(db: Queryable, entries: readonly Entry[]): Promise<Found> {
  const named = entries.filter(({ type }) => spaceOfType(type));
  const identifiers = await readIdentifiers(db, [
    ...entries.flatMap(linksIn).filter((name) => name.includes(':')),
    ...named.flatMap(identifiersOf),
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
  const found: Found = { identifiers, urls, ids, slugs: new Set() };
  const contested = named.filter((entry) => {
    const { slug } = entry.record;
    const other = otherSlug(entry, found);
    return slug !== undefined && other !== undefined && other !== slug;
  });
  found.slugs = await readSlugs(db, contested);
  return found;
}

/** The slug of the record that the entry means by anything but its slug. */
const otherSlug = (entry: Entry, { identifiers, urls, ids }: Found): string | undefined => {
  for (const identifier of identifiersOf(entry)) {
    const slug = identifiers.get(identifier);
    if (slug !== undefined) return slug;
  }
  const { url, id } = entry.record;
  return urls.get(String(url)) ?? ids.get(String(id));
};

function nameEntries(entries: readonly Entry[], found: Found, aliases: Aliases): Entry[] {
  return entries.map((entry) => {
    const space = spaceOfType(entry.type);
    if (!space) return entry;
    const { slug } = entry.record;
    const other = otherSlug(entry, found);
    if (other === undefined || other === slug || found.slugs.has(`${space} ${String(slug)}`)) {
      return entry;
    }
    if (typeof slug === 'string') aliases.set(`${space} ${slug}`, other);
    return { ...entry, record: { ...entry.record, slug: other } };
  });
}

/** New records get a slug that is made of their name and, where that is taken, of an identifier. */
async function giveSlugs(db: Queryable, entries: Entry[]): Promise<Entry[]> {
  const candidates = new Map<Entry, string[]>();
  for (const entry of entries) {
    const { type, record } = entry;
    if (!spaceOfType(type) || record['slug']) continue;
    candidates.set(entry, slugsFor(entry));
  }
  const wanted = [...candidates].flatMap(([{ type, origin }, slugs]) =>
    slugs.map((slug): Entry => ({ type, origin, record: { slug } })),
  );
  const taken = await readSlugs(db, wanted);
  for (const { type, record } of entries)
    taken.add(`${spaceOfType(type)} ${String(record['slug'])}`);
  return entries.map((entry) => {
    const slugs = candidates.get(entry);
    if (!slugs) return entry;
    const space = spaceOfType(entry.type);
    const free = slugs.find((slug) => !taken.has(`${space} ${slug}`)) ?? slugs[0];
    taken.add(`${space} ${free}`);
    return { ...entry, record: { ...entry.record, slug: free } };
  });
}

const longestName = 150;

function slugsFor(entry: Entry): string[] {
  const { name, title, url } = entry.record;
  const base = slugify(String(name ?? title))
    .slice(0, longestName)
    .replace(/-$/, '');
  const keys = [...identifiersOf(entry), ...(typeof url === 'string' ? [url] : [])];
  // An identifier of nothing but punctuation, such as that of a party called "-", tells nothing apart.
  const others = keys.flatMap(
    (key) =>
      slugify(key.replace(/^[^:]*:/, ''))
        .slice(-40)
        .replace(/^-/, '') || [],
  );
  const type = entry.type.toLowerCase();
  const stem = base || type;
  return [
    // A name of nothing that a slug can hold is numbered, as `createOrganization` does.
    ...(base ? [base] : others.length > 0 ? [] : numbered(type)),
    ...others.map((other) => `${stem}-${other}`),
    ...others.map((other) => `${stem}-${other}-${type}`),
    // Nobody has that one.
    `${stem}-${randomUUID().slice(0, 8)}`,
  ];
}

/** `organization`, `organization-2` … */
const numbered = (stem: string): string[] => [
  stem,
  ...Array.from({ length: 8 }, (_, i) => `${stem}-${i + 2}`),
];

async function readIdentifiers(db: Queryable, names: string[]): Promise<Map<string, string>> {
  const pairs = storable(names).map((name) => {
    const colon = name.indexOf(':');
    return { scheme: name.slice(0, colon), value: name.slice(colon + 1) };
  });
  if (pairs.length === 0) return new Map();
  const { scheme, value, entityId } = entityIdentifier;
  const rows = await db
    .select({ scheme, value, slug: entity.slug })
    .from(
      sql`unnest(${texts(pairs.map((pair) => pair.scheme))}, ${texts(pairs.map((pair) => pair.value))}) as asked(s, v)`,
    )
    .innerJoin(entityIdentifier, sql`${scheme} = asked.s and ${value} = asked.v`)
    .innerJoin(entity, eq(entity.id, entityId));
  return new Map(rows.map((row) => [`${row.scheme}:${row.value}`, row.slug]));
}

async function readUrls(db: Queryable, urls: string[]): Promise<Map<string, string>> {
  if (urls.length === 0) return new Map();
  const rows = await db
    .select({ url: article.url, slug: article.slug })
    .from(article)
    .where(sql`${article.url} = any(${texts(storable(urls))})`);
  return new Map(rows.map(({ url, slug }) => [String(url), slug]));
}

/** Which of the slugs of these entries are taken, `entity nato`. */
async function readSlugs(db: Queryable, entries: readonly Entry[]): Promise<Set<string>> {
  const taken = new Set<string>();
  const tables = { entity, article, event };
  for (const [space, table] of Object.entries(tables)) {
    const slugs = entries
      .filter(({ type }) => spaceOfType(type) === space)
      .map(({ record }) => String(record['slug']));
    if (slugs.length === 0) continue;
    const rows = await db
      .select({ slug: table.slug })
      .from(table)
      .where(sql`${table.slug} = any(${texts(slugs)})`);
    for (const { slug } of rows) taken.add(`${space} ${slug}`);
  }
  return taken;
}
