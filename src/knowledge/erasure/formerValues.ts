/**
 * Erasing the former values of a field, such as the replaced bodies of an article or a corrected
 * name. Reads as known earlier return the current value then; of lists and bodies, nothing.
 */
import { eq, getColumns, getTableName, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { readRows, setLocal, type Queryable } from '../../database/database.js';
import { erasedKey, erasure, revision } from '../../database/tables/index.js';
import { findTarget, type FoundRecord } from '../history/target.js';
import { readRevisions, readStates, type RevisionRow } from '../history/state.js';
import { readCatalog } from './catalog.js';
import type { Erasure, ErasureRequest } from './erasure.js';
import { hashOf, ownSalt, valueKey } from '../model/erasureKeys.js';
import { noPlaces } from './places.js';
import { endErasing, forgetRequests, refreshStatistics } from './remove.js';
import { announce } from './tombstones.js';
import { Words } from './redactedWords.js';
import { recordTypes } from '../model/recordTypes.js';
import { closestTo } from '../validation/didYouMean.js';
import { invalid } from '../validation/editErrors.js';
import type { Author } from '../auth/author.js';
import { shortened } from '../values/english.js';

export async function previewFormer(
  tx: Queryable,
  request: ErasureRequest,
  field: string,
): Promise<Erasure> {
  const { found, past } = await find(tx, request, field, { locks: false });
  const values = await valuesOf(tx, found, field, past);
  const place = {
    recordType: found.recordType,
    recordId: found.id,
    slug: (found.fields['slug'] as string | undefined) ?? null,
    isPast: true,
    occurrences: values.size,
    excerpt: [...values].map((value) => shortened(value, 80)).join(' · '),
  };
  const places = values.size > 0 ? [{ kind: 'TEXTS' as const, column: past.name, ...place }] : [];
  return { ...summary(found, request), places };
}

export async function eraseFormer(
  tx: Queryable,
  request: ErasureRequest,
  field: string,
  author: Author,
  changeId: string,
): Promise<Erasure> {
  const { found, past } = await find(tx, request, field);
  const values = await valuesOf(tx, found, field, past);
  const { id, recordType, fields } = found;
  const { status, deletedAt, mergedIntoId } = fields;
  const [tombstone] = await tx
    .insert(erasure)
    .values({
      recordId: id,
      type: recordTypes[recordType].enumValue,
      reason: request.reason,
      field,
      changeId,
      wasPublic: status === 'PUBLISHED' && !deletedAt && !mergedIntoId,
    })
    .returning({ id: erasure.id });
  const salt = await ownSalt(tx);
  for (const value of values) {
    const hash = hashOf(salt, valueKey(id, field, value));
    await tx
      .insert(erasedKey)
      .values({ erasureId: tombstone?.id ?? '', salt, hash })
      .onConflictDoNothing();
  }
  await setLocal(tx, 'chancery.erasing', 'on');
  for (const statement of past.forget(id)) await tx.execute(statement);
  for (const row of await readRevisions(tx, [id])) await forgetIn(tx, row, past.recordedAs);
  await keepLast(tx, found, past.recordedAs);
  await forgetRequests(tx, [id], new Words([]));
  await endErasing(tx);
  await announce(tx, author, changeId);
  await refreshStatistics(tx, await readCatalog(tx), new Set([...past.tables, 'revision']));
  return summary(found, request);
}

// Private:

/** The place of a field's former values. */
interface Past {
  /** In the database: `article_body.text`. */
  name: string;
  /** The field's name in revisions. */
  recordedAs: string;
  tables: string[];
  /** Selects the former texts. */
  read: (id: string) => SQL;
  forget: (id: string) => SQL[];
}

async function find(
  tx: Queryable,
  { target, also }: ErasureRequest,
  field: string,
  { locks = true } = {},
): Promise<{ found: FoundRecord; past: Past }> {
  const found = await findTarget(tx, target, 'id', { locks });
  if (also.length > 0) {
    const message = 'applies to whole records only, not to former values';
    throw invalid('also', 'CONTRADICTION', message);
  }
  const past = pastOf(found, field);
  if (past) return { found, past };
  const fields = fieldsOf(found);
  const message = `is not a field with former values: use one of ${fields.join(', ')}`;
  throw invalid('formerValuesOf', 'UNKNOWN_FIELD', message, closestTo(field, fields));
}

/** Columns that never change, or are derived. */
const kept = new Set(['id', 'type', 'slug', 'live', 'sortName', 'sortTitle', 'createdAt']);

const fieldsOf = ({ recordType }: FoundRecord): string[] => {
  const { tables, lists } = recordTypes[recordType];
  const columns = tables.flatMap((table) =>
    Object.entries(getColumns(table) as Record<string, PgColumn>).flatMap(([name, column]) =>
      kept.has(name) || column.generated || /Live$|^merged|^body|At$|^status$/.test(name)
        ? []
        : name.replace(/Id$/, ''),
    ),
  );
  return [
    ...new Set([...(recordType === 'articles' ? ['body'] : []), ...columns, ...Object.keys(lists)]),
  ];
};

function pastOf(found: FoundRecord, field: string): Past | undefined {
  if (!fieldsOf(found).includes(field)) return undefined;
  if (field === 'body') return body;
  const { tables, lists } = recordTypes[found.recordType];
  const list = lists[field];
  if (list) {
    const table = getTableName(list.table);
    const columns = getColumns(list.table) as Record<string, PgColumn>;
    const owner = sql.identifier(columns[list.owner]?.name ?? '');
    const was = sql`history.${sql.identifier(table)}`;
    const texts = list.key.filter((name) => name === 'name' || name === 'value');
    const column = columns[texts[0] ?? '']?.name;
    return {
      name: table,
      recordedAs: field,
      tables: [table],
      read: (id) =>
        column
          ? sql`select ${sql.identifier(column)} as value from ${was} h where ${owner} = ${id}::uuid
              and not exists (select from ${sql.identifier(table)} t where t.${owner} = h.${owner} and t.${sql.identifier(column)} = h.${sql.identifier(column)})`
          : sql`select null as value where false`,
      forget: (id) => [sql`delete from ${was} where ${owner} = ${id}::uuid`],
    };
  }
  for (const table of tables) {
    const columns = getColumns(table) as Record<string, PgColumn>;
    const column = columns[field] ?? columns[`${field}Id`];
    if (!column || column.generated) continue;
    const [now, name] = [sql.identifier(getTableName(table)), sql.identifier(column.name)];
    const was = sql`history.${now}`;
    const sort = columns['sortName'] ?? columns['sortTitle'];
    const follows = sort && (field === 'name' || field === 'title') ? [sort.name] : [];
    return {
      name: `${getTableName(table)}.${column.name}`,
      recordedAs: field,
      tables: tables.map(getTableName),
      read: (id) => sql`select h.${name}::text as value from ${was} h join ${now} t using (id)
        where id = ${id}::uuid and h.${name} is distinct from t.${name}`,
      forget: (id) => [
        ...[column.name, ...follows].map(
          (each) =>
            sql`update ${was} h set ${sql.identifier(each)} = t.${sql.identifier(each)} from ${now} t
              where h.id = ${id}::uuid and t.id = h.id`,
        ),
        ...(follows.length > 0 && tables[1]
          ? [
              sql`update history.${sql.identifier(getTableName(tables[1]))} h set sort_name = t.sort_name
                from ${now} t where h.id = ${id}::uuid and t.id = h.id`,
            ]
          : []),
      ],
    };
  }
  return undefined;
}

const body: Past = {
  name: 'article_body.text',
  recordedAs: 'bodyHash',
  tables: ['article', 'article_body'],
  read: (id) => sql`select text as value from history.article_body where article_id = ${id}::uuid
    and text is distinct from (select text from article_body where article_id = ${id}::uuid)`,
  forget: (id) => [
    sql`delete from history.article_body where article_id = ${id}::uuid`,
    sql`update history.article set body_hash = null where id = ${id}::uuid`,
  ],
};

/** The distinct former texts, in tables of history and in revisions. */
async function valuesOf(
  tx: Queryable,
  { id, fields }: FoundRecord,
  field: string,
  past: Past,
): Promise<Set<string>> {
  const values = new Set<string>();
  const rows = await readRows<{ value: string | null }>(tx, past.read(id));
  for (const { value } of rows) if (value !== null) values.add(value);
  if (field === 'body') return values;
  for (const { changes } of await readRevisions(tx, [id])) {
    const { before, after } = changes[past.recordedAs] ?? { before: null, after: null };
    for (const value of [before, after]) if (typeof value === 'string') values.add(value);
  }
  values.delete(String(fields[field]));
  return values;
}

/** Replaces the values of a field in a revision, which still records that the field changed. */
async function forgetIn(tx: Queryable, { id, changes }: RevisionRow, field: string): Promise<void> {
  if (!(field in changes)) return;
  const redacted = { ...changes, [field]: { before: null, after: null } };
  await tx.update(revision).set({ changes: redacted }).where(eq(revision.id, id));
}

/** Makes the last revision of the field lead to the current value, so that replay stays correct. */
async function keepLast(
  tx: Queryable,
  { id, recordType }: FoundRecord,
  field: string,
): Promise<void> {
  const rows = (await readRevisions(tx, [id])).filter(({ changes }) => field in changes);
  const last = rows.at(-1);
  if (!last) return;
  const present = (await readStates(tx, recordType, [id])).get(id)?.fields[field] ?? null;
  const replayable = { ...last.changes, [field]: { before: null, after: present } };
  await tx.update(revision).set({ changes: replayable }).where(eq(revision.id, last.id));
}

const summary = ({ recordType, id }: FoundRecord, { reason }: ErasureRequest): Erasure => ({
  recordType,
  id,
  reason,
  records: {},
  rows: {},
  places: [],
  counts: noPlaces(),
});
