/** Recognizes erased records, and erased values, in a set of records. */
import { and, isNull } from 'drizzle-orm';
import type { Queryable } from '../../database/database.js';
import { equalsAny } from '../../database/sql.js';
import { erasure } from '../../database/tables/index.js';
import {
  factKey,
  findErased,
  hasErasures,
  identifierKey,
  slugKey,
  urlKey,
  valueKey,
} from '../model/erasureKeys.js';
import { uuids } from '../reading/keys.js';
import type { RecordSet } from './schemas.js';
import { identifiersIn } from '../values/identifiers.js';
import { linksOf, recordsOf, referencesOf, type RecordEntry } from './walk.js';
import { type SlugSpace, linkTargetOf, spaceOf } from '../model/recordTypes.js';

/** The reason and the date of each erasure, by the key that recognizes it. */
export type ErasedKeys = ReadonlyMap<string, string>;

type Spaces = Record<SlugSpace, ReadonlyMap<string, { id: string }>>;

export async function selectErasedKeys(
  db: Queryable,
  set: RecordSet,
  spaces: Spaces,
): Promise<ErasedKeys> {
  const found = new Map<string, string>();
  if (!(await hasErasures(db))) return found;
  const keys = new Set<string>();
  const ids = new Set<string>();
  for (const entry of recordsOf(set)) {
    for (const key of keysIn(entry, spaces)) keys.add(key);
    for (const key of namedIn(entry, set)) keys.add(key);
    for (const key of valuesIn(entry, spaces)) keys.add(key.key);
    if (isUuid(entry.record['id'])) ids.add(entry.record['id']);
  }
  for (const [key, { reason, at }] of await findErased(db, [...keys])) {
    found.set(key, inWords(reason, at));
  }
  const rows = await db
    .select({ id: erasure.recordId, reason: erasure.reason, at: erasure.at })
    .from(erasure)
    .where(and(isNull(erasure.field), equalsAny(erasure.recordId, uuids([...ids]))));
  for (const { id, reason, at } of rows) found.set(idKey(id), inWords(reason, at));
  return found;
}

/** The keys of a record: if one of them was erased, the record was. */
export function* keysIn({ recordType, record }: RecordEntry, spaces: Spaces): Generator<string> {
  if (typeof record['id'] === 'string') yield idKey(record['id']);
  const target = linkTargetOf(recordType);
  if (target && typeof record['slug'] === 'string') yield slugKey(spaceOf(target), record['slug']);
  for (const identifier of identifiersIn(record['identifiers'])) {
    yield identifierKey(identifier, target);
  }
  if (recordType === 'articles' && typeof record['url'] === 'string') yield urlKey(record['url']);
  const idOf = (space: SlugSpace, slug: unknown) => spaces[space].get(String(slug))?.id ?? '';
  const start = typeof record['start'] === 'string' ? record['start'] : null;
  const text = (field: string) => String(record[field]);
  const entity = (field: string) => idOf('entity', record[field]);
  if (recordType === 'positions') {
    yield factKey.position(entity('person'), entity('organization'), text('title'), start);
  } else if (recordType === 'memberships') {
    yield factKey.membership(entity('member'), entity('organization'), text('role'), start);
  } else if (recordType === 'statements') {
    const article = idOf('article', record['article']);
    yield factKey.statement(article, entity('speaker'), text('text'));
  }
}

/**
 * The keys of an existing record's values, which recognize erased former values. Facts have no
 * slug; those with an id are checked.
 */
export function* valuesIn(
  { recordType, record }: RecordEntry,
  spaces: Spaces,
): Generator<{ field: string; key: string }> {
  const target = linkTargetOf(recordType);
  const id = target
    ? spaces[spaceOf(target)].get(String(record['slug']))?.id
    : (record['id'] as string | undefined);
  if (!id) return;
  for (const [field, value] of Object.entries(record)) {
    for (const text of textsIn(value)) yield { field, key: valueKey(id, field, text) };
  }
}

/** The key of a link by an identifier that is globally unique. */
export const identifierNamed = (name: string): string => {
  const [scheme = '', ...rest] = name.split(':');
  return identifierKey({ scheme, value: rest.join(':'), source: null }, undefined);
};

export const idKey = (id: string): string => `id ${id}`;

// Private:

/** All texts in a value: the names of a list of names, the values of identifiers. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const each of value) yield* textsIn(each);
  else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) yield* textsIn(each);
  }
}

const isUuid = (id: unknown): id is string =>
  typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

const inWords = (reason: string, at: Date): string => `${reason}, ${at.toISOString().slice(0, 10)}`;

/** The keys of the records that a record links to. */
function* namedIn(entry: RecordEntry, set: RecordSet): Generator<string> {
  for (const { slug, targets } of linksOf(entry)) {
    if (slug.includes(':')) yield identifierNamed(slug);
    else if (targets[0]) yield slugKey(spaceOf(targets[0]), slug);
  }
  for (const { article } of referencesOf(entry, set))
    if (article) yield slugKey('article', article);
}
