/** How much of the bodies of new articles readers may see, where the set of records does not say it. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { organization, type bodyAccess } from '../../database/tables/index.js';
import { uuids } from '../reading/keys.js';
import type { Registry } from './registry.js';
import type { RecordSet } from './schemas.js';
import { recordsIn } from './walk.js';

export type BodyAccess = (typeof bodyAccess.enumValues)[number];

/**
 * The access that is stored with new articles, by their slugs: the default of the publisher, else
 * that of the server. Articles without an entry keep what they have, or get `FULL`, the default of
 * the column.
 */
export async function defaultBodyAccess(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  ofServer: BodyAccess = 'FULL',
): Promise<ReadonlyMap<string, BodyAccess>> {
  const publishers = new Map<string, string | undefined>();
  for (const { record } of recordsIn(set, 'articles')) {
    const { slug, publisher, bodyAccess: given } = record;
    if (given !== undefined || registry.find(String(slug), 'ARTICLE')?.known) continue;
    publishers.set(String(slug), typeof publisher === 'string' ? publisher : undefined);
  }
  const accesses = new Map<string, BodyAccess>();
  if (publishers.size === 0) return accesses;
  const ofPublisher = await defaultsOf(db, set, registry, [...new Set(publishers.values())]);
  for (const [slug, publisher] of publishers) {
    const access = (publisher !== undefined && ofPublisher.get(publisher)) || ofServer;
    if (access !== 'FULL') accesses.set(slug, access);
  }
  return accesses;
}

// Private:

/** The defaults of publishers, by their slugs, as they are when the set is written. */
async function defaultsOf(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  slugs: readonly (string | undefined)[],
): Promise<Map<string, BodyAccess | null>> {
  const declared = new Map(
    recordsIn(set, 'organizations').flatMap(({ record: { slug, articleBodyAccess: access } }) =>
      access === undefined ? [] : [[slug as string, access as BodyAccess | null] as const],
    ),
  );
  const defaults = new Map(declared);
  const ids = new Map<string, string>();
  for (const slug of slugs) {
    if (slug === undefined || declared.has(slug)) continue;
    const known = registry.find(slug, 'ORGANIZATION')?.known;
    if (known) ids.set(slug, known.id);
  }
  if (ids.size === 0) return defaults;
  const { id, articleBodyAccess } = organization;
  const rows = await db
    .select({ id, access: articleBodyAccess })
    .from(organization)
    .where(sql`${id} = any(${uuids([...ids.values()])}) and ${articleBodyAccess} is not null`);
  const accessOf = new Map(rows.map((row) => [row.id, row.access]));
  for (const [slug, key] of ids) defaults.set(slug, accessOf.get(key) ?? null);
  return defaults;
}
