/** Builds changes that return records to a state in their history. */
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { article, entity, erasure, event } from '../../database/tables/index.js';
import { texts, uuids } from '../reading/keys.js';
import {
  emptyChange,
  type RecordChange,
  type ListItem,
  type Fact,
  type ReferenceRow,
} from '../writing/recordChange.js';
import { type RecordType, recordTypes, spaceOf } from '../model/recordTypes.js';
import type { Values } from '../model/recordLists.js';
import { invalid, type InvalidEdit } from '../validation/editErrors.js';

/** A state to return to, and the fields that return to it. */
export interface TargetState {
  id: string;
  state: Values;
  fields: readonly string[];
}

/** The changes that set the named fields of records of one type to their values in a state. */
export async function changesTo(
  db: Queryable,
  recordType: RecordType,
  targets: readonly TargetState[],
): Promise<RecordChange[]> {
  const ids = await idsOfSlugs(db, recordType, targets);
  const former = await erasedFields(
    db,
    targets.map(({ id }) => id),
  );
  const recordChanges: RecordChange[] = [];
  for (const each of targets) recordChanges.push(await changeTo(db, recordType, each, ids, former));
  return recordChanges;
}

/** The row of a reference as history records it; undefined if its article was erased. */
export async function citedRow(
  db: Queryable,
  recordType: RecordType,
  owner: string,
  recorded: Values,
): Promise<{ fact: Fact; row: ReferenceRow } | undefined> {
  const status = recorded['officeStatus'] as string | undefined;
  const { arc } = recordTypes[recordType];
  if (arc === 'articleId') return undefined;
  const fact: Fact = status ? { arc: 'officeStatusId', id: status } : { arc, id: owner };
  const [row] = await db
    .select({ articleId: article.id })
    .from(article)
    .where(eq(article.slug, recorded['article'] as string));
  if (!row) return undefined;
  const { exact, prefix = null, suffix = null, field = null, id } = recorded;
  return {
    fact,
    row: { id, articleId: row.articleId, exact, prefix, suffix, field } as ReferenceRow,
  };
}

// Private:

async function changeTo(
  db: Queryable,
  recordType: RecordType,
  { id, state, fields }: TargetState,
  ids: Ids,
  former: ReadonlySet<string>,
): Promise<RecordChange> {
  const recordChange = emptyChange(recordType, id, 'REVERT');
  for (const name of fields) {
    const value = state[name] ?? null;
    if (value === null && former.has(`${id} ${name}`)) throw erased(name);
    const list = own(recordTypes[recordType].lists, name);
    if (list) recordChange.lists[name] = itemsOf(name, value, list.key, ids);
    else if (name === 'bodyHash') recordChange.body = await bodyOf(db, id, value as string | null);
    else if (own(recordTypes[recordType].links, name)) {
      recordChange.fields[`${name}Id`] =
        value === null ? null : (ids(name, value as string) ?? idIn(name, value));
    } else if (name === 'status') recordChange.fields[name] = value ?? 'PUBLISHED';
    else if (name === 'bodyAccess') recordChange.fields[name] = value ?? 'FULL';
    else if (name === 'urls') recordChange.fields[name] = value ?? [];
    else recordChange.fields[name] = value;
  }
  return recordChange;
}

/** Reads own properties only: imported history may name any field, such as `constructor`. */
const own = <Value>(object: Record<string, Value>, name: string): Value | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

type Ids = (field: string, slug: string) => string | undefined;

const slugTables = { entity, article, event } as const;

/** Resolves slugs to ids; the slug of a merged record yields that record, not the remaining one. */
async function idsOfSlugs(
  db: Queryable,
  recordType: RecordType,
  records: readonly TargetState[],
): Promise<Ids> {
  const found = new Map<string, string>();
  const spaceFor = (field: string) => spaceOf(recordTypes[recordType].links[field]?.[0] ?? 'PLACE');
  const slugsBySpace = {
    entity: new Set<string>(),
    article: new Set<string>(),
    event: new Set<string>(),
  };
  for (const { state, fields } of records) {
    for (const field of fields.filter((name) => own(recordTypes[recordType].links, name))) {
      for (const slug of slugsIn(state[field])) slugsBySpace[spaceFor(field)].add(slug);
    }
  }
  for (const [space, table] of Object.entries(slugTables)) {
    const slugs = [...slugsBySpace[space as keyof typeof slugsBySpace]];
    if (slugs.length === 0) continue;
    const rows = await db
      .select({ id: table.id, slug: table.slug })
      .from(table)
      .where(equalsAny(table.slug, texts(slugs)));
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
      const empty = Object.fromEntries(key.map((name) => [name, null]));
      return [{ ...(id !== undefined && { id }), values: { ...empty, end: null, ...values } }];
    }
    const entityId = ids(field, mentioned as string);
    if (!entityId) throw erased(field);
    return [{ values: { entityId, ...values } }];
  });
}

/** The error for a value that history names but is not found: only erased records are missing. */
const erased = (field: string): InvalidEdit =>
  invalid('', 'ERASED', `the former value of "${field}" was erased: edit the record instead`);

/** The fields with erased former values, each as `id field`. */
async function erasedFields(db: Queryable, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: erasure.recordId, field: erasure.field })
    .from(erasure)
    .where(and(equalsAny(erasure.recordId, uuids(ids)), isNotNull(erasure.field)));
  return new Set(rows.map(({ id, field }) => `${id} ${field === 'body' ? 'bodyHash' : field}`));
}

/** History names a record without a slug by its id. */
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
