/** Finds the rows that an erasure deletes: those that depend on the record, transitively. */
import { sql } from 'drizzle-orm';
import { readRows, type Queryable } from '../../database/database.js';
import { uuids } from '../reading/keys.js';
import { nameOf, type Catalog } from './catalog.js';
import type { RecordType } from '../model/recordTypes.js';
import { typeNameOf, unionOfRecords } from '../model/recordTables.js';

/** A record to erase, with the data for its tombstone. */
export interface CascadedRecord {
  recordType: RecordType;
  id: string;
  slug: string | null;
  /** The name or title, or the words of a statement. */
  caption: string;
  isLive: boolean;
}

/** The keys of all rows to delete, of any table; keys are unique across tables. */
export type Cascade = ReadonlySet<string>;

/** The maximum number of rows that one erasure deletes. */
export const maxErasedRows = 20_000;

/** The erasure would delete more rows than one transaction may. */
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
      const current = sql`select id from ${nameOf('public', table)} where ${link} = any(${uuids(edge)})`;
      // Former states count only of rows that exist no longer.
      const former = sql`select h.id from ${nameOf('history', table)} h where h.${link} = any(${uuids(edge)})
        and not exists (select from ${nameOf('public', table)} t where t.id = h.id)`;
      const query = kept.has(table) ? sql`${current} union ${former}` : current;
      for (const { id } of await readRows<{ id: string }>(db, query)) {
        if (!reached.has(id)) next.add(id);
      }
    }
    for (const id of next) reached.add(id);
    if (reached.size > maxErasedRows) {
      throw new ErasureTooLarge(
        `more than ${maxErasedRows} rows depend on the record: erase dependent records first, such as offices and articles`,
      );
    }
    edge = [...next];
  }
  return reached;
}

/** The records in a cascade, those with a slug first. */
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

/** Statements about these records, addressed to them, on their behalf, or reported by them. */
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
