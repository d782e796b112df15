/** Which rows go with a record: all that cannot be without it, and all that cannot be without those. */
import { sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { uuids } from '../reading/keys.js';
import { nameOf, type Catalog } from './catalog.js';
import type { RecordType } from '../model/recordTypes.js';
import { typeNameOf, unionOfRecords } from '../model/recordTables.js';

/** A record that is erased, with what its tombstone and its keys are made of. */
export interface CascadedRecord {
  recordType: RecordType;
  id: string;
  slug: string | null;
  /** What readers know it by: its name, its title, the words of a statement. */
  caption: string;
  isLive: boolean;
}

/** The keys of all rows that go, of whatever table; keys are never given twice. */
export type Cascade = ReadonlySet<string>;

/** So many rows are erased at once at most. */
export const maxErasedRows = 20_000;

/** More would go at once than can be erased in one transaction. */
export class ErasureTooLarge extends Error {
  override name = 'ErasureTooLarge';
}

/** @throws ErasureTooLarge */
export async function cascadeOf(
  db: Queryable,
  { links, identified, kept }: Catalog,
  records: readonly string[],
): Promise<Set<string>> {
  const reached = new Set(records);
  const required = links.filter(({ table, isRequired }) => isRequired && identified.has(table));
  for (let edge = [...reached]; edge.length > 0;) {
    const next = new Set<string>();
    for (const { table, column } of required) {
      const link = sql.identifier(column);
      const there = sql`select id from ${nameOf('public', table)} where ${link} = any(${uuids(edge)})`;
      // Of a row that is there no more, only what it was.
      const was = sql`select h.id from ${nameOf('history', table)} h where h.${link} = any(${uuids(edge)})
        and not exists (select from ${nameOf('public', table)} t where t.id = h.id)`;
      const query = kept.has(table) ? sql`${there} union ${was}` : there;
      for (const { id } of await readRows<{ id: string }>(db, query)) {
        if (!reached.has(id)) next.add(id);
      }
    }
    for (const id of next) reached.add(id);
    if (reached.size > maxErasedRows) {
      throw new ErasureTooLarge(
        `more than ${maxErasedRows} rows cannot be without the record: erase what hangs on it first, offices and articles, say`,
      );
    }
    edge = [...next];
  }
  return reached;
}

/** The records among what goes, those with a slug first. */
export const recordsAmong = (db: Queryable, reach: Cascade): Promise<CascadedRecord[]> =>
  readRows<CascadedRecord>(
    db,
    sql`with ids as (select unnest(${uuids([...reach])}) as id)
      ${unionOfRecords(
        (record) => sql`select ${typeNameOf(record, 'recordType')} as "recordType", it.id,
          ${record.slugSpace ? sql`it.slug` : sql`null`} as slug, ${record.caption} as caption,
          it.live as "isLive" from ${record.table} it join ids using (id)`,
      )}`,
  );

/** Statements that are about these records, to them, on their behalf, or known through them. */
export const statementsAbout = (db: Queryable, reach: Cascade): Promise<{ id: string }[]> => {
  const ids = uuids([...reach]);
  return readRows<{ id: string }>(
    db,
    sql`select s.id from statement s where (s.on_behalf_of_id = any(${ids}) or s.reported_by_id = any(${ids})
          or exists (select from statement_subject x where x.statement_id = s.id and x.entity_id = any(${ids}))
          or exists (select from statement_audience x where x.statement_id = s.id and x.entity_id = any(${ids})))
        and not s.id = any(${ids}) order by s.id`,
  );
};
