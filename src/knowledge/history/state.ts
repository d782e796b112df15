/**
 * What a record is, in the words of its history: fields by name, links by slug, references by
 * id. Revisions replayed from the first lead to the state after the last.
 */
import { getColumns, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queryable } from '../../database/database.js';
import { article, entity, event, revision } from '../../database/tables/index.js';
import { readRows } from '../../database/rows.js';
import { texts, uuids } from '../reading/keys.js';
import { InvalidEdit } from '../curation/edit.js';
import { slugsOf } from '../reading/slugs.js';
import { links, spaceOf } from '../records/links.js';
import { listing } from '../writing/compare.js';
import { readRecords } from '../writing/current.js';
import type { Draft, ListItem, RecordNoun, Values } from '../writing/draft.js';
import { recordKinds } from '../writing/kinds.js';
import { citation } from '../writing/write.js';
import { readReferences, type Fact, type ReferenceRow } from '../writing/references.js';
import { fieldOf, linksIn, readable } from '../writing/revisions.js';

export interface RecordState {
  fields: Values;
  /** As history tells them, by id. */
  references: Map<string, Values>;
}

export type RevisionRow = typeof revision.$inferSelect;

/** The record to which rows of `revision` and `reference` belong, in the words of their indexes. */
export const revisedRecord = sql.raw(
  'coalesce(entity_id, article_id, event_id, position_id, membership_id, statement_id)',
);

/** All revisions of these records, first to last. */
export const readRevisions = async (
  db: Queryable,
  ids: readonly string[],
): Promise<RevisionRow[]> =>
  db
    .select(getColumns(revision))
    .from(revision)
    .where(sql`${revisedRecord} = any(${uuids(ids)})`)
    .orderBy(sql`${revision.number}`);

export const recordIdOf = (row: RevisionRow): string =>
  row.entityId ??
  row.articleId ??
  row.eventId ??
  row.positionId ??
  row.membershipId ??
  row.statementId ??
  '';

/** What a record was after these revisions of it, the first and all that follow. */
export function stateAfter(revisions: readonly Pick<RevisionRow, 'changes'>[]): RecordState {
  const state: RecordState = { fields: {}, references: new Map() };
  for (const { changes } of revisions) {
    for (const [name, { before, after }] of Object.entries(changes)) {
      if (name === 'references') {
        for (const { id } of cited(before)) state.references.delete(id);
        for (const each of cited(after)) state.references.set(each.id, each);
      } else state.fields[name] = after;
    }
  }
  return state;
}

/** What the records are now. */
export async function readStates(
  db: Queryable,
  noun: RecordNoun,
  ids: readonly string[],
): Promise<Map<string, RecordState>> {
  const kind = recordKinds[noun];
  const records = await readRecords(db, noun, ids, Object.keys(kind.lists));
  const told = toldColumns(noun);
  const facts = new Map(ids.map((id) => [id, id]));
  const states = new Map<string, { values: Values; references: Map<string, Values> }>();
  for (const [id, { fields, lists }] of records) {
    const values: Values = {};
    for (const name of told) values[name] = fields[name];
    for (const [name, list] of Object.entries(kind.lists)) {
      values[name] = listing(list, lists[name] ?? []);
      if (list.cited) for (const row of lists[name] ?? []) facts.set(String(row['id']), id);
    }
    states.set(id, { values, references: new Map() });
  }
  const rows = (await readReferences(db, [...facts.keys()])).filter(({ deletedAt }) => !deletedAt);
  const all = [...states.values()].flatMap(({ values }) => linksIn(values));
  const slugs = await slugsOf(db, [
    ...new Set([...all, ...rows.map(({ articleId }) => articleId)]),
  ]);
  for (const row of rows) {
    const owner = facts.get(factIdOf(row)) ?? '';
    const told = readable('references', [citation(row)], slugs) as Values[];
    if (told[0]) states.get(owner)?.references.set(row.id, told[0]);
  }
  return new Map(
    [...states].map(([id, { values, references }]) => [
      id,
      {
        fields: Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            fieldOf(name),
            readable(name, value, slugs),
          ]),
        ),
        references,
      },
    ]),
  );
}

/** Whether two states' values of a field are the same; what is empty is as if it were not told. */
export function sameValue(field: string, a: unknown, b: unknown): boolean {
  return canonical(plain(field, a)) === canonical(plain(field, b));
}

/**
 * The draft that gives a record the fields named as they are in a state, and its references.
 *
 * @param fields Names in the state's words.
 */
export async function draftTo(
  db: Queryable,
  noun: RecordNoun,
  id: string,
  state: Values,
  fields: readonly string[],
): Promise<Draft> {
  const draft: Draft = { noun, id, fields: {}, lists: {}, references: [], action: 'REVERT' };
  const ids = await idsOfSlugs(db, noun, state, fields);
  const former = await erasedFields(db, id);
  for (const name of fields) {
    const value = state[name] ?? null;
    if (value === null && former.has(name)) throw erased(name);
    const list = own(recordKinds[noun].lists, name);
    if (list) draft.lists[name] = itemsOf(name, value, list.key, ids);
    else if (name === 'bodyHash') draft.body = await bodyOf(db, id, value as string | null);
    else if (own(links[noun], name)) {
      draft.fields[`${name}Id`] =
        value === null ? null : (ids(name, value as string) ?? idIn(name, value));
    } else if (name === 'status') draft.fields[name] = value ?? 'PUBLISHED';
    else if (name === 'urls') draft.fields[name] = value ?? [];
    else draft.fields[name] = value;
  }
  return draft;
}

/** History that was brought along may name any field: `constructor` is none of an object's own. */
const own = <Value>(object: Record<string, Value>, name: string): Value | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** The row of a reference as history tells it, which may have gone with the status it was of. */
export async function citedRow(
  db: Queryable,
  noun: RecordNoun,
  owner: string,
  told: Values,
): Promise<{ fact: Fact; row: ReferenceRow } | undefined> {
  const status = told['officeStatus'] as string | undefined;
  const { arc } = recordKinds[noun];
  if (arc === 'articleId') return undefined;
  const fact: Fact = status ? { arc: 'officeStatusId', id: status } : { arc, id: owner };
  const [row] = await readRows<{ articleId: string }>(
    db,
    sql`select id as "articleId" from ${article} where slug = ${told['article']}`,
  );
  if (!row) return undefined;
  const { exact, prefix = null, suffix = null, field = null, id } = told;
  return {
    fact,
    row: { id, articleId: row.articleId, exact, prefix, suffix, field } as ReferenceRow,
  };
}

// Private:

type Cited = Values & { id: string };

/** Lists of words alone, as histories once had them, name no reference. */
const cited = (value: unknown): Cited[] =>
  (Array.isArray(value) ? (value as unknown[]) : []).filter(
    (each): each is Cited => typeof each === 'object' && each !== null && 'id' in each,
  );

const factIdOf = (row: ReferenceRow): string =>
  row.officeStatusId ??
  row.entityId ??
  row.positionId ??
  row.membershipId ??
  row.eventId ??
  row.statementId ??
  '';

/** What triggers and the writing floor work out themselves. */
const derived = new Set([
  'id',
  'type',
  'sortName',
  'sortTitle',
  'live',
  'createdAt',
  'updatedAt',
  'currentStatus',
  'countryId',
]);

/** The columns that drafts give values to. */
const toldColumns = (noun: RecordNoun): string[] => [
  ...new Set(
    recordKinds[noun].tables.flatMap((table) =>
      Object.entries(getColumns(table) as Record<string, PgColumn>)
        .filter(([name, { generated }]) => !generated && !derived.has(name) && !/Live$/.test(name))
        .map(([name]) => name),
    ),
  ),
];

/** Lists whose rows have no order of their own come as they were written. */
const unordered = new Set(['names', 'identifiers', 'statuses', 'mentions']);

function plain(field: string, value: unknown): unknown {
  if (field === 'status') return value ?? 'PUBLISHED';
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return null;
  if (field === 'deletedAt' && value !== null) return new Date(value as string | Date).getTime();
  if (unordered.has(field) && Array.isArray(value)) return value.map(canonical).sort();
  return value;
}

/** JSON with the keys of objects in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

type Ids = (field: string, slug: string) => string | undefined;

const slugTables = { entity, article, event } as const;

/** Slugs of merged records mean those records here, not those that they were merged into. */
async function idsOfSlugs(
  db: Queryable,
  noun: RecordNoun,
  state: Values,
  fields: readonly string[],
): Promise<Ids> {
  const found = new Map<string, string>();
  const spaceFor = (field: string) => spaceOf(links[noun][field]?.[0] ?? 'PLACE');
  const wanted = { entity: [] as string[], article: [] as string[], event: [] as string[] };
  for (const field of fields.filter((name) => own(links[noun], name))) {
    wanted[spaceFor(field)].push(...slugsIn(state[field]));
  }
  for (const [space, table] of Object.entries(slugTables)) {
    const slugs = wanted[space as keyof typeof wanted];
    if (slugs.length === 0) continue;
    const rows = await db
      .select({ id: table.id, slug: table.slug })
      .from(table)
      .where(sql`${table.slug} = any(${texts(slugs)})`);
    for (const { id, slug } of rows) found.set(`${space} ${slug}`, id);
  }
  return (field, slug) => found.get(`${spaceFor(field)} ${slug}`);
}

function slugsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(slugsIn);
  if (typeof value !== 'object' || value === null || !('entity' in value)) return [];
  return slugsIn(value.entity);
}

function itemsOf(field: string, value: unknown, key: readonly string[], ids: Ids): ListItem[] {
  return (Array.isArray(value) ? (value as unknown[]) : []).flatMap((item): ListItem[] => {
    if (typeof item === 'string') {
      const [column] = key;
      const id = ids(field, item);
      if (!column || !id) throw erased(field);
      return [{ values: { [column]: id } }];
    }
    const { id, entity: mentioned, ...values } = item as Values & { id?: string };
    if (mentioned === undefined) {
      const whole = Object.fromEntries(key.map((name) => [name, null]));
      return [{ ...(id !== undefined && { id }), values: { ...whole, end: null, ...values } }];
    }
    const entityId = ids(field, mentioned as string);
    if (!entityId) throw erased(field);
    return [{ values: { entityId, ...values } }];
  });
}

/** Only what is erased is found no more by what history calls it. */
const erased = (field: string): InvalidEdit =>
  new InvalidEdit([
    {
      path: '',
      message: `what "${field}" was then has been erased: change the record by hand`,
    },
  ]);

/** The fields of which former values were erased, as history names them. */
async function erasedFields(db: Queryable, id: string): Promise<Set<string>> {
  const rows = await readRows<{ field: string }>(
    db,
    sql`select field from erasure where record_id = ${id}::uuid and field is not null`,
  );
  return new Set(rows.map(({ field }) => (field === 'body' ? 'bodyHash' : field)));
}

/** A record without a slug is told by its key. */
function idIn(field: string, value: unknown): string {
  if (typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) {
    return value;
  }
  throw erased(field);
}

async function bodyOf(db: Queryable, id: string, hash: string | null): Promise<string | null> {
  if (hash === null) return null;
  const [found] = await readRows<{ text: string }>(
    db,
    sql`select text from (select article_id, text from article_body
        union all select article_id, text from history.article_body) bodies
      where article_id = ${id}::uuid and encode(sha256(convert_to(text, 'UTF8')), 'hex') = ${hash} limit 1`,
  );
  if (!found) throw erased('body');
  return found.text;
}
