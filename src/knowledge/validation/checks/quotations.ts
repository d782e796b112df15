/** Locates quotations in the articles that they cite, and mentions in the articles that make them. */
import type { CharacterRange } from '../../../database/tables/index.js';
import type { MatchingBudget } from '../../quotation/budget.js';
import type { Body } from '../../quotation/body.js';
import { findMentions } from '../../quotation/mentions.js';
import { matchQuotation, nearestTo } from '../../quotation/quotation.js';
import type { ListItem, ReferenceChange } from '../../writing/recordChange.js';
import type { RecordSet, ReferenceInput } from '../schemas.js';
import { show, type Explanation, type Path, type Report } from '../report.js';
import type { ExistingRecords } from '../existing.js';
import type { Registry } from '../registry.js';
import type { Bodies } from './bodies.js';
import { items, recordsIn, recordsOf, referencesOf, type ReferenceEntry } from '../walk.js';
import type { Values } from '../../model/recordLists.js';

/** The positions of passages and mentions of a set of records. */
export interface Located {
  references: Map<Partial<ReferenceInput>, ReferenceChange>;
  /** By the article's slug. */
  mentions: Map<string, ListItem[]>;
}

/**
 * Locates passages and names in the bodies; yields to the event loop in between.
 *
 * @throws BudgetSpent
 */
export async function locateQuotations(
  set: RecordSet,
  known: ExistingRecords,
  registry: Registry,
  bodies: Bodies,
  report: Report,
  budget?: MatchingBudget,
): Promise<Located> {
  const located: Located = { references: new Map(), mentions: new Map() };
  for (const entry of recordsOf(set)) {
    for (const reference of referencesOf(entry, set)) {
      if (reference.article !== undefined) await bodies(reference.article)?.prepare();
      await budget?.breathe();
      const referenceChange = locate(reference, bodies, registry, report, budget);
      if (referenceChange) located.references.set(reference.reference, referenceChange);
    }
  }
  const wordsFor = namesOf(set, known, registry);
  for (const { record, path } of recordsIn(set, 'articles')) {
    const { slug, mentions } = record;
    if (typeof slug !== 'string' || mentions === undefined) continue;
    const body = bodies(slug);
    await body?.prepare();
    const found: ListItem[] = [];
    for (const { value, at } of items(mentions, [...path, 'mentions'])) {
      const mention = value as Mention;
      await budget?.breathe();
      const item = locateMention(mention, at, slug, body, wordsFor, registry, report, budget);
      if (item) found.push(item);
    }
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
  budget?: MatchingBudget,
): ReferenceChange | undefined {
  const { exact, prefix = null, suffix = null, field = null } = reference;
  const exported = reference as ExportedReference;
  if (article === undefined) {
    const message =
      'no article is cited: name it with "article", or for the whole file with "cite"';
    report(at, 'REQUIRED', message);
    return undefined;
  }
  const articleId = registry.find(article, 'ARTICLE')?.id;
  if (exact === undefined || articleId === undefined) return undefined;
  const body = bodies(article);
  const past = pastOf(exported);
  const given = { articleId, exact, prefix, suffix, field, ...(past && { past }) };
  // An unverified reference of an export was reported when its passage went missing.
  if (!body || exported.verified === false) {
    return { ...given, start: null, end: null, verified: false };
  }
  const search = matchQuotation(body, { exact, prefix, suffix, start: exported.start }, budget);
  if ('found' in search) return { ...given, ...search.found, verified: true };
  if ('ambiguous' in search) {
    report(
      [...at, 'exact'],
      'AMBIGUOUS',
      `${show(exact)} occurs ${search.ambiguous} times in the body of ${article}: give the words before it as "prefix" or those behind it as "suffix"`,
    );
  } else {
    const message = `${show(exact)} is not in the body of ${article}`;
    report([...at, 'exact'], 'NOT_IN_ARTICLE', message, {
      explain: (left) => nearestPassage(body, exact, left),
    });
  }
  return undefined;
}

/** Fields of a reference in a stream, beside the citation. */
interface ExportedReference {
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
  const exported = reference as Values;
  if (exported['id'] === undefined) return undefined;
  return Object.fromEntries(
    pastFields
      .filter((field) => exported[field] !== undefined)
      .map((field) => [field, exported[field]]),
  );
}

async function nearestPassage(
  body: Body,
  exact: string,
  budget: MatchingBudget,
): Promise<Explanation> {
  const nearest = await nearestTo(body, exact, budget);
  if (nearest) {
    const message = `: the nearest passage is ${show(nearest.exact)}`;
    return { message, nearest: [nearest.exact] };
  }
  const advice = 'quote the article word for word';
  const message =
    budget.left === 0
      ? `; the search for a similar passage was not completed: ${advice}`
      : `, and it has no similar passage: ${advice}`;
  return { message, nearest: [] };
}

/** The names of an entity after the set is written. */
function namesOf(
  set: RecordSet,
  known: ExistingRecords,
  registry: Registry,
): (slug: string) => string[] {
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
  budget?: MatchingBudget,
): ListItem | undefined {
  const slug = typeof mention === 'string' ? mention : mention.entity;
  const entityId = registry.find(slug, 'PERSON')?.id;
  if (entityId === undefined) return undefined;
  const given: Exclude<Mention, string> =
    typeof mention === 'string' ? { entity: mention } : mention;
  if (given.ranges) {
    return { id: given.id, values: { entityId, ranges: rangesOf(given.ranges, body, at, report) } };
  }
  if (!body) return { values: { entityId, ranges: [] } };
  const words = given.as ?? wordsFor(slug);
  const missing = (given.as ?? []).filter(
    (word) => findMentions(body, [word], budget).length === 0,
  );
  const ranges = findMentions(body, words, budget);
  if (missing.length > 0 || ranges.length === 0) {
    const which = (missing.length > 0 ? missing : words).map(show).join(' or ');
    const what = given.as ? which : `${show(slug)}, searched for as ${which},`;
    const advice = given.as ? 'correct the words' : 'list the words that name it in "as"';
    const message = `${what} does not occur in the body of ${article}: ${advice}`;
    report(at, 'NOT_IN_ARTICLE', message);
  }
  return { values: { entityId, ranges } };
}

/** Ranges given in a stream, checked against the length of the body. */
function rangesOf(
  ranges: readonly [number, number][],
  body: Body | undefined,
  at: Path,
  report: Report,
): CharacterRange[] {
  const beyond = ranges.find(([, end]) => body && end > body.length);
  if (beyond) {
    const message = `the body ends before ${beyond[1]}: correct "ranges" or leave them out`;
    report(at, 'OUT_OF_RANGE', message);
  }
  return ranges.map(([start, end]) => ({ start, end }));
}
