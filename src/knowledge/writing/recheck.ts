/** Rechecking the references, mentions and statements of articles whose bodies change. */
import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { article, articleBody, entity, reference, statement } from '../../database/tables/index.js';
import type { MatchingBudget } from '../quotation/budget.js';
import { Body } from '../quotation/body.js';
import { findMentions } from '../quotation/mentions.js';
import { matchQuotation } from '../quotation/quotation.js';
import { matchSpoken } from '../quotation/spoken.js';
import type { Changeset } from './changeset.js';
import type { CurrentRecord } from './current.js';
import type { RecordChange, ListItem, ReferenceRow } from './recordChange.js';
import { readReferencesTo } from './references.js';
import { recordTypeByEnum, type EntityType, type RecordType } from '../model/recordTypes.js';

/** A citation or mention that is not found in the article's new body. */
export interface BrokenReference {
  /** Null for a mention, and for the text of a statement. */
  referenceId: string | null;
  articleId: string;
  recordType: RecordType;
  recordId: string;
  /** The article's slug. */
  article: string;
  /** The record supported: a slug, or a statement's first words; of a mention: the entity's slug. */
  record: string;
  field: string | null;
  /** The words not found. */
  exact: string;
  /** The same as a message. */
  message: string;
}

/** A reference after its recheck. */
export interface RecheckedReference {
  row: ReferenceRow;
  /** Its offsets, words or context differ from before. */
  moved: boolean;
  /** The new body does not contain it, or the body was removed. */
  broken: boolean;
}

/** Rechecks all references of articles whose bodies change; adds those that moved to the changeset. */
export async function recheckReferences(
  db: Queryable,
  changed: readonly RecordChange[],
  changeset: Changeset,
  budget?: MatchingBudget,
): Promise<RecheckedReference[]> {
  if (changed.length === 0) return [];
  const bodies = new Map(changed.map(({ id, body }) => [id, body ? new Body(body) : undefined]));
  const rows = await readReferencesTo(db, [...bodies.keys()]);
  const rechecked: RecheckedReference[] = [];
  for (const before of rows) {
    const body = bodies.get(before.articleId);
    await body?.prepare();
    await budget?.breathe();
    const row = located(before, body, budget);
    const moved = differs(before, row);
    const held = bodies.get(row.articleId) !== undefined;
    rechecked.push({ row, moved, broken: !row.verified && (held || before.verified) });
    if (moved) changeset.upsert(reference, withoutTimes(row));
  }
  return rechecked;
}

/**
 * Finds the mentions of an article in its new body, by the words of their ranges in the old one.
 * Mentions not found keep no ranges.
 */
export async function recheckMentions(
  db: Queryable,
  recordChange: RecordChange,
  current: CurrentRecord,
  budget?: MatchingBudget,
): Promise<{ items: ListItem[]; missing: MissingMention[] }> {
  const [old] = await db
    .select({ text: articleBody.text })
    .from(articleBody)
    .where(inArray(articleBody.articleId, [recordChange.id]));
  const before = new Body(old?.text ?? '');
  const after = recordChange.body ? new Body(recordChange.body) : undefined;
  await after?.prepare();
  const missing = new Map<string, string>();
  const items = (current.lists['mentions'] ?? []).map((row): ListItem => {
    const found = row['ranges'] as { start: number; end: number }[];
    const words = [...new Set(found.map(({ start, end }) => before.slice(start, end)))];
    const ranges = after ? findMentions(after, words, budget) : [];
    const entityId = row['entityId'] as string;
    if (ranges.length === 0 && found.length > 0) missing.set(entityId, words.join(', '));
    return { values: { entityId, ranges } };
  });
  const slugs = await db
    .select({ id: entity.id, slug: entity.slug, type: entity.type })
    .from(entity)
    .where(inArray(entity.id, [...missing.keys()]));
  return {
    items,
    missing: slugs.map(({ id, slug, type }) => ({
      id,
      recordType: recordTypeByEnum[type],
      slug,
      words: missing.get(id) ?? '',
    })),
  };
}

/** An entity that the new body does not name. */
interface MissingMention {
  id: string;
  recordType: RecordType;
  slug: string;
  words: string;
}

/**
 * Finds statements of articles whose bodies change with words of the speaker's own that the new
 * body does not contain.
 *
 * @param reported Statements to skip: the change contains their text, or a reference of theirs is
 *   reported as broken.
 */
export async function recheckStatements(
  db: Queryable,
  changed: readonly RecordChange[],
  reported: ReadonlySet<string>,
  budget?: MatchingBudget,
): Promise<BrokenReference[]> {
  const bodies = new Map(changed.flatMap(({ id, body }) => (body ? [[id, new Body(body)]] : [])));
  if (bodies.size === 0) return [];
  const statements = await db
    .select({
      id: statement.id,
      articleId: statement.articleId,
      article: article.slug,
      kind: statement.kind,
      text: statement.text,
    })
    .from(statement)
    .innerJoin(article, eq(article.id, statement.articleId))
    .where(
      and(
        inArray(statement.articleId, [...bodies.keys()]),
        ne(statement.kind, 'INDIRECT'),
        isNull(statement.deletedAt),
      ),
    )
    .orderBy(statement.id);
  for (const body of bodies.values()) await body.prepare();
  return statements.flatMap(({ id, articleId, article: slug, kind, text }) => {
    const body = bodies.get(articleId);
    const missing = body && !reported.has(id) ? matchSpoken(body, text, kind, budget) : undefined;
    if (!missing) return [];
    return describe({
      referenceId: null,
      articleId,
      recordType: 'statements',
      recordId: id,
      article: slug,
      record: text.slice(0, labelLength),
      field: 'text',
      exact: missing.words || text,
    });
  });
}

/** Broken references with their messages. */
export async function describeBroken(
  db: Queryable,
  broken: readonly ReferenceRow[],
): Promise<BrokenReference[]> {
  if (broken.length === 0) return [];
  const described = await db
    .select({
      article: sql<string>`(select a.slug from article a where a.id = ${reference.articleId})`,
      record: recordLabel,
      referenceId: reference.id,
      articleId: reference.articleId,
      entityType: sql<EntityType | null>`(select e.type from entity e where e.id = ${citedEntity})`,
      recordId: sql<string>`coalesce(${citedEntity}, ${reference.positionId}, ${reference.membershipId}, ${reference.eventId}, ${reference.statementId})`,
      positionId: reference.positionId,
      membershipId: reference.membershipId,
      eventId: reference.eventId,
      field: reference.field,
      exact: reference.exact,
    })
    .from(reference)
    .where(
      inArray(
        reference.id,
        broken.map(({ id }) => id),
      ),
    )
    .orderBy(reference.id);
  return described.map(({ entityType, positionId, membershipId, eventId, ...each }) => {
    const fact = positionId
      ? 'positions'
      : membershipId
        ? 'memberships'
        : eventId
          ? 'events'
          : 'statements';
    return describe({ ...each, recordType: entityType ? recordTypeByEnum[entityType] : fact });
  });
}

/** Adds the message. */
export const describe = (broken: Omit<BrokenReference, 'message'>): BrokenReference => {
  const { article, record, field, exact } = broken;
  const message = `${record}${field ? ` (${field})` : ''}: ${JSON.stringify(exact)} is not found in ${article} any more`;
  return { ...broken, message };
};

// Private:

function located(row: ReferenceRow, body: Body | undefined, budget?: MatchingBudget): ReferenceRow {
  const search = body && matchQuotation(body, row, budget);
  if (search && 'found' in search) return { ...row, ...search.found, verified: true };
  return { ...row, start: null, end: null, verified: false };
}

const differs = (a: ReferenceRow, b: ReferenceRow): boolean =>
  a.start !== b.start ||
  a.end !== b.end ||
  a.verified !== b.verified ||
  a.exact !== b.exact ||
  a.prefix !== b.prefix ||
  a.suffix !== b.suffix;

const withoutTimes = ({ createdAt: _, updatedAt: __, ...row }: ReferenceRow) => row;

/** How many characters of a statement identify it in a message. */
const labelLength = 60;

/** The entity that a reference supports, by itself or by a status of it. */
const citedEntity = sql`coalesce(${reference.entityId}, (select s.office_id from office_status s where s.id = ${reference.officeStatusId}))`;

const recordLabel = sql<string>`coalesce(
  (select e.slug from entity e where e.id = ${reference.entityId}),
  (select e.slug || ', ' || lower(s.status::text) from office_status s join entity e on e.id = s.office_id
    where s.id = ${reference.officeStatusId}),
  (select e.slug || ', ' || p.title from position p join entity e on e.id = p.person_id
    where p.id = ${reference.positionId}),
  (select m.slug || ', ' || lower(s.role::text) || ' of ' || o.slug from membership s
    join entity m on m.id = s.member_id join entity o on o.id = s.organization_id
    where s.id = ${reference.membershipId}),
  (select e.slug from event e where e.id = ${reference.eventId}),
  (select left(s.text, ${sql.raw(String(labelLength))}) from statement s where s.id = ${reference.statementId}))`;
