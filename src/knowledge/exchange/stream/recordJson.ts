/** The SQL that writes records as lines of a stream, built from the fields of their forms. */
import { getColumns, getTableName, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { ListDefinition } from '../../model/recordLists.js';
import { revisedRecord } from '../../model/recordTables.js';
import {
  type RecordType,
  type RecordTypeName,
  recordTypeKeys,
  recordTypes,
  spaceOf,
} from '../../model/recordTypes.js';
import { contextLength } from '../../quotation/quotation.js';
import { fieldsOfType } from '../../validation/schemas.js';

export interface RecordJson {
  /** The tables of the records of a type, as `it`. */
  from: SQL;
  /** A record as a line of JSON. */
  line: SQL;
}

/** A column with a time, as a stream has it. */
export const moment = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const lifeOf = (table: string) => `
  nullif(${table}.status, 'PUBLISHED') as status,
  ${moment(`${table}.deleted_at`)} as "deletedAt", ${table}.deletion_reason as "deletionReason",
  ${moment(`${table}.created_at`)} as "createdAt", ${moment(`${table}.updated_at`)} as "updatedAt"`;

const listOf = (query: string) => `(select json_agg(row_to_json(item)) from (${query}) item)`;

/** The fact of a reference, in the words of its index. */
const fact =
  'coalesce(entity_id, office_status_id, position_id, membership_id, event_id, statement_id)';

const history = sql`coalesce((
  select ',"revisions":[' || string_agg(row_to_json(item)::text, ',') || ']' from (
    select id, ${sql.raw(moment('at'))} as at, actor, identity, action, reason, changes from revision
    where ${revisedRecord} = it.id order by number) item), '')`;

/** @param publicOnly Without history, and without records, references and bodies that only editors see. */
function recordsAsJson(publicOnly: boolean): Record<RecordTypeName, RecordJson> {
  const seen = (condition: string) => (publicOnly ? ` and ${condition}` : '');

  const slugIn = (table: string, id: string) =>
    `(select slug from ${table} where ${table}.id = ${id}${seen(`${table}.live`)})`;

  /** What is around a passage: no more than a few characters of a body that readers may not see. */
  const around = (column: 'prefix' | 'suffix', cut: 'left' | 'right') =>
    publicOnly
      ? `case when (select body_access from article where article.id = r.article_id) = 'FULL'
          then r.${column} else ${cut}(r.${column}, ${contextLength}) end as ${column}`
      : `r.${column}`;

  const body = publicOnly
    ? `case when it.body_access = 'FULL' then article_body.text end`
    : 'article_body.text';

  const referencesOf = (id: string) =>
    listOf(`select r.id, ${lifeOf('r')}, ${slugIn('article', 'r.article_id')} as article,
      r.field, r.exact, ${around('prefix', 'right')}, ${around('suffix', 'left')}, r.start, r."end",
      case when not r.verified then false end as verified
    from reference r where ${fact} = ${id}${seen('r.live')} order by r.id`);

  /** The lists that have more than links to entities. */
  const lists: Record<string, string> = {
    names: listOf(`select name, language, nullif(kind, 'ALTERNATIVE') as kind, start, "end"
      from entity_name where entity_id = it.id order by id`),
    identifiers: `(select json_object_agg(scheme, given order by scheme) from (
      select scheme, case count(*) when 1 then json_agg(given) -> 0
        else json_agg(given order by value, source nulls first) end as given
      from (select scheme, value, source, case when source is null then to_json(value)
          else json_build_object('value', value, 'source', source) end as given
        from entity_identifier where entity_id = it.id) each
      group by scheme) schemes)`,
    statuses:
      listOf(`select s.id, s.status, s.start, s."end", ${referencesOf('s.id')} as "references"
      from office_status s where s.office_id = it.id order by s.start_sort, s.id`),
    mentions: listOf(`select m.id, ${slugIn('entity', 'm.entity_id')} as entity,
      coalesce((select json_agg(json_build_array(lower(range), upper(range)))
        from unnest(m.ranges) range), '[]') as ranges
      from mention m where m.article_id = it.id${seen('m.live')} order by m.id`),
  };

  const linkList = ({ table, owner, key: [link = ''] }: ListDefinition) => {
    const [name, ownerColumn] = [getTableName(table), columnIn(table, owner)?.name];
    return `(select json_agg(entity.slug order by ordinal) from ${name}
    join entity on entity.id = ${name}.${columnIn(table, link)?.name}${seen('entity.live')} where ${ownerColumn} = it.id)`;
  };

  const valueOf = (type: RecordType, field: string): string => {
    const { lists: listDefinitions, links } = recordTypes[type];
    const list = listDefinitions[field];
    if (list) return lists[field] ?? linkList(list);
    const [target] = links[field] ?? [];
    if (target) return slugIn(spaceOf(target), columnOf(type, `${field}Id`).name);
    const { name, isList } = columnOf(type, field);
    return isList ? `nullif(${name}, '{}')` : name;
  };

  const jsonOf = (type: RecordType): RecordJson => {
    const { tables, slugSpace, graphqlName } = recordTypes[type];
    const [table, own] = tables.map((each) => `"${getTableName(each)}"`);
    const isArticle = type === 'articles';
    const fields = fieldsOfType[type].flatMap((field) => {
      if (field === 'slug') return [];
      if (field === 'body') {
        return [`${body} as body`, `${moment('article_body.fetched_at')} as "fetchedAt"`];
      }
      return [`${valueOf(type, field)} as "${field}"`];
    });
    const columns = [
      `'${graphqlName}' as type`,
      'it.id',
      ...(slugSpace ? ['it.slug'] : []),
      lifeOf('it'),
      ...(slugSpace ? [`${slugIn(slugSpace, 'it.merged_into_id')} as "mergedInto"`] : []),
      ...fields,
      ...(isArticle ? [] : [`${referencesOf('it.id')} as "references"`]),
    ];
    const line = sql.raw(
      `json_strip_nulls(row_to_json((select r from (select ${columns.join(', ')}) r)))::text`,
    );
    const from = [
      `${table} it`,
      ...(own ? [`join ${own} on ${own}.id = it.id`] : []),
      ...(isArticle ? ['left join article_body on article_id = it.id'] : []),
    ];
    return {
      from: sql.raw(from.join(' ')),
      line: publicOnly ? line : sql`left(${line}, -1) || ${history} || '}'`,
    };
  };

  return Object.fromEntries(
    recordTypeKeys.map((type) => [recordTypes[type].graphqlName, jsonOf(type)]),
  ) as Record<RecordTypeName, RecordJson>;
}

const columnIn = (table: PgTable, name: string): PgColumn | undefined =>
  (getColumns(table) as Record<string, PgColumn>)[name];

/** The column of a record of a type, in whichever of its tables has it. */
function columnOf(type: RecordType, field: string): { name: string; isList: boolean } {
  for (const [i, table] of recordTypes[type].tables.entries()) {
    const column = columnIn(table, field);
    if (!column) continue;
    const name = `${i === 0 ? 'it' : `"${getTableName(table)}"`}."${column.name}"`;
    return { name, isList: column.dimensions > 0 };
  }
  throw new Error(`${type} have no column for the field ${field}`);
}

/** Records with their history. */
export const allRecords = recordsAsJson(false);

/** Records as readers see them. */
export const publicRecords = recordsAsJson(true);
