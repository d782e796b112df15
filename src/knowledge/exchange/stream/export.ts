/**
 * Exporting everything as a stream. PostgreSQL itself writes the records as JSON, a page of
 * them a statement, so that this process only passes them on.
 */
import { sql, type SQL } from 'drizzle-orm';
import { readRows, type Database, type Queryable } from '../../../database/database.js';
import { texts } from '../../reading/keys.js';
import { inOneSnapshot } from '../../reading/snapshot.js';
import { article, entity, event } from '../../../database/tables/index.js';
import { type RecordTypeName, recordTypeByName } from '../../model/recordTypes.js';

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
  {
    types = Object.keys(recordTypeByName) as RecordTypeName[],
    publicOnly = false,
  }: ExportOptions = {},
): Promise<void> {
  const maxRows = database.sharesSession ? maxSharedPageRows : maxPageRows;
  await inOneSnapshot(database, async (tx) => {
    // First, so that what they are of is not taken in from the same file.
    if (!publicOnly) await exportTombstones(tx, types, take);
    for (const type of Object.keys(recordTypeByName) as RecordTypeName[]) {
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
  const type = (Object.keys(recordTypeByName) as RecordTypeName[]).find(
    (name) => name.toUpperCase() === row?.type,
  );
  if (!row?.live || !type) return undefined;
  const record = await readOne(db, type, publicly[type], row.id);
  return record && { record };
}

// Private:

/** Records a statement; where others wait for its end, fewer. */
const maxPageRows = 2000;
const maxSharedPageRows = 100;

async function readOne(
  db: Queryable,
  type: RecordTypeName,
  shape: RecordShape,
  id: string,
): Promise<Record<string, unknown> | undefined> {
  const [found] = await readRows<{ line: string }>(
    db,
    sql`select ${lineOf(type, shape)} as line from ${sql.raw(shape.from)} where it.id = ${id}::uuid`,
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
  const shape = (publicOnly ? publicly : everything)[type];
  const row = lineOf(type, shape);
  const line = publicOnly ? row : sql`left(${row}, -1) || ${history} || '}'`;
  const seen = publicOnly ? sql`it.live and ` : sql``;
  const read = (after: string) =>
    readRows<{ id: string; line: string }>(
      tx,
      sql`select it.id, ${line} as line from ${sql.raw(shape.from)}
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

/** A record without its history, as JSON. */
const lineOf = (type: RecordTypeName, { fields }: RecordShape): SQL =>
  sql.raw(`json_strip_nulls(row_to_json((select r from (select
    '${type}' as type, it.id, ${fields}) r)))::text`);

const zero = '00000000-0000-0000-0000-000000000000';

const moment = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const lifeOf = (table: string) => `
  nullif(${table}.status, 'PUBLISHED') as status,
  ${moment(`${table}.deleted_at`)} as "deletedAt", ${table}.deletion_reason as "deletionReason",
  ${moment(`${table}.created_at`)} as "createdAt", ${moment(`${table}.updated_at`)} as "updatedAt"`;

const listOf = (query: string) => `(select json_agg(row_to_json(item)) from (${query}) item)`;

/** The fact of a reference, and the record of a revision, in the words of their indexes. */
const fact =
  'coalesce(entity_id, office_status_id, position_id, membership_id, event_id, statement_id)';
const recordId =
  'coalesce(entity_id, article_id, event_id, position_id, membership_id, statement_id)';

const history = sql.raw(`coalesce((
  select ',"revisions":[' || string_agg(row_to_json(item)::text, ',') || ']' from (
    select id, ${moment('at')} as at, actor, identity, action, reason, changes from revision
    where ${recordId} = it.id order by number) item), '')`);

interface RecordShape {
  /** Where the records of a type are, as `it`. */
  from: string;
  /** The fields that they have in a stream. */
  fields: string;
}

/** @param publicOnly Whether they tell nothing of records, or references, that only editors see. */
function shapesOf(publicOnly: boolean): Record<RecordTypeName, RecordShape> {
  const seen = (condition: string) => (publicOnly ? ` and ${condition}` : '');

  const slugIn = (table: string, id: string) =>
    `(select slug from ${table} where ${table}.id = ${id}${seen(`${table}.live`)})`;

  const referencesOf = (id: string) =>
    listOf(`select r.id, ${lifeOf('r')}, ${slugIn('article', 'r.article_id')} as article,
      r.field, r.exact, r.prefix, r.suffix, r.start, r."end",
      case when not r.verified then false end as verified
    from reference r where ${fact} = ${id}${seen('r.live')} order by r.id`);

  const linkList = (table: string, owner: string, entity: string) =>
    `(select json_agg(entity.slug order by ordinal) from ${table}
    join entity on entity.id = ${table}.${entity}${seen('entity.live')} where ${owner} = it.id)`;

  const entityFields = `it.slug, ${lifeOf('it')},
  ${slugIn('entity', 'it.merged_into_id')} as "mergedInto", it.name,
  ${listOf(`select name, language, nullif(kind, 'ALTERNATIVE') as kind, start, "end"
    from entity_name where entity_id = it.id order by id`)} as names,
  it.description, nullif(it.urls, '{}') as urls,
  (select json_object_agg(scheme, given order by scheme) from (
    select scheme, case count(*) when 1 then json_agg(given) -> 0
      else json_agg(given order by value, source nulls first) end as given
    from (select scheme, value, source, case when source is null then to_json(value)
        else json_build_object('value', value, 'source', source) end as given
      from entity_identifier where entity_id = it.id) each
    group by scheme) schemes) as identifiers`;

  const entityReferences = `${referencesOf('it.id')} as "references"`;

  return {
    Place: {
      from: 'entity it join place on place.id = it.id',
      fields: `${entityFields}, place.kind, ${slugIn('entity', 'place.within_id')} as within,
      place.iso_code as "isoCode", place.latitude, place.longitude, ${entityReferences}`,
    },
    Organization: {
      from: 'entity it join organization on organization.id = it.id',
      fields: `${entityFields}, organization.kind,
      ${slugIn('entity', 'organization.parent_id')} as parent,
      ${slugIn('entity', 'organization.home_id')} as home, ${entityReferences}`,
    },
    Person: {
      from: 'entity it join person on person.id = it.id',
      fields: `${entityFields}, person.birth_date as "birthDate", person.death_date as "deathDate",
      ${entityReferences}`,
    },
    Office: {
      from: 'entity it join office on office.id = it.id',
      fields: `${entityFields}, ${slugIn('entity', 'office.organization_id')} as organization,
      office.kind, ${slugIn('entity', 'office.place_id')} as place,
      ${slugIn('entity', 'office.accredited_to_id')} as "accreditedTo",
      ${linkList('office_accreditation', 'office_id', 'accredited_to_id')} as "alsoAccreditedTo",
      office.staff_count as "staffCount", office.address, office.latitude, office.longitude,
      ${listOf(`select s.id, s.status, s.start, s."end", ${referencesOf('s.id')} as "references"
        from office_status s where s.office_id = it.id order by s.start_sort, s.id`)} as statuses,
      ${entityReferences}`,
    },
    Article: {
      from: 'article it left join article_body on article_id = it.id',
      fields: `it.slug, ${lifeOf('it')}, ${slugIn('article', 'it.merged_into_id')} as "mergedInto",
      it.title, it.byline, ${slugIn('entity', 'it.publisher_id')} as publisher, it.language, it.url,
      it.published_on as "publishedOn", article_body.text as body,
      ${moment('article_body.fetched_at')} as "fetchedAt",
      ${listOf(`select m.id, ${slugIn('entity', 'm.entity_id')} as entity,
        coalesce((select json_agg(json_build_array(lower(range), upper(range)))
          from unnest(m.ranges) range), '[]') as ranges
        from mention m where m.article_id = it.id${seen('m.live')} order by m.id`)} as mentions`,
    },
    Event: {
      from: 'event it',
      fields: `it.slug, ${lifeOf('it')}, ${slugIn('event', 'it.merged_into_id')} as "mergedInto",
      it.name, it.kind, it.description, ${slugIn('entity', 'it.place_id')} as place,
      it.start, it."end", ${linkList('event_participant', 'event_id', 'entity_id')} as participants,
      ${referencesOf('it.id')} as "references"`,
    },
    Position: {
      from: '"position" it',
      fields: `${lifeOf('it')}, ${slugIn('entity', 'it.person_id')} as person,
      ${slugIn('entity', 'it.organization_id')} as organization, it.title, it.kind,
      it.start, it."end", ${referencesOf('it.id')} as "references"`,
    },
    Membership: {
      from: 'membership it',
      fields: `${lifeOf('it')}, ${slugIn('entity', 'it.member_id')} as member,
      ${slugIn('entity', 'it.organization_id')} as organization, it.role,
      it.start, it."end", ${referencesOf('it.id')} as "references"`,
    },
    Statement: {
      from: 'statement it',
      fields: `${lifeOf('it')}, ${slugIn('article', 'it.article_id')} as article,
      ${slugIn('entity', 'it.speaker_id')} as speaker, it.kind, it.text, it.language,
      ${slugIn('entity', 'it.on_behalf_of_id')} as "onBehalfOf",
      ${slugIn('entity', 'it.reported_by_id')} as "reportedBy",
      ${linkList('statement_audience', 'statement_id', 'entity_id')} as audience,
      ${linkList('statement_subject', 'statement_id', 'entity_id')} as about,
      ${slugIn('entity', 'it.place_id')} as place, ${slugIn('event', 'it.event_id')} as event,
      it.occasion, it.said_on as "saidOn", ${referencesOf('it.id')} as "references"`,
    },
  };
}

const everything = shapesOf(false);
const publicly = shapesOf(true);
