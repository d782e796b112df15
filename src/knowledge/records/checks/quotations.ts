/** Every quotation is in the article that it cites, every mention in the article that makes it. */
import type { CharacterRange } from '../../../database/tables/index.js';
import type { Body } from '../../quotation/body.js';
import { findMentions } from '../../quotation/mentions.js';
import { findQuotation } from '../../quotation/quotation.js';
import type { ListItem, ReferenceDraft, Values } from '../../writing/draft.js';
import type { RecordSet, ReferenceInput } from '../forms.js';
import { show, type Path, type Report } from '../report.js';
import type { Known } from '../known.js';
import type { Registry } from '../registry.js';
import type { Bodies } from './bodies.js';
import { items, recordsIn, recordsOf, referencesOf, type ReferenceEntry } from '../walk.js';

/** Where the passages are that a set of records quotes and the names that it finds mentioned. */
export interface Located {
  references: Map<Partial<ReferenceInput>, ReferenceDraft>;
  /** By the article's slug. */
  mentions: Map<string, ListItem[]>;
}

export function locateQuotations(
  set: RecordSet,
  known: Known,
  registry: Registry,
  bodies: Bodies,
  report: Report,
): Located {
  const located: Located = { references: new Map(), mentions: new Map() };
  for (const entry of recordsOf(set)) {
    for (const reference of referencesOf(entry, set)) {
      const draft = locate(reference, bodies, registry, report);
      if (draft) located.references.set(reference.reference, draft);
    }
  }
  const wordsFor = namesOf(set, known, registry);
  for (const { record, path } of recordsIn(set, 'articles')) {
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

type Mention = string | { entity: string; as?: string[]; id?: string; ranges?: [number, number][] };

function locate(
  { reference, at, article }: ReferenceEntry,
  bodies: Bodies,
  registry: Registry,
  report: Report,
): ReferenceDraft | undefined {
  const { exact, prefix = null, suffix = null, field = null } = reference;
  const told = reference as ToldReference;
  if (article === undefined) {
    report(at, 'no article is cited: name it with "article", or for the whole file with "cite"');
    return undefined;
  }
  const articleId = registry.find(article, 'ARTICLE')?.id;
  if (exact === undefined || articleId === undefined) return undefined;
  const body = bodies(article);
  const past = pastOf(told);
  const given = { articleId, exact, prefix, suffix, field, ...(past && { past }) };
  // What is told to be there no more was reported when it went.
  if (!body || told.verified === false) {
    return { ...given, start: null, end: null, verified: false };
  }
  const search = findQuotation(body, { exact, prefix, suffix, start: told.start });
  if ('found' in search) return { ...given, ...search.found, verified: true };
  report([...at, 'exact'], explain(exact, article, search));
  return undefined;
}

/** What a stream tells of a reference beside what it cites. */
interface ToldReference {
  start?: number | null;
  verified?: boolean;
  id?: string;
}

const pastFields = [
  'id',
  'status',
  'deletedAt',
  'deletionReason',
  'createdAt',
  'updatedAt',
] as const;

function pastOf(reference: object): Values | undefined {
  const told = reference as Values;
  if (told['id'] === undefined) return undefined;
  return Object.fromEntries(
    pastFields.filter((field) => told[field] !== undefined).map((field) => [field, told[field]]),
  );
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
function namesOf(set: RecordSet, known: Known, registry: Registry): (slug: string) => string[] {
  const declared = new Map(recordsOf(set).map(({ record }) => [record['slug'], record]));
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
  const told: Exclude<Mention, string> =
    typeof mention === 'string' ? { entity: mention } : mention;
  if (told.ranges) {
    return { id: told.id, values: { entityId, ranges: rangesOf(told.ranges, body, at, report) } };
  }
  if (!body) return { values: { entityId, ranges: [] } };
  const given = told.as;
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

/** Places of a text that are told as they are, if the text has them. */
function rangesOf(
  told: readonly [number, number][],
  body: Body | undefined,
  at: Path,
  report: Report,
): CharacterRange[] {
  const beyond = told.find(([, end]) => body && end > body.length);
  if (beyond) report(at, `the body ends before ${beyond[1]}: correct "ranges" or leave them out`);
  return told.map(([start, end]) => ({ start, end }));
}
