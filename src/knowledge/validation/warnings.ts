/**
 * Warnings about valid records: a statement made after its article was published, a MIXED
 * statement without quotation marks, a new person with an existing name, and a post whose title
 * differs from another only in case and spaces.
 */
import { sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { textArray, uuidArray, uuids } from '../reading/keys.js';
import { hasSpokenWords } from '../quotation/spoken.js';
import { foldName } from '../values/names.js';
import { daysOf } from '../values/partialDate.js';
import type { RecordSet } from './schemas.js';
import type { Registry } from './registry.js';
import { formatPath, show, type Path, type Warn } from './report.js';
import { items, recordsIn } from './walk.js';

/** The set must have passed all checks. */
export async function findWarnings(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  warn: Warn,
): Promise<void> {
  warnAboutUnquoted(set, warn);
  await warnAboutLateStatements(db, set, registry, warn);
  await warnAboutNamesakes(db, set, registry, warn);
  await warnAboutSimilarTitles(db, set, registry, warn);
}

// Private:

/** Only the quoted words of a MIXED statement are compared with its article. */
function warnAboutUnquoted(set: RecordSet, warn: Warn): void {
  for (const { record, path } of recordsIn(set, 'statements')) {
    const { kind, text } = record;
    if (kind !== 'MIXED' || typeof text !== 'string' || hasSpokenWords(text, kind)) continue;
    warn(
      [...path, 'text'],
      'UNQUOTED',
      'a MIXED statement has some of the speaker’s own words between quotation marks, this one has none: is it INDIRECT?',
    );
  }
}

/** Warns about statements dated after the publication of their article. */
async function warnAboutLateStatements(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  warn: Warn,
): Promise<void> {
  const idOf = (slug = '') => registry.find(slug, 'ARTICLE')?.id;
  const dated = recordsIn(set, 'statements').filter(
    ({ record }) => typeof record['saidOn'] === 'string' && typeof record['article'] === 'string',
  );
  if (dated.length === 0) return;
  const published = new Map(
    (
      await readRows<{ id: string; date: string | null }>(
        db,
        sql`select id, published_on as date from article where id = any(${uuids([
          ...new Set(dated.flatMap(({ record }) => idOf(String(record['article'])) ?? [])),
        ])})`,
      )
    ).map(({ id, date }) => [id, date]),
  );
  for (const { slug, publishedOn } of set.articles) {
    const id = idOf(slug);
    if (id !== undefined && publishedOn !== undefined) published.set(id, publishedOn);
  }
  for (const { record, path } of dated) {
    const { article, saidOn } = record as { article: string; saidOn: string };
    const date = published.get(idOf(article) ?? '');
    const [said, known] = [daysOf(saidOn), date && daysOf(date)];
    if (!said || !known || said.first <= known.last) continue;
    warn(
      [...path, 'saidOn'],
      'SAID_AFTER_PUBLICATION',
      `"saidOn" ${show(saidOn)} is after ${show(date)}, when ${article} was published: is one of the two dates wrong?`,
    );
  }
}

/** Two people may share a name, but usually they are one person, recorded twice. */
async function warnAboutNamesakes(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  warn: Warn,
): Promise<void> {
  const byName = new Map<string, { slug: string; name: string; path: Path }[]>();
  for (const { record, path } of recordsIn(set, 'people')) {
    const slug = String(record['slug']);
    const names = [
      { value: record['name'], at: [...path, 'name'] },
      ...items(record['names'], [...path, 'names']).map(({ value, at }) => ({
        value: (value as { name: unknown }).name,
        at: [...at, 'name'],
      })),
    ];
    const own = new Set<string>();
    for (const { value, at } of names) {
      const folded = typeof value === 'string' ? foldName(value) : '';
      if (!folded || own.has(folded)) continue;
      own.add(folded);
      byName.set(folded, [...(byName.get(folded) ?? []), { slug, name: String(value), path: at }]);
    }
  }
  const isNew = (slug: string) => !registry.find(slug, 'PERSON')?.known;
  const candidates = [...byName].filter(([, people]) => people.some(({ slug }) => isNew(slug)));
  if (candidates.length === 0) return;
  const existing = await namesakes(
    db,
    candidates.map(([folded]) => folded),
  );
  for (const [folded, people] of candidates) {
    for (const [i, { slug, name, path }] of people.entries()) {
      if (!isNew(slug)) continue;
      const earlier = people.slice(0, i).find((other) => other.slug !== slug);
      const known = existing.get(folded)?.find((other) => other !== slug);
      const other =
        known ?? earlier?.slug ?? people.slice(i + 1).find(({ slug: own }) => !isNew(own))?.slug;
      if (other === undefined) continue;
      warn(
        path,
        'NAMESAKE',
        `${other} is also called ${show(name)}: if this is the same person, use that slug or merge the two`,
      );
    }
  }
}

/** The slugs of the people with each of these folded names. */
async function namesakes(db: Queryable, folded: string[]): Promise<Map<string, string[]>> {
  const rows = await readRows<{ folded: string; slug: string }>(
    db,
    sql`select distinct n.folded, e.slug from unnest(${textArray(folded)}::text[]) as n (folded)
      cross join lateral (
        (select p.id from person p where p.sort_name = n.folded and p.live limit ${maxNamed})
        union
        (select a.entity_id from entity_name a where a.sort_name = n.folded limit ${maxNamed})) as named
      join entity e on e.id = named.id and e.type = 'PERSON' and e.live
      order by 1, 2`,
  );
  const found = new Map<string, string[]>();
  for (const row of rows) found.set(row.folded, [...(found.get(row.folded) ?? []), row.slug]);
  return found;
}

const maxNamed = sql.raw('5');

/** Warns about `chair` beside `Chair` in one organization. */
async function warnAboutSimilarTitles(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  warn: Warn,
): Promise<void> {
  const firsts = new Map<string, Post>();
  for (const { record, path } of recordsIn(set, 'positions')) {
    const { title, organization } = record as { title: string; organization: string };
    const id = registry.find(organization, 'ORGANIZATION')?.id;
    if (id === undefined || typeof title !== 'string') continue;
    const post: Post = { organization, id, title, folded: foldTitle(title), path };
    const key = `${id} ${post.folded}`;
    const first = firsts.get(key);
    if (!first) firsts.set(key, post);
    else if (first.title !== title) warnAboutTitle(post, first.title, formatPath(first.path), warn);
  }
  if (firsts.size === 0) return;
  const posts = [...firsts.values()];
  // Materialized, so that the titles of these organizations are read once.
  const rows = await readRows<{ i: number; title: string }>(
    db,
    sql`with existing as materialized (
        select distinct organization_id, title from position
        where organization_id = any(${uuids([...new Set(posts.map(({ id }) => id))])}) and deleted_at is null)
      select given.i::int - 1 as i, min(existing.title) as title
      from unnest(
        ${uuidArray(posts.map(({ id }) => id))}::uuid[],
        ${textArray(posts.map(({ title }) => title))}::text[],
        ${textArray(posts.map(({ folded }) => folded))}::text[])
        with ordinality as given (id, title, folded, i)
      join existing on existing.organization_id = given.id
        and translate(lower(existing.title), ${spaces}, '') = given.folded
      group by given.i having not bool_or(existing.title = given.title)`,
  );
  for (const { i, title } of rows) {
    const post = posts[i];
    if (post) warnAboutTitle(post, title, 'in the knowledge base', warn);
  }
}

interface Post {
  organization: string;
  id: string;
  title: string;
  folded: string;
  path: Path;
}

const warnAboutTitle = (
  { title, organization, path }: Post,
  other: string,
  where: string,
  warn: Warn,
) => {
  warn(
    [...path, 'title'],
    'SIMILAR_TITLE',
    `the post ${show(title)} of ${organization} differs from ${show(other)} (${where}) only by case and spaces: use one spelling if they are the same post`,
  );
};

/** Folds as the statement above does; `lower` of PostgreSQL and JavaScript differ in few letters. */
const foldTitle = (title: string) =>
  Array.from(title.toLowerCase())
    .filter((character) => !spaces.includes(character))
    .join('');

const spaces = ' \t\n\u00A0\u202F';
