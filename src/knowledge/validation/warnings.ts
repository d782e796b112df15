/**
 * What a set of records may tell, but is worth a second look: something said after the article that
 * reports it was published or told as MIXED without a quotation, a new person with the name of another, a post whose title differs from
 * that of another only by case and spaces.
 */
import { sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { textArray, uuidArray, uuids } from '../reading/keys.js';
import { hasSpokenWords } from '../quotation/spoken.js';
import { foldName } from '../values/names.js';
import { daysOf } from '../values/partialDate.js';
import type { RecordSet } from './schemas.js';
import type { Registry } from './registry.js';
import { formatPath, show, type Path, type Report } from './report.js';
import { items, recordsIn } from './walk.js';

/** The set must have passed all checks. */
export async function findWarnings(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  warn: Report,
): Promise<void> {
  warnOfUnquoted(set, warn);
  await warnOfLateStatements(db, set, registry, warn);
  await warnOfNamesakes(db, set, registry, warn);
  await warnOfLikePosts(db, set, registry, warn);
}

// Private:

/** Of a MIXED statement only what stands between quotation marks is looked up in its article. */
function warnOfUnquoted(set: RecordSet, warn: Report): void {
  for (const { record, path } of recordsIn(set, 'statements')) {
    const { kind, text } = record;
    if (kind !== 'MIXED' || typeof text !== 'string' || hasSpokenWords(text, kind)) continue;
    warn(
      [...path, 'text'],
      'a MIXED statement has some of the speaker’s own words between quotation marks, this one has none: is it INDIRECT?',
    );
  }
}

/** What nobody can have said yet when the article was published. */
async function warnOfLateStatements(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  warn: Report,
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
      `"saidOn" ${show(saidOn)} lies after ${show(date)}, when ${article} was published: is one of the two dates wrong?`,
    );
  }
}

/** Two people may share a name, but usually they are one person, recorded twice. */
async function warnOfNamesakes(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  warn: Report,
): Promise<void> {
  const called = new Map<string, { slug: string; name: string; path: Path }[]>();
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
      called.set(folded, [...(called.get(folded) ?? []), { slug, name: String(value), path: at }]);
    }
  }
  const isNew = (slug: string) => !registry.find(slug, 'PERSON')?.known;
  const asked = [...called].filter(([, those]) => those.some(({ slug }) => isNew(slug)));
  if (asked.length === 0) return;
  const there = await namesakes(
    db,
    asked.map(([folded]) => folded),
  );
  for (const [folded, those] of asked) {
    for (const [i, { slug, name, path }] of those.entries()) {
      if (!isNew(slug)) continue;
      const ahead = those.slice(0, i).find((other) => other.slug !== slug);
      const known = there.get(folded)?.find((other) => other !== slug);
      const other =
        known ?? ahead?.slug ?? those.slice(i + 1).find(({ slug: own }) => !isNew(own))?.slug;
      if (other === undefined) continue;
      warn(
        path,
        `${other} is called ${show(name)}, too: if this is the same person, use that slug or merge the two`,
      );
    }
  }
}

/** The slugs of people who have these folded names. */
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

/** `chair` beside `Chair` in one organization. */
async function warnOfLikePosts(
  db: Queryable,
  set: RecordSet,
  registry: Registry,
  warn: Report,
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
    else if (first.title !== title) warnOfLike(post, first.title, formatPath(first.path), warn);
  }
  if (firsts.size === 0) return;
  const posts = [...firsts.values()];
  // The posts of these organizations are read once, however many there are.
  const rows = await readRows<{ i: number; title: string }>(
    db,
    sql`with there as materialized (
        select distinct organization_id, title from position
        where organization_id = any(${uuids([...new Set(posts.map(({ id }) => id))])}) and deleted_at is null)
      select asked.i::int - 1 as i, min(there.title) as title
      from unnest(
        ${uuidArray(posts.map(({ id }) => id))}::uuid[],
        ${textArray(posts.map(({ title }) => title))}::text[],
        ${textArray(posts.map(({ folded }) => folded))}::text[])
        with ordinality as asked (id, title, folded, i)
      join there on there.organization_id = asked.id
        and translate(lower(there.title), ${spaces}, '') = asked.folded
      group by asked.i having not bool_or(there.title = asked.title)`,
  );
  for (const { i, title } of rows) {
    const post = posts[i];
    if (post) warnOfLike(post, title, 'in the knowledge base', warn);
  }
}

interface Post {
  organization: string;
  id: string;
  title: string;
  folded: string;
  path: Path;
}

const warnOfLike = (
  { title, organization, path }: Post,
  other: string,
  where: string,
  warn: Report,
) => {
  warn(
    [...path, 'title'],
    `the post ${show(title)} of ${organization} differs from ${show(other)} (${where}) only by case and spaces: write both alike, if they are one`,
  );
};

/** As the statement above has it: `lower` of PostgreSQL and of JavaScript differ in a few letters only. */
const foldTitle = (title: string) =>
  Array.from(title.toLowerCase())
    .filter((character) => !spaces.includes(character))
    .join('');

const spaces = ' \t\n\u00A0\u202F';
