/** Reads from the knowledge base what validation of a set of records needs, in a few statements. */
import { asc, eq, isNotNull, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { coalesce, equalsAny, literal } from '../../database/sql.js';
import { article, articleBody, entity, entityName, event } from '../../database/tables/index.js';
import { texts, uuids } from '../reading/keys.js';
import { selectAncestors, selectFacts, readOwners, storable } from './existingNeighbours.js';
import { selectErasedKeys } from './erasedKeys.js';
import type { RecordSet } from './schemas.js';
import { linksOf, recordsOf, referencesOf } from './walk.js';
import { type LinkTarget, type SlugSpace, linkTargetOf, spaceOf } from '../model/recordTypes.js';

export interface ExistingRecord {
  id: string;
  target: LinkTarget;
  /** The reason of its deletion, if it was deleted. */
  deleted: string | null;
  /** Whether the slug belongs to a record that was merged into this one. */
  redirect: boolean;
}

export type ExistingRecords = Awaited<ReturnType<typeof selectExisting>>;

export async function selectExisting(db: Queryable, set: RecordSet) {
  const slugs = slugsIn(set);
  const known = {
    entity: await readSlugs(db, entity, sql`stays.type`, slugs.entity),
    article: await readSlugs(db, article, literal('ARTICLE'), slugs.article),
    event: await readSlugs(db, event, literal('EVENT'), slugs.event),
  };
  return {
    ...known,
    erased: await selectErasedKeys(db, set, known),
    bodies: await readBodies(db, idsOf(known.article)),
    names: await readNames(db, mentionedIds(set, known.entity)),
    above: await selectAncestors(db, {
      places: set.places.length > 0 ? idsOf(known.entity, 'PLACE') : [],
      organizations: set.organizations.length > 0 ? idsOf(known.entity, 'ORGANIZATION') : [],
    }),
    owners: await readOwners(db, set),
    ...(await selectFacts(db, {
      people: namedIds(
        known.entity,
        set.positions.map(({ person }) => person),
      ),
      members: namedIds(
        known.entity,
        set.memberships.map(({ member }) => member),
      ),
      articles: namedIds(
        known.article,
        set.statements.map(({ article }) => article),
      ),
    })),
  };
}

// Private:

type Space = Map<string, ExistingRecord>;

const namedIds = (space: Space, slugs: string[]) => [
  ...new Set(slugs.flatMap((slug) => space.get(slug)?.id ?? [])),
];

const idsOf = (space: Space, selected?: LinkTarget) => [
  ...new Set(
    [...space.values()].flatMap(({ id, target }) => (selected && target !== selected ? [] : id)),
  ),
];

/** Every slug that the set declares or links to. */
function slugsIn(set: RecordSet): Record<SlugSpace, string[]> {
  const found = { entity: new Set<string>(), article: new Set<string>(), event: new Set<string>() };
  if (set.cite) found.article.add(set.cite);
  for (const entry of recordsOf(set)) {
    const own = linkTargetOf(entry.recordType);
    const { slug } = entry.record;
    if (own && typeof slug === 'string') found[spaceOf(own)].add(slug);
    for (const { targets, slug } of linksOf(entry)) {
      if (targets[0]) found[spaceOf(targets[0])].add(slug);
    }
    for (const { article } of referencesOf(entry, set)) if (article) found.article.add(article);
  }
  return {
    entity: storable(found.entity),
    article: storable(found.article),
    event: storable(found.event),
  };
}

/** Reads records by slug; the slug of a merged record yields the record that remained. */
async function readSlugs(
  db: Queryable,
  named: typeof entity | typeof article | typeof event,
  target: SQL<LinkTarget>,
  slugs: string[],
): Promise<Space> {
  if (slugs.length === 0) return new Map();
  // The columns read here are the same in all three tables.
  const table = named as typeof event;
  const stays = alias(table, 'stays');
  const rows = await db
    .select({
      slug: table.slug,
      id: stays.id,
      target,
      deletedAt: stays.deletedAt,
      deletionReason: stays.deletionReason,
      redirect: isNotNull(table.mergedIntoId) as SQL<boolean>,
    })
    .from(table)
    .innerJoin(stays, eq(stays.id, coalesce(table.mergedIntoId, table.id)))
    .where(equalsAny(table.slug, texts(slugs)));
  return new Map(
    rows.map(({ slug, id, target, deletedAt, deletionReason, redirect }) => [
      slug,
      { id, target, deleted: deletedAt && (deletionReason ?? 'no reason given'), redirect },
    ]),
  );
}

async function readBodies(db: Queryable, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: articleBody.articleId, text: articleBody.text })
    .from(articleBody)
    .where(equalsAny(articleBody.articleId, uuids(ids)));
  return new Map(rows.map(({ id, text }) => [id, text]));
}

function mentionedIds(set: RecordSet, entities: Space): string[] {
  const slugs = recordsOf(set)
    .filter(({ recordType }) => recordType === 'articles')
    .flatMap(linksOf)
    .filter(({ field }) => field === 'mentions')
    .map(({ slug }) => slug);
  return slugs.flatMap((slug) => entities.get(slug)?.id ?? []);
}

/** The names by which entities are found in a text. */
async function readNames(db: Queryable, ids: string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (ids.length === 0) return found;
  const main = await db
    .select({ id: entity.id, name: entity.name })
    .from(entity)
    .where(equalsAny(entity.id, uuids(ids)));
  const others = await db
    .select({ id: entityName.entityId, name: entityName.name })
    .from(entityName)
    .where(equalsAny(entityName.entityId, uuids(ids)))
    .orderBy(asc(entityName.id));
  for (const { id, name } of [...main, ...others]) found.set(id, [...(found.get(id) ?? []), name]);
  return found;
}
