/** The records that a slug or an id names, of whatever type and in whatever state. */
import { sql } from 'drizzle-orm';
import { readRows, type Database } from '../../database/database.js';
import type { RecordNoun } from '../writing/recordChange.js';

export interface NamedRecord {
  noun: RecordNoun;
  id: string;
  /** The slug of the record that it was merged into, where it was named by its slug. */
  mergedInto: string | null;
}

export async function nounsNamed({ db }: Database, name: string): Promise<NamedRecord[]> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);
  const is = isId ? sql`it.id = ${name}::uuid` : sql`it.slug = ${name}`;
  const into = (table: string) =>
    isId
      ? sql`null`
      : sql`(select slug from ${sql.identifier(table)} stays where stays.id = it.merged_into_id)`;
  const facts = isId
    ? sql`union all select 'positions', id, null from "position" where id = ${name}::uuid
        union all select 'memberships', id, null from membership where id = ${name}::uuid
        union all select 'statements', id, null from statement where id = ${name}::uuid`
    : sql``;
  return readRows<NamedRecord>(
    db,
    sql`select case it.type when 'PERSON' then 'people' when 'ORGANIZATION' then 'organizations'
          when 'OFFICE' then 'offices' else 'places' end as noun,
        it.id, ${into('entity')} as "mergedInto" from entity it where ${is}
      union all select 'articles', it.id, ${into('article')} from article it where ${is}
      union all select 'events', it.id, ${into('event')} from event it where ${is}
      ${facts}`,
  );
}
