/** Every quotation is in the article that it cites, every mention in the article that makes it. */
import { Body } from '../../quotation/body.js';
import { findMentions } from '../../quotation/mentions.js';
import { findQuotation } from '../../quotation/quotation.js';
import type { ListItem, ReferenceDraft } from '../../writing/draft.js';
import type { Dossier, ReferenceInput } from '../format.js';
import { show, type Path, type Report } from '../issues.js';
import type { Known } from '../known.js';
import type { Registry } from '../registry.js';
import { items, recordsIn, recordsOf, referencesOf, type ReferenceEntry } from '../walk.js';

/** Where the passages are that a dossier quotes and the names that it finds mentioned. */
export interface Located {
  references: Map<Partial<ReferenceInput>, ReferenceDraft>;
  /** By the article's slug. */
  mentions: Map<string, ListItem[]>;
}

export function locateQuotations(
  dossier: Dossier,
  known: Known,
  registry: Registry,
  report: Report,
): Located {
  const bodies = bodiesOf(dossier, known, registry);
  const located: Located = { references: new Map(), mentions: new Map() };
  for (const entry of recordsOf(dossier)) {
    for (const reference of referencesOf(entry, dossier)) {
      const draft = locate(reference, bodies, registry, report);
      if (draft) located.references.set(reference.reference, draft);
    }
  }
  const wordsFor = namesOf(dossier, known, registry);
  for (const { record, path } of recordsIn(dossier, 'articles')) {
    const { slug, mentions } = record;
    if (typeof slug !== 'string' || mentions === undefined) continue;
    const found = items(mentions, [...path, 'mentions']).flatMap(({ value, at }) => {
      const mention = value as Mention;
      const item = locateMention(mention, at, slug, bodies(slug), wordsFor, registry, report);
      return item ?? [];
    });
    located.mentions.set(slug, found);
  }
  return located;
}

// Private:

type Bodies = (article: string) => Body | undefined;
type Mention = string | { entity: string; as?: string[] };

/** The bodies as they will be; each is read but once. */
function bodiesOf(dossier: Dossier, known: Known, registry: Registry): Bodies {
  const given = new Map(dossier.articles.map(({ slug, body }) => [slug, body]));
  const read = new Map<string, Body | undefined>();
  return (slug) => {
    if (!read.has(slug)) {
      const held = known.bodies.get(registry.find(slug, 'ARTICLE')?.id ?? '');
      const text = given.get(slug) === undefined ? held : given.get(slug);
      read.set(slug, typeof text === 'string' ? new Body(text) : undefined);
    }
    return read.get(slug);
  };
}

function locate(
  { reference, at, article }: ReferenceEntry,
  bodies: Bodies,
  registry: Registry,
  report: Report,
): ReferenceDraft | undefined {
  const { exact, prefix = null, suffix = null, field = null } = reference;
  if (article === undefined) {
    report(at, 'no article is cited: name it with "article", or for the whole dossier with "cite"');
    return undefined;
  }
  const articleId = registry.find(article, 'ARTICLE')?.id;
  if (exact === undefined || articleId === undefined) return undefined;
  const body = bodies(article);
  const given = { articleId, exact, prefix, suffix, field };
  if (!body) return { ...given, start: null, end: null, verified: false };
  const search = findQuotation(body, { exact, prefix, suffix });
  if ('found' in search) return { ...given, ...search.found, verified: true };
  report([...at, 'exact'], explain(exact, article, search));
  return undefined;
}

function explain(
  exact: string,
  article: string,
  search: Exclude<ReturnType<typeof findQuotation>, { found: unknown }>,
): string {
  if ('ambiguous' in search) {
    return `${show(exact)} occurs ${search.ambiguous} times in the body of ${article}: give the words before it as "prefix" or those behind it as "suffix"`;
  }
  const missing = `${show(exact)} is not in the body of ${article}`;
  return search.nearest
    ? `${missing}: the nearest passage is ${show(search.nearest.exact)}`
    : `${missing}, nor is anything like it: quote the article word for word`;
}

/** The names of an entity as they will be. */
function namesOf(dossier: Dossier, known: Known, registry: Registry): (slug: string) => string[] {
  const declared = new Map(recordsOf(dossier).map(({ record }) => [record['slug'], record]));
  return (slug) => {
    const [main, ...others] = known.names.get(registry.find(slug, 'PERSON')?.id ?? '') ?? [];
    const record = declared.get(slug);
    const given = record?.['names'];
    const names = items(given, []).map(({ value }) => (value as { name: string }).name);
    return [
      (record?.['name'] as string | undefined) ?? main,
      ...(given === undefined ? others : names),
    ].filter((name) => typeof name === 'string');
  };
}

function locateMention(
  mention: Mention,
  at: Path,
  article: string,
  body: Body | undefined,
  wordsFor: (slug: string) => string[],
  registry: Registry,
  report: Report,
): ListItem | undefined {
  const slug = typeof mention === 'string' ? mention : mention.entity;
  const entityId = registry.find(slug, 'PERSON')?.id;
  if (entityId === undefined) return undefined;
  if (!body) return { values: { entityId, ranges: [] } };
  const given = typeof mention === 'string' ? undefined : mention.as;
  const words = given ?? wordsFor(slug);
  const missing = (given ?? []).filter((word) => findMentions(body, [word]).length === 0);
  const ranges = findMentions(body, words);
  if (missing.length > 0 || ranges.length === 0) {
    const which = (missing.length > 0 ? missing : words).map(show).join(' or ');
    const what = given ? which : `${show(slug)}, looked for as ${which},`;
    const advice = given ? 'correct the words' : 'tell with "as" by which words it is named';
    report(at, `${what} does not occur in the body of ${article}: ${advice}`);
  }
  return { values: { entityId, ranges } };
}
