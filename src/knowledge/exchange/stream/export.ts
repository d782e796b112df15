/**
 * Exporting everything as a stream. PostgreSQL itself writes the records as JSON, a page of
 * them a statement, so that this process only passes them on.
 */
import { sql } from 'drizzle-orm';
import { readRows, type Database, type Queryable } from '../../../database/database.js';
import { article, entity, event } from '../../../database/tables/index.js';
import { type RecordTypeName, recordTypeNames } from '../../model/recordTypes.js';
import { texts } from '../../reading/keys.js';
import { inOneSnapshot } from '../../reading/snapshot.js';
import { allRecords, moment, publicRecords } from './recordJson.js';

export interface ExportOptions {
  /** Only records of these types. Default: all. */
  types?: readonly RecordTypeName[] | undefined;
  /** Only what readers may see, without history: for other formats than the stream. */
  publicOnly?: boolean | undefined;
}

/**
 * Hands on all records, each a line of JSON, type by type, so that records come after those
 * that they name, as they are at one moment. Equal knowledge bases give equal bytes.
 *
 * @throws ChangedMeanwhile where that cannot be had; see `atOneMoment`
 *
 * @param take Takes some lines; the next are read when it has them.
 */
export async function exportRecords(
  database: Database,
  take: (lines: string[]) => Promise<void> | void,
  { types = recordTypeNames, publicOnly = false }: ExportOptions = {},
): Promise<void> {
  const maxRows = database.sharesSession ? maxSharedPageRows : maxPageRows;
  await inOneSnapshot(database, async (tx) => {
    // First, so that what they are of is not taken in from the same file.
    if (!publicOnly) await exportTombstones(tx, types, take);
    for (const type of recordTypeNames) {
      if (types.includes(type)) await exportType(tx, type, { publicOnly, maxRows }, take);
    }
  });
}

/** A record as a stream has it, or the slug of the record that it was merged into. */
export type Named = { record: Record<string, unknown> } | { movedTo: string };

/** The record with this slug, if readers may see it. */
export async function findRecord(
  { db }: Database,
  space: 'entity' | 'article' | 'event',
  slug: string,
): Promise<Named | undefined> {
  if (!/^[a-z0-9-]{1,200}$/.test(slug)) return undefined;
  const tables = { entity, article, event };
  const [row] = await readRows<{ id: string; type: string; live: boolean; into: string | null }>(
    db,
    sql`select it.id, ${sql.raw(space === 'entity' ? 'it.type' : `'${space.toUpperCase()}'`)} as type,
        it.live, (select slug from ${tables[space]} stays where stays.id = it.merged_into_id and stays.live) as into
      from ${tables[space]} it where it.slug = ${slug}`,
  );
  if (row?.into) return { movedTo: row.into };
  const type = recordTypeNames.find((name) => name.toUpperCase() === row?.type);
  if (!row?.live || !type) return undefined;
  const record = await readOne(db, type, row.id);
  return record && { record };
}

// Private:

/** Records a statement; where others wait for its end, fewer. */
const maxPageRows = 2000;
const maxSharedPageRows = 100;

async function readOne(
  db: Queryable,
  type: RecordTypeName,
  id: string,
): Promise<Record<string, unknown> | undefined> {
  const [found] = await readRows<{ line: string }>(
    db,
    sql`select ${publicRecords[type].line} as line from ${publicRecords[type].from} where it.id = ${id}::uuid`,
  );
  return found && (JSON.parse(found.line) as Record<string, unknown>);
}

/** See `tombstones.ts`. */
async function exportTombstones(
  tx: Queryable,
  types: readonly RecordTypeName[],
  take: (lines: string[]) => Promise<void> | void,
): Promise<void> {
  const wanted = texts(types.map((type) => type.toUpperCase()));
  for (let after = zero; ;) {
    const rows = await readRows<{ id: string; line: string }>(
      tx,
      sql`select id, json_strip_nulls(json_build_object('type', 'Erasure', 'id', id, 'recordId', record_id,
          'recordType', type, 'reason', reason, 'field', field, 'changeId', change_id,
          'erasedAt', ${sql.raw(moment('at'))}, 'wasPublic', was_public,
          'keys', (select json_agg(json_build_object('salt', salt, 'hash', hash) order by hash)
            from erased_key where erasure_id = erasure.id)))::text as line
        from erasure where type::text = any(${wanted}) and id > ${after}::uuid order by id limit ${maxSharedPageRows}`,
    );
    const last = rows.at(-1);
    if (!last) return;
    await take(rows.map(({ line }) => line));
    after = last.id;
  }
}

async function exportType(
  tx: Queryable,
  type: RecordTypeName,
  { publicOnly, maxRows }: { publicOnly: boolean; maxRows: number },
  take: (lines: string[]) => Promise<void> | void,
): Promise<void> {
  const { from, line } = (publicOnly ? publicRecords : allRecords)[type];
  const seen = publicOnly ? sql`it.live and ` : sql``;
  const read = (after: string) =>
    readRows<{ id: string; line: string }>(
      tx,
      sql`select it.id, ${line} as line from ${from}
        where ${seen}it.id > ${after}::uuid order by it.id limit ${maxRows}`,
    );
  for (let page: Promise<{ id: string; line: string }[]> | undefined = read(zero); page;) {
    const rows: { id: string; line: string }[] = await page;
    const last = rows.at(-1);
    // The next page is read while this one is taken.
    page = last && rows.length === maxRows ? read(last.id) : undefined;
    page?.catch(() => {});
    if (rows.length > 0) await take(rows.map(({ line: each }) => each));
  }
}

const zero = '00000000-0000-0000-0000-000000000000';
